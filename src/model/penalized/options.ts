/**
 * The options that every elastic net shares, and what they come to for given columns.
 *
 * Layer:  model; imports core, table (types).
 */
import { InputError } from "../../core/errors.js";
import type { FeatureTable } from "../../table/feature-table.js";
import type { Labels } from "../../table/labels.js";
import type { PathOptions } from "./path.js";

/** Definitions are glmnet's: λ weighs the penalty against the average log likelihood of one patient. */
export interface ElasticNetOptions {
  /** Share of the lasso in the penalty, in [0, 1]: 1 (default) selects columns, 0 is ridge. */
  readonly l1Ratio?: number;
  /** Folds of the cross-validation that chooses the penalty, default 10; 0 for the path alone. */
  readonly folds?: number;
  /** Fold of each patient, by id, instead of folds drawn at random. May hold more patients. */
  readonly foldIds?: Labels;
  /** Same seed, same folds. Needed where folds are drawn. */
  readonly seed?: number;
  /** Penalties to fit, any order. Default: `lambdaCount` of them, falling from the smallest that keeps every column out. */
  readonly lambdas?: readonly number[];
  /** How many penalties, default 100. The sequence ends early where 99.9 % of the deviance is explained. */
  readonly lambdaCount?: number;
  /** Last penalty of the sequence as a share of the first. Default 0.01 with more columns than patients, else 0.0001. */
  readonly lambdaRatio?: number;
  /** Whether the penalty sees columns of standard deviation 1 (over n), default true. Coefficients are always those of the given columns. */
  readonly standardize?: boolean;
  /** The penalty of a column is multiplied by this, by name; 0 keeps the column in. Default 1 for each; scaled to mean 1. */
  readonly penaltyFactors?: { readonly [column: string]: number };
  /** Which penalty `predict` uses: that of the best score (default), or the largest within one standard error of it. */
  readonly choose?: "min" | "1se";
}

/** Refuses options that cannot be meant. */
export function checkElasticNet(options: ElasticNetOptions): void {
  const { l1Ratio = 1, folds = 10, foldIds, seed, lambdas, lambdaCount = 100, lambdaRatio, choose } = options;
  if (!(l1Ratio >= 0 && l1Ratio <= 1)) {
    throw new InputError(`l1Ratio must lie in [0, 1] (1 is the lasso, 0 is ridge), found ${l1Ratio}.`);
  }
  if (!Number.isInteger(folds) || folds < 0 || folds === 1 || folds === 2) {
    throw new InputError(`folds must be 3 or more, or 0 for no cross-validation, found ${folds}.`);
  }
  if (foldIds === undefined && folds > 0 && !Number.isInteger(seed)) {
    throw new InputError(
      `${folds} folds are drawn at random: give a whole number as seed, found ${seed}, or foldIds, or folds: 0.`,
    );
  }
  if (lambdas !== undefined && (lambdas.length === 0 || !lambdas.every((l) => l > 0 && Number.isFinite(l)))) {
    throw new InputError(`lambdas must be positive and finite, at least one, found [${lambdas.join(", ")}].`);
  }
  if (!Number.isInteger(lambdaCount) || lambdaCount < 2) {
    throw new InputError(`lambdaCount must be 2 or more, found ${lambdaCount}.`);
  }
  if (lambdaRatio !== undefined && !(lambdaRatio > 0 && lambdaRatio < 1)) {
    throw new InputError(`lambdaRatio must lie between 0 and 1, found ${lambdaRatio}.`);
  }
  if (choose !== undefined && choose !== "min" && choose !== "1se") {
    throw new InputError(`choose must be "min" or "1se", found "${String(choose)}".`);
  }
}

/** What the path needs to know, for the columns of a table. @throws InputError on factors that are negative, unknown, or all 0. */
export function pathOptions(x: FeatureTable, options: ElasticNetOptions): PathOptions {
  const { l1Ratio = 1, lambdas, lambdaCount = 100, lambdaRatio } = options;
  const p = x.columns.length;
  return {
    l1Ratio,
    factors: penaltyFactors(x, options.penaltyFactors ?? {}),
    lambdas:
      lambdas === undefined
        ? { count: lambdaCount, smallest: lambdaRatio ?? (x.length < p ? 0.01 : 0.0001) }
        : Float64Array.from(new Set(lambdas)).sort().reverse(),
  };
}

function penaltyFactors(x: FeatureTable, given: { readonly [column: string]: number }): Float64Array {
  for (const [name, factor] of Object.entries(given)) {
    if (!x.has(name))
      throw new InputError(`penaltyFactors names "${name}", but the table has no such column.`);
    if (!(factor >= 0 && Number.isFinite(factor))) {
      throw new InputError(
        `the penalty factor of "${name}" must be finite and not negative, found ${factor}.`,
      );
    }
  }
  const factors = new Float64Array(x.columns.length).fill(1);
  const named = new Map(Object.entries(given));
  if (named.size > 0) {
    x.columns.forEach(({ name }, j) => {
      factors[j] = named.get(name) ?? 1;
    });
  }
  const sum = factors.reduce((total, factor) => total + factor, 0);
  if (sum === 0) {
    throw new InputError(
      "every penalty factor is 0: nothing is penalised. Fit a model without penalty instead.",
    );
  }
  return factors.map((factor) => (factor * factors.length) / sum);
}
