/**
 * The two errors that the library throws.
 *
 * Layer:  core; imports nothing.
 */

/** Where in the input the fault lies: any part of it that is known. */
export interface ErrorPlace {
  /** Path of the file at fault. */
  readonly file?: string;
  /** Byte offset in that file. */
  readonly offset?: number;
  /** The lower-level error that revealed the fault. */
  readonly cause?: unknown;
}

/** The caller can fix this: the message says what is wrong, what was found and what to do. */
export class InputError extends Error {
  override readonly name: string = "InputError";
  readonly file: string | undefined;
  readonly offset: number | undefined;

  constructor(message: string, place: ErrorPlace = {}) {
    super(describe(message, place), place.cause === undefined ? undefined : { cause: place.cause });
    this.file = place.file;
    this.offset = place.offset;
  }
}

/** The data are legal, but no answer exists: no convergence, a singular matrix. */
export class NumericalError extends Error {
  override readonly name: string = "NumericalError";
}

function describe(message: string, place: ErrorPlace): string {
  if (place.file === undefined) return message;
  const at = place.offset === undefined ? "" : ` (byte ${place.offset})`;
  return `${place.file}${at}: ${message}`;
}
