/**
 * What the kernel asks of a language. Offsets are UTF-16 code units of the text given.
 *
 * Layer:  language; imports nothing.
 */

/** A cell as it is checked. `shifts`: line → columns that `text` has more than what was typed. */
export interface CellText {
  readonly source: string;
  readonly text: string;
  readonly shifts: Readonly<Record<number, number>>;
}

/** A cell ready to run. */
export interface Converted {
  readonly js: string;
  readonly mappings: string;
  /** Names whose value the cell declares. */
  readonly declares: readonly string[];
}

/** Why a cell does not run. */
export interface Refusal {
  readonly name: "SyntaxError" | "TypeCheckError";
  readonly value: string;
  readonly traceback: readonly string[];
}

export type Conversion =
  | {
      readonly ok: true;
      readonly converted: Converted;
      /** Type errors that do not refuse the cell, because the check is not strict. */
      readonly warning: Refusal | null;
    }
  | { readonly ok: false; readonly refusal: Refusal };

export interface Completion {
  readonly text: string;
  /** What JupyterLab shows beside it: "function", "class", "property" … */
  readonly kind: string;
}

export interface Completions {
  readonly start: number;
  readonly end: number;
  readonly items: readonly Completion[];
}

export interface Inspection {
  readonly plain: string;
  readonly markdown: string;
}

export interface Completeness {
  readonly status: "complete" | "incomplete" | "invalid";
  readonly indent: string;
}

/** A name that cells can use, and its type in words. */
export interface KnownName {
  readonly name: string;
  readonly kind: string;
  readonly type: string;
}

/** A name that has a value, and the cell that holds it. */
export interface NamePlace {
  readonly name: string;
  readonly kind: string;
  readonly cell: number;
}

export interface Language {
  /**
   * Checks and converts a cell. It joins the session by `keep`.
   *
   * @param strict Type errors refuse the cell, as is the default.
   */
  convert(cell: number, label: string, text: CellText, strict?: boolean): Conversion;
  /** Type of the expression that begins there in the text that was converted last, zero-based; null without one. */
  typeAt(line: number, column: number): string | null;
  /** The cell ran: its names are known from now on, but for those that never got a value. */
  keep(cell: number, unset: readonly string[]): void;
  /** Earlier cells of which no name is reachable any more, each told once. */
  takeUnreachable(): readonly number[];
  /** Cells no longer know these names, or any; returns those that they did not know, and then forgets none. */
  forget(names: readonly string[] | null): readonly string[];
  /** All values are lost. */
  reset(): void;
  /** Packages have changed. */
  refresh(): void;
  complete(text: string, offset: number): Completions;
  inspect(text: string, offset: number): Inspection | null;
  isComplete(text: string): Completeness;
  names(): readonly KnownName[];
  /** Where the values of the names are. */
  places(): readonly NamePlace[];
}
