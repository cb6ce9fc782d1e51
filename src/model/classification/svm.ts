/**
 * Support vector machines (C-SVC): the boundary with the widest margin, straight or bent by a kernel.
 *
 * Source: Cortes & Vapnik 1995, doi:10.1007/BF00994018; Chang & Lin 2011, doi:10.1145/1961189.1961199 (libsvm); options
 *         and defaults as scikit-learn's SVC.
 * Layer:  model; imports core, table.
 */
import { InputError } from "../../core/errors.js";
import { randomStream } from "../../core/random.js";
import type { Labels } from "../../table/labels.js";
import type { Estimator } from "../estimator.js";
import { type ClassWeights, checkClassWeights, classWeightsOf } from "./class-weights.js";
import { type SvmKernel, squaresOf, withKernel } from "./svm-kernel.js";
import { centered, SvmModel } from "./svm-model.js";
import { fitSigmoid, type Sigmoid } from "./svm-sigmoid.js";
import { type SvmProblem, type SvmSolution, solveSvm } from "./svm-solve.js";
import { type Training, trainingOf } from "./training.js";

export interface SvmOptions {
  /** "rbf" (default): exp(−γ |a − b|²); "linear": a·b; "poly": (γ a·b + coef0)^degree; "sigmoid": tanh(γ a·b + coef0). */
  readonly kernel?: "rbf" | "linear" | "poly" | "sigmoid";
  /** What a patient on the wrong side costs against the width of the margin, C; default 1. */
  readonly cost?: number;
  /** "scale" (default): 1 / (columns · variance of all values); "auto": 1 / columns; or a number. */
  readonly gamma?: number | "scale" | "auto";
  /** Of "poly", default 3. */
  readonly degree?: number;
  /** Of "poly" and "sigmoid", default 0. */
  readonly coef0?: number;
  /** The cost is multiplied by the weight of the patient's class. */
  readonly classWeights?: ClassWeights;
  /** How far the conditions of the minimum may be missed, default 0.001. */
  readonly tolerance?: number;
  /** Same seed, same folds for the probabilities; default 0. */
  readonly seed?: number;
}

const KERNELS = ["rbf", "linear", "poly", "sigmoid"] as const;
const CALIBRATION_FOLDS = 5;

/**
 * Recipe for a support vector machine; more than two classes are told apart pair by pair. Distances need columns of one
 * scale: standardize them on the training patients first.
 *
 * `fit` throws InputError on mismatched ids, missing values or one class only; NumericalError if the kernel overflows, or the
 * minimum is not reached.
 *
 * @example
 * const fitted = model.classification.svm({ cost: 10, classWeights: "balanced", seed: 7 }).fit(train.x, train.y);
 * fitted.predict(test.x).of("mutant");
 */
export function svm(options: SvmOptions = {}): Estimator<Labels, SvmModel> {
  check(options);
  return { fit: (x, y) => fit(trainingOf(x, y), x.ids, options) };
}

function check(options: SvmOptions): void {
  const {
    kernel = "rbf",
    cost = 1,
    gamma = "scale",
    degree = 3,
    coef0 = 0,
    tolerance = 1e-3,
    seed = 0,
  } = options;
  if (!KERNELS.includes(kernel)) {
    throw new InputError(`kernel must be one of ${KERNELS.join(", ")}, found "${String(kernel)}".`);
  }
  if (!(cost > 0 && Number.isFinite(cost))) {
    throw new InputError(`the cost must be positive and finite, found ${cost}.`);
  }
  if (gamma !== "scale" && gamma !== "auto" && !(gamma >= 0 && Number.isFinite(gamma))) {
    throw new InputError(`gamma must be 0 or more, "scale" or "auto", found ${String(gamma)}.`);
  }
  if (!(Number.isInteger(degree) && degree >= 0 && degree <= 100)) {
    throw new InputError(`the degree must be whole, from 0 to 100, found ${degree}.`);
  }
  if (!Number.isFinite(coef0)) throw new InputError(`coef0 must be finite, found ${coef0}.`);
  if (!(tolerance > 0 && Number.isFinite(tolerance))) {
    throw new InputError(`the tolerance must be positive and finite, found ${tolerance}.`);
  }
  if (!Number.isInteger(seed)) throw new InputError(`the seed must be a whole number, found ${seed}.`);
  checkClassWeights(options.classWeights);
}

/** One decision: which rows it looks at, and on which side they are. */
interface Pair {
  readonly rows: Uint32Array;
  readonly problem: SvmProblem;
}

