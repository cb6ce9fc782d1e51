/**
 * Whether predicted probabilities come true: slope, intercept, calibration in the large, Hosmer and Lemeshow's test.
 *
 * Source: Cox 1958, doi:10.1093/biomet/45.3-4.562; Hosmer & Lemeshow 1980; Van Calster et al. 2019, doi:10.1186/s12916-019-1466-7.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { chiSquareTail, normalQuantile } from "../../core/distributions.js";
import { InputError, NumericalError } from "../../core/errors.js";
import type { Labels } from "../../table/labels.js";
import { formatP, renderTable } from "../../table/render.js";
import type { Scores } from "../../table/scores.js";
import { quantileOfSorted } from "../../table/summarize.js";
import { checkConfidence } from "../statistics/sample.js";
import {
  brief,
  type ConfidenceInterval,
  formatInterval,
  shown,
  type TestResult,
} from "../statistics/test-result.js";
import { type PositiveClass, probableOutcome } from "./outcome.js";

/** An estimate with its error. */
export interface CalibrationPart {
  readonly value: number;
  readonly standardError: number;
  readonly interval: ConfidenceInterval;
}

/** Logistic recalibration of the log odds. */
export interface Calibration {
  /** 1 if probabilities are as spread as they should be; below 1 they are too extreme (overfitting). */
  readonly slope: CalibrationPart;
  /** Intercept fitted together with the slope. */
  readonly intercept: number;
  /** Calibration in the large: the intercept at slope 1; 0 if the mean is right, above 0 probabilities are too low. */
  readonly inTheLarge: CalibrationPart;
  readonly sentence: string;
}

/** Newton's steps stop here; each doubles the digits. */
const MAX_STEPS = 100;

/**
 * @param probability  Of the outcome, in (0, 1).
 * @throws InputError on mismatched ids or a probability of 0 or 1, whose odds are infinite; NumericalError if the outcome
 *   is separated by the probabilities, so that the slope is infinite.
 *
 * @example
 * const { slope, inTheLarge } = model.metrics.calibration(test.y, probability);
 */
export function calibration(
  y: Labels,
  probability: Scores,
  options: PositiveClass & { readonly confidence?: number } = {},
): Calibration {
  const { confidence = 0.95 } = options;
  checkConfidence(confidence);
  const { isPositive } = probableOutcome(y, probability, options);
  const edge = probability.values.findIndex((value) => value === 0 || value === 1);
  if (edge >= 0) {
    throw new InputError(
      `${probability.name}: patient ${probability.ids[edge]} has ${probability.values[edge]}, whose odds are not finite. ` +
        "Move probabilities inside (0, 1) first, e.g. to [0.001, 0.999].",
    );
  }
  const logit = probability.values.map((p) => Math.log(p) - Math.log1p(-p));
  const joint = fitLine(logit, isPositive);
  const shift = fitShift(logit, isPositive);
  const z = normalQuantile((1 + confidence) / 2);
  const part = (value: number, standardError: number): CalibrationPart => ({
    value,
    standardError,
    interval: { lower: value - z * standardError, upper: value + z * standardError, confidence },
  });
  const slope = part(joint.slope, joint.slopeError);
  const inTheLarge = part(shift.value, shift.error);
  const result = {
    slope,
    intercept: joint.intercept,
    inTheLarge,
    sentence:
      `The calibration slope was ${brief(slope.value)} (${formatInterval(slope.interval)}), ` +
      `the calibration in the large ${brief(inTheLarge.value)} (${formatInterval(inTheLarge.interval)}).`,
  };
  return showAs(result, () => show(result));
}

/** Hosmer and Lemeshow's test. `statistic` is χ². */
export interface HosmerLemeshow extends TestResult {
  readonly degreesOfFreedom: number;
  /** By rising probability. */
  readonly groups: readonly { readonly n: number; readonly observed: number; readonly expected: number }[];
}

/**
 * Compares outcomes seen and expected in groups of rising probability (type 7 quantiles, closed on the right). The answer
 * depends on the number of groups: a calibration curve says more.
 *
 * @param options.groups  Default 10.
 * @throws InputError if fewer than 3 groups are left after ties; NumericalError if a group expects 0 or all outcomes.
 */
