/**
 * The keys of Radbook's views, in a dialog.
 *
 * Layer:  labextension, commands; imports output, volume.
 */
import { Dialog, showDialog } from "@jupyterlab/apputils";
import { Widget } from "@lumino/widgets";
import { element } from "../output/dom.js";
import { PANE_KEYS } from "../volume/keys.js";

type Keys = readonly [keys: string, what: string];

/** Where the keys hold, and what they do. */
const VIEWS: readonly (readonly [view: string, keys: readonly Keys[]])[] = [
  [
    "Anywhere",
    [
      ["Alt+Shift+N", "New radiomics notebook"],
      ["Alt+Shift+P", "Patients of the notebook"],
      ["Alt+Shift+X", "Clear the selection of patients"],
      ["Alt+Shift+E", "Export the notebook as an interactive page"],
      ["Alt+Shift+K", "This help"],
    ],
  ],
  ["A plane of a scan that has the focus", PANE_KEYS.map(({ shown, says }): Keys => [shown, says])],
  [
    "A figure or the rows of a table",
    [
      ["Arrows", "Next and previous mark or row"],
      ["Space", "Choose its patients; with Ctrl beside others"],
      ["Enter", "Open the patient's scan at the lesion"],
      ["Escape", "Choose nobody"],
    ],
  ],
  [
    "The list of patients",
    [
      ["Up, Down", "Previous and next patient"],
      ["Page Up, Page Down", "Further away"],
      ["Home, End", "First and last patient"],
      ["Space", "Choose, also beside others"],
      ["Enter", "Open the scan at the lesion"],
      ["Escape", "Choose nobody"],
    ],
  ],
];

export async function showKeyboardHelp(): Promise<void> {
  const body = new Widget({ node: element("div", "rb-Keys") });
  for (const [view, keys] of VIEWS) {
    const rows = keys.map(([key, what]) =>
      element(
        "tr",
        "",
        {},
        element("th", "", { scope: "row" }, element("kbd", "", {}, key)),
        element("td", "", {}, what),
      ),
    );
    body.node.append(
      element(
        "table",
        "rb-Keys-table",
        {},
        element("caption", "", {}, view),
        element("tbody", "", {}, ...rows),
      ),
    );
  }
  await showDialog({
    title: "Keyboard in Radbook's views",
    body,
    buttons: [Dialog.okButton({ label: "Close" })],
  });
}
