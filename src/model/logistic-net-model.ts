/**
 * A fitted logistic elastic net.
 *
 * Layer:  model; imports core, table.
 */
import type { FeatureTable } from "../table/feature-table.js";
import { Scores } from "../table/scores.js";
import type { Fitted } from "./estimator.js";
import { type NetEstimates, NetModel } from "./penalized/net-model.js";
import type { NetCovariate } from "./penalized/net-path.js";

/** A column of the model, per one unit of the column. */
export interface LogisticNetCovariate extends NetCovariate {
  readonly oddsRatio: number;
}

/** A fitted logistic elastic net: the path, its cross-validation, and the model at the chosen penalty. */
export class LogisticNetModel extends NetModel implements Fitted<Scores> {
  /** The class whose probability is predicted. */
  readonly positive: string;
  /** What `linearPredictor` gives. */
  readonly outputUnit = "log odds";

  constructor(found: NetEstimates, positive: string) {
    super(found, { name: "Logistic regression", ratio: "odds ratio" });
    this.positive = positive;
  }

  /** Columns with a coefficient at the chosen penalty. @throws InputError if none is chosen. */
  get covariates(): readonly LogisticNetCovariate[] {
    return this.chosen.covariates.map((found) => ({ ...found, oddsRatio: Math.exp(found.coefficient) }));
  }

  /** The same fit with another penalty. @throws InputError outside of the path, or a name without cross-validation. */
  at(lambda: "min" | "1se" | number): LogisticNetModel {
    return new LogisticNetModel(this.estimatesAt(lambda), this.positive);
  }

  /**
   * Probability of the positive class.
   *
   * @param x  Holds the columns that the model uses by name; others are ignored.
   * @throws InputError if no penalty is chosen, or a column is absent, has another unit, or lacks a value.
   */
  predict(x: FeatureTable): Scores {
    return new Scores(x.ids, this.predictLinear(x).map(probabilityOf), `probability of ${this.positive}`);
  }

  /** Log odds of the positive class. Errors as `predict`. */
  linearPredictor(x: FeatureTable): Scores {
    return new Scores(x.ids, this.predictLinear(x), "log odds");
  }
}

/** 1 / (1 + exp(−η)), to the last digit at both ends. */
export function probabilityOf(logOdds: number): number {
  return logOdds >= 0 ? 1 / (1 + Math.exp(-logOdds)) : Math.exp(logOdds) / (1 + Math.exp(logOdds));
}
