/**
 * Reads one row of a column store by column name, without building an object for every row.
 *
 * Layer:  table; imports nothing.
 */

/** Values of one row by column name. */
export type RowValues<Value> = { readonly [column: string]: Value };

/** A view of the current row, and how to move it. */
export interface RowReader<Value> {
  readonly row: RowValues<Value>;
  moveTo(at: number): void;
}

/**
 * @param column  Values of a column; throws for an unknown name, so that a misspelt column is never `undefined`.
 */
export function rowReader<Value>(
  column: (name: string) => { readonly [row: number]: Value },
): RowReader<Value> {
  let at = 0;
  const row = new Proxy<RowValues<Value>>(
    {},
    { get: (_, name) => (typeof name === "string" ? column(name)[at] : undefined) as Value },
  );
  return {
    row,
    moveTo: (next) => {
      at = next;
    },
  };
}
