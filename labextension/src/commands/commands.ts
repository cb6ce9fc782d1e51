/**
 * Radbook's commands: in the palette, the menus (`schema/commands.json`) and on the launcher's cards.
 *
 * What a command needs is loaded when it is first used.
 * Layer:  labextension, commands; imports panel, selection.
 */
import type { JupyterFrontEnd } from "@jupyterlab/application";
import type { ICommandPalette } from "@jupyterlab/apputils";
import type { ILauncher } from "@jupyterlab/launcher";
import type { INotebookTracker } from "@jupyterlab/notebook";
import { PANEL_ID } from "../panel/panel.js";
import { selectionOf } from "../selection/model.js";
import { RADBOOK_ICON_URL, radbookIcon } from "./icon.js";

export const COMMANDS = {
  newNotebook: "radbook:new-notebook",
  openTour: "radbook:open-tour",
  showCohort: "radbook:show-cohort",
  clearSelection: "radbook:clear-selection",
  exportHtml: "radbook:export-html",
  keyboardHelp: "radbook:keyboard-help",
} as const;

const CATEGORY = "Radbook";
/** Where `npm start` shows it. */
const TOUR = "notebooks/00-tour.ipynb";

export interface Places {
  readonly notebooks: INotebookTracker | null;
  readonly palette: ICommandPalette | null;
  readonly launcher: ILauncher | null;
}

export function addCommands(app: JupyterFrontEnd, { notebooks, palette, launcher }: Places): void {
  const { commands } = app;
  const isNotebookOpen = (): boolean => notebooks !== null && notebooks.currentWidget !== null;

  commands.addCommand(COMMANDS.newNotebook, {
    label: "New Radiomics Notebook",
    caption: "A notebook with first cells that run offline on synthetic patients",
    icon: radbookIcon,
    execute: (args) => newNotebook(app, folderFor(args.cwd, notebooks)),
  });
  commands.addCommand(COMMANDS.openTour, {
    label: "Radbook Tour",
    caption: "From a scan to a survival curve, in ten cells",
    icon: radbookIcon,
    execute: () => openTour(app),
  });
  commands.addCommand(COMMANDS.showCohort, {
    label: "Patients of the Notebook",
    caption: "Radbook's side panel: filter, sort and choose patients",
    icon: radbookIcon,
    execute: () => app.shell.activateById(PANEL_ID),
  });
  commands.addCommand(COMMANDS.clearSelection, {
    label: "Clear the Selection of Patients",
    caption: "No patient is chosen in any view of the notebook",
    isEnabled: isNotebookOpen,
    execute: () => {
      const panel = notebooks?.currentWidget;
      if (panel) selectionOf(panel.sessionContext).clear("panel");
    },
  });
  commands.addCommand(COMMANDS.exportHtml, {
    label: "Export Notebook as Interactive Page (HTML)",
    caption: "One file whose figures still answer the pointer, for readers without Radbook or a network",
    isEnabled: isNotebookOpen,
    execute: async () => {
      const panel = notebooks?.currentWidget;
      if (panel) await (await import("./export.js")).exportPage(panel, app.serviceManager);
    },
  });
  commands.addCommand(COMMANDS.keyboardHelp, {
    label: "Radbook Keyboard Help",
    caption: "The keys of Radbook's views",
    execute: async () => (await import("./keyboard-help.js")).showKeyboardHelp(),
  });

  for (const command of Object.values(COMMANDS)) palette?.addItem({ command, category: CATEGORY });
  const card = { category: "Notebook", kernelIconUrl: RADBOOK_ICON_URL };
  launcher?.add({ ...card, command: COMMANDS.newNotebook, rank: 1 });
  launcher?.add({ ...card, command: COMMANDS.openTour, rank: 2 });
}

/** Where a new notebook goes: the launcher's folder, else beside the notebook that is open. */
function folderFor(cwd: unknown, notebooks: INotebookTracker | null): string {
  if (typeof cwd === "string") return cwd;
  const open = notebooks?.currentWidget?.context.path ?? "";
  return open.slice(0, Math.max(0, open.lastIndexOf("/")));
}

async function newNotebook({ serviceManager, commands }: JupyterFrontEnd, folder: string): Promise<unknown> {
  const { radiomicsNotebook } = await import("./template.js");
  const { contents } = serviceManager;
  const { path } = await contents.newUntitled({ path: folder, type: "notebook" });
  await contents.save(path, { type: "notebook", format: "json", content: radiomicsNotebook() });
  return commands.execute("docmanager:open", { path, factory: "Notebook" });
}

async function openTour({ serviceManager, commands }: JupyterFrontEnd): Promise<unknown> {
  try {
    await serviceManager.contents.get(TOUR, { content: false });
  } catch {
    const { showErrorMessage } = await import("@jupyterlab/apputils");
    return showErrorMessage(
      "The tour is not here",
      `This server shows another folder than Radbook's. Start it there with "npm start", or open ${TOUR} from Radbook's folder.`,
    );
  }
  return commands.execute("docmanager:open", { path: TOUR, factory: "Notebook" });
}
