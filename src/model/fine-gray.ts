/**
 * Regression of the subdistribution hazard: how covariates change the cumulative incidence of one kind of event when others
 * compete with it.
 *
 * Source: Fine & Gray 1999, doi:10.1080/01621459.1999.10474144; definitions as in R's cmprsk (`crr`).
 * Layer:  model; imports core, table.
 */
import { InputError, NumericalError } from "../core/errors.js";
import type { FeatureTable } from "../table/feature-table.js";
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";
import type { SurvivalData } from "../table/survival-data.js";
import { invertCholesky } from "./cholesky.js";
import { causesOf } from "./competing.js";
import { linearPredictor } from "./cox-likelihood.js";
import { LARGEST_SCORE } from "./cox-model.js";
import { maximizeCox } from "./cox-newton.js";
import type { Estimator } from "./estimator.js";
import {
  fineGrayLikelihood,
  riskSets,
  type Subdistribution,
  subdistribution,
} from "./fine-gray-likelihood.js";
import { FineGrayModel } from "./fine-gray-model.js";
import { fineGrayInfluence, sandwich } from "./fine-gray-variance.js";
import { checkConfidence } from "./kaplan-meier.js";
import { refuseWild, standardizeColumns } from "./standardize-columns.js";
import { labelsOfDrawn } from "./validation/rows.js";

export interface FineGrayOptions {
  /** Kind of each patient's event, by id; that of censored patients is not looked at. May hold more patients. */
  readonly causes: Labels;
  /** The kind whose incidence is modelled. */
  readonly cause: string;
  /** Coverage of the intervals, default 0.95. */
  readonly confidence?: number;
}

/** Share of the variance without the sandwich that is only rounding. */
const NO_VARIANCE = 1e-20;

/** A recipe for Fine and Gray's regression. */
export type FineGrayEstimator = Estimator<SurvivalData, FineGrayModel>;

/**
 * Recipe for Fine and Gray's regression, all columns of the table as covariates. Ties are treated as Breslow's; errors are
 * robust, and count that the weights are estimated.
 *
 * `fit` throws InputError on mismatched or unknown ids, missing values, no event of the cause, constant or collinear columns
 * (named), and NumericalError when a coefficient is infinite (separation) or its robust error is 0; the covariate is named.
 *
 * @example
 * const y = cohort.survival({ time: "days", event: "status", unit: "days", happened: ["relapse", "death"] });
 * const fitted = model.fineGray({ causes: cohort.labels("status"), cause: "relapse" }).fit(x, y);
 * fitted.incidence(test.x); // cumulative incidence of relapse, one curve per patient
 */
export function fineGray({ causes, cause, confidence = 0.95 }: FineGrayOptions): FineGrayEstimator {
  checkConfidence(confidence);
  if (!causes.classes.includes(cause)) {
    throw new InputError(`"${cause}" is no kind of event here. There are: ${causes.classes.join(", ")}.`);
  }
  return { fit: (x, y) => fitFineGray(x, y, { causes, cause, confidence }) };
}

function fitFineGray(
  x: FeatureTable,
  y: SurvivalData,
  { causes, cause, confidence }: Required<FineGrayOptions>,
): FineGrayModel {
  checkSameIds(y.ids, x.ids, "the follow-up", "the table of covariates");
  const { names, of } = causesOf(y, labelsOfDrawn(causes, y.ids));
  const wanted = names.indexOf(cause);
  if (wanted < 0) {
    throw new InputError(
      `none of ${y.length} patients has the event "${cause}": there is nothing to fit. Their events are: ${names.join(", ")}.`,
    );
  }
  const kind = Uint8Array.from(of, (position) => (position < 0 ? 0 : position === wanted ? 1 : 2));
  const events = kind.reduce((sum, value) => sum + (value === 1 ? 1 : 0), 0);
  const { matrix, mean, deviation } = standardizeColumns(x);
  const data = subdistribution(y.time, kind);
  const optimum = maximizeCox({
    x: matrix,
    names: x.names,
    events,
    likelihood: (beta) => fineGrayLikelihood(matrix, data, beta),
  });
  const p = x.columns.length;
  const eta = linearPredictor(matrix, optimum.beta);
  refuseWild(eta, y.ids, LARGEST_SCORE);
  const sets = riskSets(matrix, p, data, eta);
  const influence = fineGrayInfluence(matrix, p, data, sets);
  const inverse = invertCholesky(optimum.factor, p);
  const covariance = sandwich(inverse, influence, p);
  refuseErrorless(covariance, inverse, x.names);
  return new FineGrayModel({
    cause,
    confidence,
    n: y.length,
    events,
    competing: y.events - events,
    unit: y.unit,
    columns: x.columns.map(({ name, unit }) => ({ name, unit })),
    coefficients: optimum.beta.map((value, j) => value / deviation[j]),
    centers: mean,
    covariance: covariance.map((value, at) => value / (deviation[Math.floor(at / p)] * deviation[at % p])),
    logLikelihood: optimum.atOptimum.logLikelihood,
    nullLogLikelihood: optimum.atZero.logLikelihood,
    baseline: baselineOf(y.time, data, sets.risk, sets.shift),
  });
}

/** Where no patient moves a coefficient, the robust error is 0 or rounding, and no test has an answer. */
function refuseErrorless(covariance: Float64Array, inverse: Float64Array, names: readonly string[]): void {
  const p = names.length;
  const bad = names.findIndex((_, j) => !(covariance[j * p + j] > NO_VARIANCE * inverse[j * p + j]));
  if (bad < 0) return;
  throw new NumericalError(
    `the robust error of "${names[bad]}" is 0: no patient's influence is left, because too few have different values or events. ` +
      "Use fewer columns, or more patients.",
  );
}

/** One entry per distinct time with an event of the cause. */
function baselineOf(
  time: Float64Array,
  { rows, starts, events }: Subdistribution,
  risk: Float64Array,
  shift: number,
): { readonly time: Float64Array; readonly cumulativeHazard: Float64Array } {
  const runs = Array.from(events.keys()).filter((run) => events[run] > 0);
  let sum = 0;
  const hazard = Float64Array.from(runs, (run) => {
    sum += (events[run] / risk[run]) * Math.exp(-shift);
    return sum;
  });
  return { time: Float64Array.from(runs, (run) => time[rows[starts[run]]]), cumulativeHazard: hazard };
}
