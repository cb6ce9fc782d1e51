/**
 * Features of patients: named columns of doubles with units, one row for each patient id. Missing is NaN.
 *
 * Layer:  table; imports core.
 */
import { type MimeBundle, type ShownTable, showAs, tableAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { checkIds, checkSameIds, rowsOfIds } from "./ids.js";
import { formatNumber, renderTable } from "./render.js";
import { type RowValues, rowReader } from "./row-reader.js";
import { Scores } from "./scores.js";
import { STATISTICS, summarize } from "./summarize.js";

/** One feature of all patients. */
export interface Column {
  readonly name: string;
  /** "" if the feature has no unit. */
  readonly unit: string;
  /** One value per patient, NaN where it is missing. */
  readonly values: Float64Array;
}

/** One patient: the id and the value of every column by its name. */
export interface FeatureRow {
  readonly id: string;
  readonly values: RowValues<number>;
}

/** What the rows of a table stand for. */
export type RowKind = "patients" | "features";

export interface FeatureTableOptions {
  /** Shown with the table; default none. */
  readonly notes?: readonly string[];
  /** Default "patients". */
  readonly rowsAre?: RowKind;
}

/** A page that shows more cells than this helps nobody and stalls the browser. */
const SHOWN_ROWS = 10;
const SHOWN_COLUMNS = 10;

/** Named columns of doubles with units, one row per patient. Immutable by contract: methods return new tables. */
export class FeatureTable {
  /** One name per row: of patients, or of what `rowsAre` says. */
  readonly ids: readonly string[];
  readonly columns: readonly Column[];
  /** What a reader of the table has to know, e.g. who is missing from it. */
  readonly notes: readonly string[];
  /** Rows of features, e.g. of `describe()`, are no patients: a notebook does not offer to choose them. */
  readonly rowsAre: RowKind;
  readonly #byName: ReadonlyMap<string, Column>;

  /**
   * @param ids  One per row, unique.
   * @param columns  Each as long as `ids`. The arrays are kept, not copied.
   * @throws InputError if an id or a column name is empty or repeated, or a column has another length.
   */
  constructor(
    ids: readonly string[],
    columns: readonly Column[],
    { notes = [], rowsAre = "patients" }: FeatureTableOptions = {},
  ) {
    checkIds(ids, "feature table");
    const byName = new Map<string, Column>();
    for (const column of columns) {
      if (column.name === "" || byName.has(column.name)) {
        throw new InputError(
          column.name === ""
            ? "feature table: a column has no name. Name every column."
            : `feature table: column "${column.name}" occurs twice. Rename or drop one of the two.`,
        );
      }
      if (column.values.length !== ids.length) {
        throw new InputError(
          `feature table: column "${column.name}" has ${column.values.length} values for ${ids.length} ids. ` +
            "Give one value per patient, NaN where it is missing.",
        );
      }
      byName.set(column.name, column);
    }
    this.ids = ids;
    this.columns = columns;
    this.notes = notes;
    this.rowsAre = rowsAre;
    this.#byName = byName;
    showAs(this, () => this.#show());
    tableAs(this, () => this.#table());
  }

  /** Number of rows. */
  get length(): number {
    return this.ids.length;
  }

  /** Column names in order. */
  get names(): readonly string[] {
    return this.columns.map((column) => column.name);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** Values of one column. @throws InputError if there is no such column. */
  column(name: string): Float64Array {
    return this.#named(name).values;
  }

  /** Unit of one column. @throws InputError if there is no such column. */
  unit(name: string): string {
    return this.#named(name).unit;
  }

  /**
   * One column as a score per patient, e.g. for `model.cut`.
   *
   * @throws InputError if there is no such column or a value is missing: drop those patients first.
   */
  scores(name: string): Scores {
    return new Scores(this.ids, this.column(name), name);
  }

  /** Only these columns, in this order. @throws InputError if there is no such column. */
  select(names: readonly string[]): FeatureTable {
    return new FeatureTable(
      this.ids,
      names.map((name) => this.#named(name)),
      { rowsAre: this.rowsAre },
    );
  }

  /**
   * Only the patients for whom `keep` is true.
   *
   * @param keep  Reads values by column name, e.g. `(row) => row.volume > 500`; an unknown name is an InputError.
   */
  where(keep: (row: RowValues<number>, id: string) => boolean): FeatureTable {
    const { row, moveTo } = rowReader((name) => this.#named(name).values);
    const rows: number[] = [];
    for (let at = 0; at < this.ids.length; at++) {
      moveTo(at);
      if (keep(row, this.ids[at])) rows.push(at);
    }
    return this.#take(rows);
  }

  /** These patients in this order. @throws InputError naming ids that are unknown or repeated. */
  pick(ids: readonly string[]): FeatureTable {
    return this.#take(rowsOfIds(this.ids, ids, "feature table"));
  }

  /**
   * The columns of both tables side by side.
   *
   * @throws InputError unless both hold the same patients in the same order, or if both have a column of one name.
   */
  join(other: FeatureTable): FeatureTable {
    checkSameIds(this.ids, other.ids, "the left table", "the right table");
    return new FeatureTable(this.ids, [...this.columns, ...other.columns], { rowsAre: this.rowsAre });
  }

  /** Each patient in turn. */
  *rows(): IterableIterator<FeatureRow> {
    for (let at = 0; at < this.ids.length; at++) {
      const values = Object.fromEntries(this.columns.map((column) => [column.name, column.values[at]]));
      yield { id: this.ids[at], values };
    }
  }

  /** One row per column: n, missing, mean, sd (n − 1), min, quartiles (type 7), max. NaN where n is too small. */
  describe(): FeatureTable {
    const summaries = this.columns.map((column) => summarize(column.values));
    return new FeatureTable(
      this.names,
      STATISTICS.map((name) => ({
        name,
        unit: "",
        values: Float64Array.from(summaries, (summary) => summary[name]),
      })),
      { rowsAre: "features" },
    );
  }

  /** Values as a row-major matrix of `length` × `columns.length`. */
  toMatrix(): Float64Array {
    const width = this.columns.length;
    const matrix = new Float64Array(this.ids.length * width);
    this.columns.forEach(({ values }, column) => {
      for (let row = 0; row < values.length; row++) matrix[row * width + column] = values[row];
    });
    return matrix;
  }

  /** Head of the column that names the rows. */
  get #rowName(): string {
    return this.rowsAre === "patients" ? "id" : "feature";
  }

  #named(name: string): Column {
    const column = this.#byName.get(name);
    if (column !== undefined) return column;
    const few = this.names.slice(0, 8).join(", ");
    const more = this.columns.length > 8 ? ", …" : "";
    throw new InputError(`there is no column "${name}". The table has: ${few}${more}`);
  }

  #take(rows: readonly number[]): FeatureTable {
    return new FeatureTable(
      rows.map((row) => this.ids[row]),
      this.columns.map(({ name, unit, values }) => ({
        name,
        unit,
        values: Float64Array.from(rows, (row) => values[row]),
      })),
      { rowsAre: this.rowsAre },
    );
  }

  #table(): ShownTable {
    const isOfPatients = this.rowsAre === "patients";
    const key = {
      name: this.#rowName,
      values: this.ids,
      key: true,
      ...(isOfPatients && { selectable: true }),
    };
    return {
      title: [isOfPatients ? "Features" : "By feature", ...this.notes].join(" · "),
      rowCount: this.ids.length,
      columns: [key, ...this.columns],
    };
  }

  #show(): MimeBundle {
    const ids = this.ids.slice(0, SHOWN_ROWS);
    const columns = this.columns.slice(0, SHOWN_COLUMNS);
    const hiddenRows = this.ids.length - ids.length;
    const hiddenColumns = this.columns.length - columns.length;
    const notes = [
      hiddenRows > 0 ? `… ${hiddenRows} more rows` : "",
      hiddenColumns > 0 ? `… ${hiddenColumns} more columns` : "",
      ...this.notes,
    ];
    return renderTable({
      title: `${this.ids.length} rows × ${this.columns.length} columns`,
      header: [this.#rowName, ...columns.map(({ name, unit }) => (unit === "" ? name : `${name} (${unit})`))],
      rows: ids.map((id, row) => [id, ...columns.map(({ values }) => formatNumber(values[row]))]),
      notes: notes.filter((note) => note !== ""),
    });
  }
}
