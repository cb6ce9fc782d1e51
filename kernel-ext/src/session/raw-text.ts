/**
 * Text that did not pass through the console of user code: processes that share its output, and native code. Marks
 * in it, which user code's process writes, say under which cell it belongs.
 *
 * A mark is NUL, a secret, ":", its number, ":", the cell, NUL.
 * Layer:  session; imports nothing.
 */

export interface RawMark {
  readonly number: number;
  readonly cell: number;
}

export function markText(secret: string, { number, cell }: RawMark): string {
  return `\0${secret}:${number}:${cell}\0`;
}

/** One stream of raw text. */
export class RawText {
  readonly #opening: string;
  readonly #print: (cell: number, text: string) => void;
  #rest = "";
  #cell = 0;
  /** Number of the last mark that has come. */
  marks = 0;

  /** @param print Takes text and its cell, 0 where no cell is known. */
  constructor(secret: string, print: (cell: number, text: string) => void) {
    this.#opening = `\0${secret}:`;
    this.#print = print;
  }

  push(chunk: string): void {
    let text = this.#rest + chunk;
    this.#rest = "";
    for (let at = text.indexOf(this.#opening); at >= 0; at = text.indexOf(this.#opening)) {
      this.#tell(text.slice(0, at));
      const from = at + this.#opening.length;
      const end = text.indexOf("\0", from);
      if (end < 0) {
        this.#rest = text.slice(at);
        return;
      }
      const [number, cell] = text.slice(from, end).split(":").map(Number);
      this.marks = number ?? this.marks;
      this.#cell = cell ?? 0;
      text = text.slice(end + 1);
    }
    const kept = this.#begun(text);
    this.#rest = text.slice(text.length - kept);
    this.#tell(text.slice(0, text.length - kept));
  }

  #tell(text: string): void {
    if (text !== "") this.#print(this.#cell, text);
  }

  /** Length of the beginning of a mark at the end of a text. */
  #begun(text: string): number {
    const last = text.lastIndexOf("\0");
    return last >= 0 && this.#opening.startsWith(text.slice(last)) ? text.length - last : 0;
  }
}
