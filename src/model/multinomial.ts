/**
 * Logistic regression with several classes and a ridge penalty.
 *
 * Source: Hosmer & Lemeshow, Applied Logistic Regression, 2013, chapter 8; symmetric form as in glmnet and scikit-learn.
 * Layer:  model; imports core, table.
 */
import { InputError, NumericalError } from "../core/errors.js";
import type { FeatureTable } from "../table/feature-table.js";
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";
import { cholesky, solveCholesky } from "./cholesky.js";
import type { Estimator } from "./estimator.js";
import { rowsOf } from "./groups.js";
import { MultinomialModel } from "./multinomial-model.js";
import { designOf, gatherColumn } from "./penalized/design.js";
import { checkFinite } from "./standardize-columns.js";

export interface MultinomialOptions {
  /** Weight of the penalty against the average log likelihood of one patient: 1 / (C n) of scikit-learn. Default 0.01. */
  readonly lambda?: number;
  /** Whether the penalty sees columns of standard deviation 1 (over n), default true. */
  readonly standardize?: boolean;
}

/** A recipe for logistic regression with several classes. */
export type MultinomialEstimator = Estimator<Labels, MultinomialModel>;

const MAX_ITERATIONS = 200;
/** Largest change of a coefficient that is left to be made, relative to the largest (or to 1). */
const SMALL_MOVE = 1e-11;
/** A larger curvature matrix would take minutes. */
const MOST_COEFFICIENTS = 3000;

/**
 * Recipe for logistic regression with 2 or more classes: minimises −log likelihood / n + λ Σ b² / 2. Every class has
 * coefficients, which sum to 0 over the classes; intercepts are not penalised. Constant columns get the coefficient 0.
 *
 * `fit` throws InputError on mismatched ids, missing values, fewer than 2 classes with patients, or too many columns.
 *
 * @example
 * const fitted = model.multinomial({ lambda: 0.05 }).fit(train.x, train.y);
 * fitted.predict(test.x).likeliest();
 */
export function multinomial({
  lambda = 0.01,
  standardize = true,
}: MultinomialOptions = {}): MultinomialEstimator {
  if (!(lambda > 0 && Number.isFinite(lambda))) {
    throw new InputError(`lambda must be positive and finite, found ${lambda}.`);
  }
  return { fit: (x, y) => fitMultinomial(x, y, lambda, standardize) };
}

function fitMultinomial(x: FeatureTable, y: Labels, lambda: number, standardize: boolean): MultinomialModel {
  checkSameIds(y.ids, x.ids, `"${y.name}"`, "the table of features");
  checkFinite(x);
  const { counts } = y;
  const classes = y.classes.filter((_, code) => counts[code] > 0);
  if (classes.length < 2) {
    throw new InputError(
      `"${y.name}" has patients in ${classes.length} class: there is nothing to tell apart.`,
    );
  }
  const code = y.values.map((value) => classes.indexOf(value));
  const k = classes.length;
  const rows = rowsOf(x.length);
  const design = designOf(
    x.columns.map((column) => column.values),
    rows,
    standardize,
  );
  const used = x.columns.flatMap((_, j) => (design.scale[j] > 0 ? [j] : []));
  const width = used.length + 1;
  if (width * k > MOST_COEFFICIENTS) {
    throw new InputError(
      `${used.length} columns and ${k} classes make ${width * k} coefficients; at most ${MOST_COEFFICIENTS} can be fitted. Select columns first.`,
    );
  }
  // Columns of ones and standardised values, one after the other.
  const values = new Float64Array(width * x.length).fill(1, 0, x.length);
  used.forEach((j, at) => {
    gatherColumn(design, j, rows, values, (at + 1) * x.length);
  });
  const beta = minimize(values, width, code, k, lambda);
  const coefficients = new Float64Array(k * x.columns.length);
  const intercepts = new Float64Array(k);
  for (let c = 0; c < k; c++) {
    intercepts[c] = beta[c * width];
    used.forEach((j, at) => {
      const given = beta[c * width + at + 1] / design.scale[j];
      coefficients[c * x.columns.length + j] = given;
      intercepts[c] -= given * design.center[j];
    });
  }
  const columns = x.columns.map(({ name, unit }) => ({ name, unit }));
  return new MultinomialModel({ classes, columns, coefficients, intercepts, lambda, n: x.length });
}

