/**
 * A fitted support vector machine: decisions between pairs of classes, votes and probabilities.
 *
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { NumericalError } from "../../core/errors.js";
import type { FeatureTable } from "../../table/feature-table.js";
import { Labels } from "../../table/labels.js";
import { Probabilities } from "../../table/probabilities.js";
import { renderTable } from "../../table/render.js";
import { type SvmKernel, squaresOf, withKernel } from "./svm-kernel.js";
import { type Coupling, couplePairs, type Sigmoid, sigmoidAt } from "./svm-sigmoid.js";
import { type Classifier, type ClassifierColumn, matrixFor } from "./training.js";

/** What the fit found. */
export interface SvmEstimates {
  readonly kernel: SvmKernel;
  readonly classes: readonly string[];
  readonly columns: readonly ClassifierColumn[];
  /** Subtracted from the columns before an RBF kernel, which does not change it but for rounding; else 0. */
  readonly center: Float64Array;
  /** Support vectors, s × p, row-major, centered; class after class. */
  readonly vectors: Float64Array;
  readonly supportIds: readonly string[];
  /** Support vectors of each class. */
  readonly supportCounts: readonly number[];
  /** Decision after decision, d × s, row-major. */
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
  /** Fits the sigmoids of the decisions. */
  readonly calibrate: () => readonly Sigmoid[];
  /** How pairs are coupled; two classes need it only to repeat what libsvm does, which stops early. */
  readonly coupling?: Coupling;
}

/** Coupled probabilities are exact to about this. */
const COUPLING: Coupling = { rounds: 10_000, close: 1e-13 };

/** A fitted support vector machine. */
export class SvmModel implements Classifier {
  readonly classes: readonly string[];
  readonly columns: readonly ClassifierColumn[];
  /** With the number that "scale" or "auto" came to. */
  readonly kernel: SvmKernel;
  /** The training patients that carry the model, class after class. */
  readonly supportIds: readonly string[];
  /** How many of them are of each class. */
  readonly supportCounts: readonly number[];
  /** Of the support vectors, decision after decision, row-major. */
  readonly coefficients: Float64Array;
  readonly intercepts: Float64Array;
  readonly #found: SvmEstimates;
  #sigmoids: readonly Sigmoid[] | undefined;

  constructor(found: SvmEstimates) {
    this.classes = found.classes;
    this.columns = found.columns;
    this.kernel = found.kernel;
    this.supportIds = found.supportIds;
    this.supportCounts = found.supportCounts;
    this.coefficients = found.coefficients;
    this.intercepts = found.intercepts;
    this.#found = found;
    showAs(this, () => this.#show());
  }

  /**
   * Signed distance to the boundary, in margins: for two classes one per patient, positive on the side of the second; for
   * more, one per patient and pair (0–1, 0–2, …, 1–2, …), row-major, positive on the side of the first of the pair.
   *
   * @throws InputError if a column is absent, has another unit, or lacks a value; NumericalError if a value overflows.
   */
  decision(x: FeatureTable): Float64Array {
    const { kernel, center, vectors, coefficients, intercepts } = this.#found;
    const [p, s, d] = [this.columns.length, this.supportIds.length, intercepts.length];
    const points = centered(matrixFor(x, this.columns), center);
    const squares = squaresOf(points, x.length, p);
    const values = new Float64Array(x.length * d);
    if (s === 0) return values.map((_, at) => intercepts[at % d]);
    withKernel(kernel, vectors, s, p, (source) => {
      const alike = new Float64Array(s);
      for (let row = 0; row < x.length; row++) {
        source.row(points.subarray(row * p, row * p + p), squares[row], alike);
        for (let pair = 0; pair < d; pair++) {
          let sum = intercepts[pair];
          for (let at = 0; at < s; at++) sum += coefficients[pair * s + at] * alike[at];
          values[row * d + pair] = sum;
        }
      }
    });
    if (values.every(Number.isFinite)) return values;
    throw new NumericalError("a decision overflows. Standardize the columns.");
  }

  /** What was minimised, ½ bᵀ K b − Σ |b|, of each decision. @throws NumericalError if a value overflows. */
  dual(): Float64Array {
    const { kernel, vectors, coefficients, intercepts } = this.#found;
    const [p, s] = [this.columns.length, this.supportIds.length];
    const values = new Float64Array(intercepts.length);
    if (s === 0) return values;
    withKernel(kernel, vectors, s, p, (source) => {
      const alike = new Float64Array(s);
      for (let row = 0; row < s; row++) {
        source.row(vectors.subarray(row * p, row * p + p), source.squares[row], alike);
        for (let pair = 0; pair < values.length; pair++) {
          const own = coefficients[pair * s + row];
          let sum = 0;
          for (let at = 0; at < s; at++) sum += coefficients[pair * s + at] * alike[at];
          values[pair] += 0.5 * own * sum - Math.abs(own);
        }
      }
    });
    return values;
  }

  /**
   * The class that most pairs decide for; of equals, the first. `predict(x).likeliest()` may differ near the boundary: there
   * the probabilities, which are calibrated apart, decide. Errors as `decision`.
   */
  decide(x: FeatureTable): Labels {
    const k = this.classes.length;
    const decisions = this.decision(x);
    const d = this.intercepts.length;
    const values = x.ids.map((_, row) => {
      const votes = new Float64Array(k);
      for (let i = 0, pair = row * d; i < k; i++) {
        for (let j = i + 1; j < k; j++, pair++) {
          const isSecond = k === 2 ? decisions[pair] > 0 : !(decisions[pair] > 0);
          votes[isSecond ? j : i]++;
        }
      }
      return this.classes[votes.indexOf(Math.max(...votes))];
    });
    return new Labels(x.ids, values, { classes: this.classes, name: "predicted class" });
  }

  /**
   * Probabilities by Platt's sigmoid of the decisions, fitted to 5-fold cross-validated decisions of the training patients
   * when they are first asked for; coupled over the pairs of more than two classes. Errors as `decision`.
   */
  predict(x: FeatureTable): Probabilities {
    this.#sigmoids ??= this.#found.calibrate();
    const sigmoids = this.#sigmoids;
    const { coupling } = this.#found;
    const k = this.classes.length;
    const d = this.intercepts.length;
    const decisions = this.decision(x);
    const values = new Float64Array(x.length * k);
    for (let row = 0; row < x.length; row++) {
      const pairs = sigmoids.map((sigmoid, pair) => sigmoidAt(sigmoid, decisions[row * d + pair]));
      if (k > 2) values.set(couplePairs(pairs, k, COUPLING), row * k);
      else if (coupling === undefined) values.set([1 - pairs[0], pairs[0]], row * k);
      else values.set(couplePairs([1 - pairs[0]], k, coupling), row * k);
    }
    return new Probabilities(x.ids, this.classes, values);
  }

  #show(): MimeBundle {
    const { kind, gamma, degree, coef0 } = this.kernel;
    const numbers = {
      linear: "",
      rbf: `, γ = ${gamma}`,
      poly: `, degree ${degree}, γ = ${gamma}, offset ${coef0}`,
      sigmoid: `, γ = ${gamma}, offset ${coef0}`,
    };
    return renderTable({
      title: `Support vector machine, ${kind} kernel${numbers[kind]}: ${this.columns.length} columns`,
      header: ["class", "support vectors"],
      rows: this.classes.map((name, c) => [name, String(this.supportCounts[c])]),
    });
  }
}

/** Rows minus the center. */
export function centered(matrix: Float64Array, center: Float64Array): Float64Array {
  const p = center.length;
  return matrix.map((value, at) => value - center[at % p]);
}
