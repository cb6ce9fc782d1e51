/**
 * Joins an open notebook to its selection: kernel, bar, and the tab of scans.
 *
 * Layer:  labextension, selection; imports its own folder.
 */
import type { JupyterFrontEnd } from "@jupyterlab/application";
import type { NotebookPanel } from "@jupyterlab/notebook";
import { selectionBar } from "./bar.js";
import type { Choice } from "./choice.js";
import { KernelLink } from "./link.js";
import { selectionOf } from "./model.js";
import { ScanTab } from "./scan-tab.js";

const choices = new WeakMap<object, Choice>();

/** The choice of a notebook, by its session context; null where no such notebook is open. */
export function choiceOf(context: object): Choice | null {
  return choices.get(context) ?? null;
}

export function joinNotebook({ shell }: JupyterFrontEnd, panel: NotebookPanel): Choice {
  const context = panel.sessionContext;
  const known = choices.get(context);
  if (known !== undefined) return known;
  const model = selectionOf(context);
  const link = new KernelLink(context, model);
  panel.node.append(selectionBar(model));
  let tab: ScanTab | null = null;
  const open = (id: string): void => {
    if (tab === null || tab.isDisposed) {
      tab = new ScanTab(panel.content.rendermime, model, (patient) => link.ask({ id: patient }));
      shell.add(tab, "main", { mode: "split-right", ref: panel.id, activate: false });
    } else if (!tab.isVisible) {
      shell.activateById(tab.id);
    }
    void tab.open(id);
  };
  panel.disposed.connect(() => tab?.dispose());
  const choice: Choice = { model, open, picture: (id) => link.ask({ picture: id }) };
  choices.set(context, choice);
  return choice;
}
