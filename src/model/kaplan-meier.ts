/**
 * Kaplan–Meier estimate of survival, with R's rules for intervals, median and quantiles.
 *
 * Source: Kaplan & Meier 1958, doi:10.1080/01621459.1958.10501452; Greenwood 1926.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { normalQuantile } from "../core/distributions.js";
import { InputError } from "../core/errors.js";
import type { Labels } from "../table/labels.js";
import { formatNumber, renderTable } from "../table/render.js";
import type { SurvivalData, TimeUnit } from "../table/survival-data.js";
import { type WeightOptions, weightsOf } from "./case-weights.js";
import { groupRows } from "./groups.js";
import { KaplanMeierCurve } from "./kaplan-meier-curve.js";
import { SURVIVAL_INTERVALS, type SurvivalInterval } from "./survival-interval.js";

export interface KaplanMeierOptions extends WeightOptions {
  /** One curve per class; default one curve of everybody. */
  readonly by?: Labels;
  /** One more curve of everybody beside those of the classes; default false. */
  readonly overall?: boolean;
  /** Coverage of the pointwise interval, default 0.95. */
  readonly confidence?: number;
  /** Scale on which the interval is symmetric, default "log-log". */
  readonly interval?: SurvivalInterval;
}

/** One curve per group. */
export interface KaplanMeier {
  readonly unit: TimeUnit;
  readonly confidence: number;
  readonly interval: SurvivalInterval;
  readonly groups: readonly KaplanMeierCurve[];
}

/**
 * Estimates the probability of living past each time without the event.
 *
 * @param y  n patients. Censored patients leave the risk set without lowering the curve; at equal times they leave after
 *   the events. Classes of `by` without a patient get no curve.
 * @param options.weights  Counts at risk, of events and of censorings are then sums of weights; `n` stays the number of
 *   patients. Errors are Greenwood's for whole weights, else robust (infinitesimal jackknife), as in R's `survfit`.
 * @returns One entry per distinct time and group, in `y.unit`.
 * @throws InputError if there is no patient, or `by` is of other patients or in another order, or a patient has no positive weight.
 *
 * @example
 * const km = model.kaplanMeier(os, { by: cohort.labels("stage") });
 */
export function kaplanMeier(
  y: SurvivalData,
  { by, overall = false, confidence = 0.95, interval = "log-log", weights }: KaplanMeierOptions = {},
): KaplanMeier {
  checkConfidence(confidence);
  if (!SURVIVAL_INTERVALS.includes(interval)) {
    throw new InputError(`interval must be one of ${SURVIVAL_INTERVALS.join(", ")}, found "${interval}".`);
  }
  if (y.length === 0)
    throw new InputError("a survival curve needs at least 1 patient, found none. Check the filter before.");
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const caseWeights = weightsOf(y.ids, weights);
  const everybody = overall && by !== undefined ? groupRows(y.ids, undefined) : [];
  const groups = [...groupRows(y.ids, by), ...everybody].map(
    ({ label, rows }) =>
      new KaplanMeierCurve(y.time, y.event, rows, { label, ids: y.ids, z, interval, weights: caseWeights }),
  );
  const result: KaplanMeier = { unit: y.unit, confidence, interval, groups };
  return showAs(result, () => show(result));
}

/** @throws InputError unless the confidence lies in (0, 1). */
export function checkConfidence(confidence: number): void {
  if (confidence > 0 && confidence < 1) return;
  throw new InputError(`confidence must lie between 0 and 1, e.g. 0.95, found ${confidence}.`);
}

function show({ unit, confidence, interval, groups }: KaplanMeier): MimeBundle {
  const percent = formatNumber(confidence * 100, 4);
  return renderTable({
    title: `Kaplan–Meier, ${unit}, ${percent} % interval (${interval})`,
    header: ["group", "n", "events", "median", "lower", "upper"],
    rows: groups.map((curve) => [
      curve.label,
      String(curve.n),
      String(curve.events),
      ...[curve.median, curve.medianLower, curve.medianUpper].map(orNotReached),
    ]),
  });
}

function orNotReached(time: number): string {
  return Number.isNaN(time) ? "not reached" : formatNumber(time);
}
