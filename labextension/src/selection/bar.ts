/**
 * The line at the foot of a notebook that says how many patients are chosen, and lets go of them.
 *
 * Layer:  labextension, selection; imports output.
 */
import { element, setText } from "../output/dom.js";
import type { SelectionModel } from "./model.js";

/** The bar's element; it hides itself while nobody is chosen. */
export function selectionBar(model: SelectionModel): HTMLElement {
  const text = element("span", "rb-Chosen-text");
  const names = element("span", "rb-Chosen-names");
  const button = (label: string, title: string, act: () => void): HTMLButtonElement => {
    const made = element("button", "rb-Button", { type: "button", title }, label);
    made.addEventListener("click", act);
    return made;
  };
  const copy = button("Copy ids", "Copy the ids of the chosen patients, one a line", () => {
    void copyText(model.ids.join("\n")).then((done) => {
      setText(copy, done ? "Copied" : "Not allowed");
      setTimeout(() => setText(copy, "Copy ids"), 1500);
    });
  });
  const clear = button("Clear", "Choose nobody", () => model.clear("bar"));
  const line = element("div", "rb-Chosen-line", {}, text, names, clear, copy);
  // The live region is there before its words: only then are they read aloud.
  const spoken = element("div", "rb-Spoken", { role: "status", "aria-live": "polite" });
  const bar = element("div", "rb-Chosen", { role: "group", "aria-label": "Chosen patients" }, line, spoken);
  const paint = (): void => {
    const { ids } = model;
    const count = `${ids.length.toLocaleString("en")} ${ids.length === 1 ? "patient" : "patients"} chosen`;
    line.hidden = ids.length === 0;
    setText(text, count);
    setText(names, ids.length <= 3 ? ids.join(", ") : "");
    setText(spoken, ids.length === 0 ? (model.source === null ? "" : "Nobody chosen") : count);
  };
  model.watch(paint);
  paint();
  return bar;
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
