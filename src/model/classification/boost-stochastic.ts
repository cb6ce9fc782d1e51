/**
 * Stochastic gradient boosting: small trees, each on a random part of the patients, with a Newton step in every leaf.
 *
 * Source: Friedman 2002, doi:10.1016/S0167-9473(01)00065-2; defaults as scikit-learn's GradientBoostingClassifier.
 * Layer:  model; imports core, table.
 */
import { showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import { type RandomStream, randomStream } from "../../core/random.js";
import type { Labels } from "../../table/labels.js";
import type { Estimator } from "../estimator.js";
import { checkSeed } from "../split.js";
import { checkRate } from "./boost-histogram.js";
import { type BoostLoss, classLoss } from "./boost-loss.js";
import { type BoostingModel, boostedModel } from "./boost-model.js";
import { type ClassWeights, checkClassWeights } from "./class-weights.js";
import { showImportances, sizeOf } from "./forest-model.js";
import { trainingOf } from "./training.js";
import { rowWeights } from "./tree-classes.js";
import { rankColumns } from "./tree-columns.js";
import { type GrownTree, type GrowthRules, treeGrower } from "./tree-grow.js";
import { checkWhole, fullTreeOptions, growthRules, type TreeOptions } from "./tree-options.js";
import { leafAtMost, type TreeSum } from "./trees.js";

/** `maxDepth` is 3 and `features` "all" by default. */
export interface GradientBoostingOptions extends TreeOptions {
  /** Rounds: trees for each output, default 100. */
  readonly rounds?: number;
  /** Share of each tree's step that is taken, in (0, 1], default 0.1. */
  readonly learningRate?: number;
  /** Share of the patients that each tree sees, drawn without replacement, in (0, 1], default 1. */
  readonly subsample?: number;
  /** Matters only if patients or columns are drawn. Same seed, same model; default 0. */
  readonly seed?: number;
}

export interface ClassGradientBoostingOptions extends GradientBoostingOptions {
  /** What an error in a rare class costs; default: the same in all. */
  readonly classWeights?: ClassWeights;
}

/**
 * Recipe for stochastic gradient boosting of classes, with the best of all cuts. For more than a few hundred patients
 * `histogramBoosting` is faster and as good.
 *
 * `fit` throws InputError on mismatched ids, missing values, one class only, or more `features` than columns.
 *
 * @example
 * const fitted = model.classification.gradientBoosting({ subsample: 0.7, features: "sqrt", seed: 7 }).fit(train.x, train.y);
 */
export function gradientBoosting(
  options: ClassGradientBoostingOptions = {},
): Estimator<Labels, BoostingModel> {
  const { classWeights } = options;
  const full = fullGradientOptions(options);
  checkClassWeights(classWeights);
  return {
    fit: (x, y) => {
      const training = trainingOf(x, y);
      const { matrix, n, p, codes, classes, columns } = training;
      const weights = rowWeights(training, classWeights);
      const loss = classLoss(codes, classes.length, weights);
      // A tree of one of k outputs takes (k − 1) / k of a Newton step (Friedman 2001, algorithm 6).
      const share = classes.length === 2 ? 1 : (classes.length - 1) / classes.length;
      const grown = boostBySteps({ matrix, n, p, weights }, loss, share, full);
      const trees: TreeSum = { trees: grown, rule: "at-most", outputs: loss.outputs, base: loss.base };
      const model = boostedModel(trees, grown, classes, columns);
      return showAs(model, () =>
        showImportances(
          `Gradient boosting: ${n} patients, ${sizeOf(grown)}, classes ${classes.join(", ")}`,
          model.importances,
        ),
      );
    },
  };
}

/** Options with nothing left out. */
export interface FullGradientOptions {
  readonly rounds: number;
  readonly learningRate: number;
  readonly subsample: number;
  readonly seed: number;
  readonly minLeaf: number;
  readonly rules: (p: number) => GrowthRules;
}

/** @throws InputError naming the option that makes no sense. */
export function fullGradientOptions(options: GradientBoostingOptions): FullGradientOptions {
  const { rounds = 100, learningRate = 0.1, subsample = 1, seed = 0 } = options;
  checkWhole("rounds", rounds, 1);
  checkRate(learningRate);
  checkSeed(seed);
  if (!(subsample > 0 && subsample <= 1)) {
    throw new InputError(`subsample is a share of the patients in (0, 1], e.g. 0.7, found ${subsample}.`);
  }
  const full = fullTreeOptions({ maxDepth: 3, ...options }, "all");
  const rules = (p: number): GrowthRules => growthRules(full, p, "best");
  return { rounds, learningRate, subsample, seed, minLeaf: full.minLeaf, rules };
}

/** What boosting learns from. */
export interface BoostRows {
  /** n × p, row-major. */
  readonly matrix: Float64Array;
  readonly n: number;
  readonly p: number;
  readonly weights: Float64Array;
}

/**
 * Adds trees grown on the negative gradient, with steps of sum of gradients / sum of curvatures in their leaves.
 *
 * @param share  Of each step.
 */
export function boostBySteps(
  { matrix, n, p, weights }: BoostRows,
  loss: BoostLoss,
  share: number,
  { rounds, learningRate, subsample, seed, minLeaf, rules: rulesOf }: FullGradientOptions,
): GrownTree[] {
  const { outputs, base } = loss;
  const rules = rulesOf(p);
  const target = new Float64Array(n);
  const data = {
    columns: rankColumns(matrix, n, p),
    target,
    outputs: 1,
    criterion: "variance",
    minLeaf,
  } as const;
  const grower = treeGrower(data, rules);
  const random = subsample < 1 || rules.features < p ? randomStream(`${seed}/boosting`) : null;
  const scores = Float64Array.from({ length: n * outputs }, (_, at) => base[at % outputs]);
  const gradient = new Float32Array(n);
  const curvature = new Float32Array(n);
  const drawn = weights.slice();
  const trees: GrownTree[] = [];
  for (let round = 0; round < rounds; round++) {
    if (random !== null && subsample < 1) drawPart(weights, subsample, random, drawn);
    // All outputs of a round start from the same scores.
    const steps: GrownTree[] = [];
    for (let output = 0; output < outputs; output++) {
      loss.derivatives(scores, output, gradient, curvature);
      for (let row = 0; row < n; row++) target[row] = -gradient[row] / weights[row];
      const tree = grower.grow(drawn, rules.features < p ? random : null);
      steps.push(
        newtonSteps(tree, { matrix, p, drawn, gradient, curvature }, outputs, output, learningRate * share),
      );
    }
    for (const tree of steps) {
      for (let row = 0; row < n; row++) {
        const leaf = leafAtMost(tree, matrix, row * p);
        for (let k = 0; k < outputs; k++) scores[row * outputs + k] += tree.value[leaf * outputs + k];
      }
    }
    trees.push(...steps);
  }
  return trees;
}

interface StepRows {
  readonly matrix: Float64Array;
  readonly p: number;
  readonly drawn: Float64Array;
  readonly gradient: Float32Array;
  readonly curvature: Float32Array;
}

/** The tree with the steps of the drawn patients in its leaves. */
function newtonSteps(
  tree: GrownTree,
  { matrix, p, drawn, gradient, curvature }: StepRows,
  outputs: number,
  output: number,
  share: number,
): GrownTree {
  const nodes = tree.left.length;
  const sums = new Float64Array(nodes);
  const bends = new Float64Array(nodes);
  for (let row = 0; row < drawn.length; row++) {
    if (drawn[row] === 0) continue;
    const leaf = leafAtMost(tree, matrix, row * p);
    sums[leaf] -= gradient[row];
    bends[leaf] += curvature[row];
  }
  const value = new Float64Array(nodes * outputs);
  for (let node = 0; node < nodes; node++) {
    // Where all is certain already, there is no step.
    if (bends[node] > LEAST_CURVATURE) value[node * outputs + output] = (share * sums[node]) / bends[node];
  }
  return { ...tree, value };
}

const LEAST_CURVATURE = 1e-150;

/** Weights of some patients, drawn without replacement; the others get 0. */
export function drawPart(
  weights: Float64Array,
  share: number,
  random: RandomStream,
  drawn: Float64Array,
): void {
  const n = weights.length;
  let wanted = Math.max(1, Math.floor(share * n));
  drawn.fill(0);
  for (let row = 0; row < n; row++) {
    if (random.uniform() * (n - row) >= wanted) continue;
    drawn[row] = weights[row];
    wanted--;
  }
}
