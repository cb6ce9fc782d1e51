/**
 * How much each patient moves the coefficients of a Cox model, and errors that hold when the model does not: robust, and
 * for patients who come in clusters.
 *
 * Source: Lin & Wei 1989, doi:10.1080/01621459.1989.10478874; Therneau & Grambsch, Modeling Survival Data, 2000, section 7.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { logNormalTwoSided, normalQuantile, normalTwoSided } from "../core/distributions.js";
import { InputError } from "../core/errors.js";
import { FeatureTable } from "../table/feature-table.js";
import type { Labels } from "../table/labels.js";
import type { CoxCovariate, CoxModel } from "./cox-model.js";
import { replay } from "./cox-replay.js";
import { effectTable } from "./effect-table.js";
import { groupRows } from "./groups.js";
import { labelsOfDrawn } from "./validation/rows.js";

export const COX_INFLUENCES = ["score", "dfbeta", "dfbetas"] as const;

export type CoxInfluence = (typeof COX_INFLUENCES)[number];

/**
 * Influence of each patient on each coefficient.
 *
 * @param kind  "score": part of the slope of the likelihood, which sums to 0; "dfbeta": about how much the coefficient would
 *   fall without the patient; "dfbetas": the same in standard errors of the likelihood. Case weights count in all three.
 * @returns One row per patient that the model was fitted on, one column per covariate.
 *
 * @example
 * model.coxInfluence(fitted, "dfbetas").column("age"); // beyond ±2 / √n is worth a look
 */
export function coxInfluence(fitted: CoxModel, kind: CoxInfluence): FeatureTable {
  if (!COX_INFLUENCES.includes(kind)) {
    throw new InputError(`influence must be one of ${COX_INFLUENCES.join(", ")}, found "${String(kind)}".`);
  }
  const values = kind === "score" ? scoreResiduals(fitted) : dfbeta(fitted);
  return new FeatureTable(
    fitted.training.y.ids,
    fitted.covariates.map(({ name, unit }, j) => {
      const error = Math.sqrt(fitted.naiveCovariance[j * fitted.covariates.length + j]);
      return {
        name,
        unit: kind === "score" ? unit : "",
        values: kind === "dfbetas" ? values[j].map((value) => value / error) : values[j],
      };
    }),
  );
}

export interface RobustOptions {
  /** Patients of one class may resemble one another, e.g. those of one hospital; by id, may hold more. Default each on its own. */
  readonly cluster?: Labels;
}

/** Coefficients with robust errors. */
export interface RobustCox {
  /** As in the model, but for errors, tests and intervals. */
  readonly covariates: readonly CoxCovariate[];
  /** p × p, row-major. */
  readonly covariance: Float64Array;
  readonly clusters: number;
}

/**
 * Sandwich errors of a Cox model.
 *
 * @throws InputError if a patient has no cluster, or there are fewer than 2.
 *
 * @example
 * model.robustCox(fitted, { cluster: cohort.labels("hospital") }).covariates[0].standardError;
 */
export function robustCox(fitted: CoxModel, { cluster }: RobustOptions = {}): RobustCox {
  const p = fitted.covariates.length;
  const { covariance, clusters } = sandwichCovariance(fitted, cluster);
  const quantile = normalQuantile(1 - (1 - fitted.confidence) / 2);
  const covariates = fitted.covariates.map((found, j): CoxCovariate => {
    const standardError = Math.sqrt(covariance[j * p + j]);
    const z = found.coefficient / standardError;
    return {
      ...found,
      standardError,
      z,
      p: normalTwoSided(z),
      logP: logNormalTwoSided(z),
      lower: Math.exp(found.coefficient - quantile * standardError),
      upper: Math.exp(found.coefficient + quantile * standardError),
    };
  });
  const result: RobustCox = { covariates, covariance, clusters };
  return showAs(result, () => show(result, fitted.confidence));
}

/** Sum over the clusters of the products of their influence; p × p, row-major. @throws InputError on fewer than 2 clusters. */
export function sandwichCovariance(
  fitted: CoxModel,
  cluster: Labels | undefined,
): Pick<RobustCox, "covariance" | "clusters"> {
  const { y } = fitted.training;
  const p = fitted.covariates.length;
  const influence = dfbeta(fitted);
  const clusters =
    cluster === undefined
      ? y.ids.map((_, row) => Uint32Array.of(row))
      : groupRows(y.ids, labelsOfDrawn(cluster, y.ids)).map((group) => group.rows);
  if (clusters.length < 2) {
    throw new InputError(
      `robust errors need at least 2 clusters, found ${clusters.length}. Leave the clusters out.`,
    );
  }
  const covariance = new Float64Array(p * p);
  for (const rows of clusters) {
    const sums = influence.map((values) => rows.reduce((sum, row) => sum + values[row], 0));
    for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) covariance[i * p + j] += sums[i] * sums[j];
  }
  return { covariance, clusters: clusters.length };
}

/** By covariate: each patient's part of the slope of the weighted log likelihood, in the covariate's unit. */
function scoreResiduals(fitted: CoxModel): Float64Array[] {
  const { y } = fitted.training;
  const { matrix, deviation, eta, weights, moments } = replay(fitted);
  const p = deviation.length;
  const scores = Array.from(deviation, () => new Float64Array(y.length));
  // Cumulative hazard of a patient whose score is 0, and the covariates' means along it.
  let hazard = 0;
  const along = new Float64Array(p);
  moments.forEach((moment, at) => {
    if (at === 0 || moment.stratum !== moments[at - 1].stratum) {
      hazard = 0;
      along.fill(0);
    }
    for (const row of moment.rows) {
      const isDeath = y.event[row] === 1;
      const risk = Math.exp(eta[row]);
      const own = hazard + (isDeath ? moment.deathHazard : moment.hazard);
      for (let j = 0; j < p; j++) {
        const x = matrix[row * p + j];
        const mean = along[j] + (isDeath ? moment.deathMeanHazard[j] : moment.meanHazard[j]);
        const seen = isDeath ? x - moment.mean[j] : 0;
        scores[j][row] = weights[row] * (seen - risk * (x * own - mean)) * deviation[j];
      }
    }
    hazard += moment.hazard;
    for (let j = 0; j < p; j++) along[j] += moment.meanHazard[j];
  });
  return scores;
}

function dfbeta(fitted: CoxModel): Float64Array[] {
  const scores = scoreResiduals(fitted);
  const p = scores.length;
  return scores.map((_, i) => {
    const change = new Float64Array(fitted.n);
    for (let j = 0; j < p; j++) {
      const part = fitted.naiveCovariance[i * p + j];
      for (let row = 0; row < change.length; row++) change[row] += part * scores[j][row];
    }
    return change;
  });
}

function show({ covariates, clusters }: RobustCox, confidence: number): MimeBundle {
  return effectTable(
    covariates.map((found) => ({ ...found, ratio: found.hazardRatio })),
    {
      title: `Cox regression with robust errors from ${clusters} clusters`,
      ratio: "hazard ratio",
      error: "robust SE",
      confidence,
    },
  );
}
