/**
 * The caption of a scan's tab: whose scan it is, whether that patient is chosen in the notebook, and a click that chooses it.
 *
 * It shows the id by which the notebook names the patient; nothing of it is saved with a scan.
 * Layer:  labextension, selection; imports output.
 */
import { element, setText } from "../output/dom.js";
import { choose } from "./choice.js";
import type { SelectionModel } from "./model.js";

export class ScanCaption {
  readonly element: HTMLElement;
  private readonly model: SelectionModel;
  private readonly button: HTMLButtonElement = element("button", "rb-Button", { type: "button" });
  private readonly said: HTMLElement = element("span", "rb-ScanTab-chosen", { role: "status" });
  private readonly unwatch: () => void;
  private id: string | null = null;

  constructor(model: SelectionModel) {
    this.model = model;
    this.element = element("div", "rb-ScanTab-caption", {}, this.button, this.said);
    this.button.addEventListener("click", (event) => {
      if (this.id === null) return;
      // A plain click on the only one chosen lets go of it.
      if (model.has(this.id)) model.toggle([this.id], "scan");
      else choose({ model }, [this.id], "scan", event);
    });
    this.unwatch = model.watch(() => this.paint());
    this.paint();
  }

  show(id: string): void {
    this.id = id;
    this.paint();
  }

  dispose(): void {
    this.unwatch();
  }

  private paint(): void {
    const { id, model } = this;
    this.element.hidden = id === null;
    if (id === null) return;
    const isChosen = model.has(id);
    setText(this.button, id);
    this.button.title = isChosen ? `Let go of ${id}` : `Choose ${id} in all views of the notebook`;
    this.button.setAttribute("aria-label", `Choose ${id}`);
    this.button.setAttribute("aria-pressed", String(isChosen));
    const others = model.ids.length - (isChosen ? 1 : 0);
    const rest = others === 0 ? "" : `, ${others.toLocaleString("en")} ${isChosen ? "more" : "others"} are`;
    setText(this.said, (isChosen ? "is chosen" : "is not chosen") + rest);
  }
}
