/**
 * Shapiro and Wilk's test of normality.
 *
 * Source: Royston 1995, doi:10.2307/2986146 (algorithm AS R94).
 * Layer:  model; imports core, table.
 */
import { normalCdf, normalQuantile } from "../../core/distributions.js";
import { InputError, NumericalError } from "../../core/errors.js";
import { formatP } from "../../table/render.js";
import { checkSample, meanOf, type Sample } from "./sample.js";
import { brief, shown, type TestResult } from "./test-result.js";

/** Royston's approximation holds up to here. */
const LARGEST = 5000;

/** Polynomials of AS R94, constant term first. */
const FIRST = [0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056];
const SECOND = [0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633];
const SMALL_MEAN = [0.544, -0.39978, 0.025054, -6.714e-4];
const SMALL_SD = [1.3822, -0.77857, 0.062767, -0.0020322];
const LARGE_MEAN = [-1.5861, -0.31082, -0.083751, 0.0038915];
const LARGE_SD = [-0.4803, -0.082676, 0.0030302];
const SMALL_LIMIT = [-2.273, 0.459];

/**
 * Tests whether values come from a normal distribution. `statistic` is W, 1 for perfectly normal values.
 *
 * @param x  3 to 5,000 values.
 * @throws InputError on other sizes or missing values; NumericalError if all values are equal.
 */
export function shapiroWilk(x: Sample): TestResult {
  const values = checkSample("the sample", x, 3).sort();
  const n = values.length;
  if (n > LARGEST) {
    throw new InputError(
      `the Shapiro–Wilk test is for up to ${LARGEST} values, found ${n}. Look at a quantile plot instead.`,
    );
  }
  const range = values[n - 1] - values[0];
  if (!(range > 1e-15 * Math.max(Math.abs(values[0]), Math.abs(values[n - 1])))) {
    throw new NumericalError(`all ${n} values are equal: there is no distribution to test.`);
  }
  const lack = lackOf(
    values.map((value) => value / range),
    weightsOf(n),
  );
  const statistic = 1 - lack;
  const p = tail(lack, n);
  const method = "Shapiro–Wilk test of normality";
  const sentence = `${method}: W = ${brief(statistic)}, n = ${n}, ${formatP(p)}.`;
  return shown({ method, statistic, p, sentence }, [
    ["n", n],
    ["W", statistic],
    ["p", p],
  ]);
}

/** Weights of the largest values, from the outermost in; those of the smallest are their opposite. */
function weightsOf(n: number): Float64Array {
  const half = n >> 1;
  if (n === 3) return Float64Array.of(Math.SQRT1_2);
  const expected = Float64Array.from(
    { length: half },
    (_, i) => -normalQuantile((i + 1 - 0.375) / (n + 0.25)),
  );
  const squares = 2 * expected.reduce((sum, value) => sum + value * value, 0);
  const root = 1 / Math.sqrt(n);
  const outermost = polynomial(FIRST, root) + expected[0] / Math.sqrt(squares);
  const inner = n > 5 ? 2 : 1;
  const next = polynomial(SECOND, root) + expected[1] / Math.sqrt(squares);
  const rest = squares - 2 * expected[0] ** 2 - (n > 5 ? 2 * expected[1] ** 2 : 0);
  const left = 1 - 2 * outermost ** 2 - (n > 5 ? 2 * next ** 2 : 0);
  const scale = Math.sqrt(rest / left);
  return expected.map((value, i) => (i === 0 ? outermost : i < inner ? next : value / scale));
}

/** 1 − W: what the squared correlation of values and weights lacks to 1, without cancellation. */
function lackOf(values: Float64Array, weights: Float64Array): number {
  const n = values.length;
  const full = Float64Array.from(values, (_, i) => {
    const j = n - 1 - i;
    return i === j ? 0 : i < j ? -weights[i] : weights[j];
  });
  const [mean, meanWeight] = [meanOf(values), meanOf(full)];
  let [squares, weightSquares, product] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [a, b] = [values[i] - mean, full[i] - meanWeight];
    squares += a * a;
    weightSquares += b * b;
    product += a * b;
  }
  const length = Math.sqrt(squares * weightSquares);
  return Math.max(0, ((length - product) * (length + product)) / (squares * weightSquares));
}

function tail(lack: number, n: number): number {
  if (n === 3) {
    const p = (6 / Math.PI) * (Math.asin(Math.sqrt(1 - lack)) - Math.asin(Math.sqrt(0.75)));
    return Math.min(1, Math.max(0, p));
  }
  // A perfect W is beyond what the approximation tells apart.
  const log = Math.log(Math.max(lack, Number.MIN_VALUE));
  if (n <= 11) {
    const limit = polynomial(SMALL_LIMIT, n);
    // Beyond the limit AS R94 gives this value instead of 0.
    if (log >= limit) return 1e-99;
    const z = (-Math.log(limit - log) - polynomial(SMALL_MEAN, n)) / Math.exp(polynomial(SMALL_SD, n));
    return normalCdf(-z);
  }
  const size = Math.log(n);
  return normalCdf(-(log - polynomial(LARGE_MEAN, size)) / Math.exp(polynomial(LARGE_SD, size)));
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}
