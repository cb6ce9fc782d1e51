/**
 * What the library gives to a kernel as a magic: data and pure functions. The kernel knows their shape only.
 *
 * Layer:  magics; imports nothing.
 */

/** TypeScript for a line: `before`, the piece of the argument that stays as typed, `after`. */
export interface LineCode {
  readonly before: string;
  readonly after: string;
  /** Where that piece begins and ends in the argument; all of it by default. */
  readonly keep?: readonly [from: number, to: number];
}

/** Words that can stand at the cursor, in place of the argument from `from` on. */
export interface ArgumentWords {
  readonly from: number;
  readonly words: readonly string[];
  /** Files whose name this matches can stand there, too. */
  readonly files?: RegExp;
}

/** A line that begins with `%name`. */
export interface LineMagic {
  readonly name: string;
  readonly usage: string;
  readonly doc: string;
  /** The argument is TypeScript. */
  readonly code?: boolean;
  /**
   * @param folder  Where relative paths begin.
   * @throws InputError for an argument that is wrong.
   */
  rewrite(argument: string, folder: string): LineCode;
  complete?(typed: string, folder: string): ArgumentWords;
}
