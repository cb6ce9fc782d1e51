/**
 * A fitted multinomial elastic net: the path, its cross-validation, and the model at the chosen penalty.
 *
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import type { FeatureTable } from "../table/feature-table.js";
import type { Probabilities } from "../table/probabilities.js";
import { formatNumber, renderTable } from "../table/render.js";
import type { Fitted } from "./estimator.js";
import { MultinomialModel } from "./multinomial-model.js";
import type { CrossValidation } from "./penalized/cross-validation.js";
import { penaltyOf } from "./penalized/net-path.js";

/** One solution of the path, for the columns as they were given. */
export interface MultinomialSolution {
  readonly lambda: number;
  /** Columns with a coefficient other than 0, ascending; column after column, k coefficients each. */
  readonly index: readonly number[];
  readonly values: Float64Array;
  /** Sum to 0. */
  readonly intercepts: Float64Array;
  /** Share of the null deviance that the solution explains. */
  readonly devianceRatio: number;
}

/** What the fit found. */
export interface MultinomialNetEstimates {
  readonly classes: readonly string[];
  readonly columns: readonly { readonly name: string; readonly unit: string }[];
  /** By falling penalty. */
  readonly solutions: readonly MultinomialSolution[];
  readonly crossValidation: CrossValidation | null;
  readonly l1Ratio: number;
  readonly grouped: boolean;
  readonly n: number;
  /** Penalty that predictions use, or null if none is chosen yet. */
  readonly lambda: number | null;
}

/** Penalties closer than this, relatively, are the same: they have been printed and read. */
const SAME = 1e-9;
const SHOWN_ROWS = 40;

/** Predicts the probability of each class. Shows the columns that it uses at the chosen penalty. */
export class MultinomialNetModel implements Fitted<Probabilities> {
  readonly classes: readonly string[];
  /** Falling. */
  readonly lambdas: Float64Array;
  /** Columns with a coefficient other than 0, at each penalty. */
  readonly nonzero: Uint32Array;
  /** Share of the null deviance explained, at each penalty. */
  readonly devianceRatio: Float64Array;
  /** Null if it was not asked for. */
  readonly crossValidation: CrossValidation | null;
  readonly #found: MultinomialNetEstimates;

  constructor(found: MultinomialNetEstimates) {
    this.classes = found.classes;
    this.lambdas = Float64Array.from(found.solutions, ({ lambda }) => lambda);
    this.nonzero = Uint32Array.from(found.solutions, ({ index }) => index.length);
    this.devianceRatio = Float64Array.from(found.solutions, ({ devianceRatio }) => devianceRatio);
    this.crossValidation = found.crossValidation;
    this.#found = found;
    showAs(this, () => this.#show());
  }

  /** The model at the chosen penalty: `coefficients` of the columns that it uses, `intercepts`. @throws InputError if none is chosen. */
  get chosen(): MultinomialModel {
    const { classes, columns, n, crossValidation, lambda } = this.#found;
    const { index, values, intercepts, ...solution } = this.#solutionAt(
      lambda ?? penaltyOf("min", crossValidation),
    );
    const [k, p] = [classes.length, index.length];
    const coefficients = Float64Array.from(
      { length: k * p },
      (_, at) => values[(at % p) * k + Math.floor(at / p)],
    );
    return new MultinomialModel({
      classes,
      columns: index.map((j) => columns[j]),
      coefficients,
      intercepts,
      lambda: solution.lambda,
      n,
    });
  }

  /** The same fit with another penalty. @throws InputError outside of the path, or a name without cross-validation. */
  at(lambda: "min" | "1se" | number): MultinomialNetModel {
    const chosen = penaltyOf(lambda, this.crossValidation);
    this.#solutionAt(chosen);
    return new MultinomialNetModel({ ...this.#found, lambda: chosen });
  }

  /**
   * Probability of each class.
   *
   * @param x  Holds the columns that the model uses by name; others are ignored.
   * @throws InputError if no penalty is chosen, or a column is absent, has another unit, or lacks a value.
   */
  predict(x: FeatureTable): Probabilities {
    return this.chosen.predict(x);
  }

  /** Between two penalties of the path, coefficients are interpolated, as glmnet does. */
  #solutionAt(lambda: number): MultinomialSolution {
    const { solutions, classes } = this.#found;
    const [first, last] = [this.lambdas[0], this.lambdas[this.lambdas.length - 1]];
    if (!(lambda <= first * (1 + SAME) && lambda >= last * (1 - SAME))) {
      throw new InputError(
        `the path goes from ${first} down to ${last}, found ${lambda}. Fit with this penalty among lambdas.`,
      );
    }
    const below = this.lambdas.findIndex((value) => value <= lambda * (1 + SAME));
    const low = solutions[below];
    if (Math.abs(low.lambda - lambda) <= SAME * lambda) return low;
    const high = solutions[below - 1];
    const share = (lambda - low.lambda) / (high.lambda - low.lambda);
    const k = classes.length;
    const index = [...new Set([...low.index, ...high.index])].sort((a, b) => a - b);
    const values = new Float64Array(k * index.length);
    for (const [solution, weight] of [
      [low, 1 - share],
      [high, share],
    ] as const) {
      solution.index.forEach((j, at) => {
        const start = k * index.indexOf(j);
        for (let c = 0; c < k; c++) values[start + c] += weight * solution.values[at * k + c];
      });
    }
    const mix = (a: number, b: number): number => (1 - share) * a + share * b;
    return {
      lambda,
      index,
      values,
      intercepts: low.intercepts.map((value, c) => mix(value, high.intercepts[c])),
      devianceRatio: mix(low.devianceRatio, high.devianceRatio),
    };
  }

  #show(): MimeBundle {
    const { classes, columns, n, lambda, grouped, l1Ratio } = this.#found;
    const kind =
      l1Ratio === 0 ? "ridge" : `${grouped ? "grouped " : ""}${l1Ratio === 1 ? "lasso" : "elastic-net"}`;
    const title = `Logistic regression of ${classes.length} classes, ${kind} penalty: ${n} patients`;
    const header = ["column", ...classes];
    const candidates = `${columns.length} candidate columns, ${this.lambdas.length} penalties`;
    if (lambda === null) {
      const notes = [candidates, "No penalty is chosen: choose one with .at(lambda)."];
      return renderTable({ title, header, rows: [], notes });
    }
    const { index, values } = this.#solutionAt(lambda);
    const k = classes.length;
    return renderTable({
      title,
      header,
      rows: index
        .slice(0, SHOWN_ROWS)
        .map((j, at) => [columns[j].name, ...classes.map((_, c) => formatNumber(values[at * k + c], 4))]),
      notes: [
        ...(index.length > SHOWN_ROWS ? [`… ${index.length - SHOWN_ROWS} more columns`] : []),
        `${index.length} of ${candidates}; λ = ${formatNumber(lambda)}`,
      ],
    });
  }
}