function fit(training: Training, ids: readonly string[], options: SvmOptions): SvmModel {
  const { n, p, codes, classes, counts, columns } = training;
  const { tolerance = 1e-3, seed = 0, cost = 1 } = options;
  const kernel = kernelOf(training, options);
  const center = kernel.kind === "rbf" ? meansOf(training) : new Float64Array(p);
  const matrix = centered(training.matrix, center);
  const limits = classWeightsOf(options.classWeights, classes, counts).map((weight) => weight * cost);
  const pairs = pairsOf(classes.length).map(([first, second]) => {
    const rows = Uint32Array.from(codes, (_, row) => row).filter(
      (row) => codes[row] === first || codes[row] === second,
    );
    // As scikit-learn: two classes are told apart by the side of the second, more by that of the first of each pair.
    const plus = classes.length === 2 ? second : first;
    const sign = Int8Array.from(rows, (row) => (codes[row] === plus ? 1 : -1));
    const upper = Float64Array.from(rows, (row) => limits[codes[row]]);
    return { rows, problem: { matrix: rowsOf(matrix, rows, p), p, sign, upper } };
  });
  const solutions = pairs.map(({ problem }) => solve(kernel, problem, tolerance));

  const isSupport = new Uint8Array(n);
  pairs.forEach(({ rows }, pair) => {
    solutions[pair].coefficients.forEach((value, at) => {
      if (value !== 0) isSupport[rows[at]] = 1;
    });
  });
  const support = Uint32Array.from(isSupport, (_, row) => row)
    .filter((row) => isSupport[row] === 1)
    .sort((a, b) => codes[a] - codes[b] || a - b);
  const place = new Int32Array(n).fill(-1);
  support.forEach((row, at) => {
    place[row] = at;
  });
  const coefficients = new Float64Array(pairs.length * support.length);
  pairs.forEach(({ rows }, pair) => {
    solutions[pair].coefficients.forEach((value, at) => {
      if (value !== 0) coefficients[pair * support.length + place[rows[at]]] = value;
    });
  });
  return new SvmModel({
    kernel,
    classes,
    columns,
    center,
    vectors: rowsOf(matrix, support, p),
    supportIds: Array.from(support, (row) => ids[row]),
    supportCounts: classes.map((_, c) => support.filter((row) => codes[row] === c).length),
    coefficients,
    intercepts: Float64Array.from(solutions, ({ intercept }) => intercept),
    calibrate: () => pairs.map((pair, at) => calibrate(kernel, pair, tolerance, `${seed}/svm/${at}`)),
  });
}

function kernelOf({ matrix, p }: Training, options: SvmOptions): SvmKernel {
  const { kernel = "rbf", gamma = "scale", degree = 3, coef0 = 0 } = options;
  return {
    kind: kernel,
    gamma: gamma === "scale" ? scaleOf(matrix, p) : gamma === "auto" ? 1 / p : gamma,
    degree,
    coef0,
  };
}

/** 1 / (p · variance of all values); 1 if they do not vary. */
function scaleOf(matrix: Float64Array, p: number): number {
  const mean = matrix.reduce((sum, value) => sum + value, 0) / matrix.length;
  const variance = matrix.reduce((sum, value) => sum + (value - mean) ** 2, 0) / matrix.length;
  const scale = 1 / (p * variance);
  return Number.isFinite(scale) ? scale : 1;
}

function meansOf({ matrix, n, p }: Training): Float64Array {
  const means = new Float64Array(p);
  for (let at = 0; at < matrix.length; at++) means[at % p] += matrix[at] / n;
  return means;
}

function pairsOf(k: number): readonly (readonly [number, number])[] {
  return Array.from({ length: k }, (_, i) => i).flatMap((i) =>
    Array.from({ length: k - i - 1 }, (_, j): readonly [number, number] => [i, i + 1 + j]),
  );
}

function rowsOf(matrix: Float64Array, rows: Uint32Array, p: number): Float64Array {
  const out = new Float64Array(rows.length * p);
  rows.forEach((row, at) => {
    out.set(matrix.subarray(row * p, row * p + p), at * p);
  });
  return out;
}

function solve(kernel: SvmKernel, problem: SvmProblem, tolerance: number): SvmSolution {
  const n = problem.sign.length;
  return withKernel(kernel, problem.matrix, n, problem.p, (source) => solveSvm(problem, source, tolerance));
}

/** The sigmoid of one decision, from decisions about patients that were left out, as libsvm. */
function calibrate(kernel: SvmKernel, { problem }: Pair, tolerance: number, key: string): Sigmoid {
  const { matrix, p, sign, upper } = problem;
  const random = randomStream(key);
  const keys = Float64Array.from(sign, () => random.uniform());
  const order = Uint32Array.from(sign, (_, row) => row).sort((a, b) => keys[a] - keys[b] || a - b);
  const decisions = new Float64Array(sign.length);
  for (let fold = 0; fold < CALIBRATION_FOLDS; fold++) {
    const held = order.filter((_, at) => at % CALIBRATION_FOLDS === fold);
    const train = order.filter((_, at) => at % CALIBRATION_FOLDS !== fold);
    const part: SvmProblem = {
      matrix: rowsOf(matrix, train, p),
      p,
      sign: Int8Array.from(train, (row) => sign[row]),
      upper: Float64Array.from(train, (row) => upper[row]),
    };
    const sum = part.sign.reduce((total, one) => total + one, 0);
    // Where one class is left, all are decided to be of it; where nothing is left, nothing is known.
    if (Math.abs(sum) === train.length) {
      for (const row of held) decisions[row] = Math.sign(sum);
      continue;
    }
    withKernel(kernel, part.matrix, train.length, p, (source) => {
      const { coefficients, intercept } = solveSvm(part, source, tolerance);
      const points = rowsOf(matrix, held, p);
      const squares = squaresOf(points, held.length, p);
      const alike = new Float64Array(train.length);
      held.forEach((row, at) => {
        source.row(points.subarray(at * p, at * p + p), squares[at], alike);
        decisions[row] = alike.reduce((total, value, k) => total + value * coefficients[k], intercept);
      });
    });
  }
  return fitSigmoid(
    decisions,
    Uint8Array.from(sign, (one) => Number(one > 0)),
  );
}
