/**
 * How much a cell may print and display: a runaway loop must fill neither the notebook nor the memory of those on
 * its way.
 *
 * Layer:  session; imports nothing.
 */

const MB = 1e6;
const DEFAULT_MB = 20;
/** Pictures are larger than text. */
const DISPLAY_FACTOR = 10;
/** What a display takes at least: a page with 20,000 of them is no page any more. */
const DISPLAY_BYTES = 10_000;

export class OutputLimit {
  readonly #limit: number;
  readonly #printed = new Map<number, number>();
  readonly #displayed = new Map<number, number>();
  /** Rows beyond this are of cells long gone. */
  readonly #remembered = 1_000;

  constructor(megabytes: number = Number(process.env.RADBOOK_MAX_OUTPUT_MB)) {
    this.#limit = (megabytes > 0 ? megabytes : DEFAULT_MB) * MB;
  }

  /** The part of `text` that may be printed; `note` is what to say, once, where it is cut. */
  take(cell: number, text: string): { readonly text: string; readonly note: string | null } {
    const before = this.#printed.get(cell) ?? 0;
    if (before > this.#limit) return { text: "", note: null };
    if (before === 0) this.#forgetOldest(this.#printed);
    this.#printed.set(cell, before + text.length);
    if (before + text.length <= this.#limit) return { text, note: null };
    return { text: text.slice(0, this.#limit - before), note: this.#note("output", 1) };
  }

  /** Whether a display of so many bytes may be shown; `note` is what to say, once, where it may not. */
  takeDisplay(cell: number, bytes: number): { readonly fits: boolean; readonly note: string | null } {
    const limit = DISPLAY_FACTOR * this.#limit;
    const before = this.#displayed.get(cell) ?? 0;
    if (before > limit) return { fits: false, note: null };
    if (before === 0) this.#forgetOldest(this.#displayed);
    const after = before + Math.max(bytes, DISPLAY_BYTES);
    this.#displayed.set(cell, after);
    return after <= limit
      ? { fits: true, note: null }
      : { fits: false, note: this.#note("displays", DISPLAY_FACTOR) };
  }

  /** What the cell has put out is taken away from the page. */
  clear(cell: number): void {
    this.#printed.delete(cell);
    this.#displayed.delete(cell);
  }

  #note(what: "output" | "displays", factor: number): string {
    const megabytes = this.#limit / MB;
    const [end, after] =
      what === "output" ? ["ends", "Write long output to a file"] : ["end", "Update one display"];
    return (
      `\nThe ${what} of this cell ${end} here, after ${factor * megabytes} MB; the cell runs on. ${after}, or set ` +
      `the environment variable RADBOOK_MAX_OUTPUT_MB to more than ${megabytes} before Jupyter starts.\n`
    );
  }

  #forgetOldest(rows: Map<number, number>): void {
    const [oldest] = rows.keys();
    if (rows.size >= this.#remembered && oldest !== undefined) rows.delete(oldest);
  }
}
