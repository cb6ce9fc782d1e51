/**
 * What classifiers learn from: a matrix of the columns and the class of each patient, both checked.
 *
 * Layer:  model; imports core, table.
 */
import { InputError } from "../../core/errors.js";
import type { FeatureTable } from "../../table/feature-table.js";
import { checkSameIds } from "../../table/ids.js";
import type { Labels } from "../../table/labels.js";
import { Probabilities } from "../../table/probabilities.js";
import type { Fitted } from "../estimator.js";
import { checkFinite } from "../standardize-columns.js";

/** A fitted classifier: a probability for each class and patient; `predict(x).likeliest()` gives classes. */
export interface Classifier extends Fitted<Probabilities> {
  readonly classes: readonly string[];
  /** The columns that it was fitted on. */
  readonly columns: readonly ClassifierColumn[];
}

export interface ClassifierColumn {
  readonly name: string;
  readonly unit: string;
}

/** Training patients. */
export interface Training {
  /** n × p, row-major. */
  readonly matrix: Float64Array;
  readonly n: number;
  readonly p: number;
  /** Class of each patient, by its place in `classes`. */
  readonly codes: Uint32Array;
  /** Classes that have patients, in their order. */
  readonly classes: readonly string[];
  /** Patients of each class. */
  readonly counts: readonly number[];
  readonly columns: readonly ClassifierColumn[];
}

/** Larger values overflow when they are squared. */
const LARGEST = 1e150;

/**
 * @throws InputError on mismatched ids, no columns, missing or too large values, or fewer than 2 classes with patients.
 */
export function trainingOf(x: FeatureTable, y: Labels): Training {
  checkSameIds(x.ids, y.ids, "the features", `"${y.name}"`);
  if (x.columns.length === 0) {
    throw new InputError(
      "the table has no columns: there is nothing to learn from. Select at least one column.",
    );
  }
  checkValues(x);
  const present = y.classes.filter((_, code) => y.counts[code] > 0);
  if (present.length < 2) {
    throw new InputError(
      `"${y.name}" has patients of ${present.length} ${present.length === 1 ? "class" : "classes"}: a classifier needs at least 2. Check the filter before.`,
    );
  }
  const code = new Map(present.map((name, at) => [name, at]));
  const codes = Uint32Array.from(y.values, (name) => code.get(name) ?? 0);
  const counts = present.map(() => 0);
  for (const at of codes) counts[at]++;
  return {
    matrix: x.toMatrix(),
    n: x.length,
    p: x.columns.length,
    codes,
    classes: present,
    counts,
    columns: x.columns.map(({ name, unit }) => ({ name, unit })),
  };
}

/**
 * The columns of a model in their order, as a matrix.
 *
 * @throws InputError if a column is absent, has another unit, or lacks a value.
 */
export function matrixFor(x: FeatureTable, columns: readonly ClassifierColumn[]): Float64Array {
  const selected = x.select(columns.map(({ name }) => name));
  for (const { name, unit } of columns) {
    if (x.unit(name) === unit) continue;
    throw new InputError(
      `the model was fitted on "${name}" in "${unit}", but the table has it in "${x.unit(name)}". Convert it first.`,
    );
  }
  checkValues(selected);
  return selected.toMatrix();
}

/** Probabilities from scores on the log scale, n × k: each row is shifted, so that none overflows. */
export function softmax(
  ids: readonly string[],
  classes: readonly string[],
  logs: Float64Array,
): Probabilities {
  const k = classes.length;
  const values = new Float64Array(logs.length);
  for (let row = 0; row < ids.length; row++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < k; c++) most = Math.max(most, logs[row * k + c]);
    let total = 0;
    for (let c = 0; c < k; c++) total += values[row * k + c] = Math.exp(logs[row * k + c] - most);
    for (let c = 0; c < k; c++) values[row * k + c] /= total;
  }
  return new Probabilities(ids, classes, values);
}

/** Probabilities of two classes from the log odds of the second. */
export function fromLogOdds(
  ids: readonly string[],
  classes: readonly string[],
  logOdds: Float64Array,
): Probabilities {
  const values = new Float64Array(2 * logOdds.length);
  logOdds.forEach((odds, row) => {
    values[2 * row] = 1 / (1 + Math.exp(odds));
    values[2 * row + 1] = 1 / (1 + Math.exp(-odds));
  });
  return new Probabilities(ids, classes, values);
}

function checkValues(x: FeatureTable): void {
  checkFinite(x);
  for (const { name, values } of x.columns) {
    const bad = values.findIndex((value) => Math.abs(value) > LARGEST);
    if (bad >= 0) {
      throw new InputError(
        `column "${name}" of patient ${x.ids[bad]} is ${values[bad]}, too large to be squared. Correct or rescale it.`,
      );
    }
  }
}
