/**
 * Calibration of predicted survival at a horizon: predicted against observed risk in groups and as a smooth curve, with slope.
 *
 * Source: Austin, Harrell & van Klaveren 2020, doi:10.1002/sim.8570 (smooth curve, ICI); Harrell 2015, section 2.4.5 (splines).
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { FeatureTable } from "../table/feature-table.js";
import { checkSameIds } from "../table/ids.js";
import { Labels } from "../table/labels.js";
import { formatNumber, renderTable } from "../table/render.js";
import { quantileOfSorted } from "../table/summarize.js";
import type { SurvivalData, TimeUnit } from "../table/survival-data.js";
import { type SurvivalCurve, survivalAt } from "./brier.js";
import { cox } from "./cox.js";
import { coxSurvival } from "./cox-survival.js";
import { kaplanMeier } from "./kaplan-meier.js";

export interface SurvivalCalibrationOptions {
  /** Groups of equal numbers of patients by predicted risk, default 5. */
  readonly groups?: number;
  /** Of the observed risk of a group, default 0.95. */
  readonly confidence?: number;
}

/** Patients of similar predicted risk. Risks are of the event by the horizon. */
export interface CalibrationGroup {
  readonly n: number;
  /** Mean prediction. */
  readonly predicted: number;
  /** By Kaplan and Meier, with its log-log interval. */
  readonly observed: number;
  readonly lower: number;
  readonly upper: number;
}

/** How predicted risks by a horizon agree with what happened. */
export interface SurvivalCalibration {
  readonly horizon: number;
  readonly unit: TimeUnit;
  readonly groups: readonly CalibrationGroup[];
  /** Observed risk as a smooth function of the predicted one, by rising prediction; one entry per patient. */
  readonly curve: { readonly predicted: Float64Array; readonly observed: Float64Array };
  /** Of ln(−ln S) in a Cox model: 1 is right, below 1 the predictions are too extreme. */
  readonly slope: number;
  readonly slopeError: number;
  /** Observed over mean predicted risk of all patients: above 1 the predictions are too low. */
  readonly observedToExpected: number;
  /** Integrated calibration index: mean distance of the curve from the predictions; and their median and 90th percentile. */
  readonly ici: number;
  readonly e50: number;
  readonly e90: number;
}

/** Quantiles of the predictions at which the spline bends. */
const KNOTS = [0.1, 0.5, 0.9];

/**
 * @param predicted  One curve per patient of `y`, in the same order, e.g. of `coxSurvival`.
 * @param horizon  In the unit of `y`.
 * @throws InputError on mismatched ids, a horizon that nobody is watched until, survival of 0 or 1, fewer than 3 different
 *   predictions, or more groups than patients; NumericalError as Cox regression.
 *
 * @example
 * const { slope, ici } = model.survivalCalibration(test.y, model.coxSurvival(cox, test.x), 24);
 */
export function survivalCalibration(
  y: SurvivalData,
  predicted: readonly SurvivalCurve[],
  horizon: number,
  { groups = 5, confidence = 0.95 }: SurvivalCalibrationOptions = {},
): SurvivalCalibration {
  checkSameIds(
    y.ids,
    predicted.map((curve) => curve.id),
    "the follow-up",
    "the predictions",
  );
  checkHorizon(y, horizon);
  if (!(Number.isInteger(groups) && groups >= 1 && groups <= y.length)) {
    throw new InputError(`groups must be a whole number from 1 to ${y.length}, found ${groups}.`);
  }
  const survival = Float64Array.from(predicted, (curve) => survivalAt(curve, horizon));
  checkPredictions(survival, y.ids, horizon);
  const risk = survival.map((value) => 1 - value);
  const order = Uint32Array.from(risk.keys()).sort((a, b) => risk[a] - risk[b] || a - b);
  const scale = survival.map((value) => Math.log(-Math.log(value)));
  const observed = smoothed(y, scale, horizon);
  const distances = risk.map((value, row) => Math.abs(observed[row] - value)).sort();
  const slope = cox().fit(tableOf(y.ids, [scale]), y).covariates[0];
  const mean = risk.reduce((sum, value) => sum + value, 0) / risk.length;
  const result: SurvivalCalibration = {
    horizon,
    unit: y.unit,
    groups: groupsOf(y, risk, order, horizon, groups, confidence),
    curve: {
      predicted: Float64Array.from(order, (row) => risk[row]),
      observed: Float64Array.from(order, (row) => observed[row]),
    },
    slope: slope.coefficient,
    slopeError: slope.standardError,
    observedToExpected: (1 - kaplanMeier(y).groups[0].at([horizon])[0].survival) / mean,
    ici: distances.reduce((sum, value) => sum + value, 0) / distances.length,
    e50: quantileOfSorted(distances, 0.5),
    e90: quantileOfSorted(distances, 0.9),
  };
  return showAs(result, () => show(result));
}

