/**
 * Types of the kernel's displays, progress and questions, as cells see them without an import.
 *
 * Layer:  display; imports nothing.
 */
export const DISPLAY_TYPES = `
/** How an output is named and changed. */
interface DisplayName {
  /** Names the output, so that a later call can change it. */
  readonly display_id?: string;
  /** Changes the outputs of that name instead of adding one. */
  readonly update?: boolean;
}
/** Shows a value under the cell: its own pictures if it has some, an image's bytes or a Vega chart as such, else its text. */
declare function display(
  value: unknown,
  options?: DisplayName & {
    /** The value is a MIME bundle itself. */
    readonly raw?: boolean;
  },
): void;
declare namespace display {
  /** Shows HTML. */
  function html(text: string, options?: DisplayName): void;
  /** Shows Markdown. */
  function markdown(text: string, options?: DisplayName): void;
  /** Shows a formula in LaTeX, with or without the signs around it. */
  function latex(text: string, options?: DisplayName): void;
  /** Shows an SVG drawing. */
  function svg(text: string, options?: DisplayName): void;
  /** Shows a PNG image: the content of its file, or that in base64. */
  function png(source: Uint8Array | string, options?: DisplayName): void;
  /** Shows a JPEG image: the content of its file, or that in base64. */
  function jpeg(source: Uint8Array | string, options?: DisplayName): void;
  /** Shows a GIF image: the content of its file, or that in base64. */
  function gif(source: Uint8Array | string, options?: DisplayName): void;
  /** Shows a Vega-Lite chart, also without \`$schema\`. */
  function vegaLite(spec: object, options?: DisplayName): void;
}
/** Clears the output of the cell; with \`wait\`, when the next output comes. */
declare function clearOutput(wait?: boolean): void;
/** Shows text in the front end's pager. */
declare function page(text: string): void;
/** Asks the person at the notebook for a line of text. */
declare function input(prompt?: string, options?: { readonly password?: boolean }): Promise<string>;
/** Asks for a line of text and blocks the cell until it is there. */
declare function prompt(prompt?: string, options?: { readonly password?: boolean }): string;
interface ProgressOptions {
  /** What the loop is about; stands before its bar. */
  readonly label?: string;
  /** Number of steps, where it cannot be told from the items. */
  readonly total?: number;
}
/** Work of a known number of steps. In a loop it gives 0 … total − 1. */
interface Progress extends Iterable<number> {
  readonly done: number;
  readonly total: number;
  label: string;
  /** Some more steps are done, by default one. */
  advance(steps?: number): void;
  /** So many steps are done. */
  set(done: number): void;
  /** The work is over, finished or not. */
  end(): void;
  [Symbol.dispose](): void;
}
/** A bar for work of \`total\` steps: go through it in a loop, or call \`advance\`. */
declare function progress(total: number, options?: ProgressOptions): Progress;
/** Goes through the items with a bar below the cell: rate, remaining time, loops inside loops. */
declare function progress<T>(items: Iterable<T>, options?: ProgressOptions): Iterable<T>;
declare function progress<T>(items: AsyncIterable<T>, options?: ProgressOptions): AsyncIterable<T>;
`;
