/**
 * A table to page, sort and filter. Only the rows of one page are in the document.
 *
 * Layer:  labextension, table; imports output, selection.
 */
import { element } from "../output/dom.js";
import { reasonOf } from "../output/payload-error.js";
import { note } from "../output/twin.js";
import type { Choice } from "../selection/choice.js";
import { makeRowsChoosable } from "./chosen-rows.js";
import { parseFilter, type Term } from "./filter.js";
import type { Cell, TablePayload } from "./payload.js";
import type { Found, Part, RowSource, Sort } from "./rows.js";

const PAGE_SIZES = [10, 25, 50, 100] as const;
/** Columns in the document at once; a feature table may have thousands. */
const COLUMNS = 60;
/** A filter is applied when the person has stopped typing for so long. */
const TYPING_MS = 200;
const FILTER_HELP = 'Words, column:text or column>5; all must hold. Write "two words" in quotes.';

interface Position {
  readonly start: number;
  readonly size: number;
  readonly firstColumn: number;
  readonly sort: Sort | null;
  readonly filter: readonly Term[];
}

export class TableView {
  readonly element: HTMLElement = element("div", "rb-Table-view");
  private readonly payload: TablePayload;
  private readonly source: RowSource;
  private readonly scroll: HTMLElement = element("div", "rb-Table-scroll", { tabindex: "0" });
  private readonly bar: HTMLElement = element("div", "rb-Table-bar");
  private readonly message: HTMLElement = element("div", "rb-Table-message");
  private position: Position = { start: 0, size: 10, firstColumn: 0, sort: null, filter: [] };
  /** Rows that the filter leaves. */
  private total: number;
  private searched: number;
  /** Counts the moves, so that rows which come late for an earlier one are dropped. */
  private turn = 0;
  private readonly choice: Choice;
  /** The column of patients, -1 if there is none. */
  private readonly patients: number;
  private readonly only: HTMLButtonElement;
  private readonly typed: { filter: readonly Term[] } = { filter: [] };
  private repaint: () => void = () => undefined;
  private readonly endWatch: () => void;

  constructor(payload: TablePayload, source: RowSource, choice: Choice) {
    this.payload = payload;
    this.source = source;
    this.choice = choice;
    this.patients = payload.columns.findIndex(({ selectable }) => selectable);
    this.only = this.onlyButton();
    this.endWatch = this.patients < 0 ? () => undefined : choice.model.watch(() => this.chosen());
    const { title, rowCount, columns } = payload;
    this.total = rowCount;
    this.searched = rowCount;
    const size = `${count(rowCount, "row")} × ${count(columns.length, "column")}`;
    const name = title === "" ? "" : `${title} · `;
    const heading = element("div", "rb-Table-title", {}, `${name}${size}`);
    if (rowCount > PAGE_SIZES[0]) heading.append(this.filterBox());
    heading.append(this.only);
    this.scroll.setAttribute("role", "region");
    this.scroll.setAttribute("aria-label", title === "" ? "Table" : title);
    this.element.append(heading, this.scroll, this.bar, this.message);
  }

  /** Shows the first page. */
  open(): Promise<void> {
    return this.show(this.position);
  }

  /** Ends its part in the selection. */
  close(): void {
    this.endWatch();
  }

  private async show(position: Position): Promise<void> {
    this.turn++;
    const { turn } = this;
    const { start, size, firstColumn, sort, filter } = position;
    const count = Math.min(COLUMNS, this.payload.columns.length - firstColumn);
    const columns = Array.from({ length: count }, (_, i) => firstColumn + i);
    const part: Part = { start, count: size, columns, sort, filter };
    this.element.classList.add("rb-mod-waiting");
    try {
      const found = await this.source.read(part);
      if (turn !== this.turn) return;
      this.position = position;
      this.total = found.total;
      this.searched = found.searched;
      this.message.replaceChildren(...(found.remark === "" ? [] : [note(found.remark)]));
      this.paint(found);
    } catch (error) {
      if (turn === this.turn) this.message.replaceChildren(note(reasonOf(error)));
    } finally {
      if (turn === this.turn) this.element.classList.remove("rb-mod-waiting");
    }
  }