/** Coefficients, class after class, by Newton's method with step halving. */
function minimize(
  values: Float64Array,
  width: number,
  code: readonly number[],
  k: number,
  lambda: number,
): Float64Array {
  let beta: Float64Array = new Float64Array(k * width);
  let state = objective(values, width, code, k, lambda, beta);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const { gradient, curvature } = derivatives(values, width, code, k, lambda, beta, state.probability);
    const { factor, singular } = cholesky(curvature, k * width, 0);
    if (singular >= 0) break;
    const step = solveCholesky(factor, k * width, gradient);
    const move = step.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
    const largest = beta.reduce((most, each) => Math.max(most, Math.abs(each)), 1);
    if (move <= SMALL_MOVE * largest) return beta;
    let moved = false;
    for (let part = 1; part > 1e-9 && !moved; part /= 2) {
      const reach = part;
      const trial = beta.map((value, i) => value + reach * step[i]);
      const next = objective(values, width, code, k, lambda, trial);
      if (!(next.value <= state.value + 1e-14 * Math.abs(state.value))) continue;
      beta = trial;
      state = next;
      moved = true;
    }
    // Rounding stops the descent: at the last digits of the minimum already.
    if (!moved && move <= 1e-7 * largest) return beta;
    if (!moved) break;
  }
  throw new NumericalError(
    "the penalised likelihood cannot be brought to its minimum: the penalty is too weak for classes that are separated. Use a larger lambda.",
  );
}

/** −log likelihood / n + λ Σ b² / 2, and the probability of each class, class after class. */
function objective(
  values: Float64Array,
  width: number,
  code: readonly number[],
  k: number,
  lambda: number,
  beta: Float64Array,
): { readonly value: number; readonly probability: Float64Array } {
  const n = code.length;
  const probability = new Float64Array(k * n);
  for (let c = 0; c < k; c++) {
    for (let j = 0; j < width; j++) {
      const b = beta[c * width + j];
      for (let row = 0; row < n; row++) probability[c * n + row] += b * values[j * n + row];
    }
  }
  let value = 0;
  for (let row = 0; row < n; row++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < k; c++) most = Math.max(most, probability[c * n + row]);
    const own = probability[code[row] * n + row] - most;
    let sum = 0;
    for (let c = 0; c < k; c++) {
      probability[c * n + row] = Math.exp(probability[c * n + row] - most);
      sum += probability[c * n + row];
    }
    for (let c = 0; c < k; c++) probability[c * n + row] /= sum;
    value += (Math.log(sum) - own) / n;
  }
  for (let c = 0; c < k; c++) {
    for (let j = 1; j < width; j++) value += (lambda * beta[c * width + j] ** 2) / 2;
  }
  return { value, probability };
}

/** Minus the slope of the objective, and its curvature. */
function derivatives(
  values: Float64Array,
  width: number,
  code: readonly number[],
  k: number,
  lambda: number,
  beta: Float64Array,
  probability: Float64Array,
): { readonly gradient: Float64Array; readonly curvature: Float64Array } {
  const n = code.length;
  const size = k * width;
  const gradient = new Float64Array(size);
  const curvature = new Float64Array(size * size);
  const weight = new Float64Array(n);
  for (let c = 0; c < k; c++) {
    for (let j = 0; j < width; j++) {
      let sum = 0;
      for (let row = 0; row < n; row++) {
        sum += ((code[row] === c ? 1 : 0) - probability[c * n + row]) * values[j * n + row];
      }
      gradient[c * width + j] = sum / n - (j === 0 ? 0 : lambda * beta[c * width + j]);
    }
    for (let d = 0; d <= c; d++) {
      for (let row = 0; row < n; row++) {
        const p = probability[c * n + row];
        weight[row] = (p * ((c === d ? 1 : 0) - probability[d * n + row])) / n;
      }
      for (let i = 0; i < width; i++) {
        for (let j = 0; j <= i; j++) {
          let sum = 0;
          for (let row = 0; row < n; row++) sum += weight[row] * values[i * n + row] * values[j * n + row];
          setSymmetric(curvature, size, c * width + i, d * width + j, sum);
          setSymmetric(curvature, size, c * width + j, d * width + i, sum);
        }
      }
      // Intercepts are only known up to a shift of all: this holds their sum at 0 and changes nothing else.
      curvature[c * width * size + d * width] += 1 / k;
      if (c !== d) curvature[d * width * size + c * width] += 1 / k;
    }
    for (let j = 1; j < width; j++) curvature[(c * width + j) * (size + 1)] += lambda;
  }
  return { gradient, curvature };
}

function setSymmetric(matrix: Float64Array, size: number, i: number, j: number, value: number): void {
  matrix[i * size + j] = value;
  matrix[j * size + i] = value;
}
