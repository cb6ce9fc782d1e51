/**
 * Predicted against true classes: the confusion matrix and what is computed from it.
 *
 * Source: Cohen 1960, 1968 (kappa); Gorodkin 2004, doi:10.1016/j.compbiolchem.2004.09.006 (correlation of k classes).
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import { checkSameIds } from "../../table/ids.js";
import type { Labels } from "../../table/labels.js";
import { formatNumber, renderTable } from "../../table/render.js";
import { disagreement } from "../statistics/kappa.js";

/** How well one class is told from the others. */
export interface ClassMetrics {
  readonly name: string;
  /** Patients of the class. */
  readonly n: number;
  /** Right among those predicted to be of the class; 0 if nobody is. */
  readonly precision: number;
  /** Right among those of the class; 0 if nobody is. */
  readonly recall: number;
  readonly f1: number;
}

/** A mean over classes. */
export interface ClassAverage {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** The confusion matrix of k classes. */
export interface Confusion {
  readonly classes: readonly string[];
  /** k × k, row-major: rows are true, columns predicted classes. */
  readonly counts: Uint32Array;
  /** Who is counted in each of the k × k cells. */
  readonly patients: readonly (readonly string[])[];
  readonly n: number;
  readonly accuracy: number;
  /** Mean recall of the classes that have patients. */
  readonly balancedAccuracy: number;
  readonly perClass: readonly ClassMetrics[];
  /** Plain mean over classes that have patients or predictions. */
  readonly macro: ClassAverage;
  /** Mean weighted by the patients of each class. */
  readonly weighted: ClassAverage;
  /** Cohen's kappa, and with linear and quadratic weights of the distance in the order of the classes. */
  readonly kappa: number;
  readonly kappaLinear: number;
  readonly kappaQuadratic: number;
  /** Matthews' correlation, of k classes; 0 if all predictions are the same. */
  readonly mcc: number;
  /** What had no value and was counted as 0. */
  readonly notes: readonly string[];
}

/**
 * @param y  True classes.
 * @param predicted  Of the same patients; each must be a class of `y`.
 * @throws InputError on mismatched ids, an unknown class, or fewer than 2 true classes with patients.
 *
 * @example
 * const { accuracy, macro, kappa } = model.metrics.confusion(test.y, fitted.predict(test.x));
 */
export function confusion(y: Labels, predicted: Labels): Confusion {
  const counts = countConfusion(y, predicted);
  const k = y.classes.length;
  const n = y.length;
  const truth = sums(k, (i, j) => counts[i * k + j]);
  const guess = sums(k, (i, j) => counts[j * k + i]);
  const perClass = y.classes.map((name, i) => classMetrics(name, counts[i * k + i], truth[i], guess[i]));
  const seen = perClass.filter((_, i) => truth[i] + guess[i] > 0);
  const present = perClass.filter(({ n: size }) => size > 0);
  let right = 0;
  for (let i = 0; i < k; i++) right += counts[i * k + i];
  const kappa = (power: number): number => 1 - disagreement(counts, k, power);
  const result = {
    classes: y.classes,
    counts,
    patients: patientsOfCells(y, predicted),
    n,
    accuracy: right / n,
    balancedAccuracy: average(present, () => 1).recall,
    perClass,
    macro: average(seen, () => 1),
    weighted: average(present, ({ n: size }) => size),
    kappa: kappa(0),
    kappaLinear: kappa(1),
    kappaQuadratic: kappa(2),
    mcc: correlation(right, n, truth, guess),
    notes: y.classes.flatMap((name, i) => notesOf(name, truth[i], guess[i])),
  };
  return showAs(result, () => show(result));
}

function patientsOfCells(y: Labels, predicted: Labels): readonly (readonly string[])[] {
  const k = y.classes.length;
  const at = new Map(y.classes.map((name, code) => [name, code]));
  const cells: string[][] = Array.from({ length: k * k }, () => []);
  const { codes } = y;
  predicted.values.forEach((name, row) => {
    cells[codes[row] * k + (at.get(name) as number)].push(y.ids[row]);
  });
  return cells;
}

/** The counts alone. Errors as `confusion`. */
export function countConfusion(y: Labels, predicted: Labels): Uint32Array {
  checkSameIds(y.ids, predicted.ids, `"${y.name}"`, "the predicted classes");
  const k = y.classes.length;
  const at = new Map(y.classes.map((name, code) => [name, code]));
  const counts = new Uint32Array(k * k);
  const codes = y.codes;
  predicted.values.forEach((name, row) => {
    const code = at.get(name);
    if (code === undefined) {
      throw new InputError(
        `patient ${y.ids[row]} is predicted to be "${name}", which is not a class of "${y.name}" (${y.classes.join(", ")}).`,
      );
    }
    counts[codes[row] * k + code]++;
  });
  if (y.counts.filter((count) => count > 0).length < 2) {
    throw new InputError(
      `"${y.name}" has patients of fewer than 2 classes: there is nothing to tell apart. Check the filter before.`,
    );
  }
  return counts;
}

/** Matthews' correlation of predicted and true classes. */
export function correlation(right: number, n: number, truth: Float64Array, guess: Float64Array): number {
  let both = 0;
  let trueSquares = 0;
  let guessSquares = 0;
  for (let i = 0; i < truth.length; i++) {
    both += truth[i] * guess[i];
    trueSquares += truth[i] ** 2;
    guessSquares += guess[i] ** 2;
  }
  const scale = Math.sqrt((n * n - guessSquares) * (n * n - trueSquares));
  return scale === 0 ? 0 : (right * n - both) / scale;
}

function classMetrics(name: string, right: number, truth: number, guess: number): ClassMetrics {
  return {
    name,
    n: truth,
    precision: guess === 0 ? 0 : right / guess,
    recall: truth === 0 ? 0 : right / truth,
    f1: truth + guess === 0 ? 0 : (2 * right) / (truth + guess),
  };
}

function notesOf(name: string, truth: number, guess: number): string[] {
  if (truth === 0 && guess > 0) return [`recall of ${name}: no patient is of this class; counted as 0`];
  return truth > 0 && guess === 0 ? [`precision of ${name}: nobody is predicted so; counted as 0`] : [];
}

function average(classes: readonly ClassMetrics[], weight: (of: ClassMetrics) => number): ClassAverage {
  const total = classes.reduce((sum, of) => sum + weight(of), 0);
  const mean = (pick: (of: ClassMetrics) => number): number =>
    classes.reduce((sum, of) => sum + weight(of) * pick(of), 0) / total;
  return { precision: mean((of) => of.precision), recall: mean((of) => of.recall), f1: mean((of) => of.f1) };
}

function sums(k: number, count: (i: number, j: number) => number): Float64Array {
  const total = new Float64Array(k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) total[i] += count(i, j);
  }
  return total;
}

function show(found: Confusion): MimeBundle {
  const k = found.classes.length;
  const { accuracy, balancedAccuracy, macro, kappa, mcc } = found;
  const summary = { accuracy, "balanced accuracy": balancedAccuracy, "macro F1": macro.f1, kappa, MCC: mcc };
  return renderTable({
    title: `Confusion matrix of ${found.n} patients (rows: true, columns: predicted)`,
    header: ["", ...found.classes, "recall", "precision", "F1"],
    rows: found.perClass.map((of, i) => [
      of.name,
      ...Array.from(found.counts.subarray(i * k, i * k + k), String),
      ...[of.recall, of.precision, of.f1].map((value) => formatNumber(value, 3)),
    ]),
    notes: [
      Object.entries(summary)
        .map(([name, value]) => `${name} ${formatNumber(value, 3)}`)
        .join(", "),
      ...found.notes,
    ],
  });
}
