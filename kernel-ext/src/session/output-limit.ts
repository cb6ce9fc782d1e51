/**
 * How much text a cell may print: a runaway loop must fill neither the notebook nor the memory of those on its way.
 *
 * Layer:  session; imports nothing.
 */

const MB = 1e6;
const DEFAULT_MB = 20;

export class OutputLimit {
  readonly #limit: number;
  readonly #printed = new Map<number, number>();
  /** Rows of `#printed` beyond this are of cells long gone. */
  readonly #remembered = 1_000;

  constructor(megabytes: number = Number(process.env.RADBOOK_MAX_OUTPUT_MB)) {
    this.#limit = (megabytes > 0 ? megabytes : DEFAULT_MB) * MB;
  }

  /** The part of `text` that may be printed; `note` is what to say, once, where it is cut. */
  take(cell: number, text: string): { readonly text: string; readonly note: string | null } {
    const before = this.#printed.get(cell) ?? 0;
    if (before > this.#limit) return { text: "", note: null };
    if (before === 0) this.#forgetOldest();
    this.#printed.set(cell, before + text.length);
    if (before + text.length <= this.#limit) return { text, note: null };
    return { text: text.slice(0, this.#limit - before), note: this.#note() };
  }

  #note(): string {
    const megabytes = this.#limit / MB;
    return (
      `\nThe output of this cell ends here, after ${megabytes} MB; the cell runs on. Write long output to a file, or set ` +
      `the environment variable RADBOOK_MAX_OUTPUT_MB to more than ${megabytes} before Jupyter starts.\n`
    );
  }

  #forgetOldest(): void {
    const [oldest] = this.#printed.keys();
    if (this.#printed.size >= this.#remembered && oldest !== undefined) this.#printed.delete(oldest);
  }
}
