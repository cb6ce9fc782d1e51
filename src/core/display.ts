/**
 * How a value shows itself in a notebook, and how a shown value answers the front end later.
 *
 * The library imports no kernel: it agrees with it on three well-known symbols only.
 * `Symbol.for("Jupyter.display")` is the protocol of Deno's kernel; `Symbol.for("Radbook.live")` and
 * `Symbol.for("Radbook.table")` are ours.
 *
 * Layer:  core; imports nothing.
 */

/** JSON as TypeScript sees it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One picture of a value per MIME type; binary types are base64 text. */
export interface MimeBundle {
  readonly [mimeType: string]: Json;
}

/** A bundle with notes on its pictures: per MIME type, for example their size and their text alternative. */
export interface AnnotatedBundle {
  readonly data: MimeBundle;
  readonly metadata: MimeBundle;
}

/** A value's method under this symbol returns its MIME bundle, or a promise of it. */
export const DISPLAY: symbol = Symbol.for("Jupyter.display");

/** A value's property under this symbol is the `LiveSource` that answers its open views. */
export const LIVE: symbol = Symbol.for("Radbook.live");

/**
 * Teaches a value to show itself. Calling it in a constructor keeps class declarations free of symbols, which
 * `isolatedDeclarations` cannot describe; the property is not enumerable, so printing the value does not show it.
 */
export function showAs<T extends object>(
  value: T,
  bundle: () => MimeBundle | AnnotatedBundle | Promise<MimeBundle | AnnotatedBundle>,
): T {
  return Object.defineProperty(value, DISPLAY, { value: bundle });
}

/** Lets a shown value answer requests of its open views, for example for full resolution. */
export function answerAs<T extends object>(value: T, source: LiveSource): T {
  return Object.defineProperty(value, LIVE, { value: source });
}

/** One column of a table that a notebook shows. null, undefined and NaN are missing. */
export interface ShownColumn {
  readonly name: string;
  readonly unit?: string;
  readonly values: ArrayLike<unknown>;
  /** Names the rows: stays in sight. */
  readonly key?: boolean;
  /** Its cells are ids of patients: choosing a row of the shown table chooses the patient. */
  readonly selectable?: boolean;
}

/** A table that a notebook can sort and page. */
export interface ShownTable {
  readonly title: string;
  readonly rowCount: number;
  /** Each of `rowCount` values. */
  readonly columns: readonly ShownColumn[];
}

/** A value's method under this symbol returns its `ShownTable`: kernels that know it show the table to sort and page. */
export const TABLE: symbol = Symbol.for("Radbook.table");

/** Lets a notebook sort and page a value's rows, beside what the value shows by itself. */
export function tableAs<T extends object>(value: T, table: () => ShownTable): T {
  return Object.defineProperty(value, TABLE, { value: table });
}

/** One message back to the front end: JSON and, beside it, raw bytes. */
export interface LiveReply {
  readonly content: Json;
  readonly buffers?: readonly Uint8Array[];
}

/**
 * Answers requests of a view that is open in a front end. The view carries `id` in its payload and opens a
 * comm of target `radbook.live` with `{ id }`; every reply becomes one comm message.
 */
export interface LiveSource {
  readonly id: string;
  answer(request: Json): Iterable<LiveReply> | AsyncIterable<LiveReply>;
}
