/**
 * Residuals of a fitted Cox model.
 *
 * Source: Therneau, Grambsch & Fleming 1990, doi:10.1093/biomet/77.1.147; Schoenfeld 1982, doi:10.1093/biomet/69.1.239.
 * Layer:  model; imports core, table.
 */
import { InputError } from "../core/errors.js";
import { FeatureTable } from "../table/feature-table.js";
import { Scores } from "../table/scores.js";
import type { SurvivalData } from "../table/survival-data.js";
import { riskOrder } from "./cox-likelihood.js";
import type { CoxModel } from "./cox-model.js";
import { type CoxMoment, coxMoments } from "./cox-moments.js";
import { replay } from "./cox-replay.js";
import { groupRows } from "./groups.js";

export const COX_RESIDUALS = ["martingale", "deviance"] as const;

export type CoxResidual = (typeof COX_RESIDUALS)[number];

/**
 * One residual per patient the model was fitted on, not multiplied by the patient's weight.
 *
 * @param kind  "martingale": events seen minus expected, in (−∞, 1]; "deviance": the same made symmetric, for outliers.
 *
 * @example
 * const odd = model.coxResiduals(fitted, "deviance");
 */
export function coxResiduals(fitted: CoxModel, kind: CoxResidual): Scores {
  if (!COX_RESIDUALS.includes(kind)) {
    throw new InputError(`residuals must be one of ${COX_RESIDUALS.join(", ")}, found "${String(kind)}".`);
  }
  const { y } = fitted.training;
  const { eta, moments } = replay(fitted);
  const values = martingales(y, eta, moments);
  if (kind === "martingale") return new Scores(y.ids, values, "martingale residual");
  const deviance = values.map((value, row) => devianceOf(value, y.event[row]));
  return new Scores(y.ids, deviance, "deviance residual");
}

/**
 * Martingale residuals of a model without covariates: what is left for a covariate to explain, so that their trend over it
 * tells in which form it belongs into a model.
 *
 * @throws InputError if nobody has the event.
 *
 * @example
 * const left = model.nullResiduals(os);
 */
export function nullResiduals(y: SurvivalData): Scores {
  if (y.events === 0) {
    throw new InputError(
      `none of ${y.length} patients has the event: there are no residuals. Check the event column.`,
    );
  }
  const eta = new Float64Array(y.length);
  const order = riskOrder(y.time, groupRows(y.ids, undefined));
  const moments = coxMoments(
    new Float64Array(0),
    0,
    y.time,
    y.event,
    order,
    "efron",
    eta,
    new Float64Array(y.length).fill(1),
  );
  return new Scores(y.ids, martingales(y, eta, moments), "martingale residual");
}

function martingales(y: SurvivalData, eta: Float64Array, moments: readonly CoxMoment[]): Float64Array {
  const values = new Float64Array(y.length);
  let hazard = 0;
  moments.forEach((moment, at) => {
    if (at === 0 || moment.stratum !== moments[at - 1].stratum) hazard = 0;
    for (const row of moment.rows) {
      const step = y.event[row] === 1 ? moment.deathHazard : moment.hazard;
      values[row] = y.event[row] - Math.exp(eta[row]) * (hazard + step);
    }
    hazard += moment.hazard;
  });
  return values;
}

/**
 * Partial residuals: martingale residual plus what the covariate contributes, so that they scatter around its line.
 *
 * @returns One row per patient the model was fitted on, one column per covariate.
 */
export function partialResiduals(fitted: CoxModel): FeatureTable {
  const { x, y } = fitted.training;
  const left = coxResiduals(fitted, "martingale").values;
  return new FeatureTable(
    y.ids,
    fitted.covariates.map(({ name, coefficient }) => {
      const values = x.column(name);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return { name, unit: "", values: values.map((value, row) => left[row] + coefficient * (value - mean)) };
    }),
  );
}

export interface SchoenfeldOptions {
  /** Scaled by the variance and moved to the coefficient, so that their trend is that of the coefficient; default false. */
  readonly scaled?: boolean;
}

/**
 * Schoenfeld residuals: at each event, the patient's covariates minus their mean among those at risk.
 *
 * @returns Not multiplied by case weights. One row per event, by stratum and ascending time, with the patient's id; one column per covariate.
 */
export function schoenfeldResiduals(
  fitted: CoxModel,
  { scaled = false }: SchoenfeldOptions = {},
): FeatureTable {
  const { x, y } = fitted.training;
  const p = x.columns.length;
  const { matrix, deviation, moments } = replay(fitted);
  const rows: number[] = [];
  const raw: Float64Array[] = [];
  for (const { deaths, mean } of moments) {
    for (const row of deaths) {
      rows.push(row);
      raw.push(mean.map((center, j) => (matrix[row * p + j] - center) * deviation[j]));
    }
  }
  const values = scaled ? raw.map((residual) => scaleResidual(fitted, residual)) : raw;
  return new FeatureTable(
    rows.map((row) => y.ids[row]),
    x.columns.map(({ name, unit }, j) => ({
      name,
      unit: scaled ? "" : unit,
      values: Float64Array.from(values, (residual) => residual[j]),
    })),
  );
}

/** Number of events · covariance · residual + coefficient (Grambsch & Therneau 1994). */
function scaleResidual(fitted: CoxModel, residual: Float64Array): Float64Array {
  const p = residual.length;
  return fitted.coefficients.map((coefficient, i) => {
    let sum = 0;
    for (let j = 0; j < p; j++) sum += fitted.naiveCovariance[i * p + j] * residual[j];
    return coefficient + fitted.events * sum;
  });
}

function devianceOf(martingale: number, event: number): number {
  const expected = event - martingale;
  const inner = martingale + (event === 1 ? Math.log(expected) : 0);
  // Rounding can leave a perfect prediction a hair above 0.
  return Math.sign(martingale) * Math.sqrt(Math.max(0, -2 * inner));
}
