/**
 * The solutions of an elastic net along its penalties, by column name, and predictions with one of them.
 *
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import { FeatureTable } from "../../table/feature-table.js";
import { formatNumber, renderTable } from "../../table/render.js";
import { checkFinite } from "../standardize-columns.js";
import type { CrossValidation } from "./cross-validation.js";
import type { NetSolution } from "./elastic-net.js";

/** A column with a coefficient other than 0, per one unit of the column. */
export interface NetCovariate {
  readonly name: string;
  readonly unit: string;
  readonly coefficient: number;
}

/** The model at one penalty. */
export interface NetPoint {
  readonly lambda: number;
  readonly covariates: readonly NetCovariate[];
  /** Linear predictor where every column is 0. */
  readonly intercept: number;
}

/** Penalties closer than this, relatively, are the same: they have been printed and read. */
const SAME = 1e-9;
const SHOWN_ROWS = 30;

/** All solutions of one fit. */
export class NetPath {
  /** Falling. */
  readonly lambdas: Float64Array;
  /** Columns with a coefficient other than 0, at each penalty. */
  readonly nonzero: Uint32Array;
  /** Share of the null deviance explained, at each penalty. */
  readonly devianceRatio: Float64Array;
  readonly nullDeviance: number;
  readonly columns: readonly { readonly name: string; readonly unit: string }[];
  readonly #solutions: readonly NetSolution[];

  constructor(
    columns: readonly { readonly name: string; readonly unit: string }[],
    solutions: readonly NetSolution[],
    nullDeviance: number,
  ) {
    this.columns = columns;
    this.lambdas = Float64Array.from(solutions, (solution) => solution.lambda);
    this.nonzero = Uint32Array.from(solutions, (solution) => solution.index.length);
    this.devianceRatio = Float64Array.from(solutions, (solution) => solution.devianceRatio);
    this.nullDeviance = nullDeviance;
    this.#solutions = solutions;
    showAs(this, () => this.#show());
  }

  /**
   * The model at a penalty; between two penalties of the path it is interpolated.
   *
   * @throws InputError outside of the path.
   */
  at(lambda: number): NetPoint {
    const first = this.lambdas[0];
    const last = this.lambdas[this.lambdas.length - 1];
    if (!(lambda <= first * (1 + SAME) && lambda >= last * (1 - SAME))) {
      throw new InputError(
        `the path goes from ${first} down to ${last}, found ${lambda}. Fit with this penalty among lambdas.`,
      );
    }
    const below = this.lambdas.findIndex((value) => value <= lambda * (1 + SAME));
    const isOnPath = Math.abs(this.lambdas[below] - lambda) <= SAME * lambda;
    const low = this.#solutions[below];
    if (isOnPath) return this.#point(lambda, low, low, 0);
    const high = this.#solutions[below - 1];
    return this.#point(lambda, low, high, (lambda - low.lambda) / (high.lambda - low.lambda));
  }

  /** Coefficients of every column at every penalty: one row per column, one column per penalty. For tables and figures. */
  coefficients(): FeatureTable {
    return new FeatureTable(
      this.columns.map((column) => column.name),
      this.#solutions.map(({ lambda, index, values }) => {
        const all = new Float64Array(this.columns.length);
        index.forEach((j, at) => {
          all[j] = values[at];
        });
        return { name: String(lambda), unit: "", values: all };
      }),
      { rowsAre: "features" },
    );
  }

  #point(lambda: number, low: NetSolution, high: NetSolution, share: number): NetPoint {
    const sum = new Map<number, number>();
    for (const { solution, weight } of [
      { solution: low, weight: 1 - share },
      { solution: high, weight: share },
    ]) {
      if (weight === 0) continue;
      solution.index.forEach((j, at) => {
        sum.set(j, (sum.get(j) ?? 0) + weight * solution.values[at]);
      });
    }
    const used = [...sum.keys()].sort((a, b) => a - b);
    return {
      lambda,
      covariates: used.map((j) => ({ ...this.columns[j], coefficient: sum.get(j) as number })),
      intercept: (1 - share) * low.intercept + share * high.intercept,
    };
  }

  #show(): MimeBundle {
    const step = Math.max(1, Math.ceil(this.lambdas.length / SHOWN_ROWS));
    const shown = Array.from(this.lambdas.keys()).filter((k) => k % step === 0);
    return renderTable({
      title: `Path of ${this.lambdas.length} penalties over ${this.columns.length} columns`,
      header: ["λ", "columns", "deviance explained"],
      rows: shown.map((k) => [
        formatNumber(this.lambdas[k]),
        String(this.nonzero[k]),
        `${formatNumber(this.devianceRatio[k] * 100, 3)} %`,
      ]),
    });
  }
}

/** A penalty by name or by number. @throws InputError if there was no cross-validation to name it. */
export function penaltyOf(lambda: "min" | "1se" | number, crossValidation: CrossValidation | null): number {
  if (typeof lambda === "number") return lambda;
  if (crossValidation === null) {
    throw new InputError(
      "there was no cross-validation (folds: 0), so that no penalty is chosen. Choose one with .at(lambda), or fit with folds.",
    );
  }
  return lambda === "min" ? crossValidation.lambdaMin : crossValidation.lambda1se;
}

/**
 * Linear predictor of each row.
 *
 * @param x  Holds the columns with a coefficient by name, in any order; others are ignored.
 * @throws InputError if one is absent, has another unit, or lacks a value.
 */
export function predictNet({ covariates, intercept }: NetPoint, x: FeatureTable): Float64Array {
  const columns = x.select(covariates.map((covariate) => covariate.name));
  checkFinite(columns);
  const values = new Float64Array(x.length).fill(intercept);
  columns.columns.forEach((column, at) => {
    const { name, unit, coefficient } = covariates[at];
    if (column.unit !== unit) {
      throw new InputError(
        `the model was fitted on "${name}" in "${unit}", but the table has it in "${column.unit}". Convert it first.`,
      );
    }
    for (let row = 0; row < values.length; row++) values[row] += coefficient * column.values[row];
  });
  return values;
}