  private paint({ rows, total }: Found): void {
    const { firstColumn } = this.position;
    const columns = this.payload.columns.slice(firstColumn, firstColumn + COLUMNS);
    const focused = this.focusedColumn();
    const head = element("tr", "", {}, ...columns.map((_, i) => this.headCell(firstColumn + i)));
    const body = rows.map((row) =>
      element("tr", "", {}, ...columns.map(({ numeric, key }, i) => bodyCell(row[i] ?? null, numeric, key))),
    );
    const table = element(
      "table",
      "rb-Table-table",
      { "aria-rowcount": String(total) },
      element("thead", "", {}, head),
      element("tbody", "", {}, ...body),
    );
    const column = this.patients - firstColumn;
    this.repaint =
      column < 0 || column >= columns.length
        ? () => undefined
        : makeRowsChoosable(
            table,
            body,
            rows.map((row) => row[column] ?? null),
            this.choice,
          );
    this.scroll.replaceChildren(table);
    this.repaint();
    this.paintBar();
    if (focused !== null) table.querySelector<HTMLElement>(`[data-column="${focused}"]`)?.focus();
  }

  private headCell(index: number): HTMLElement {
    const column = this.payload.columns[index];
    const { sort } = this.position;
    const state = sort?.column !== index ? "none" : sort.descending ? "descending" : "ascending";
    const sign = { none: "", ascending: " ▲", descending: " ▼" }[state];
    const title = column?.unit ? `${column.name} (${column.unit})` : (column?.name ?? "");
    const button = element(
      "button",
      "rb-Table-sort",
      { type: "button", title: `Sort by ${title}`, "data-column": String(index) },
      title,
      element("span", "", { "aria-hidden": "true" }, sign),
    );
    button.addEventListener("click", () => void this.sortBy(index));
    const kind = `${column?.numeric ? "rb-mod-number" : ""} ${column?.key ? "rb-mod-key" : ""}`;
    return element("th", kind.trim(), { scope: "col", "aria-sort": state }, button);
  }

  /** Ascending, descending, then the table's own order again. */
  private sortBy(column: number): Promise<void> {
    const { sort } = this.position;
    const own = sort?.column === column;
    const next = own && sort.descending ? null : { column, descending: own };
    return this.show({ ...this.position, start: 0, sort: next });
  }

