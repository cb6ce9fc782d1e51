/**
 * A fitted Cox elastic net: the path, its cross-validation, and the model at the chosen penalty.
 *
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import type { FeatureTable } from "../table/feature-table.js";
import { formatNumber, renderTable } from "../table/render.js";
import { Scores } from "../table/scores.js";
import type { Fitted } from "./estimator.js";
import type { CrossValidation } from "./penalized/cross-validation.js";
import {
  type NetCovariate,
  type NetPath,
  type NetPoint,
  penaltyOf,
  predictNet,
} from "./penalized/net-path.js";

const SHOWN_ROWS = 40;

/** A column of the model, per one unit of the column. */
export interface CoxNetCovariate extends NetCovariate {
  readonly hazardRatio: number;
}

/** What the fit found. */
export interface CoxNetEstimates {
  readonly path: NetPath;
  readonly crossValidation: CrossValidation | null;
  readonly l1Ratio: number;
  readonly n: number;
  readonly events: number;
  /** Penalty that predictions use, or null if none is chosen yet. */
  readonly lambda: number | null;
}

/** A fitted Cox elastic net. Shows the columns that it uses at the chosen penalty. */
export class CoxNetModel implements Fitted<Scores> {
  readonly path: NetPath;
  /** Null if it was not asked for. */
  readonly crossValidation: CrossValidation | null;
  readonly l1Ratio: number;
  readonly n: number;
  readonly events: number;
  /** What `predict` gives. */
  readonly outputUnit = "log hazard";
  readonly #point: NetPoint | null;

  constructor({ path, crossValidation, l1Ratio, n, events, lambda }: CoxNetEstimates) {
    this.path = path;
    this.crossValidation = crossValidation;
    this.l1Ratio = l1Ratio;
    this.n = n;
    this.events = events;
    this.#point = lambda === null ? null : path.at(lambda);
    showAs(this, () => this.#show());
  }

  /** Penalty that predictions use. @throws InputError if none is chosen. */
  get lambda(): number {
    return this.#chosen().lambda;
  }

  /** Columns with a coefficient at the chosen penalty. @throws InputError if none is chosen. */
  get covariates(): readonly CoxNetCovariate[] {
    return this.#chosen().covariates.map((found) => ({ ...found, hazardRatio: Math.exp(found.coefficient) }));
  }

  /** Linear predictor of a patient whose columns are all 0; that of the average patient is 0. */
  get intercept(): number {
    return this.#chosen().intercept;
  }

  /** The same fit with another penalty. @throws InputError outside of the path, or a name without cross-validation. */
  at(lambda: "min" | "1se" | number): CoxNetModel {
    return new CoxNetModel({ ...this, lambda: penaltyOf(lambda, this.crossValidation) });
  }

  /**
   * Linear predictor of each patient: log hazard against the average patient of the training data.
   *
   * @param x  Holds the columns that the model uses by name; others are ignored.
   * @throws InputError if no penalty is chosen, or a column is absent, has another unit, or lacks a value.
   */
  predict(x: FeatureTable): Scores {
    return new Scores(x.ids, predictNet(this.#chosen(), x), "linear predictor");
  }

  /** The model in one sentence for a paper. */
  get sentence(): string {
    const { lambda, covariates } = this.#chosen();
    const cv = this.crossValidation;
    const chosen =
      cv === null
        ? `at λ = ${formatNumber(lambda)}`
        : `at λ = ${formatNumber(lambda)}, chosen by ${cv.folds.length}-fold cross-validated ${cv.measure}`;
    const used = covariates
      .map((found) => `${found.name} (${formatNumber(found.coefficient, 3)})`)
      .join(", ");
    return (
      `Cox regression with ${kindOf(this.l1Ratio)} penalty (${this.n} patients, ${this.events} events, ` +
      `${this.path.columns.length} candidate columns) ${chosen}, kept ${covariates.length}: ${used === "" ? "none" : used}.`
    );
  }

  #chosen(): NetPoint {
    return this.#point ?? this.path.at(penaltyOf("min", this.crossValidation));
  }

  #show(): MimeBundle {
    const title = `Cox regression, ${kindOf(this.l1Ratio)} penalty: ${this.n} patients, ${this.events} events`;
    const candidates = `${this.path.columns.length} candidate columns, ${this.path.lambdas.length} penalties`;
    if (this.#point === null && this.crossValidation === null) {
      return renderTable({
        title,
        header: ["path", "columns"],
        rows: [[`λ from ${formatNumber(this.path.lambdas[0])}`, String(this.path.columns.length)]],
        notes: [candidates, "No penalty is chosen: choose one with .at(lambda)."],
      });
    }
    const { lambda } = this;
    const covariates = [...this.covariates].sort((a, b) => Math.abs(b.coefficient) - Math.abs(a.coefficient));
    const hidden = Math.max(0, covariates.length - SHOWN_ROWS);
    const cv = this.crossValidation;
    return renderTable({
      title,
      header: ["column", "coefficient", "hazard ratio"],
      rows: covariates
        .slice(0, SHOWN_ROWS)
        .map((found) => [
          found.unit === "" ? found.name : `${found.name} (per ${found.unit})`,
          formatNumber(found.coefficient, 4),
          formatNumber(found.hazardRatio, 4),
        ]),
      notes: [
        ...(hidden > 0 ? [`… ${hidden} more columns`] : []),
        `${covariates.length} of ${candidates}; λ = ${formatNumber(lambda)}`,
        ...(cv === null
          ? []
          : [
              `${cv.folds.length}-fold cross-validated ${cv.measure}: best at λ = ${formatNumber(cv.lambdaMin)}, ` +
                `within one standard error up to λ = ${formatNumber(cv.lambda1se)}`,
            ]),
      ],
    });
  }
}

function kindOf(l1Ratio: number): string {
  if (l1Ratio === 1) return "lasso";
  return l1Ratio === 0 ? "ridge" : `elastic-net (${formatNumber(l1Ratio)} lasso)`;
}
