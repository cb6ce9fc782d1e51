/**
 * A fitted Cox elastic net.
 *
 * Layer:  model; imports core, table.
 */
import type { FeatureTable } from "../table/feature-table.js";
import { Scores } from "../table/scores.js";
import type { Fitted } from "./estimator.js";
import { type NetEstimates, NetModel } from "./penalized/net-model.js";
import type { NetCovariate } from "./penalized/net-path.js";

/** A column of the model, per one unit of the column. */
export interface CoxNetCovariate extends NetCovariate {
  readonly hazardRatio: number;
}

/** A fitted Cox elastic net: the path, its cross-validation, and the model at the chosen penalty. */
export class CoxNetModel extends NetModel implements Fitted<Scores> {
  /** What `predict` gives. */
  readonly outputUnit = "log hazard";

  constructor(found: NetEstimates) {
    super(found, { name: "Cox regression", ratio: "hazard ratio" });
  }

  /** Columns with a coefficient at the chosen penalty. @throws InputError if none is chosen. */
  get covariates(): readonly CoxNetCovariate[] {
    return this.chosen.covariates.map((found) => ({ ...found, hazardRatio: Math.exp(found.coefficient) }));
  }

  /** The same fit with another penalty. @throws InputError outside of the path, or a name without cross-validation. */
  at(lambda: "min" | "1se" | number): CoxNetModel {
    return new CoxNetModel(this.estimatesAt(lambda));
  }

  /**
   * Linear predictor of each patient: log hazard against the average patient of the training data.
   *
   * @param x  Holds the columns that the model uses by name; others are ignored.
   * @throws InputError if no penalty is chosen, or a column is absent, has another unit, or lacks a value.
   */
  predict(x: FeatureTable): Scores {
    return new Scores(x.ids, this.predictLinear(x), "linear predictor");
  }
}
