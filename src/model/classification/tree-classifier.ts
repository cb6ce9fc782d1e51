/**
 * One decision tree that tells classes apart (CART).
 *
 * Source: Breiman et al. 1984, Classification and regression trees; defaults as scikit-learn's DecisionTreeClassifier.
 * Layer:  model; imports core, table.
 */
import { showAs } from "../../core/display.js";
import { randomStream } from "../../core/random.js";
import type { FeatureTable } from "../../table/feature-table.js";
import type { Labels } from "../../table/labels.js";
import type { Probabilities } from "../../table/probabilities.js";
import type { Estimator } from "../estimator.js";
import { checkSeed } from "../split.js";
import { type ClassWeights, checkClassWeights } from "./class-weights.js";
import type { ForestModel } from "./forest.js";
import { importancesOf, showImportances, sizeOf } from "./forest-model.js";
import { trainingOf } from "./training.js";
import {
  checkCriterion,
  predictShares,
  rowWeights,
  type TreeCriterion,
  treeDataOf,
  treeSumOf,
} from "./tree-classes.js";
import { treeGrower } from "./tree-grow.js";
import { fullTreeOptions, growthRules, type TreeOptions } from "./tree-options.js";

export interface DecisionTreeOptions extends TreeOptions {
  /** What a cut takes away: "gini" impurity (default) or "entropy". */
  readonly criterion?: TreeCriterion;
  /** What an error in a rare class costs; default: the same in all. */
  readonly classWeights?: ClassWeights;
  /** Matters only if `features` is not "all", its default: which columns are looked at. Default 0. */
  readonly seed?: number;
}

/**
 * Recipe for one decision tree. By default it looks at all columns for each cut, and of equal cuts takes that of the first column.
 *
 * `fit` throws InputError on mismatched ids, missing values, one class only, or more `features` than columns.
 *
 * @example
 * const fitted = model.classification.decisionTree({ maxDepth: 3 }).fit(train.x, train.y);
 */
export function decisionTree(options: DecisionTreeOptions = {}): Estimator<Labels, ForestModel> {
  const { criterion = "gini", classWeights, seed = 0 } = options;
  const full = fullTreeOptions(options, "all");
  checkCriterion(criterion);
  checkClassWeights(classWeights);
  checkSeed(seed);
  return {
    fit: (x, y) => {
      const training = trainingOf(x, y);
      const { classes, columns, p } = training;
      const rules = growthRules(full, p, "best");
      const random = rules.features === p ? null : randomStream(`${seed}/tree`);
      const data = treeDataOf(training, criterion, full.minLeaf);
      const grown = [treeGrower(data, rules).grow(rowWeights(training, classWeights), random)];
      const trees = treeSumOf(grown, classes);
      const importances = importancesOf(grown, columns);
      const model = {
        classes,
        columns,
        trees,
        outputUnit: "probability",
        importances,
        predict: (of: FeatureTable): Probabilities => predictShares(trees, columns, classes, of),
      };
      return showAs(model, () =>
        showImportances(
          `Decision tree: ${x.length} patients, ${sizeOf(trees.trees)}, classes ${classes.join(", ")}`,
          importances,
        ),
      );
    },
  };
}
