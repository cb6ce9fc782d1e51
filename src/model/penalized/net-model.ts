/**
 * What every fitted elastic net has: the path, its cross-validation, the model at the chosen penalty, and its table.
 *
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import type { FeatureTable } from "../../table/feature-table.js";
import { formatNumber, renderTable, rowList } from "../../table/render.js";
import type { CrossValidation } from "./cross-validation.js";
import { type NetPath, type NetPoint, penaltyOf, predictNet } from "./net-path.js";

const SHOWN_ROWS = 40;

/** What the fit found. */
export interface NetEstimates {
  readonly path: NetPath;
  readonly crossValidation: CrossValidation | null;
  readonly l1Ratio: number;
  readonly n: number;
  readonly events: number;
  /** Penalty that predictions use, or null if none is chosen yet. */
  readonly lambda: number | null;
}

/** How a kind of model speaks of itself. */
export interface NetWords {
  /** E.g. "Cox regression". */
  readonly name: string;
  /** What exp(coefficient) is, e.g. "hazard ratio". */
  readonly ratio: string;
}

/** A fitted elastic net. Shows the columns that it uses at the chosen penalty. */
export class NetModel {
  readonly path: NetPath;
  /** Null if it was not asked for. */
  readonly crossValidation: CrossValidation | null;
  readonly l1Ratio: number;
  readonly n: number;
  readonly events: number;
  readonly #point: NetPoint | null;
  readonly #words: NetWords;

  constructor({ path, crossValidation, l1Ratio, n, events, lambda }: NetEstimates, words: NetWords) {
    this.path = path;
    this.crossValidation = crossValidation;
    this.l1Ratio = l1Ratio;
    this.n = n;
    this.events = events;
    this.#point = lambda === null ? null : path.at(lambda);
    this.#words = words;
    showAs(this, () => this.#show());
  }

  /** The model at the chosen penalty. @throws InputError if none is chosen. */
  get chosen(): NetPoint {
    return this.#point ?? this.path.at(penaltyOf("min", this.crossValidation));
  }

  /** Penalty that predictions use. @throws InputError if none is chosen. */
  get lambda(): number {
    return this.chosen.lambda;
  }

  /** Linear predictor of a patient whose columns are all 0. */
  get intercept(): number {
    return this.chosen.intercept;
  }

  /** The model in one sentence for a paper. */
  get sentence(): string {
    const { lambda, covariates } = this.chosen;
    const cv = this.crossValidation;
    const how = cv === null ? "" : `, chosen by ${cv.folds.length}-fold cross-validated ${cv.measure}`;
    const used = covariates
      .map((found) => `${found.name} (${formatNumber(found.coefficient, 3)})`)
      .join(", ");
    return (
      `${this.#words.name} with ${kindOf(this.l1Ratio)} penalty (${this.n} patients, ${this.events} events, ` +
      `${this.path.columns.length} candidate columns) at λ = ${formatNumber(lambda)}${how}, ` +
      `kept ${covariates.length}: ${used === "" ? "none" : used}.`
    );
  }

  /** What the fit found, with another penalty. @throws InputError for a name without cross-validation. */
  protected estimatesAt(lambda: "min" | "1se" | number): NetEstimates {
    const { path, crossValidation, l1Ratio, n, events } = this;
    return { path, crossValidation, l1Ratio, n, events, lambda: penaltyOf(lambda, crossValidation) };
  }

  /** Linear predictor of each row of a table that holds the columns with a coefficient. */
  protected predictLinear(x: FeatureTable): Float64Array {
    return predictNet(this.chosen, x);
  }

  #show(): MimeBundle {
    const title = `${this.#words.name}, ${kindOf(this.l1Ratio)} penalty: ${this.n} patients, ${this.events} events`;
    const candidates = `${this.path.columns.length} candidate columns, ${this.path.lambdas.length} penalties`;
    if (this.#point === null) {
      const header = ["column", "coefficient", this.#words.ratio];
      return renderTable({
        title,
        header,
        rows: [],
        notes: [candidates, "No penalty is chosen: choose one with .at(lambda)."],
      });
    }
    const { lambda, covariates } = this.#point;
    const sorted = [...covariates].sort((a, b) => Math.abs(b.coefficient) - Math.abs(a.coefficient));
    const cv = this.crossValidation;
    return renderTable({
      title,
      header: ["column", "coefficient", this.#words.ratio],
      rows: rowList(sorted, ({ name, unit, coefficient }) => [
        unit === "" ? name : `${name} (per ${unit})`,
        formatNumber(coefficient, 4),
        formatNumber(Math.exp(coefficient), 4),
      ]),
      most: SHOWN_ROWS,
      what: "columns",
      notes: [
        `${sorted.length} of ${candidates}; λ = ${formatNumber(lambda)}`,
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
