/**
 * The side panel with the patients of the notebook in front.
 *
 * It follows the active notebook and the outputs that its kernel sends, and looks only while it is open.
 * Layer:  labextension, panel; imports commands, output, selection.
 */
import type { INotebookTracker, NotebookPanel } from "@jupyterlab/notebook";
import type { Message } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import { radbookIcon } from "../commands/icon.js";
import { element } from "../output/dom.js";
import { choiceOf } from "../selection/notebook.js";
import type { PatientScans } from "./scans.js";
import type { CohortView, ColumnMemory } from "./view.js";

export const PANEL_ID = "radbook-cohort";
const EMPTY =
  "The patients of the notebook appear here once a cell shows a cohort, or another table with a row for each patient:";
/** Messages after which a notebook may show other patients, or know where their scans are. */
const OUTPUTS = ["execute_input", "execute_result", "display_data", "update_display_data", "status"];
const EXAMPLE = "await io.readCohort(file)";

/** Name of the panel's part in a notebook's metadata. */
const KEPT = "radbook_panel";

export class CohortPanel extends Widget {
  private readonly notebooks: INotebookTracker;
  private readonly content: HTMLElement = element("div", "rb-Cohort-content");
  private view: CohortView | null = null;
  private scans: PatientScans | null = null;
  private panel: NotebookPanel | null = null;
  private looking: ReturnType<typeof setTimeout> | null = null;

  constructor(notebooks: INotebookTracker) {
    super();
    this.notebooks = notebooks;
    this.id = PANEL_ID;
    this.title.icon = radbookIcon;
    this.title.caption = "Patients of the notebook (Radbook)";
    this.addClass("rb-Cohort");
    this.node.setAttribute("role", "region");
    this.node.setAttribute("aria-label", "Patients of the notebook");
    // Keys belong to the list while it has the focus, not to the notebook.
    this.content.dataset.lmSuppressShortcuts = "true";
    this.node.append(element("h2", "rb-Cohort-title", {}, "Patients"), this.content);
    notebooks.currentChanged.connect(() => this.look());
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.look();
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    this.view?.focus();
  }

  override dispose(): void {
    this.leave();
    super.dispose();
  }

  /** Looks at the notebook soon: several outputs may come at once. */
  private look(): void {
    if (!this.isVisible || this.looking !== null) return;
    this.looking = setTimeout(() => {
      this.looking = null;
      void this.follow();
    }, 50);
  }

  private async follow(): Promise<void> {
    const panel = this.notebooks.currentWidget;
    if (panel !== this.panel) {
      this.leave();
      this.panel = panel;
      panel?.sessionContext.iopubMessage.connect(this.onOutput, this);
      panel?.disposed.connect(this.look, this);
    }
    if (panel === null) return this.showNothing();
    await panel.context.ready;
    const [{ patientTables }, { CohortView }, { PatientScans }] = await Promise.all([
      import("./tables.js"),
      import("./view.js"),
      import("./scans.js"),
    ]);
    if (panel !== this.panel || panel.isDisposed) return;
    const tables = patientTables(panel);
    const choice = choiceOf(panel.sessionContext);
    if (choice === null || (tables.length === 0 && this.view === null)) return this.showNothing();
    if (this.view === null) {
      this.scans = new PatientScans(choice);
      this.view = new CohortView(panel.sessionContext, choice.model, this.scans, memoryOf(panel));
      this.content.replaceChildren(this.view.element);
    }
    this.view.showTables(tables);
    this.scans?.tryAgain();
  }

  private showNothing(): void {
    if (this.view !== null) return;
    const words = element("p", "rb-Cohort-empty", {}, EMPTY, element("code", "", {}, EXAMPLE));
    this.content.replaceChildren(words);
  }

  private onOutput(_sender: unknown, { header }: { readonly header: { readonly msg_type: string } }): void {
    if (OUTPUTS.includes(header.msg_type)) this.look();
  }

  private leave(): void {
    this.panel?.sessionContext.iopubMessage.disconnect(this.onOutput, this);
    this.panel?.disposed.disconnect(this.look, this);
    this.panel = null;
    this.view?.dispose();
    this.view = null;
  }
}

/** The columns that a notebook's reader has chosen; whatever a stranger wrote there is only ever compared with names. */
function memoryOf({ model }: NotebookPanel): ColumnMemory {
  const kept = (): Readonly<Record<string, unknown>> => {
    const raw: unknown = model?.getMetadata(KEPT);
    return typeof raw === "object" && raw !== null ? (raw as Record<string, unknown>) : {};
  };
  return {
    read: (title) => (Object.hasOwn(kept(), title) ? kept()[title] : undefined),
    write: (title, names) => model?.setMetadata(KEPT, { ...kept(), [title]: [...names] }),
  };
}
