/**
 * Random forests and extremely randomized trees that tell classes apart.
 *
 * Source: Breiman 2001, doi:10.1023/A:1010933404324; Geurts et al. 2006, doi:10.1007/s10994-006-6226-1; defaults as scikit-learn's.
 * Layer:  model; imports core, table, workers.
 */
import { showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import type { FeatureTable } from "../../table/feature-table.js";
import type { TrainingTable } from "../../table/guarded-table.js";
import type { Labels } from "../../table/labels.js";
import { Probabilities } from "../../table/probabilities.js";
import type { ThreadOptions } from "../../workers/model-pool.js";
import type { Estimator } from "../estimator.js";
import { type ClassWeights, checkClassWeights } from "./class-weights.js";
import { drawRows, type ForestJob, growForest, growForestInThreads, treeStream } from "./forest-grow.js";
import { type ColumnImportance, importancesOf, showImportances, sizeOf } from "./forest-model.js";
import { type Training, trainingOf } from "./training.js";
import {
  checkCriterion,
  predictShares,
  rowWeights,
  type TreeCriterion,
  treeDataOf,
  treeSumOf,
} from "./tree-classes.js";
import type { GrownTree } from "./tree-grow.js";
import type { TreeClassifier } from "./tree-import.js";
import {
  checkForestSize,
  type ForestSize,
  fullTreeOptions,
  growthRules,
  type TreeOptions,
} from "./tree-options.js";
import { leafAtMost } from "./trees.js";

export interface ForestOptions extends TreeOptions, ForestSize {
  /** What a cut takes away: "gini" impurity (default) or "entropy". */
  readonly criterion?: TreeCriterion;
  /** What an error in a rare class costs; default: the same in all. */
  readonly classWeights?: ClassWeights;
}

/** A recipe for a forest. */
export interface ForestEstimator<Model extends ForestModel> extends Estimator<Labels, Model> {
  /** The same model to the bit, grown in threads: a notebook stays free meanwhile, and can cancel. */
  fitInThreads(x: TrainingTable, y: Labels, options?: ThreadOptions): Promise<Model>;
}

/** A fitted forest: the mean of its trees, each of which gives the shares of the classes in a leaf. */
export interface ForestModel extends TreeClassifier {
  readonly importances: readonly ColumnImportance[];
}

/** A fitted random forest. */
export interface RandomForestModel extends ForestModel {
  /**
   * What those trees say of each training patient that have not seen the patient: a test without test patients.
   *
   * @throws InputError if every tree has seen everybody: there are too few trees.
   */
  outOfBag(): OutOfBag;
}

export interface OutOfBag {
  /** Of the patients whom at least one tree has not seen: with few trees, not all. */
  readonly probabilities: Probabilities;
  /** Share of them whose likeliest class is right. */
  readonly accuracy: number;
}

/**
 * Recipe for a random forest: each tree sees as many patients as there are, drawn with replacement, and each cut is the best along
 * one of a few random columns (default "sqrt"). Values are compared as doubles; scikit-learn rounds them to single precision.
 *
 * `fit` throws InputError on mismatched ids, missing values, one class only, or more `features` than columns.
 *
 * @example
 * const fitted = model.classification.randomForest({ trees: 500, seed: 7 }).fit(train.x, train.y);
 * fitted.outOfBag().accuracy;
 */
export function randomForest(options: ForestOptions = {}): ForestEstimator<RandomForestModel> {
  return forest(options, true, (grown, job, training, x) => {
    const model = modelOf(grown, training);
    const found = { ...model, outOfBag: (): OutOfBag => outOfBag(model, job, training, x.ids) };
    return showAs(found, () => show("Random forest", found, x.length));
  });
}

/**
 * Recipe for extremely randomized trees: each tree sees all patients, and each cut is the best of one random threshold for each of
 * a few random columns (default "sqrt").
 *
 * `fit` throws InputError as that of `randomForest` does.
 *
 * @example
 * const fitted = model.classification.extraTrees({ trees: 500, seed: 7 }).fit(train.x, train.y);
 */
export function extraTrees(options: ForestOptions = {}): ForestEstimator<ForestModel> {
  return forest(options, false, (grown, _, training, x) => {
    const model = modelOf(grown, training);
    return showAs(model, () => show("Extremely randomized trees", model, x.length));
  });
}

function forest<Model extends ForestModel>(
  options: ForestOptions,
  bootstrap: boolean,
  finish: (grown: readonly GrownTree[], job: ForestJob, training: Training, x: FeatureTable) => Model,
): ForestEstimator<Model> {
  const { trees = 100, seed = 0, criterion = "gini", classWeights } = options;
  const full = fullTreeOptions(options, "sqrt");
  checkForestSize(trees, seed);
  checkCriterion(criterion);
  checkClassWeights(classWeights);
  const jobOf = (training: Training): ForestJob => ({
    data: treeDataOf(training, criterion, full.minLeaf),
    rules: growthRules(full, training.p, bootstrap ? "best" : "random"),
    weights: rowWeights(training, classWeights),
    bootstrap,
    seed,
    from: 0,
    to: trees,
  });
  return {
    fit: (x, y) => {
      const training = trainingOf(x, y);
      const job = jobOf(training);
      return finish(growForest(job), job, training, x);
    },
    fitInThreads: async (x, y, threads = {}) => {
      const training = trainingOf(x, y);
      const job = jobOf(training);
      return finish(await growForestInThreads(job, threads), job, training, x);
    },
  };
}

function modelOf(grown: readonly GrownTree[], { classes, columns }: Training): ForestModel {
  const trees = treeSumOf(grown, classes);
  return {
    classes,
    columns,
    trees,
    outputUnit: "probability",
    importances: importancesOf(grown, columns),
    predict: (x: FeatureTable): Probabilities => predictShares(trees, columns, classes, x),
  };
}

function outOfBag(
  { trees: { trees }, classes }: ForestModel,
  { seed }: ForestJob,
  { matrix, n, p, codes }: Training,
  ids: readonly string[],
): OutOfBag {
  const k = classes.length;
  const sums = new Float64Array(n * k);
  const drawn = new Float64Array(n);
  trees.forEach((tree, t) => {
    drawRows(treeStream(seed, t), drawn);
    for (let row = 0; row < n; row++) {
      if (drawn[row] > 0) continue;
      const leaf = leafAtMost(tree, matrix, row * p);
      for (let c = 0; c < k; c++) sums[row * k + c] += tree.value[leaf * k + c];
    }
  });
  const totals = Float64Array.from({ length: n }, (_, row) => {
    let total = 0;
    for (let c = 0; c < k; c++) total += sums[row * k + c];
    return total;
  });
  const rows = Array.from(totals.keys()).filter((row) => totals[row] > 0);
  if (rows.length === 0) {
    throw new InputError(
      "every tree has seen all patients, so that there is nobody to ask about. Grow more trees.",
    );
  }
  const values = Float64Array.from({ length: rows.length * k }, (_, at) => {
    const row = rows[Math.floor(at / k)];
    return Math.min(1, sums[row * k + (at % k)] / totals[row]);
  });
  const probabilities = new Probabilities(
    rows.map((row) => ids[row]),
    classes,
    values,
  );
  const right = probabilities.likeliest().values.filter((name, at) => name === classes[codes[rows[at]]]);
  return { probabilities, accuracy: right.length / rows.length };
}

function show(
  name: string,
  { trees: { trees }, importances, classes }: ForestModel,
  n: number,
): ReturnType<typeof showImportances> {
  return showImportances(
    `${name}: ${n} patients, ${sizeOf(trees)}, classes ${classes.join(", ")}`,
    importances,
  );
}
