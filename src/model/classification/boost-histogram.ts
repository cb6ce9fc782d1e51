/**
 * Histogram boosting: trees that are added one after the other, each on what those before it have left.
 *
 * Source: Ke et al. 2017, LightGBM; Friedman 2001, doi:10.1214/aos/1013203451; defaults as scikit-learn's HistGradientBoosting.
 * Layer:  model; imports core, table.
 */
import { showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import type { Labels } from "../../table/labels.js";
import type { Estimator } from "../estimator.js";
import { type BoostRules, withBoostSpace } from "./boost-cuts.js";
import { type BoostedTree, growBoosted } from "./boost-grow.js";
import { type BoostLoss, classLoss } from "./boost-loss.js";
import { type BoostingModel, boostedModel } from "./boost-model.js";
import { type ClassWeights, checkClassWeights } from "./class-weights.js";
import { showImportances, sizeOf } from "./forest-model.js";
import { trainingOf } from "./training.js";
import { rowWeights } from "./tree-classes.js";
import { checkWhole } from "./tree-options.js";
import type { TreeSum } from "./trees.js";

export interface HistogramBoostingOptions {
  /** Rounds: trees for each output, default 100. */
  readonly rounds?: number;
  /** Share of each tree's step that is taken, in (0, 1], default 0.1. */
  readonly learningRate?: number;
  /** Most leaves of a tree, default 31. */
  readonly maxLeaves?: number;
  /** Cuts from the root to a leaf at most. Default: as many as it takes. */
  readonly maxDepth?: number;
  /** Least patients of a leaf, default 20: with few patients, use fewer. */
  readonly minLeaf?: number;
  /** Penalty of the squared steps, default 0. */
  readonly l2?: number;
  /** Most bins of a column, 2 to 255, default 255. */
  readonly bins?: number;
}

export interface ClassBoostingOptions extends HistogramBoostingOptions {
  /** What an error in a rare class costs; default: the same in all. */
  readonly classWeights?: ClassWeights;
}

/**
 * Recipe for histogram boosting of classes. Nothing is random, and all rounds are run: there is no early stopping.
 *
 * `fit` throws InputError on mismatched ids, missing values or one class only.
 *
 * @example
 * const fitted = model.classification.histogramBoosting({ minLeaf: 5 }).fit(train.x, train.y);
 */
export function histogramBoosting(options: ClassBoostingOptions = {}): Estimator<Labels, BoostingModel> {
  const { classWeights } = options;
  const full = fullBoostingOptions(options);
  checkClassWeights(classWeights);
  return {
    fit: (x, y) => {
      const training = trainingOf(x, y);
      const { matrix, n, p, codes, classes, columns } = training;
      const loss = classLoss(codes, classes.length, rowWeights(training, classWeights));
      const { trees, grown } = boost(matrix, n, p, loss, full);
      const model = boostedModel(trees, grown, classes, columns);
      return showAs(model, () =>
        showImportances(
          `Histogram boosting: ${n} patients, ${sizeOf(trees.trees)}, classes ${classes.join(", ")}`,
          model.importances,
        ),
      );
    },
  };
}

/** Options with nothing left out. */
export interface FullBoostingOptions extends BoostRules {
  readonly rounds: number;
  readonly bins: number;
}

/** @throws InputError naming the option that makes no sense. */
export function fullBoostingOptions({
  rounds = 100,
  learningRate = 0.1,
  maxLeaves = 31,
  maxDepth = Number.POSITIVE_INFINITY,
  minLeaf = 20,
  l2 = 0,
  bins = 255,
}: HistogramBoostingOptions): FullBoostingOptions {
  checkWhole("rounds", rounds, 1);
  checkRate(learningRate);
  checkWhole("maxLeaves", maxLeaves, 2);
  checkWhole("maxDepth", maxDepth === Number.POSITIVE_INFINITY ? 1 : maxDepth, 1);
  checkWhole("minLeaf", minLeaf, 1);
  checkWhole("bins", bins, 2);
  if (bins > 255) throw new InputError(`bins is at most 255, found ${bins}.`);
  if (!(l2 >= 0 && Number.isFinite(l2))) throw new InputError(`l2 must be 0 or more, found ${l2}.`);
  return { rounds, learningRate, maxLeaves, maxDepth, minLeaf, l2, bins };
}

/** @throws InputError unless the learning rate lies in (0, 1]. */
export function checkRate(learningRate: number): void {
  if (learningRate > 0 && learningRate <= 1) return;
  throw new InputError(`the learning rate must lie in (0, 1], e.g. 0.1, found ${learningRate}.`);
}

/** Adds trees, round after round. @param matrix  n × p, row-major. */
export function boost(
  matrix: Float64Array,
  n: number,
  p: number,
  loss: BoostLoss,
  options: FullBoostingOptions,
): { readonly trees: TreeSum; readonly grown: readonly BoostedTree[] } {
  const { outputs, base } = loss;
  const scores = Float64Array.from({ length: n * outputs }, (_, at) => base[at % outputs]);
  // Single precision, as scikit-learn has it: sums are in doubles.
  const derivatives = { gradient: new Float32Array(n), curvature: new Float32Array(n) };
  const grown: BoostedTree[] = [];
  withBoostSpace(matrix, n, p, options.bins, options, (space) => {
    for (let round = 0; round < options.rounds; round++) {
      for (let output = 0; output < outputs; output++) {
        loss.derivatives(scores, output, derivatives.gradient, derivatives.curvature);
        grown.push(growBoosted(space, options, derivatives, scores, outputs, output));
      }
    }
  });
  return { trees: { trees: grown, rule: "at-most", outputs, base }, grown };
}
