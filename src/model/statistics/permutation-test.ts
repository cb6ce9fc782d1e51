/**
 * Permutation test of two groups: how often chance alone makes a difference as large.
 *
 * Source: Fisher 1935; Phipson & Smyth 2010, doi:10.2202/1544-6115.1585 (p is never 0).
 * Layer:  model; imports core, table.
 */
import { InputError, NumericalError } from "../../core/errors.js";
import { randomStream, shuffleFirst } from "../../core/random.js";
import { formatP } from "../../table/render.js";
import { checkSample, concatenate, meanOf, medianOf, type Sample } from "./sample.js";
import { type Alternative, brief, checkAlternative, shown, type TestResult } from "./test-result.js";

export interface PermutationTestOptions {
  /** "mean" (default): difference of means; "median"; or any function of two groups. */
  readonly statistic?: "mean" | "median" | ((first: Float64Array, second: Float64Array) => number);
  /** Default "two-sided": by the size of the statistic, whatever its sign. */
  readonly alternative?: Alternative;
  /** Number of permutations, default 9999. */
  readonly draws?: number;
  /** Same seed, same p, default 0. */
  readonly seed?: number;
}

/** A permutation test. `statistic` is that of the groups as they are. */
export interface PermutationTest extends TestResult {
  readonly draws: number;
  /** Statistics of the permutations. */
  readonly permuted: Float64Array;
}

/**
 * @throws InputError on empty groups or missing values; NumericalError if the statistic is not finite.
 *
 * @example
 * const { p } = model.statistics.permutationTest(responders, others, { statistic: "median", seed: 7 });
 */
export function permutationTest(
  x: Sample,
  y: Sample,
  {
    statistic: which = "mean",
    alternative = "two-sided",
    draws = 9999,
    seed = 0,
  }: PermutationTestOptions = {},
): PermutationTest {
  checkAlternative(alternative);
  if (!(Number.isInteger(draws) && draws >= 1)) {
    throw new InputError(`the number of permutations must be whole and positive, found ${draws}.`);
  }
  if (!Number.isInteger(seed)) throw new InputError(`the seed must be a whole number, found ${seed}.`);
  const first = checkSample("the first group", x);
  const second = checkSample("the second group", y);
  const of = statisticOf(which);
  const measure = (a: Float64Array, b: Float64Array): number => {
    const value = of(a, b);
    if (Number.isFinite(value)) return value;
    throw new NumericalError(
      `the statistic of two groups is ${value}: a permutation test needs a finite number.`,
    );
  };
  const statistic = measure(first, second);
  const pool = concatenate([first, second]);
  const random = randomStream(`${seed}/permutation`);
  const permuted = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    // Only the first group has to be drawn.
    shuffleFirst(pool, first.length, random);
    permuted[draw] = measure(pool.slice(0, first.length), pool.slice(first.length));
  }
  // Sums in another order differ in the last digits: as large counts with this margin.
  const margin =
    1e-12 * (Math.abs(statistic) + permuted.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
  const reached = permuted.filter((value) =>
    alternative === "two-sided"
      ? Math.abs(value) >= Math.abs(statistic) - margin
      : alternative === "greater"
        ? value >= statistic - margin
        : value <= statistic + margin,
  ).length;
  const p = (reached + 1) / (draws + 1);
  const name = typeof which === "string" ? `difference of ${which}s` : "statistic";
  const result = {
    method: "Permutation test",
    statistic,
    p,
    draws,
    permuted,
    sentence: `The ${name} was ${brief(statistic)} (n = ${first.length} and ${second.length}; permutation test, ${draws} draws, ${formatP(p)}).`,
  };
  return shown(result, [
    [name, statistic],
    ["draws", draws],
    ["as extreme", reached],
    ["p", p],
  ]);
}

function statisticOf(
  which: NonNullable<PermutationTestOptions["statistic"]>,
): (first: Float64Array, second: Float64Array) => number {
  if (typeof which === "function") return which;
  if (which === "mean") return (a, b) => meanOf(a) - meanOf(b);
  if (which === "median") return (a, b) => medianOf(a) - medianOf(b);
  throw new InputError(`the statistic must be "mean", "median" or a function, found "${String(which)}".`);
}
