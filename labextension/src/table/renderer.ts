/**
 * Draws `application/vnd.radbook.table+json`: the saved page at once, the rest when the kernel is asked.
 *
 * A renderer never throws: a damaged table leaves its static twin with a sentence.
 * Layer:  labextension, table; imports output.
 */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";
import { reasonOf } from "../output/payload-error.js";
import { note, staticTwin } from "../output/twin.js";
import { type Choice, lonelyChoice } from "../selection/choice.js";
import type { KernelSource } from "../volume/live.js";
import { checkTablePayload } from "./payload.js";
import { RowSource } from "./rows.js";
import { TableView } from "./view.js";

export const TABLE_MIME = "application/vnd.radbook.table+json";

export class TableRenderer extends Widget implements IRenderMime.IRenderer {
  private readonly kernels: KernelSource | null;
  private source: RowSource | null = null;
  private readonly choice: Choice;
  private view: TableView | null = null;
  private shown: string | null = null;

  /**
   * @param kernels The notebook's kernel, null where there is none.
   * @param choice The notebook's selection, null where there is no notebook.
   */
  constructor(kernels: KernelSource | null, choice: Choice | null) {
    super();
    this.kernels = kernels;
    this.choice = choice ?? lonelyChoice();
    this.addClass("rb-Table");
    // Keys belong to the table's buttons while they have the focus, not to the notebook.
    this.node.dataset.lmSuppressShortcuts = "true";
    this.node.addEventListener("keydown", (event) => event.stopPropagation());
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    try {
      const payload = checkTablePayload(model.data[TABLE_MIME]);
      // The same table again, as after a save: whoever reads it stays on the page.
      if (payload.id === this.shown) return;
      this.end();
      this.source = new RowSource(payload, this.kernels);
      this.shown = payload.id;
      this.view = new TableView(payload, this.source, this.choice);
      this.node.replaceChildren(this.view.element);
      await this.view.open();
    } catch (error) {
      this.node.replaceChildren(staticTwin(model), note(reasonOf(error)));
    }
  }

  override dispose(): void {
    this.end();
    super.dispose();
  }

  private end(): void {
    this.view?.close();
    this.view = null;
    this.source?.close();
    this.source = null;
  }
}