  /** One request at a time: what is typed meanwhile makes one more. */
  private filterBox(): HTMLElement {
    const box = element("input", "rb-Table-filter", {
      type: "search",
      placeholder: "Filter",
      "aria-label": "Filter rows",
      title: FILTER_HELP,
      spellcheck: "false",
    });
    let typing: ReturnType<typeof setTimeout> | undefined;
    let asked = "";
    let busy = false;
    const apply = async (): Promise<void> => {
      if (busy || box.value === asked) return;
      busy = true;
      asked = box.value;
      this.typed.filter = parseFilter(asked, this.payload.columns);
      await this.show({ ...this.position, start: 0, filter: this.conditions() });
      busy = false;
      await apply();
    };
    box.addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(() => void apply(), TYPING_MS);
    });
    return box;
  }

  /** Shows the chosen patients alone, as long as it is pressed. */
  private onlyButton(): HTMLButtonElement {
    const button = element(
      "button",
      "rb-Button rb-Table-only",
      { type: "button", "aria-pressed": "false", title: "Show the chosen patients alone" },
      "Only chosen",
    );
    button.hidden = this.patients < 0 || this.choice.model.ids.length === 0;
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      void this.show({ ...this.position, start: 0, filter: this.conditions() });
    });
    return button;
  }

  /** What the person wrote, and who is chosen if nobody else is to be seen. */
  private conditions(): readonly Term[] {
    if (this.only.getAttribute("aria-pressed") !== "true") return this.typed.filter;
    const chosen: Term = { column: this.patients, sign: "in", value: "", values: this.choice.model.ids };
    return [...this.typed.filter, chosen];
  }

  private chosen(): void {
    const isAlone = this.only.getAttribute("aria-pressed") === "true";
    this.only.hidden = this.choice.model.ids.length === 0;
    // With nobody chosen the button is gone: all rows come back.
    if (this.only.hidden) this.only.setAttribute("aria-pressed", "false");
    if (isAlone) void this.show({ ...this.position, start: 0, filter: this.conditions() });
    else this.repaint();
  }

  private paintBar(): void {
    const { columns } = this.payload;
    const rowCount = this.total;
    const { start, size, firstColumn } = this.position;
    const last = Math.max(0, Math.floor((rowCount - 1) / size) * size);
    const go =
      (to: Partial<Position>): (() => void) =>
      () =>
        void this.show({ ...this.position, ...to });
    const end = Math.min(rowCount, start + size);
    const whole =
      this.position.filter.length === 0 ? "" : `, filtered from ${this.searched.toLocaleString("en")}`;
    const shown =
      rowCount === 0 && whole !== "" ? `no rows${whole}` : `${range("", start, end, rowCount)}${whole}`;
    const parts: HTMLElement[] = [
      step("First page", "«", start > 0, go({ start: 0 })),
      step("Previous page", "‹", start > 0, go({ start: Math.max(0, start - size) })),
      element("span", "rb-Table-range", { role: "status" }, shown),
      step("Next page", "›", end < rowCount, go({ start: start + size })),
      step("Last page", "»", end < rowCount, go({ start: last })),
      this.sizes(),
    ];
    if (columns.length > COLUMNS) {
      const right = Math.min(columns.length, firstColumn + COLUMNS);
      parts.push(
        step(
          "Previous columns",
          "‹",
          firstColumn > 0,
          go({ firstColumn: Math.max(0, firstColumn - COLUMNS) }),
        ),
        element("span", "rb-Table-range", {}, range("columns ", firstColumn, right, columns.length)),
        step("Next columns", "›", right < columns.length, go({ firstColumn: firstColumn + COLUMNS })),
      );
    }
    this.bar.replaceChildren(...parts);
  }

  private sizes(): HTMLElement {
    const select = element("select", "rb-Table-sizes", { "aria-label": "Rows a page" });
    for (const size of PAGE_SIZES)
      select.append(element("option", "", { value: String(size) }, String(size)));
    select.value = String(this.position.size);
    select.addEventListener("change", () => {
      const size = Number(select.value);
      void this.show({ ...this.position, size, start: Math.floor(this.position.start / size) * size });
    });
    return element("label", "rb-Table-pageSize", {}, select, " a page");
  }

  private focusedColumn(): string | null {
    const { activeElement } = document;
    return this.scroll.contains(activeElement) ? (activeElement?.getAttribute("data-column") ?? null) : null;
  }
}

function bodyCell(cell: Cell, numeric: boolean, key: boolean): HTMLElement {
  const text = textOf(cell);
  const kind = `${numeric ? "rb-mod-number" : ""} ${key ? "rb-mod-key" : ""}`.trim();
  const full = cell === null ? "missing" : String(cell);
  const made = key ? element("th", kind, { scope: "row" }, text) : element("td", kind, {}, text);
  if (full !== text) made.title = full;
  return made;
}

/** Numbers with six digits; the whole number is the cell's tip. */
function textOf(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell !== "number" || Number.isInteger(cell)) return String(cell);
  return String(Number(cell.toPrecision(6)));
}

function step(label: string, sign: string, enabled: boolean, onClick: () => void): HTMLElement {
  const button = element(
    "button",
    "rb-Button",
    { type: "button", title: label, "aria-label": label, ...(enabled ? {} : { disabled: "" }) },
    sign,
  );
  button.addEventListener("click", onClick);
  return button;
}

function range(what: string, start: number, end: number, total: number): string {
  if (total === 0) return "no rows";
  const written = (n: number): string => n.toLocaleString("en");
  return `${what}${written(start + 1)}–${written(end)} of ${written(total)}`;
}

function count(n: number, what: string): string {
  return `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;
}
