/**
 * Tables as columns, whatever they came as: rows, lists, columns, or a value that gives its columns itself.
 *
 * Layer:  display; imports nothing.
 */

export interface TableColumn {
  readonly name: string;
  readonly unit?: string;
  readonly values: ArrayLike<unknown>;
  /** The column that names the rows: it stays in sight. */
  readonly key?: boolean;
  /** Its cells are names that the notebook's selection holds. */
  readonly selectable?: boolean;
}

export interface TableData {
  readonly title?: string;
  readonly columns: readonly TableColumn[];
  readonly rowCount: number;
}

/** A value's method under this symbol returns its `TableData`. */
const TABLE = Symbol.for("Radbook.table");

/** The columns that a value gives of itself; null where it does not. */
export function ownTable(value: unknown): TableData | null {
  if (typeof value !== "object" || value === null || !has(value, TABLE)) return null;
  const method = (value as { [TABLE]?: unknown })[TABLE];
  return typeof method === "function" ? checkData((method as () => unknown).call(value)) : null;
}

/** Also of a proxy, which may answer to every name and throw at any. */
function has(value: object, name: symbol): boolean {
  try {
    return name in value;
  } catch {
    return false;
  }
}

/**
 * Columns of a list of objects, a list of lists, an object of lists, or a value that gives its own.
 *
 * @throws TypeError if `value` is none of these, or its columns differ in length.
 */
export function tableData(value: unknown, title?: string): TableData {
  const own = ownTable(value);
  if (own) return title === undefined ? own : { ...own, title };
  const columns = Array.isArray(value) ? columnsOfRows(value) : columnsOfObject(value);
  return checkData({
    columns,
    rowCount: columns[0]?.values.length ?? 0,
    ...(title === undefined ? {} : { title }),
  });
}

function columnsOfRows(rows: readonly unknown[]): TableColumn[] {
  // Keys in the order in which they come up, over all rows: later rows may have more.
  const columns = new Map<string, unknown[]>();
  rows.forEach((row, i) => {
    if (typeof row !== "object" || row === null)
      throw new TypeError(`each row of a table is an object or a list; row ${i} is ${String(row)}`);
    for (const [name, value] of Object.entries(row)) {
      let column = columns.get(name);
      if (!column) {
        column = new Array(rows.length);
        columns.set(name, column);
      }
      column[i] = value;
    }
  });
  return [...columns].map(([name, values]) => ({ name, values }));
}

function columnsOfObject(value: unknown): TableColumn[] {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  if (entries.length === 0 || !entries.every(([, values]) => isList(values)))
    throw new TypeError("a table is made of a list of rows or an object of columns, such as { id: [1, 2] }");
  return entries.map(([name, values]) => ({ name, values: values as ArrayLike<unknown> }));
}

function checkData(data: unknown): TableData {
  const { columns, rowCount } = data as TableData;
  for (const { name, values } of columns) {
    if (values.length !== rowCount)
      throw new TypeError(`column "${name}" has ${values.length} values, the table has ${rowCount} rows`);
  }
  return data as TableData;
}

function isList(value: unknown): boolean {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}
