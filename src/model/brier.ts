/**
 * Brier score of predicted survival: the mean square of what a prediction misses, weighted for censoring.
 *
 * Source: Graf et al. 1999, doi:10.1002/(SICI)1097-0258(19990915/30)18:17/18<2529::AID-SIM274>3.0.CO;2-5.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { checkSameIds } from "../table/ids.js";
import { formatNumber, renderTable } from "../table/render.js";
import type { SurvivalData } from "../table/survival-data.js";
import { censoringCurve, checkWatched, watchedAt } from "./censoring.js";
import { indexOfTime } from "./event-times.js";
import { checkTimes, type TrainingOptions } from "./time-dependent-auc.js";

/** A patient's predicted survival: 1 at first, then a value from each time on. `coxSurvival` gives such curves. */
export interface SurvivalCurve {
  readonly id: string;
  /** Rising. */
  readonly time: Float64Array;
  readonly survival: Float64Array;
}

/** The score at each time; 0 is perfect, and 0.25 what one half for everybody gives. */
export interface BrierScore {
  readonly times: Float64Array;
  readonly score: Float64Array;
  /** Mean over the span of the times, by the trapezoid rule; NaN for one time. */
  readonly integrated: number;
}

/**
 * @param predicted  One curve per patient of `y`, in the same order.
 * @param times  In the unit of `y`, rising.
 * @throws InputError on mismatched ids, times that do not rise, or values that are no probabilities; NumericalError if
 *   nobody of `train` is watched until a time.
 *
 * @example
 * const { integrated } = model.brierScore(test.y, model.coxSurvival(cox, test.x), [12, 24, 36], { train: train.y });
 */
export function brierScore(
  y: SurvivalData,
  predicted: readonly SurvivalCurve[],
  times: readonly number[],
  { train = y }: TrainingOptions = {},
): BrierScore {
  checkSameIds(
    y.ids,
    predicted.map((curve) => curve.id),
    "the follow-up",
    "the predictions",
  );
  checkTimes(times, y.unit);
  for (const curve of predicted) checkCurve(curve);
  const censoring = censoringCurve(train);
  const score = Float64Array.from(times, (time) =>
    scoreAt(y, predicted, time, (t) => watchedAt(censoring, t)),
  );
  let area = 0;
  for (let k = 1; k < times.length; k++) area += ((score[k] + score[k - 1]) / 2) * (times[k] - times[k - 1]);
  const result: BrierScore = {
    times: Float64Array.from(times),
    score,
    integrated: area / (times[times.length - 1] - times[0]),
  };
  return showAs(result, () => show(result, y.unit));
}

function scoreAt(
  y: SurvivalData,
  predicted: readonly SurvivalCurve[],
  time: number,
  watched: (t: number) => number,
): number {
  let sum = 0;
  for (let row = 0; row < y.length; row++) {
    const own = y.time[row];
    const survival = survivalAt(predicted[row], time);
    if (own > time) sum += (1 - survival) ** 2 / checkWatched(watched(time), time, y.unit);
    else if (y.event[row] === 1) sum += survival ** 2 / checkWatched(watched(own), own, y.unit);
  }
  return sum / y.length;
}

/** Value of a predicted curve at a time. */
export function survivalAt({ time, survival }: SurvivalCurve, t: number): number {
  const at = indexOfTime(time, t);
  return at < 0 ? 1 : survival[at];
}

function checkCurve({ id, time, survival }: SurvivalCurve): void {
  const bad = survival.findIndex((value) => !(value >= 0 && value <= 1));
  if (time.length === survival.length && bad < 0) return;
  throw new InputError(
    bad < 0
      ? `the curve of patient ${id} has ${time.length} times and ${survival.length} values. Give one value per time.`
      : `predicted survival must lie in [0, 1], but patient ${id} has ${survival[bad]} at ${time[bad]}.`,
  );
}

function show({ times, score, integrated }: BrierScore, unit: string): MimeBundle {
  const mean = Number.isNaN(integrated) ? "" : `, integrated ${formatNumber(integrated, 4)}`;
  return renderTable({
    title: `Brier score${mean}`,
    header: [unit, "score"],
    rows: Array.from(times, (time, k) => [formatNumber(time), formatNumber(score[k], 4)]),
  });
}
