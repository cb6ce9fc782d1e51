/**
 * Clinical rows of patients as they were read: text cells by column, one row for each patient id.
 * A column becomes numbers, follow-up or classes only when it is asked for, and every bad cell is named.
 *
 * Layer:  table; imports core.
 */
import { type MimeBundle, type ShownTable, showAs, tableAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { FeatureTable } from "./feature-table.js";
import { checkIds, listIds, rowsOfIds } from "./ids.js";
import { Labels } from "./labels.js";
import { parseEvent, parseNumber } from "./parse-cell.js";
import { renderTable } from "./render.js";
import { type RowValues, rowReader } from "./row-reader.js";
import { SurvivalData, type TimeUnit } from "./survival-data.js";

/** One column as text; "" is missing. */
export interface TextColumn<Name extends string = string> {
  readonly name: Name;
  readonly cells: readonly string[];
}

/** Where the rows came from, for error messages. */
export interface CohortSource {
  readonly file: string;
  /** Line of each row in the file, counted from 1. */
  readonly lines: readonly number[];
}

/** Which columns hold the follow-up. */
export interface SurvivalColumns<Column extends string = string> {
  readonly time: Column;
  /** 1 or true: happened; 0 or false: censored. */
  readonly event: Column;
  readonly unit: TimeUnit;
  /** Cells of `event` that mean that it happened, when they are not 0/1, e.g. ["1:DECEASED"]; all others are censored. */
  readonly happened?: readonly string[];
}

const SHOWN_ROWS = 10;
const SHOWN_COLUMNS = 12;

/** Clinical rows by patient id. `Column` may list the column names, so that a misspelt one does not compile. */
export class Cohort<Column extends string = string> {
  readonly ids: readonly string[];
  readonly columns: readonly TextColumn<Column>[];
  /** What was done to the rows since they were read, e.g. how many were dropped. */
  readonly notes: readonly string[];
  readonly #source: CohortSource | undefined;
  readonly #byName: ReadonlyMap<string, TextColumn<Column>>;

  /** @throws InputError if an id or a column name is repeated or a column has another length. */
  constructor(
    ids: readonly string[],
    columns: readonly TextColumn<Column>[],
    { source, notes = [] }: { readonly source?: CohortSource; readonly notes?: readonly string[] } = {},
  ) {
    checkIds(ids, source === undefined ? "cohort" : source.file);
    const byName = new Map<string, TextColumn<Column>>();
    for (const column of columns) {
      if (column.cells.length !== ids.length || byName.has(column.name)) {
        throw new InputError(
          byName.has(column.name)
            ? `cohort: column "${column.name}" occurs twice. Rename one of the two.`
            : `cohort: column "${column.name}" has ${column.cells.length} cells for ${ids.length} ids. Give one cell per patient.`,
        );
      }
      byName.set(column.name, column);
    }
    this.ids = ids;
    this.columns = columns;
    this.notes = notes;
    this.#source = source;
    this.#byName = byName;
    showAs(this, () => this.#show());
    tableAs(this, () => this.#table());
  }

  /** Number of patients. */
  get length(): number {
    return this.ids.length;
  }

  /** Column names in order. */
  get names(): readonly Column[] {
    return this.columns.map((column) => column.name);
  }

  /** Cells of one column as text; "" is missing. @throws InputError if there is no such column. */
  text(name: Column): readonly string[] {
    const column = this.#byName.get(name);
    if (column !== undefined) return column.cells;
    throw this.#refusal(`the cohort has no column "${name}". It has: ${this.names.join(", ")}`);
  }

  /**
   * Columns as numbers, NaN where a cell is empty.
   *
   * @param options.units  Unit by column name, where there is one.
   * @throws InputError naming the row and column of a cell that is not a number.
   */
  numeric(
    names: readonly Column[],
    { units = {} }: { readonly units?: { readonly [column: string]: string } } = {},
  ): FeatureTable {
    return new FeatureTable(
      this.ids,
      names.map((name) => ({ name, unit: units[name] ?? "", values: this.#numbers(name) })),
    );
  }

  /**
   * Follow-up from a column of times and a column of events.
   *
   * @throws InputError naming patients without time or event, cells that are no number, and negative times.
   */
  survival({ time, event, unit, happened }: SurvivalColumns<Column>): SurvivalData {
    this.#refuseMissing([time, event]);
    const cells = this.text(event);
    const events = cells.map((cell, row) => {
      const value = happened === undefined ? parseEvent(cell) : happened.includes(cell) ? 1 : 0;
      if (value !== null) return value;
      throw this.#refusal(
        `${this.#place(row, event)}: "${cell}" is not an event: use 1 (happened) or 0 (censored), ` +
          `or name the cells that mean that it happened, e.g. happened: ["${cell}"].`,
      );
    });
    return new SurvivalData(this.ids, this.#numbers(time), events, unit);
  }

  /**
   * One column as classes.
   *
   * @param options.classes  Their order, the first is the reference; the default sorts them.
   * @throws InputError naming patients whose cell is empty, or a cell that is not one of the classes.
   */
  labels<Class extends string = string>(
    name: Column,
    { classes }: { readonly classes?: readonly Class[] } = {},
  ): Labels<Class> {
    this.#refuseMissing([name]);
    // The constructor of Labels refuses whatever is not one of the classes.
    const values = this.text(name) as readonly Class[];
    return new Labels(this.ids, values, classes === undefined ? { name } : { name, classes });
  }

  /**
   * Only the patients for whom `keep` is true.
   *
   * @param keep  Reads a row's columns as numbers (NaN if missing) and, second, as text ("" if missing):
   *   `(row, text) => row.age >= 18 && text.sex === "female"`.
   */
  where(keep: (row: RowValues<number, Column>, text: RowValues<string, Column>) => boolean): Cohort<Column> {
    const cache = new Map<Column, Float64Array>();
    const numbers = rowReader<number, Column>((name) => {
      const known = cache.get(name) ?? this.#numbers(name);
      cache.set(name, known);
      return known;
    });
    const text = rowReader<string, Column>((name) => this.text(name));
    const rows: number[] = [];
    for (let at = 0; at < this.ids.length; at++) {
      numbers.moveTo(at);
      text.moveTo(at);
      if (keep(numbers.row, text.row)) rows.push(at);
    }
    return this.#take(rows, this.notes);
  }

  /** Only the patients without an empty cell in these columns (default: all); `notes` says how many were dropped. */
  complete(names: readonly Column[] = this.names): Cohort<Column> {
    const rows: number[] = [];
    const columns = names.map((name) => this.text(name));
    for (let at = 0; at < this.ids.length; at++) {
      if (columns.every((cells) => cells[at] !== "")) rows.push(at);
    }
    const dropped = this.ids.length - rows.length;
    const lacking = names
      .map((name, at) => ({ name, missing: columns[at].filter((cell) => cell === "").length }))
      .filter(({ missing }) => missing > 0)
      .map(({ name, missing }) => `${name} ${missing}`);
    const note =
      dropped === 0
        ? `no patient dropped, none lacks ${names.join(", ")}`
        : `${dropped} of ${this.ids.length} patients dropped for missing values (${lacking.join(", ")})`;
    return this.#take(rows, [...this.notes, note]);
  }

  /** These patients in this order. @throws InputError naming ids that are unknown or repeated. */
  pick(ids: readonly string[]): Cohort<Column> {
    return this.#take(rowsOfIds(this.ids, ids, "cohort"), this.notes);
  }

  #numbers(name: Column): Float64Array {
    return Float64Array.from(this.text(name), (cell, row) => {
      const value = parseNumber(cell);
      if (value !== null) return value;
      throw this.#refusal(
        `${this.#place(row, name)}: "${cell}" is not a number. Correct the cell, leave it empty if the value is missing, ` +
          `or read the file with missing: ["${cell}"].`,
      );
    });
  }

  #refuseMissing(names: readonly Column[]): void {
    for (const name of names) {
      const cells = this.text(name);
      const without = this.ids.filter((_, row) => cells[row] === "");
      if (without.length === 0) continue;
      const list = names.map((column) => `"${column}"`).join(", ");
      throw this.#refusal(
        `column "${name}" is empty for ${without.length} of ${this.ids.length} patients: ${listIds(without)}. ` +
          `Fill the cells, or drop these patients openly with cohort.complete([${list}]).`,
      );
    }
  }

  #place(row: number, name: Column): string {
    const line = this.#source === undefined ? "" : `line ${this.#source.lines[row]}, `;
    return `${line}patient ${this.ids[row]}, column "${name}"`;
  }

  /** Names the file, where the rows came from one. */
  #refusal(message: string): InputError {
    return new InputError(message, this.#source === undefined ? {} : { file: this.#source.file });
  }

  #take(rows: readonly number[], notes: readonly string[]): Cohort<Column> {
    const source = this.#source;
    return new Cohort(
      rows.map((row) => this.ids[row]),
      this.columns.map(({ name, cells }) => ({ name, cells: rows.map((row) => cells[row]) })),
      source === undefined
        ? { notes }
        : { notes, source: { file: source.file, lines: rows.map((row) => source.lines[row]) } },
    );
  }

  #table(): ShownTable {
    const columns = this.columns.map(({ name, cells }) => ({ name, values: shownCells(cells) }));
    const key = { name: "id", values: this.ids, key: true, selectable: true };
    return { title: "Cohort", rowCount: this.ids.length, columns: [key, ...columns] };
  }

  #show(): MimeBundle {
    const ids = this.ids.slice(0, SHOWN_ROWS);
    const columns = this.columns.slice(0, SHOWN_COLUMNS);
    const hiddenRows = this.ids.length - ids.length;
    const hiddenColumns = this.columns.length - columns.length;
    const notes = [
      ...(hiddenRows > 0 ? [`… ${hiddenRows} more rows`] : []),
      ...(hiddenColumns > 0 ? [`… ${hiddenColumns} more columns`] : []),
      ...this.notes,
    ];
    return renderTable({
      title: `Cohort of ${this.ids.length} patients, ${this.columns.length} columns`,
      header: ["id", ...columns.map((column) => column.name)],
      rows: ids.map((id, row) => [id, ...columns.map((column) => column.cells[row])]),
      notes,
    });
  }
}

/** Numbers where all cells are, so that they sort as such; "" is missing. */
function shownCells(cells: readonly string[]): readonly unknown[] {
  const numeric = cells.every((cell) => Number.isFinite(Number(cell)));
  return cells.map((cell) => (cell.trim() === "" ? null : numeric ? Number(cell) : cell));
}
