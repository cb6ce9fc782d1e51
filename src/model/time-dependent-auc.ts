/**
 * Time-dependent area under the ROC curve: how well a score tells who has had the event by a time from who has not.
 *
 * Source: Uno et al. 2007, doi:10.1198/016214507000000149; Hung & Chiang 2010, doi:10.1002/cjs.10046 (cumulative cases,
 *         dynamic controls, weighted by the inverse probability of censoring); the mean as in scikit-survival.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError, NumericalError } from "../core/errors.js";
import { checkSameIds } from "../table/ids.js";
import { formatNumber, renderTable } from "../table/render.js";
import type { Scores } from "../table/scores.js";
import type { SurvivalData, TimeUnit } from "../table/survival-data.js";
import { censoringCurve, checkWatched, watchedAt } from "./censoring.js";
import { countByTime, indexOfTime } from "./event-times.js";

/** The area at each time. */
export interface TimeDependentAuc {
  readonly times: Float64Array;
  readonly unit: TimeUnit;
  readonly auc: Float64Array;
  /** Mean over the times, weighted by the events that Kaplan and Meier's curve of these patients has between them. */
  readonly mean: number;
  /** Patients who have had the event by each time, and patients who are watched for longer. */
  readonly cases: Uint32Array;
  readonly controls: Uint32Array;
}

export interface TrainingOptions {
  /** Patients whose censoring gives the weights, e.g. those that the model was fitted on; default `y`. */
  readonly train?: SurvivalData;
}

/**
 * @param risk  A score per patient; a higher one predicts an earlier event.
 * @param times  In the unit of `y`, rising.
 * @throws InputError on mismatched ids, or times that do not rise; NumericalError if there are no cases or no controls at
 *   a time, or nobody of `train` is watched until an event.
 *
 * @example
 * model.timeDependentAuc(test.y, cox.predict(test.x), [12, 24, 36], { train: train.y });
 */
export function timeDependentAuc(
  y: SurvivalData,
  risk: Scores,
  times: readonly number[],
  { train = y }: TrainingOptions = {},
): TimeDependentAuc {
  checkSameIds(y.ids, risk.ids, "the follow-up", risk.name);
  checkTimes(times, y.unit);
  const curve = censoringCurve(train);
  const order = Uint32Array.from(y.ids, (_, row) => row).sort((a, b) => risk.values[a] - risk.values[b]);
  const found = times.map((time) => {
    const weights = y.time.map((own, row) =>
      y.event[row] === 1 && own <= time ? 1 / checkWatched(watchedAt(curve, own), own, y.unit) : 0,
    );
    return areaAt(y, risk.values, order, weights, time);
  });
  const auc = Float64Array.from(found, (one) => one.auc);
  const result: TimeDependentAuc = {
    times: Float64Array.from(times),
    unit: y.unit,
    auc,
    mean: meanOverEvents(y, times, auc),
    cases: Uint32Array.from(found, (one) => one.cases),
    controls: Uint32Array.from(found, (one) => one.controls),
  };
  return showAs(result, () => show(result));
}

/** @throws InputError unless the times are positive, finite and rising. */
export function checkTimes(times: readonly number[], unit: string): void {
  const bad = times.findIndex(
    (time, at) => !(time > 0 && Number.isFinite(time)) || (at > 0 && time <= times[at - 1]),
  );
  if (times.length > 0 && bad < 0) return;
  throw new InputError(
    `times must be positive and rising, in ${unit}, at least one, found [${times.join(", ")}]. For example [12, 24, 36].`,
  );
}

/** @param order  Rows by rising risk. @param weights  Of the cases; 0 for all others. */
function areaAt(
  y: SurvivalData,
  risk: Float64Array,
  order: Uint32Array,
  weights: Float64Array,
  time: number,
): { readonly auc: number; readonly cases: number; readonly controls: number } {
  let controls = 0;
  let cases = 0;
  let total = 0;
  let pairs = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    let tiedControls = 0;
    let tiedWeight = 0;
    for (; end < order.length && risk[order[end]] === risk[order[start]]; end++) {
      const row = order[end];
      if (y.time[row] > time) tiedControls++;
      if (weights[row] > 0) cases++;
      tiedWeight += weights[row];
    }
    pairs += tiedWeight * (controls + tiedControls / 2);
    controls += tiedControls;
    total += tiedWeight;
    start = end;
  }
  if (cases === 0 || controls === 0) {
    throw new NumericalError(
      `at ${time} ${y.unit}, ${cases} patients have had the event and ${controls} are watched for longer: there is nothing to ` +
        "compare. Choose times between the first event and the last follow-up.",
    );
  }
  return { auc: pairs / (total * controls), cases, controls };
}

/** Each time weighs as much as survival fell since the time before. */
function meanOverEvents(y: SurvivalData, times: readonly number[], auc: Float64Array): number {
  const counts = countByTime(
    y.time,
    y.event,
    Uint32Array.from(y.ids, (_, row) => row),
  );
  let survival = 1;
  const curve = counts.time.map((_, at) => {
    survival *= 1 - counts.event[at] / counts.atRisk[at];
    return survival;
  });
  let before = 1;
  let sum = 0;
  times.forEach((time, k) => {
    const at = indexOfTime(counts.time, time);
    const now = at < 0 ? 1 : curve[at];
    sum += auc[k] * (before - now);
    before = now;
  });
  return sum / (1 - before);
}

function show({ times, unit, auc, mean, cases, controls }: TimeDependentAuc): MimeBundle {
  return renderTable({
    title: `Time-dependent area under the ROC curve, mean ${formatNumber(mean, 4)}`,
    header: [unit, "AUC", "had the event", "watched for longer"],
    rows: Array.from(times, (time, k) => [
      formatNumber(time),
      formatNumber(auc[k], 4),
      String(cases[k]),
      String(controls[k]),
    ]),
  });
}
