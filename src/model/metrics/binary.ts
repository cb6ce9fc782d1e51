/**
 * Metrics of two classes at a cut: sensitivity, specificity, predictive values, F, kappa, Matthews' correlation.
 *
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import { checkSameIds } from "../../table/ids.js";
import type { Labels } from "../../table/labels.js";
import { formatNumber, renderTable } from "../../table/render.js";
import type { Scores } from "../../table/scores.js";
import { shareInterval } from "../statistics/binomial.js";
import { disagreement } from "../statistics/kappa.js";
import { checkConfidence } from "../statistics/sample.js";
import { type ConfidenceInterval, formatInterval } from "../statistics/test-result.js";
import { correlation } from "./confusion.js";
import { outcomeOf, type PositiveClass, scoredOutcome } from "./outcome.js";

export interface BinaryOptions extends PositiveClass {
  /** Of F: recall weighs this many times as much as precision, default 1. */
  readonly beta?: number;
  /** Of the exact intervals, default 0.95. */
  readonly confidence?: number;
}

/** A share of patients with Clopper and Pearson's interval. */
export interface SharePart {
  readonly value: number;
  readonly cases: number;
  readonly n: number;
  /** null if nobody is in the denominator; `value` is then 0, and `notes` says so. */
  readonly interval: ConfidenceInterval | null;
}

/** Metrics of two classes. */
export interface BinaryMetrics {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  /** Recall. */
  readonly sensitivity: SharePart;
  readonly specificity: SharePart;
  /** Positive predictive value. */
  readonly precision: SharePart;
  readonly negativePredictiveValue: SharePart;
  readonly accuracy: SharePart;
  readonly balancedAccuracy: number;
  readonly f: number;
  readonly beta: number;
  readonly kappa: number;
  /** Matthews' correlation; 0 if all predictions are the same. */
  readonly mcc: number;
  /** Sensitivity + specificity − 1. */
  readonly youden: number;
  readonly notes: readonly string[];
}

/**
 * Metrics of predicted classes.
 *
 * @throws InputError on mismatched ids or one class only.
 *
 * @example
 * const { sensitivity, specificity } = model.metrics.binary(test.y, fitted.predict(test.x));
 */
export function binary(y: Labels, predicted: Labels, options: BinaryOptions = {}): BinaryMetrics {
  checkSameIds(y.ids, predicted.ids, `"${y.name}"`, "the predicted classes");
  const { isPositive, positive } = outcomeOf(y, options);
  const stray = predicted.values.find((name) => !y.classes.includes(name));
  if (stray !== undefined) {
    throw new InputError(
      `"${stray}" is predicted, but it is not a class of "${y.name}" (${y.classes.join(", ")}).`,
    );
  }
  return describe(isPositive, (row) => predicted.values[row] === positive, options);
}

/** Metrics of scores at a cut: score ≥ cut counts as positive. Errors as `binary`. */
export function binaryAt(y: Labels, score: Scores, cut: number, options: BinaryOptions = {}): BinaryMetrics {
  const { isPositive } = scoredOutcome(y, score, options);
  if (Number.isNaN(cut)) throw new InputError("the cut must be a number, found NaN.");
  return describe(isPositive, (row) => score.values[row] >= cut, options);
}

function describe(
  isPositive: Uint8Array,
  called: (row: number) => boolean,
  { beta = 1, confidence = 0.95 }: BinaryOptions,
): BinaryMetrics {
  checkConfidence(confidence);
  if (!(beta > 0 && Number.isFinite(beta))) throw new InputError(`beta must be positive, found ${beta}.`);
  // Rows are true negatives and positives, columns called so.
  const counts = new Uint32Array(4);
  isPositive.forEach((flag, row) => {
    counts[2 * flag + (called(row) ? 1 : 0)]++;
  });
  const [tn, fp, fn, tp] = counts;
  const notes: string[] = [];
  const share = (name: string, cases: number, n: number): SharePart => {
    if (n > 0) return { value: cases / n, cases, n, interval: shareInterval(cases, n, { confidence }) };
    notes.push(`${name}: nobody is in the denominator; counted as 0`);
    return { value: 0, cases, n, interval: null };
  };
  const sensitivity = share("sensitivity", tp, tp + fn);
  const specificity = share("specificity", tn, tn + fp);
  const square = beta * beta;
  const result = {
    truePositives: tp,
    falsePositives: fp,
    falseNegatives: fn,
    trueNegatives: tn,
    sensitivity,
    specificity,
    precision: share("precision", tp, tp + fp),
    negativePredictiveValue: share("negative predictive value", tn, tn + fn),
    accuracy: share("accuracy", tp + tn, isPositive.length),
    balancedAccuracy: (sensitivity.value + specificity.value) / 2,
    f: ((1 + square) * tp) / ((1 + square) * tp + square * fn + fp),
    beta,
    kappa: 1 - disagreement(counts, 2, 0),
    mcc: correlation(
      tp + tn,
      isPositive.length,
      Float64Array.of(tn + fp, tp + fn),
      Float64Array.of(tn + fn, tp + fp),
    ),
    youden: sensitivity.value + specificity.value - 1,
    notes,
  };
  return showAs(result, () => show(result));
}

function show(found: BinaryMetrics): MimeBundle {
  const { sensitivity, specificity, precision, negativePredictiveValue, accuracy } = found;
  const shares = {
    sensitivity,
    specificity,
    precision,
    "negative predictive value": negativePredictiveValue,
    accuracy,
  };
  const others = {
    "balanced accuracy": found.balancedAccuracy,
    [`F${found.beta}`]: found.f,
    kappa: found.kappa,
    MCC: found.mcc,
  };
  return renderTable({
    title: `${found.truePositives} true and ${found.falsePositives} false positives, ${found.trueNegatives} true and ${found.falseNegatives} false negatives`,
    header: ["", "value", "patients", "interval"],
    rows: [
      ...Object.entries(shares).map(([name, { value, cases, n, interval }]) => [
        name,
        formatNumber(value, 3),
        `${cases}/${n}`,
        interval === null ? "" : formatInterval(interval),
      ]),
      ...Object.entries(others).map(([name, value]) => [name, formatNumber(value, 3), "", ""]),
    ],
    notes: found.notes,
  });
}
