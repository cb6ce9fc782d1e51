/**
 * What all tests have in common: which way they look, and how their results show themselves.
 *
 * Layer:  model; imports core, table.
 */
import { showAs } from "../../core/display.js";
import { normalCdf, normalTwoSided, tTwoSided } from "../../core/distributions.js";
import { InputError, NumericalError } from "../../core/errors.js";
import { formatNumber, formatP, renderTable } from "../../table/render.js";

/** What is tested against no difference: one that is not 0, below 0, or above 0. */
export type Alternative = "two-sided" | "less" | "greater";

/** The part that every test result has. */
export interface TestResult {
  /** Which test it is, in words. */
  readonly method: string;
  /** The test's own statistic: t, F, W, V, H, χ², z, D … */
  readonly statistic: number;
  readonly p: number;
  /** For the paper. */
  readonly sentence: string;
}

/** An interval that covers the true value with this confidence. One-sided intervals end at ±Infinity. */
export interface ConfidenceInterval {
  readonly lower: number;
  readonly upper: number;
  readonly confidence: number;
}

/** @throws InputError for a word that is none of the three. */
export function checkAlternative(alternative: string): void {
  if (!["two-sided", "less", "greater"].includes(alternative)) {
    throw new InputError(`the alternative must be "two-sided", "less" or "greater", found "${alternative}".`);
  }
}

/** p of a t statistic. Both tails keep their relative accuracy. */
export function tTest(t: number, df: number, alternative: Alternative): number {
  const both = tTwoSided(t, df);
  if (alternative === "two-sided") return both;
  return (alternative === "greater") === t > 0 ? both / 2 : 1 - both / 2;
}

/** p of a z statistic. */
export function zTest(z: number, alternative: Alternative): number {
  if (alternative === "two-sided") return normalTwoSided(z);
  return normalCdf(alternative === "less" ? z : -z);
}

/** Results are numbers: what overflowed or has no answer is an error. @throws NumericalError naming the test. */
export function checkFinite(method: string, ...values: readonly number[]): void {
  if (values.every(Number.isFinite)) return;
  throw new NumericalError(
    `${method} has no finite answer for these values: they are too large, too small or too alike. Rescale them.`,
  );
}

/** Teaches a test result to show itself: its sentence above a table of its numbers. */
export function shown<Result extends TestResult>(
  result: Result,
  rows: readonly (readonly [name: string, value: number | string])[],
): Result {
  return showAs(result, () =>
    renderTable({
      title: `${result.method}: ${formatP(result.p)}`,
      header: ["", "value"],
      rows: rows.map(([name, value]) => [name, typeof value === "string" ? value : formatNumber(value)]),
      notes: [result.sentence],
    }),
  );
}

/** "95 % CI 1.2 to 3.4". */
export function formatInterval({ lower, upper, confidence }: ConfidenceInterval): string {
  return `${formatNumber(confidence * 100)} % CI ${formatLimit(lower)} to ${formatLimit(upper)}`;
}

/** A number for a sentence: 3 digits are enough for a reader. */
export function brief(value: number): string {
  return formatNumber(value, 3);
}

function formatLimit(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "∞";
  return value === Number.NEGATIVE_INFINITY ? "−∞" : brief(value);
}
