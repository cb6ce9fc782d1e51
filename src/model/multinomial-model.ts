/**
 * A fitted logistic model of several classes.
 *
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { FeatureTable } from "../table/feature-table.js";
import { Probabilities } from "../table/probabilities.js";
import { formatNumber, renderTable, rowList } from "../table/render.js";
import type { Fitted } from "./estimator.js";
import { predictNet } from "./penalized/net-path.js";

const SHOWN_ROWS = 40;

/** What the fit found, on the scale of the columns as they were given. */
export interface MultinomialEstimates {
  readonly classes: readonly string[];
  readonly columns: readonly { readonly name: string; readonly unit: string }[];
  /** Class after class. */
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
  readonly lambda: number;
  readonly n: number;
}

/** Predicts the probability of each class. */
export class MultinomialModel implements Fitted<Probabilities> {
  readonly classes: readonly string[];
  readonly intercepts: Float64Array;
  readonly lambda: number;
  readonly n: number;
  readonly #columns: readonly { readonly name: string; readonly unit: string }[];
  readonly #coefficients: Float64Array;

  constructor({ classes, columns, coefficients, intercepts, lambda, n }: MultinomialEstimates) {
    this.classes = classes;
    this.intercepts = intercepts;
    this.lambda = lambda;
    this.n = n;
    this.#columns = columns;
    this.#coefficients = coefficients;
    showAs(this, () => this.#show());
  }

  /** One row per column of the training table, one column per class. */
  get coefficients(): FeatureTable {
    return new FeatureTable(
      this.#columns.map((column) => column.name),
      this.classes.map((name, c) => ({ name, unit: "", values: this.#ofClass(c) })),
      { rowsAre: "features" },
    );
  }

  /**
   * Probability of each class.
   *
   * @param x  Holds the model's columns by name, in any order; others are ignored.
   * @throws InputError if a column is absent, has another unit, or lacks a value.
   */
  predict(x: FeatureTable): Probabilities {
    const k = this.classes.length;
    const scores = this.classes.map((_, c) => {
      const own = this.#ofClass(c);
      const covariates = this.#columns.map((column, j) => ({ ...column, coefficient: own[j] }));
      return predictNet({ lambda: this.lambda, covariates, intercept: this.intercepts[c] }, x);
    });
    const values = new Float64Array(x.length * k);
    for (let row = 0; row < x.length; row++) {
      const most = scores.reduce((top, score) => Math.max(top, score[row]), Number.NEGATIVE_INFINITY);
      let sum = 0;
      for (let c = 0; c < k; c++) {
        values[row * k + c] = Math.exp(scores[c][row] - most);
        sum += values[row * k + c];
      }
      for (let c = 0; c < k; c++) values[row * k + c] /= sum;
    }
    return new Probabilities(x.ids, this.classes, values);
  }

  #ofClass(c: number): Float64Array {
    const p = this.#columns.length;
    return this.#coefficients.slice(c * p, (c + 1) * p);
  }

  #show(): MimeBundle {
    const p = this.#columns.length;
    return renderTable({
      title: `Logistic regression of ${this.classes.length} classes, ridge λ = ${formatNumber(this.lambda)}: ${this.n} patients`,
      header: ["column", ...this.classes],
      rows: rowList(this.#columns, ({ name }, j) => [
        name,
        ...this.classes.map((_, c) => formatNumber(this.#coefficients[c * p + j], 4)),
      ]),
      most: SHOWN_ROWS,
      what: "columns",
    });
  }
}
