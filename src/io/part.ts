/**
 * One volume of a file or series that holds several: points in time, echoes, diffusion weightings, stacks.
 *
 * Layer:  io; imports core.
 */
import { InputError } from "../core/errors.js";

export interface PartOptions {
  /** Which volume, where a file or series holds several; counted from 1. The refusal to read all at once lists them. */
  readonly part?: number;
}

/** The volumes there are, for the error that lists them. */
export interface Parts {
  readonly count: number;
  /** How the error begins, e.g. "the file holds 5 volumes". */
  readonly what: string;
  /** What a volume is, counted from 0, e.g. "TemporalPositionIndex 2"; "" if that is not known. */
  readonly label: (index: number) => string;
  readonly file: string;
  readonly offset: number;
}

const MOST_SHOWN = 12;

/**
 * The place of the chosen volume, counted from 0.
 *
 * @throws InputError if there are several and none is chosen, or one that is not there.
 */
export function choosePart(part: number | undefined, { count, what, label, file, offset }: Parts): number {
  if (part === undefined && count === 1) return 0;
  if (part !== undefined && Number.isInteger(part) && part >= 1 && part <= count) return part - 1;
  const shown = Array.from({ length: Math.min(count, MOST_SHOWN) }, (_, n) => {
    return label(n) === "" ? `${n + 1}` : `${n + 1} (${label(n)})`;
  });
  const list = count > MOST_SHOWN ? `${shown.join(", ")}, … ${count}` : shown.join(", ");
  const found = part === undefined ? "" : `, and none is number ${part}`;
  throw new InputError(`${what}${found}. Choose one with { part: … }: ${list}.`, { file, offset });
}
