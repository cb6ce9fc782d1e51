/**
 * Classifiers made of trees that other software trained: scikit-learn's trees and histogram boosting, XGBoost.
 *
 * Layer:  model; imports core, table.
 */
import { showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import type { FeatureTable } from "../../table/feature-table.js";
import { Probabilities } from "../../table/probabilities.js";
import { Scores } from "../../table/scores.js";
import { type Classifier, type ClassifierColumn, fromLogOdds, matrixFor } from "./training.js";
import { checkTrees, type DecisionTree, evaluateTrees, type TreeSum } from "./trees.js";

/** What a model file does not say. */
export interface ImportOptions {
  /** The columns that it was trained on, in their order. */
  readonly columns: readonly ClassifierColumn[];
  /** Classes in the order of its outputs; for two classes with one output, the second is the outcome. */
  readonly classes: readonly string[];
}

/** An imported classifier with its trees. */
export interface TreeClassifier extends Classifier {
  readonly trees: TreeSum;
  /** What the trees add up to, for each class, or for the second of two if they have one output. */
  readonly outputUnit: string;
}

/** An imported classifier of two classes by one score. */
export interface BoostedClassifier extends TreeClassifier {
  /** Log odds of the second class. */
  logOdds(x: FeatureTable): Scores;
}

/** `tree_` of a scikit-learn DecisionTreeClassifier: children_left, children_right, feature, threshold, value … */
export interface ScikitTree {
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
  readonly feature: ArrayLike<number>;
  readonly threshold: ArrayLike<number>;
  /** Class shares of each node. */
  readonly value: readonly ArrayLike<number>[];
  readonly cover: ArrayLike<number>;
}

/**
 * A scikit-learn tree, or a forest: the mean of its trees.
 *
 * @throws InputError if the arrays make no trees.
 */
export function importScikitTrees(trees: readonly ScikitTree[], options: ImportOptions): TreeClassifier {
  const outputs = options.classes.length;
  const flat = trees.map(
    (tree): DecisionTree => ({
      left: Int32Array.from(tree.left),
      right: Int32Array.from(tree.right),
      feature: Int32Array.from(tree.feature),
      threshold: Float64Array.from(tree.threshold),
      value: Float64Array.from(tree.value.flatMap((shares) => Array.from(shares))),
      cover: Float64Array.from(tree.cover),
    }),
  );
  const sum: TreeSum = {
    trees: flat,
    rule: "rounded-at-most",
    outputs,
    base: new Float64Array(outputs),
    divisor: trees.length,
  };
  const { columns, classes } = checkImport(sum, options, outputs);
  const model = {
    classes,
    columns,
    trees: sum,
    outputUnit: "probability",
    predict: (x: FeatureTable): Probabilities =>
      new Probabilities(x.ids, classes, evaluateTrees(sum, matrixFor(x, columns), columns.length)),
  };
  return showAs(model, () => ({ "text/plain": describe("scikit-learn trees", sum, options) }));
}

/** One node of scikit-learn's histogram boosting (`_predictors[i][0].nodes`). */
export interface HistogramNode {
  readonly value: number;
  readonly count: number;
  readonly feature_idx: number;
  readonly num_threshold: number;
  readonly left: number;
  readonly right: number;
  readonly is_leaf: number;
  readonly is_categorical?: number;
}

/**
 * scikit-learn's HistGradientBoostingClassifier of two classes.
 *
 * @param baseline  `_baseline_prediction`: log odds before the first tree.
 * @throws InputError if the nodes make no trees, or split by categories.
 */
export function importHistogramBoosting(
  trees: readonly (readonly HistogramNode[])[],
  baseline: number,
  options: ImportOptions,
): BoostedClassifier {
  const flat = trees.map((nodes, t): DecisionTree => {
    if (nodes.some((node) => node.is_categorical)) {
      throw new InputError(
        `tree ${t} splits by categories, which is not supported. Encode them as numbers before training.`,
      );
    }
    const child = (node: HistogramNode, at: number): number => (node.is_leaf ? -1 : at);
    return {
      left: Int32Array.from(nodes, (node) => child(node, node.left)),
      right: Int32Array.from(nodes, (node) => child(node, node.right)),
      feature: Int32Array.from(nodes, (node) => node.feature_idx),
      threshold: Float64Array.from(nodes, (node) => node.num_threshold),
      value: Float64Array.from(nodes, (node) => node.value),
      cover: Float64Array.from(nodes, (node) => node.count),
    };
  });
  const sum: TreeSum = { trees: flat, rule: "at-most", outputs: 1, base: Float64Array.of(baseline) };
  return boosted("scikit-learn histogram boosting", sum, options);
}

/** One node of XGBoost's JSON dump (`get_dump(dump_format="json", with_stats=True)`). */
export interface XgboostNode {
  readonly nodeid: number;
  readonly leaf?: number;
  /** "f27": column 27, from 0; or the name of the column. */
  readonly split?: string;
  readonly split_condition?: number;
  readonly yes?: number;
  readonly no?: number;
  readonly cover?: number;
  readonly children?: readonly XgboostNode[];
}

/**
 * XGBoost's binary:logistic booster. It computes in float32: its margins agree to about 1e-6.
 *
 * @param baseScore  The probability before the first tree, in (0, 1); XGBoost's `base_score`.
 * @throws InputError if the nodes make no trees.
 */
export function importXgboost(
  dump: readonly XgboostNode[],
  baseScore: number,
  options: ImportOptions,
): BoostedClassifier {
  if (!(baseScore > 0 && baseScore < 1)) {
    throw new InputError(`base_score is a probability between 0 and 1, found ${baseScore}.`);
  }
  const place = new Map(options.columns.map(({ name }, at) => [name, at]));
  const base = Float64Array.of(Math.log(baseScore / (1 - baseScore)));
  const sum: TreeSum = {
    trees: dump.map((root) => flattenXgboost(root, place)),
    rule: "rounded-below",
    outputs: 1,
    base,
  };
  return boosted("XGBoost", sum, options);
}

function flattenXgboost(root: XgboostNode, place: ReadonlyMap<string, number>): DecisionTree {
  const nodes: XgboostNode[] = [];
  const collect = (node: XgboostNode): void => {
    nodes.push(node);
    for (const child of node.children ?? []) collect(child);
  };
  collect(root);
  const at = new Map(nodes.map(({ nodeid }, index) => [nodeid, index]));
  const columnOf = ({ split = "" }: XgboostNode): number =>
    place.get(split) ?? (/^f\d+$/.test(split) ? Number(split.slice(1)) : -1);
  const childOf = (id: number | undefined): number => (id === undefined ? -1 : (at.get(id) ?? -1));
  return {
    left: Int32Array.from(nodes, ({ yes }) => childOf(yes)),
    right: Int32Array.from(nodes, ({ no }) => childOf(no)),
    feature: Int32Array.from(nodes, columnOf),
    threshold: Float64Array.from(nodes, ({ split_condition = 0 }) => Math.fround(split_condition)),
    value: Float64Array.from(
      nodes,
      ({ leaf, children }) => leaf ?? (children === undefined ? Number.NaN : 0),
    ),
    cover: Float64Array.from(nodes, ({ cover = 0 }) => cover),
  };
}

function boosted(name: string, sum: TreeSum, options: ImportOptions): BoostedClassifier {
  if (options.classes.length !== 2) {
    throw new InputError(`boosting with one output tells 2 classes apart, found ${options.classes.length}.`);
  }
  const { columns, classes } = checkImport(sum, options, 1);
  const logOdds = (x: FeatureTable): Scores =>
    new Scores(x.ids, evaluateTrees(sum, matrixFor(x, columns), columns.length), `log odds of ${classes[1]}`);
  const model = {
    classes,
    columns,
    trees: sum,
    outputUnit: "log odds",
    logOdds,
    predict: (x: FeatureTable): Probabilities => fromLogOdds(x.ids, classes, logOdds(x).values),
  };
  return showAs(model, () => ({ "text/plain": describe(name, sum, options) }));
}

function checkImport(sum: TreeSum, options: ImportOptions, outputs: number): ImportOptions {
  if (options.classes.length < 2 || options.columns.length === 0) {
    throw new InputError(
      `a classifier needs its columns and at least 2 classes, found ${options.columns.length} and ${options.classes.length}.`,
    );
  }
  checkTrees({ ...sum, outputs }, options.columns.length);
  return options;
}

function describe(name: string, { trees }: TreeSum, { columns, classes }: ImportOptions): string {
  const nodes = trees.reduce((total, tree) => total + tree.left.length, 0);
  return `${name}: ${trees.length} ${trees.length === 1 ? "tree" : "trees"}, ${nodes} nodes, ${columns.length} columns, classes ${classes.join(", ")}`;
}