export function hosmerLemeshow(
  y: Labels,
  probability: Scores,
  options: PositiveClass & { readonly groups?: number } = {},
): HosmerLemeshow {
  const { groups: wanted = 10 } = options;
  if (!(Number.isInteger(wanted) && wanted >= 3)) {
    throw new InputError(`the number of groups must be whole and at least 3, found ${wanted}.`);
  }
  const { isPositive } = probableOutcome(y, probability, options);
  const sorted = probability.values.slice().sort();
  const cuts = Array.from({ length: wanted + 1 }, (_, at) => quantileOfSorted(sorted, at / wanted));
  const upper = cuts.slice(1).filter((cut, at) => cut !== cuts[at]);
  if (upper.length < 3) {
    throw new InputError(
      `the probabilities have so few distinct values that only ${upper.length} groups are left. Use a calibration curve.`,
    );
  }
  const groups = upper.map(() => ({ n: 0, observed: 0, expected: 0 }));
  probability.values.forEach((p, row) => {
    const group = groups[upper.findIndex((cut) => p <= cut)];
    group.n++;
    group.observed += isPositive[row];
    group.expected += p;
  });
  let statistic = 0;
  for (const { n, observed, expected } of groups) {
    statistic += (observed - expected) ** 2 / (expected * (1 - expected / n));
  }
  if (!Number.isFinite(statistic)) {
    throw new NumericalError(
      "a group of the Hosmer–Lemeshow test expects 0 or all outcomes: use fewer groups or a calibration curve.",
    );
  }
  const df = groups.length - 2;
  const p = chiSquareTail(statistic, df);
  const sentence = `Hosmer–Lemeshow test with ${groups.length} groups: χ² = ${brief(statistic)}, ${df} df, ${formatP(p)}.`;
  const result = { method: "Hosmer–Lemeshow test", statistic, p, degreesOfFreedom: df, groups, sentence };
  return shown(result, [
    ["χ²", statistic],
    ["degrees of freedom", df],
    ["p", p],
  ]);
}

/** Logistic regression on one variable. */
function fitLine(
  x: Float64Array,
  isPositive: Uint8Array,
): { readonly intercept: number; readonly slope: number; readonly slopeError: number } {
  let [a, b] = [0, 0];
  for (let step = 0; step < MAX_STEPS; step++) {
    let [ga, gb, haa, hab, hbb] = [0, 0, 0, 0, 0];
    for (let i = 0; i < x.length; i++) {
      const p = 1 / (1 + Math.exp(-(a + b * x[i])));
      const w = p * (1 - p);
      ga += isPositive[i] - p;
      gb += (isPositive[i] - p) * x[i];
      haa += w;
      hab += w * x[i];
      hbb += w * x[i] * x[i];
    }
    const determinant = haa * hbb - hab * hab;
    if (!(determinant > 1e-12 * haa * hbb)) break;
    const da = (hbb * ga - hab * gb) / determinant;
    const db = (haa * gb - hab * ga) / determinant;
    a += da;
    b += db;
    if (Math.abs(da) + Math.abs(db) < 1e-14 * (1 + Math.abs(a) + Math.abs(b))) {
      return { intercept: a, slope: b, slopeError: Math.sqrt(haa / determinant) };
    }
  }
  throw new NumericalError(
    "the calibration slope has no finite value: the probabilities are all the same or separate the outcome without exception.",
  );
}

/** Intercept at slope 1. */
function fitShift(
  x: Float64Array,
  isPositive: Uint8Array,
): { readonly value: number; readonly error: number } {
  const excess = (a: number): { readonly gradient: number; readonly curvature: number } => {
    let [gradient, curvature] = [0, 0];
    for (let i = 0; i < x.length; i++) {
      const p = 1 / (1 + Math.exp(-(a + x[i])));
      gradient += isPositive[i] - p;
      curvature += p * (1 - p);
    }
    return { gradient, curvature };
  };
  // The gradient falls with the intercept: the root is kept between two bounds, so that no step can run away.
  let [low, high] = [-1, 1];
  while (excess(low).gradient < 0) low *= 2;
  while (excess(high).gradient > 0) high *= 2;
  let value = 0;
  for (let step = 0; step < 10 * MAX_STEPS; step++) {
    const { gradient, curvature } = excess(value);
    if (gradient > 0) low = value;
    else high = value;
    const wanted = value + gradient / curvature;
    const next = wanted > low && wanted < high ? wanted : low + (high - low) / 2;
    const moved = Math.abs(next - value);
    value = next;
    if (moved <= 1e-15 * (1 + Math.abs(value))) return { value, error: 1 / Math.sqrt(curvature) };
  }
  throw new NumericalError("the calibration in the large does not converge. Check the probabilities.");
}

function show({ slope, intercept, inTheLarge, sentence }: Calibration): MimeBundle {
  return renderTable({
    title: "Calibration",
    header: ["", "value", "interval"],
    rows: [
      ["slope", brief(slope.value), formatInterval(slope.interval)],
      ["intercept with the slope", brief(intercept), ""],
      ["in the large", brief(inTheLarge.value), formatInterval(inTheLarge.interval)],
    ],
    notes: [sentence],
  });
}
