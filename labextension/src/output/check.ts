/**
 * Small judges of untrusted JSON: each returns the value in its type or throws a `PayloadError`.
 *
 * Layer:  labextension, output.
 */
import { PayloadError } from "./payload-error.js";

type Triple = readonly [number, number, number];

/** @throws PayloadError unless the value is an object. */
export function checkObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail(what, "an object");
  return value as Record<string, unknown>;
}

/** @throws PayloadError unless the payload has the version that this extension draws. */
export function checkVersion(version: unknown): void {
  if (version === 1) return;
  throw new PayloadError(
    "This output was made by another version of Radbook: run the cell again to draw it anew.",
  );
}

/** A string, cut at `longest` characters so that a hostile payload cannot flood the page. */
export function checkText(value: unknown, what: string, longest = 500): string {
  if (typeof value !== "string") fail(what, "text");
  return value.slice(0, longest);
}

export function checkNumber(value: unknown, what: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) fail(what, "a finite number");
  return value;
}

/** `length` finite numbers. */
export function checkNumbers(value: unknown, length: number, what: string): readonly number[] {
  if (!Array.isArray(value) || value.length !== length) fail(what, `a list of ${length} numbers`);
  return value.map((item) => checkNumber(item, what));
}

export function checkTriple(value: unknown, what: string): Triple {
  const [x, y, z] = checkNumbers(value, 3, what);
  return [x as number, y as number, z as number];
}

/** A list of at most `longest` items. */
export function checkList(value: unknown, longest: number, what: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length > longest) fail(what, `a list of at most ${longest}`);
  return value;
}

export function fail(what: string, expected: string): never {
  throw new PayloadError(`This output is damaged: ${what} must be ${expected}. Run the cell again.`);
}
