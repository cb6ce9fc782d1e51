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

/** Why a cell does not run, or what is said about it when it runs all the same. */
export interface Refusal {
  readonly name: "SyntaxError" | "TypeCheckError";
  readonly value: string;
  readonly traceback: readonly string[];
}

export type Conversion =
  | { readonly ok: true; readonly converted: Converted }
  | { readonly ok: false; readonly refusal: Refusal };

export interface Completion {
  readonly text: string;
  /** What JupyterLab shows beside it: "function", "class", "property" … */
  readonly kind: string;
  /** Its type in words, where it was asked for. */
  readonly signature?: string;
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

/** A place in a program. Lines and columns from zero. */
export interface CodePlace {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

export interface ConvertOptions {
  /** Type errors refuse the cell, as is the default. Without, its types are not looked at. */
  readonly strict?: boolean;
  /** Interrupts the check. */
  readonly signal?: AbortSignal;
}

/** Calls are carried out in the order in which they are made; what is known without the compiler is told at once. */
export interface Language {
  /**
   * Checks and converts a cell. It joins the session by `keep`.
   *
   * @throws Error when it is interrupted.
   */
  convert(cell: number, label: string, text: CellText, options?: ConvertOptions): Promise<Conversion>;
  /** Type errors of the cell that was converted last, where that was not strict; null without any. */
  warning(): Promise<Refusal | null>;
  /** Type of the expression that begins there in the text that was converted last, zero-based; null without one. */
  typeAt(line: number, column: number): Promise<string | null>;
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
  complete(text: string, offset: number): Promise<Completions>;
  /** @param detail With 1, also the source. */
  inspect(text: string, offset: number, detail: 0 | 1): Promise<Inspection | null>;
  isComplete(text: string): Promise<Completeness>;
  /** The names that earlier cells left, and their types. */
  described(): Promise<readonly KnownName[]>;
  /** The same without types. */
  names(): readonly string[];
  /** Where the values of the names are. */
  places(): readonly NamePlace[];
  /** JavaScript of an expression whose names are reached through holders: name → an expression for an object. */
  toJavaScript(code: string, holders: ReadonlyMap<string, string>): Promise<string>;
  /** Whether what is thrown is caught. @param places From the innermost call to the outermost that counts. */
  isCaught(places: readonly CodePlace[]): Promise<boolean>;
  /** Ends what the language keeps running. */
  close(): void;
}
