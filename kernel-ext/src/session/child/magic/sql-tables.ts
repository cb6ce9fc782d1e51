/**
 * Values of cells as tables for SQL: columns with a type each.
 *
 * Layer:  session/child/magic; imports nothing.
 */

export type SqlType = "DOUBLE" | "BIGINT" | "BOOLEAN" | "TIMESTAMP" | "VARCHAR";

export interface SqlColumn {
  readonly name: string;
  readonly type: SqlType;
  /** Missing values are null. */
  values(from: number, to: number): (number | bigint | boolean | Date | string | null)[];
}

export interface SqlInput {
  readonly columns: readonly SqlColumn[];
  readonly rowCount: number;
}

const TABLE = Symbol.for("Radbook.table");

interface RawColumn {
  readonly name: string;
  readonly values: ArrayLike<unknown>;
  /** Text as it was read: numbers in it count as numbers. */
  readonly read: boolean;
}

/** @throws TypeError saying what `value` is, when it is no table. */
export function sqlInput(name: string, value: unknown): SqlInput {
  const raw = rawColumns(value);
  const [first] = raw ?? [];
  if (!raw || !first) {
    throw new TypeError(
      `${name} is no table: SQL reads a list of objects, or a value with columns of numbers or text.`,
    );
  }
  const rowCount = first.values.length;
  const uneven = raw.find(({ values }) => values.length !== rowCount);
  if (uneven) {
    throw new TypeError(
      `${name} is no table: column ${uneven.name} has ${uneven.values.length} rows, ${first.name} has ${rowCount}.`,
    );
  }
  return { columns: raw.map(column), rowCount };
}

function rawColumns(value: unknown): RawColumn[] | null {
  if (typeof value !== "object" || value === null) return null;
  const own = (value as { [TABLE]?: unknown })[TABLE];
  if (typeof own === "function") return fromColumns((own as () => unknown).call(value), value);
  if (Array.isArray(value)) return fromRows(value);
  return fromColumns(value, value);
}

function fromColumns(table: unknown, value: object): RawColumn[] | null {
  const { columns } = table as { readonly columns?: unknown };
  if (!Array.isArray(columns)) return null;
  const found: RawColumn[] = [];
  for (const one of columns as { name?: unknown; values?: unknown; cells?: unknown }[]) {
    const values = one.values ?? one.cells;
    if (typeof one.name !== "string" || typeof values !== "object" || values === null) return null;
    found.push({ name: one.name, values: values as ArrayLike<unknown>, read: one.values === undefined });
  }
  const { ids } = value as { readonly ids?: unknown };
  if (Array.isArray(ids) && !found.some((one) => one.name === "id"))
    found.unshift({ name: "id", values: ids, read: false });
  return found;
}

function fromRows(rows: readonly unknown[]): RawColumn[] | null {
  const columns = new Map<string, unknown[]>();
  for (const [i, row] of rows.entries()) {
    if (typeof row !== "object" || row === null) return null;
    for (const [name, value] of Object.entries(row)) {
      const known = columns.get(name) ?? new Array<unknown>(rows.length).fill(null);
      columns.set(name, known);
      known[i] = value;
    }
  }
  return [...columns].map(([name, values]) => ({ name, values, read: false }));
}

function column({ name, values, read }: RawColumn): SqlColumn {
  const type = typeOf(values, read);
  return {
    name,
    type,
    values: (from, to) => {
      const part: (number | bigint | boolean | Date | string | null)[] = [];
      for (let i = from; i < to; i++) part.push(cell(values[i], type, read));
      return part;
    },
  };
}

function typeOf(values: ArrayLike<unknown>, read: boolean): SqlType {
  let type: SqlType | null = null;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (isMissing(value, read)) continue;
    const own = typeOfValue(value, read);
    if (type !== null && own !== type) return "VARCHAR";
    type = own;
  }
  return type ?? (ArrayBuffer.isView(values) ? "DOUBLE" : "VARCHAR");
}

function typeOfValue(value: unknown, read: boolean): SqlType {
  if (typeof value === "number") return "DOUBLE";
  if (typeof value === "bigint") return "BIGINT";
  if (typeof value === "boolean") return "BOOLEAN";
  if (value instanceof Date) return "TIMESTAMP";
  return read && Number.isFinite(Number(value)) ? "DOUBLE" : "VARCHAR";
}

function cell(
  value: unknown,
  type: SqlType,
  read: boolean,
): number | bigint | boolean | Date | string | null {
  if (isMissing(value, read)) return null;
  if (type === "DOUBLE") return Number(value);
  if (type !== "VARCHAR") return value as bigint | boolean | Date;
  if (typeof value === "string") return value;
  return value instanceof Date
    ? value.toISOString()
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value);
}

function isMissing(value: unknown, read: boolean): boolean {
  return value === null || value === undefined || Number.isNaN(value) || (read && value === "");
}
