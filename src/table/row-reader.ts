/**
 * Reads one row of a column store by column name, without building an object for every row.
 *
 * Layer:  table; imports nothing.
 */

/** Values of one row by column name. */
export type RowValues<Value, Name extends string = string> = { readonly [Column in Name]: Value };

/** A view of the current row, and how to move it. */
export interface RowReader<Value, Name extends string> {
  readonly row: RowValues<Value, Name>;
  moveTo(at: number): void;
}

/**
 * @param column  Values of a column; throws for an unknown name, so that a misspelt column is never `undefined`.
 */
export function rowReader<Value, Name extends string = string>(
  column: (name: Name) => { readonly [row: number]: Value },
): RowReader<Value, Name> {
  let at = 0;
  const row = new Proxy({} as RowValues<Value, Name>, {
    get: (_, name) => (typeof name === "string" ? column(name as Name)[at] : undefined),
  });
  return {
    row,
    moveTo: (next) => {
      at = next;
    },
  };
}
