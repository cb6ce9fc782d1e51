/**
 * Test of proportional hazards: does a coefficient change with time? A score test for a coefficient of g(time).
 *
 * Source: Grambsch & Therneau 1994, doi:10.1093/biomet/81.3.515, as the exact score test (R's cox.zph since survival 3.0).
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { chiSquareTail, logChiSquareTail } from "../core/distributions.js";
import { InputError, NumericalError } from "../core/errors.js";
import { formatNumber, formatPCell, renderTable } from "../table/render.js";
import type { SurvivalData } from "../table/survival-data.js";
import { cholesky, solveCholesky } from "./cholesky.js";
import type { CoxModel, ModelTest } from "./cox-model.js";
import { replay } from "./cox-replay.js";
import { countByTime, indexOfTime } from "./event-times.js";

/** The scale of time on which a coefficient may drift. */
export const TIME_SCALES = ["km", "identity", "rank", "log"] as const;

export type TimeScale = (typeof TIME_SCALES)[number];

export interface Proportionality {
  readonly scale: TimeScale;
  readonly covariates: readonly (ModelTest & { readonly name: string })[];
  /** All covariates together. */
  readonly global: ModelTest;
}

/**
 * Tests whether the hazard ratios of a fitted model are constant in time.
 *
 * Case weights count in the test, but not in the scale of time, as in R's `cox.zph`.
 *
 * @param options.scale  "km" (default): 1 − S(t−), robust to outlying times; "identity"; "rank"; "log".
 * @throws InputError for "log" if an observed time is 0; NumericalError if all events are at one time.
 *
 * @example
 * model.proportionality(fitted)
 */
export function proportionality(
  fitted: CoxModel,
  { scale = "km" }: { readonly scale?: TimeScale } = {},
): Proportionality {
  const { x, y } = fitted.training;
  const p = x.columns.length;
  const scores = new Float64Array(p);
  // Information of the coefficients, of the drifts, and between both.
  const plain = new Float64Array(p * p);
  const mixed = new Float64Array(p * p);
  const drift = new Float64Array(p * p);
  const g = centeredTimes(y, scale);
  const { matrix, weights, moments } = replay(fitted);
  for (const { deaths, mean, covariance } of moments) {
    if (deaths.length === 0) continue;
    const at = g[deaths[0]];
    for (const row of deaths) {
      for (let j = 0; j < p; j++) scores[j] += at * weights[row] * (matrix[row * p + j] - mean[j]);
    }
    for (let cell = 0; cell < p * p; cell++) {
      plain[cell] += covariance[cell];
      mixed[cell] += at * covariance[cell];
      drift[cell] += at * at * covariance[cell];
    }
  }
  const variance = withoutCoefficients(plain, mixed, drift, p);
  const result: Proportionality = {
    scale,
    covariates: x.names.map((name, j) => ({
      name,
      ...scoreTest(Float64Array.of(scores[j]), Float64Array.of(variance[j * p + j])),
    })),
    global: scoreTest(scores, variance),
  };
  return showAs(result, () => show(result));
}

/** g of each patient's time, less its mean over the events. */
function centeredTimes(y: SurvivalData, scale: TimeScale): Float64Array {
  const g = scaledTimes(y, scale);
  let sum = 0;
  for (let row = 0; row < g.length; row++) if (y.event[row] === 1) sum += g[row];
  const mean = sum / y.events;
  return g.map((value) => value - mean);
}

/** Each patient's time on a scale. @throws InputError if there is no such scale, or a time of 0 has no logarithm. */
export function scaledTimes(y: SurvivalData, scale: TimeScale): Float64Array {
  const counts = countByTime(y.time, y.event, Uint32Array.from(y.ids.keys()));
  switch (scale) {
    case "identity":
      return y.time;
    case "log":
      if (y.time.includes(0)) {
        throw new InputError(
          'an observed time is 0, which has no logarithm. Use scale "km", "rank" or "identity".',
        );
      }
      return y.time.map(Math.log);
    case "rank":
      return y.time.map((time) => {
        const at = indexOfTime(counts.time, time);
        const tied = counts.event[at] + counts.censored[at];
        return y.length - counts.atRisk[at] + (tied + 1) / 2;
      });
    case "km": {
      // Just before each time, so that the first event has 0.
      let survival = 1;
      const before = counts.time.map((_, at) => {
        const current = survival;
        survival *= (counts.atRisk[at] - counts.event[at]) / counts.atRisk[at];
        return 1 - current;
      });
      return y.time.map((time) => before[indexOfTime(counts.time, time)]);
    }
    default:
      throw new InputError(`scale must be one of ${TIME_SCALES.join(", ")}, found "${String(scale)}".`);
  }
}

/** Variance of the drifts' scores when the coefficients are estimated too: drift − mixed · plain⁻¹ · mixed. */
function withoutCoefficients(
  plain: Float64Array,
  mixed: Float64Array,
  drift: Float64Array,
  p: number,
): Float64Array {
  const { factor } = cholesky(plain, p, 0);
  const variance = Float64Array.from(drift);
  for (let i = 0; i < p; i++) {
    const solved = solveCholesky(factor, p, mixed.slice(i * p, i * p + p));
    for (let j = 0; j < p; j++) {
      for (let k = 0; k < p; k++) variance[i * p + j] -= mixed[j * p + k] * solved[k];
    }
  }
  return variance;
}

function scoreTest(score: Float64Array, variance: Float64Array): ModelTest {
  const p = score.length;
  let largest = 0;
  for (let j = 0; j < p; j++) largest = Math.max(largest, variance[j * p + j]);
  const { factor, singular } = cholesky(variance, p, 1e-12 * largest);
  if (singular >= 0 || largest === 0) {
    throw new NumericalError(
      "the events are too few, or too close in time, to tell whether a hazard ratio changes. Fit fewer covariates.",
    );
  }
  const solved = solveCholesky(factor, p, score);
  const statistic = score.reduce((sum, value, j) => sum + value * solved[j], 0);
  return {
    statistic,
    degreesOfFreedom: p,
    p: chiSquareTail(statistic, p),
    logP: logChiSquareTail(statistic, p),
  };
}

function show({ scale, covariates, global }: Proportionality): MimeBundle {
  const line = (name: string, test: ModelTest): string[] => [
    name,
    formatNumber(test.statistic, 4),
    String(test.degreesOfFreedom),
    formatPCell(test.p),
  ];
  return renderTable({
    title: `Test of proportional hazards (time scale: ${scale}); a small p speaks against them`,
    header: ["covariate", "χ²", "df", "p"],
    rows: [...covariates.map((test) => line(test.name, test)), line("all together", global)],
  });
}
