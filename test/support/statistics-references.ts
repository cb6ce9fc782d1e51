/** What the tests of statistics share: how close to R and SciPy, and the shape of R's test results. */
import { assertClose, type RNumber, readInput } from "./modelling-references.js";

/** The README of the references asks for statistics to 1e-12 and p to 1e-10, relative also at p = 1e-40. */
export const STATISTIC = 1e-12;
export const P = 1e-10;

/** R's "htest" as the references store it. */
export interface RTest {
  readonly statistic: number;
  readonly df?: readonly number[];
  readonly p: number;
  readonly estimate?: readonly number[];
  readonly ci?: readonly RNumber[];
}

/** Our result with the same statistic and p. */
export function assertTest(
  actual: { readonly statistic: number; readonly p: number },
  expected: { readonly statistic: number; readonly p: number },
  what: string,
): void {
  assertClose(actual.statistic, expected.statistic, STATISTIC, `${what}: statistic`);
  assertClose(actual.p, expected.p, P, `${what}: p`);
}

/** Both limits of an interval. */
export function assertInterval(
  actual: { readonly lower: number; readonly upper: number },
  expected: readonly RNumber[] | undefined,
  what: string,
  tolerance: number = STATISTIC,
): void {
  assertClose(actual.lower, expected?.[0] ?? "NaN", tolerance, `${what}: lower limit`);
  assertClose(actual.upper, expected?.[1] ?? "NaN", tolerance, `${what}: upper limit`);
}

/** One numeric column of an input table. */
export function inputColumn(file: string, name: string): Float64Array {
  return readInput(file).numeric([name]).column(name);
}

/** Columns of an input table for the rows where all are present. */
export function completeColumns(file: string, names: readonly string[]): readonly Float64Array[] {
  const table = readInput(file).complete(names).numeric(names);
  return names.map((name) => table.column(name));
}
