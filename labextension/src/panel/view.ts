/**
 * The patients of one notebook: which table, a filter, an order, and the list.
 *
 * Layer:  labextension, panel; imports output, selection, table, volume (types).
 */
import { element } from "../output/dom.js";
import { reasonOf } from "../output/payload-error.js";
import type { SelectionModel } from "../selection/model.js";
import { parseFilter } from "../table/filter.js";
import type { Cell, TablePayload } from "../table/payload.js";
import { RowSource, type Sort } from "../table/rows.js";
import type { KernelSource } from "../volume/live.js";
import { keyColumns, namedColumns } from "./columns.js";
import { PatientList, statusLine } from "./list.js";
import { ColumnPicker } from "./picker.js";
import type { PatientScans } from "./scans.js";

/** Columns to sort by. */
const SORTABLE = 200;
const TYPING_MS = 200;
const FILTER_HELP = "Words, column:text or column>5; all must hold";

/** Where the notebook keeps the person's choice of columns, by the title of their table. */
export interface ColumnMemory {
  read(title: string): unknown;
  write(title: string, names: readonly string[]): void;
}

export class CohortView {
  readonly element: HTMLElement = element("div", "rb-Cohort-view");
  private readonly kernels: KernelSource;
  private readonly selection: SelectionModel;
  private readonly scans: PatientScans;
  private readonly memory: ColumnMemory;
  private readonly stopWatching: () => void;
  private readonly choice = element("select", "rb-Select", { "aria-label": "Table of patients" });
  private readonly filter = element("input", "rb-Cohort-filter", {
    type: "search",
    placeholder: "Filter patients",
    "aria-label": "Filter patients",
    title: FILTER_HELP,
  });
  private readonly order = element("select", "rb-Select", { "aria-label": "Sort by" });
  private readonly descending = element(
    "button",
    "rb-Button",
    { type: "button", "aria-label": "Descending", "aria-pressed": "false", title: "Descending" },
    "↓",
  );
  private readonly picker = new ColumnPicker((chosen) => this.tell(chosen));
  private readonly status = statusLine();
  private readonly list: PatientList;
  private tables: readonly TablePayload[] = [];
  private table: TablePayload | null = null;
  private source: RowSource | null = null;
  /** Numbers of the columns beside each patient. */
  private told: readonly number[] = [];
  private remark = "";
  private count = 0;

  constructor(kernels: KernelSource, selection: SelectionModel, scans: PatientScans, memory: ColumnMemory) {
    this.kernels = kernels;
    this.selection = selection;
    this.scans = scans;
    this.memory = memory;
    this.list = new PatientList({
      details: (row) =>
        this.told.map((at, i) => [this.table?.columns[at]?.name ?? "", asText(row[i + 1] ?? null)]),
      isChosen: (id) => selection.has(id),
      choose: (id, also) => (also ? selection.toggle([id], "panel") : selection.set([id], "panel")),
      chooseNobody: () => selection.clear("panel"),
      open: (id) => scans.open(id),
      picture: (id, row) => scans.picture(id, row),
      failed: (error) => this.status.say(reasonOf(error)),
    });
    this.stopWatching = selection.watch(() => this.mark());
    this.choice.addEventListener("change", () => this.take(this.tables[this.choice.selectedIndex] ?? null));
    this.order.addEventListener("change", () => this.read());
    this.descending.addEventListener("click", () => {
      const pressed = this.descending.getAttribute("aria-pressed") !== "true";
      this.descending.setAttribute("aria-pressed", String(pressed));
      this.read();
    });
    let typing: ReturnType<typeof setTimeout> | undefined;
    this.filter.addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(() => this.read(), TYPING_MS);
    });
    this.filter.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") this.list.element.focus();
    });
    const sorting = element("div", "rb-Cohort-line", {}, this.order, this.descending, this.picker.button);
    const bar = element("div", "rb-Cohort-bar", {}, this.choice, this.filter, sorting, this.picker.sheet);
    this.element.append(bar, this.status.element, this.list.element);
  }

  /** Whether the keyboard can go to the list. */
  focus(): void {
    this.list.element.focus();
  }

  /** Shows the tables that the notebook holds now; the one that is shown stays while it is there. */
  showTables(tables: readonly TablePayload[]): void {
    const same =
      tables.length === this.tables.length && tables.every(({ id }, i) => id === this.tables[i]?.id);
    if (same) return;
    this.tables = tables;
    const names = tables.map(
      ({ title, rowCount }) => `${title || "Table"} · ${rowCount.toLocaleString("en")}`,
    );
    this.choice.replaceChildren(...names.map((name) => element("option", "", {}, name)));
    const kept = tables.findIndex(({ id }) => id === this.table?.id);
    this.choice.selectedIndex = Math.max(0, kept);
    this.choice.hidden = tables.length < 2;
    if (kept < 0) this.take(tables[0] ?? null);
  }

  dispose(): void {
    this.stopWatching();
    this.source?.close();
  }

  private take(table: TablePayload | null): void {
    this.table = table;
    this.scans.tryAgain();
    this.descending.setAttribute("aria-pressed", "false");
    this.source?.close();
    this.source = table === null ? null : new RowSource(table, this.kernels);
    this.told =
      table === null ? [] : (namedColumns(this.memory.read(table.title), table.columns) ?? keyColumns(table));
    this.picker.show(table?.columns ?? [], this.told);
    const columns = table?.columns.slice(1, SORTABLE) ?? [];
    this.order.replaceChildren(
      element("option", "", { value: "" }, "Table order"),
      ...columns.map(({ name }, i) => element("option", "", { value: String(i + 1) }, `By ${name}`)),
    );
    this.read();
  }

  /** Lets other columns stand beside each patient, and keeps them in the notebook. */
  private tell(chosen: readonly number[]): void {
    if (this.table === null) return;
    this.told = chosen;
    const { title, columns } = this.table;
    this.memory.write(
      title,
      chosen.map((at) => columns[at]?.name ?? ""),
    );
    this.read();
  }

  /** Reads the rows in the order and with the filter that the person has set. */
  private read(): void {
    const { source, table } = this;
    if (source === null || table === null) return;
    const descending = this.descending.getAttribute("aria-pressed") === "true";
    const column = Number(this.order.value);
    // The id sorts too: descending needs a column.
    const sort: Sort | null = this.order.value === "" && !descending ? null : { column, descending };
    const filter = parseFilter(this.filter.value, table.columns);
    const columns = [0, ...this.told];
    void this.list
      .show(async (start, count) => {
        const found = await source.read({ start, count, columns, sort, filter });
        this.remark = found.remark;
        return found;
      })
      .then((total) => {
        this.count = total;
        this.say();
      });
  }

  private mark(): void {
    this.list.mark();
    this.say();
  }

  private say(): void {
    const patients = `${this.count.toLocaleString("en")} ${this.count === 1 ? "patient" : "patients"}`;
    const chosen = this.selection.ids.length;
    this.status.say([`${patients}${chosen === 0 ? "" : ` · ${chosen} chosen`}`, this.remark].join(" "));
  }
}

function asText(cell: Cell): string {
  if (cell === null) return "–";
  return typeof cell === "number" ? String(Number(cell.toPrecision(4))) : String(cell);
}
