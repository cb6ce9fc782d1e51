/**
 * Decision trees, random forests and extremely randomized trees of a measured outcome.
 *
 * Source: Breiman 2001, doi:10.1023/A:1010933404324; Geurts et al. 2006, doi:10.1007/s10994-006-6226-1; defaults as scikit-learn's.
 * Layer:  model; imports table, workers, its neighbours.
 */
import { randomStream } from "../../core/random.js";
import type { TrainingTable } from "../../table/guarded-table.js";
import type { Scores } from "../../table/scores.js";
import type { ThreadOptions } from "../../workers/model-pool.js";
import { type ForestJob, growForest, growForestInThreads } from "../classification/forest-grow.js";
import type { TreeData } from "../classification/tree-bins.js";
import { rankColumns } from "../classification/tree-columns.js";
import { treeGrower } from "../classification/tree-grow.js";
import {
  checkForestSize,
  type ForestSize,
  fullTreeOptions,
  growthRules,
  type TreeOptions,
} from "../classification/tree-options.js";
import type { Estimator } from "../estimator.js";
import { checkSeed } from "../split.js";
import {
  type RegressionTraining,
  regressionTraining,
  type TreeRegression,
  treeRegression,
} from "./tree-regression.js";

/** `features` is "all" by default. */
export interface ForestRegressionOptions extends TreeOptions, ForestSize {}

/** A recipe for a forest. */
export interface ForestRegressionEstimator extends Estimator<Scores, TreeRegression> {
  /** The same model to the bit, grown in threads: a notebook stays free meanwhile, and can cancel. */
  fitInThreads(x: TrainingTable, y: Scores, options?: ThreadOptions): Promise<TreeRegression>;
}

/**
 * Recipe for one regression tree: each cut takes away most of the variance. Of equal cuts it takes that of the first column.
 *
 * `fit` throws InputError on mismatched ids, missing values, or more `features` than columns.
 *
 * @example
 * const fitted = model.regression.decisionTree({ maxDepth: 3 }).fit(features, cohort.numeric(["ki67"]).scores("ki67"));
 */
export function decisionTree(
  options: TreeOptions & Pick<ForestSize, "seed"> = {},
): Estimator<Scores, TreeRegression> {
  const { seed = 0 } = options;
  const full = fullTreeOptions(options, "all");
  checkSeed(seed);
  return {
    fit: (x, y) => {
      const training = regressionTraining(x, y);
      const rules = growthRules(full, training.p, "best");
      const random = rules.features === training.p ? null : randomStream(`${seed}/tree`);
      const weights = new Float64Array(training.n).fill(1);
      const grown = [treeGrower(dataOf(training, full.minLeaf), rules).grow(weights, random)];
      return treeRegression("Decision tree", x, y, grown, training, true);
    },
  };
}

/**
 * Recipe for a random forest of a measured outcome: the mean of trees, each of patients drawn with replacement.
 *
 * `fit` throws InputError as that of `decisionTree`.
 */
export function randomForest(options: ForestRegressionOptions = {}): ForestRegressionEstimator {
  return forest("Random forest", options, true);
}

/**
 * Recipe for extremely randomized trees of a measured outcome: the mean of trees of all patients, with random cuts.
 *
 * `fit` throws InputError as that of `decisionTree`.
 */
export function extraTrees(options: ForestRegressionOptions = {}): ForestRegressionEstimator {
  return forest("Extremely randomized trees", options, false);
}

function forest(
  title: string,
  options: ForestRegressionOptions,
  bootstrap: boolean,
): ForestRegressionEstimator {
  const { trees = 100, seed = 0 } = options;
  const full = fullTreeOptions(options, "all");
  checkForestSize(trees, seed);
  const jobOf = (training: RegressionTraining): ForestJob => ({
    data: dataOf(training, full.minLeaf),
    rules: growthRules(full, training.p, bootstrap ? "best" : "random"),
    weights: new Float64Array(training.n).fill(1),
    bootstrap,
    seed,
    from: 0,
    to: trees,
  });
  return {
    fit: (x, y) => {
      const training = regressionTraining(x, y);
      return treeRegression(title, x, y, growForest(jobOf(training)), training, true);
    },
    fitInThreads: async (x, y, threads = {}) => {
      const training = regressionTraining(x, y);
      return treeRegression(title, x, y, await growForestInThreads(jobOf(training), threads), training, true);
    },
  };
}

function dataOf({ matrix, n, p, target }: RegressionTraining, minLeaf: number): TreeData {
  return { columns: rankColumns(matrix, n, p), target, outputs: 1, criterion: "variance", minLeaf };
}
