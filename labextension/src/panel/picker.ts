/**
 * The sheet in which a person chooses the columns that stand beside each patient.
 *
 * Layer:  labextension, panel; imports output, table (types).
 */
import { element, setText } from "../output/dom.js";
import type { Column } from "../table/payload.js";
import { MOST_TOLD } from "./columns.js";

/** Columns in the sheet at once; a feature table may have thousands. */
const LISTED = 100;
let pickers = 0;

export class ColumnPicker {
  /** Opens and closes the sheet. */
  readonly button: HTMLButtonElement;
  readonly sheet: HTMLElement;
  private readonly search = element("input", "rb-Cohort-filter", {
    type: "search",
    placeholder: "Find a column",
    "aria-label": "Find a column",
  });
  private readonly list: HTMLElement = element("div", "rb-Cohort-columns");
  private readonly words: HTMLElement = element("div", "rb-Cohort-hint", { role: "status" });
  private readonly changed: (chosen: readonly number[]) => void;
  private columns: readonly Column[] = [];
  private chosen: readonly number[] = [];

  /** @param changed Hears each choice, as numbers of columns in the order in which they were chosen. */
  constructor(changed: (chosen: readonly number[]) => void) {
    this.changed = changed;
    const id = `rb-columns-${++pickers}`;
    this.button = element(
      "button",
      "rb-Button",
      { type: "button", "aria-expanded": "false", "aria-controls": id, title: "Columns beside each patient" },
      "Columns",
    );
    this.sheet = element(
      "div",
      "rb-Cohort-sheet",
      { id, role: "group", "aria-label": "Columns beside each patient" },
      this.search,
      this.list,
      this.words,
    );
    this.sheet.hidden = true;
    this.button.addEventListener("click", () => this.open(this.sheet.hidden === true));
    this.search.addEventListener("input", () => this.paint());
    this.sheet.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.open(false);
      this.button.focus();
    });
  }

  /** Takes another table's columns; the first names the rows and is not to be chosen. */
  show(columns: readonly Column[], chosen: readonly number[]): void {
    this.columns = columns;
    this.chosen = chosen;
    this.search.value = "";
    this.search.hidden = columns.length <= 12;
    this.paint();
  }

  private open(open: boolean): void {
    this.sheet.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.sheet.querySelector<HTMLElement>("input:not([hidden])")?.focus();
  }

  /** Those that stand beside each patient first, then the others as the table has them. */
  private paint(): void {
    const wanted = this.search.value.trim().toLowerCase();
    const others = this.columns.map((_, at) => at).filter((at) => at > 0 && !this.chosen.includes(at));
    const found = [...this.chosen, ...others].filter((at) =>
      (this.columns[at]?.name ?? "").toLowerCase().includes(wanted),
    );
    this.list.replaceChildren(...found.slice(0, LISTED).map((at) => this.line(at)));
    this.tell(found.length);
  }

  private line(at: number): HTMLElement {
    const box = element("input", "", { type: "checkbox" });
    box.checked = this.chosen.includes(at);
    box.disabled = !box.checked && this.chosen.length >= MOST_TOLD;
    box.addEventListener("change", () => {
      const rest = this.chosen.filter((other) => other !== at);
      this.chosen = box.checked ? [...rest, at] : rest;
      this.enable();
      this.changed(this.chosen);
    });
    const { name = "", unit = "" } = this.columns[at] ?? {};
    box.dataset.at = String(at);
    return element("label", "rb-Cohort-column", {}, box, unit === "" ? name : `${name} (${unit})`);
  }

  /** Lines stay where they are while the person chooses. */
  private enable(): void {
    const isFull = this.chosen.length >= MOST_TOLD;
    for (const box of this.list.querySelectorAll("input")) box.disabled = !box.checked && isFull;
    this.tell(this.list.childElementCount);
  }

  private tell(found: number): void {
    const full = this.chosen.length >= MOST_TOLD ? `Not more than ${MOST_TOLD} columns. ` : "";
    const rest =
      found > LISTED ? `${LISTED} of ${found.toLocaleString("en")} columns: write to find others.` : "";
    setText(this.words, `${full}${found === 0 ? "No such column." : rest}`);
  }
}