/** Risk by the horizon of a Cox model with a restricted cubic spline of the prediction. */
function smoothed(y: SurvivalData, scale: Float64Array, horizon: number): Float64Array {
  const sorted = scale.slice().sort();
  const knots = KNOTS.map((share) => quantileOfSorted(sorted, share));
  const bends = new Set(knots).size === knots.length;
  // Predictions that mostly coincide leave nothing to bend.
  const x = tableOf(y.ids, bends ? [scale, splineOf(scale, knots)] : [scale]);
  const curves = coxSurvival(cox().fit(x, y), x);
  return Float64Array.from(curves, (curve) => 1 - survivalAt(curve, horizon));
}

/** The part of a spline with three knots that is not a line: straight beyond the outer knots. */
function splineOf(values: Float64Array, [first, middle, last]: readonly number[]): Float64Array {
  const cube = (value: number): number => Math.max(0, value) ** 3;
  const unit = (last - first) ** 2;
  return values.map(
    (value) =>
      (cube(value - first) -
        (cube(value - middle) * (last - first)) / (last - middle) +
        (cube(value - last) * (middle - first)) / (last - middle)) /
      unit,
  );
}

function tableOf(ids: readonly string[], columns: readonly Float64Array[]): FeatureTable {
  return new FeatureTable(
    ids,
    columns.map((values, at) => ({
      name: at === 0 ? "prediction" : "spline of prediction",
      unit: "",
      values,
    })),
  );
}

function groupsOf(
  y: SurvivalData,
  risk: Float64Array,
  order: Uint32Array,
  horizon: number,
  count: number,
  confidence: number,
): CalibrationGroup[] {
  const names = Array.from({ length: count }, (_, group) => String(group));
  const of = new Array<string>(y.length);
  order.forEach((row, at) => {
    of[row] = names[Math.floor((at * count) / y.length)];
  });
  const by = new Labels(y.ids, of, { classes: names });
  return kaplanMeier(y, { by, confidence }).groups.map((curve) => {
    const rows = Array.from(risk.keys()).filter((row) => of[row] === curve.label);
    const { survival, lower, upper } = curve.at([horizon])[0];
    return {
      n: rows.length,
      predicted: rows.reduce((sum, row) => sum + risk[row], 0) / rows.length,
      observed: 1 - survival,
      lower: 1 - upper,
      upper: 1 - lower,
    };
  });
}

function checkHorizon(y: SurvivalData, horizon: number): void {
  const longest = y.time.reduce((most, time) => Math.max(most, time), 0);
  if (horizon > 0 && horizon <= longest) return;
  throw new InputError(
    `the horizon must be positive and at most ${longest} ${y.unit}, the longest follow-up, found ${horizon}.`,
  );
}

function checkPredictions(survival: Float64Array, ids: readonly string[], horizon: number): void {
  const bad = survival.findIndex((value) => !(value > 0 && value < 1));
  if (bad >= 0) {
    throw new InputError(
      `predicted survival must lie between 0 and 1, but patient ${ids[bad]} has ${survival[bad]} at ${horizon}. ` +
        "Choose a horizon after the first event, or drop that patient.",
    );
  }
  if (new Set(survival).size >= KNOTS.length) return;
  throw new InputError(
    `calibration needs at least ${KNOTS.length} different predictions, found ${new Set(survival).size}.`,
  );
}

function show({
  horizon,
  unit,
  groups,
  slope,
  slopeError,
  observedToExpected,
  ici,
}: SurvivalCalibration): MimeBundle {
  return renderTable({
    title: `Calibration at ${formatNumber(horizon)} ${unit}`,
    header: ["n", "predicted risk", "observed risk", "lower", "upper"],
    rows: groups.map(({ n, predicted, observed, lower, upper }) => [
      String(n),
      ...[predicted, observed, lower, upper].map((value) => formatNumber(value, 3)),
    ]),
    notes: [
      `slope ${formatNumber(slope, 3)} (SE ${formatNumber(slopeError, 2)}), observed to expected ${formatNumber(observedToExpected, 3)}, ` +
        `integrated calibration index ${formatNumber(ici, 3)}`,
    ],
  });
}
