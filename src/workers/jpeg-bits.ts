/**
 * The coded pixels of a JPEG scan as bits, codes and numbers.
 *
 * Source: ITU-T T.81, annex C (codes) and F.2.2 (decoding).
 * Layer:  workers; imports core.
 */
import { InputError } from "../core/errors.js";

/** Codes by their next 16 bits: length << 8 | symbol; 0 is no code. */
export type CodeTable = Uint16Array;

/** @param counts  16 counts of codes by length, then the symbols. @throws InputError if there are more codes than bits allow. */
export function codeTable(counts: Uint8Array | undefined): CodeTable {
  if (counts === undefined)
    throw new InputError(
      "the JPEG data are damaged: a table of codes is missing. Get a fresh copy of the file.",
    );
  const table = new Uint16Array(1 << 16);
  let from = 0;
  let symbol = 16;
  for (let length = 1; length <= 16; length++) {
    for (let i = 0; i < counts[length - 1]; i++) {
      const until = from + (1 << (16 - length));
      if (until > 1 << 16)
        throw new InputError(
          "the JPEG data are damaged: a table of codes is impossible. Get a fresh copy of the file.",
        );
      table.fill((length << 8) | counts[symbol++], from, until);
      from = until;
    }
  }
  return table;
}

export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  /** The next `#count` bits are the low ones of `#bits`. */
  #bits = 0;
  #count = 0;
  /** How many of them are made up, because a marker stopped the stream. */
  #madeUp = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  /** The next symbol. @throws InputError at a code that does not exist or at the end of the data. */
  symbol(table: CodeTable): number {
    this.#fill();
    const entry = table[(this.#bits >>> (this.#count - 16)) & 0xffff];
    if (entry === 0) throw this.#damaged("a code does not exist");
    this.#drop(entry >> 8);
    return entry & 0xff;
  }

  /** A number of `size` bits with its sign (T.81 F.2.2.1, RECEIVE and EXTEND). */
  signed(size: number): number {
    if (size === 0) return 0;
    this.#fill();
    const value = (this.#bits >>> (this.#count - size)) & ((1 << size) - 1);
    this.#drop(size);
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  /** Goes on after a restart marker. @throws InputError if there is none. */
  restart(): void {
    this.#bits = 0;
    this.#count = 0;
    this.#madeUp = 0;
    const marker = this.#bytes[this.#at + 1];
    if (this.#bytes[this.#at] !== 0xff || (marker & 0xf8) !== 0xd0)
      throw this.#damaged("a restart marker is missing");
    this.#at += 2;
  }

  /** At least 16 bits, at most 24: they fit a 32-bit integer. */
  #fill(): void {
    while (this.#count <= 16) {
      const byte = this.#bytes[this.#at];
      if (byte === 0xff && this.#bytes[this.#at + 1] !== 0) {
        this.#bits <<= 8;
        this.#madeUp += 8;
      } else {
        this.#bits = (this.#bits << 8) | byte;
        this.#at += byte === 0xff ? 2 : 1;
      }
      this.#count += 8;
    }
  }

  #drop(size: number): void {
    this.#count -= size;
    if (this.#count < this.#madeUp) throw this.#damaged("pixels are missing");
  }

  #damaged(what: string): InputError {
    return new InputError(`the JPEG data are damaged: ${what}. Get a fresh copy of the file.`, {
      offset: this.#at,
    });
  }
}
