/**
 * A feature table as a matrix of standardised columns, after everything that would make a regression meaningless is
 * refused by name: missing and infinite values, constant and collinear columns.
 *
 * Layer:  model; imports core, table.
 */
import { InputError, NumericalError } from "../core/errors.js";
import type { FeatureTable } from "../table/feature-table.js";
import { listIds } from "../table/ids.js";
import { cholesky } from "./cholesky.js";

/** Columns of mean 0 and standard deviation 1 (over n), and how to go back. */
export interface StandardColumns {
  /** n × p, row-major. */
  readonly matrix: Float64Array;
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/** Share of a column's variance that the columns before it must leave unexplained. */
const UNEXPLAINED = 1e-10;

/** @throws InputError naming the columns, and the patients where values are missing. */
export function standardizeColumns(x: FeatureTable): StandardColumns {
  const n = x.length;
  const p = x.columns.length;
  if (p === 0)
    throw new InputError("the table has no columns: there is nothing to fit. Select at least one column.");
  checkFinite(x);
  const mean = new Float64Array(p);
  const deviation = new Float64Array(p);
  const matrix = new Float64Array(n * p);
  x.columns.forEach(({ values }, j) => {
    mean[j] = meanOf(values);
    let squares = 0;
    for (let row = 0; row < n; row++) squares += (values[row] - mean[j]) ** 2;
    deviation[j] = Math.sqrt(squares / n);
  });
  refuseExtreme(x, deviation);
  refuseConstant(x, mean, deviation);
  x.columns.forEach(({ values }, j) => {
    for (let row = 0; row < n; row++) matrix[row * p + j] = (values[row] - mean[j]) / deviation[j];
  });
  refuseCollinear(matrix, x.names, n);
  return { matrix, mean, deviation };
}

/** @throws InputError naming column and patients where a value is missing or infinite. */
export function checkFinite(x: FeatureTable): void {
  for (const { name, values } of x.columns) {
    if (isComplete(values)) continue;
    const missing = x.ids.filter((_, row) => Number.isNaN(values[row]));
    if (missing.length > 0) {
      throw new InputError(
        `column "${name}" has no value for ${missing.length} of ${x.length} patients: ${listIds(missing)}. ` +
          `Fill the values, or drop these patients openly, e.g. with cohort.complete(["${name}"]).`,
      );
    }
    const infinite = x.ids.filter((_, row) => !Number.isFinite(values[row]));
    if (infinite.length > 0) {
      throw new InputError(
        `column "${name}" is infinite for ${listIds(infinite)}. Correct or drop these values.`,
      );
    }
  }
}

function isComplete(values: Float64Array): boolean {
  // A number less itself is 0, unless it is missing or infinite.
  let sum = 0;
  for (let row = 0; row < values.length; row++) sum += values[row] - values[row];
  return sum === 0;
}

/** @throws NumericalError naming a patient whose fitted score is beyond what exp can hold. */
export function refuseWild(eta: Float64Array, ids: readonly string[], largest: number): void {
  const wild = eta.findIndex((value) => !(Math.abs(value) <= largest));
  if (wild < 0) return;
  throw new NumericalError(
    `the best fit gives patient ${ids[wild]} a log hazard of ${eta[wild].toPrecision(3)} against the average patient, ` +
      "which no double can hold. Look for an extreme value in that row and drop or transform it.",
  );
}

function meanOf(values: Float64Array): number {
  // Dividing first keeps values near the largest double from overflowing the sum.
  let mean = 0;
  for (let row = 0; row < values.length; row++) mean += values[row] / values.length;
  let rest = 0;
  for (let row = 0; row < values.length; row++) rest += (values[row] - mean) / values.length;
  return mean + rest;
}

/** Squares of the deviation must fit into a double with room to spare. */
function refuseExtreme(x: FeatureTable, deviation: Float64Array): void {
  const extreme = x.columns.findIndex(
    (_, j) => deviation[j] !== 0 && !(deviation[j] > 1e-100 && deviation[j] < 1e100),
  );
  if (extreme < 0) return;
  throw new InputError(
    `column "${x.columns[extreme].name}" has a standard deviation of ${deviation[extreme]}, beyond what can be computed ` +
      "with. Look for wrong values, or give the column in another unit.",
  );
}

function refuseConstant(x: FeatureTable, mean: Float64Array, deviation: Float64Array): void {
  const constant = x.columns.filter(
    ({ values }, j) =>
      values.every((value) => value === values[0]) || !(deviation[j] > 1e-13 * Math.abs(mean[j])),
  );
  if (constant.length === 0) return;
  const names = constant.map(({ name, values }) => `"${name}" (always ${values[0]})`).join(", ");
  throw new InputError(
    `${constant.length === 1 ? "column" : "columns"} ${names} ${constant.length === 1 ? "is" : "are"} constant ` +
      `for these ${x.length} patients: no effect can be estimated. Drop them.`,
  );
}

function refuseCollinear(matrix: Float64Array, names: readonly string[], n: number): void {
  const p = names.length;
  if (p >= n) {
    throw new InputError(
      `${p} columns for ${n} patients: a model without penalty needs fewer columns than patients. ` +
        "Select columns, or fit with a penalty.",
    );
  }
  const correlation = new Float64Array(p * p);
  for (let row = 0; row < n; row++) {
    for (let i = 0; i < p; i++) {
      const value = matrix[row * p + i] / n;
      for (let j = 0; j <= i; j++) correlation[i * p + j] += value * matrix[row * p + j];
    }
  }
  const { factor, singular } = cholesky(correlation, p, UNEXPLAINED);
  if (singular < 0) return;
  const parts = combination(factor, singular, p);
  const others = names.filter((_, j) => j < singular && Math.abs(parts[j]) > 1e-6).map((name) => `"${name}"`);
  throw new InputError(
    `column "${names[singular]}" is a linear combination of ${others.join(", ")} (collinear): ` +
      "their effects cannot be told apart. Drop one of them.",
  );
}

/** Coefficients of the earlier columns that make up column `j`: L₀ᵀ b = l with row j of the factor as l. */
function combination(factor: Float64Array, j: number, p: number): Float64Array {
  const parts = factor.slice(j * p, j * p + j);
  for (let i = j - 1; i >= 0; i--) {
    for (let k = i + 1; k < j; k++) parts[i] -= factor[k * p + i] * parts[k];
    parts[i] /= factor[i * p + i];
  }
  return parts;
}
