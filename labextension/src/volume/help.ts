/**
 * The list of keys and gestures, as a dialog: it takes the focus, and gives it back when it closes.
 *
 * Layer:  labextension, volume; imports output.
 */
import { element } from "../output/dom.js";
import { PANE_KEYS } from "./keys.js";

/** What has no key of its own in a plane. */
const OTHERS: readonly (readonly [shown: string, says: string])[] = [
  ["Wheel", "Next and previous slice, once the pane has been clicked. Ctrl: zoom where the pointer is"],
  ["Drag an end", "Move the end of a measurement"],
  ["One finger", "Scroll slices, or drag with the chosen tool, once the pane has been tapped"],
  ["Two fingers", "Zoom and pan"],
  ["Tab", "Next control; in the 3D pane arrows turn and +, − zoom"],
];

export class Help {
  readonly element: HTMLDialogElement;

  constructor() {
    const rows = [...PANE_KEYS.map(({ shown, says }) => [shown, says] as const), ...OTHERS].map(
      ([shown, says]) =>
        element(
          "div",
          "rb-Help-row",
          {},
          element("dt", "", {}, element("kbd", "", {}, shown)),
          element("dd", "", {}, says),
        ),
    );
    const close = element("button", "rb-Help-close", { type: "button" }, "Close");
    this.element = element(
      "dialog",
      "rb-Help",
      { "aria-label": "Keys of the scan view" },
      element("h2", "", {}, "Keys of the scan view"),
      element("dl", "", {}, ...rows),
      close,
    );
    close.addEventListener("click", () => this.element.close());
    // A click beside the dialog hits the dialog's own box: its children fill the rest.
    this.element.addEventListener("click", (event) => {
      if (event.target === this.element) this.element.close();
    });
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "?") this.element.close();
      event.stopPropagation();
    });
  }

  /** Opens the dialog; the browser keeps the focus inside and gives it back at the end. */
  show(): void {
    if (!this.element.open) this.element.showModal();
  }
}
