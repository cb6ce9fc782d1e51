/**
 * A fitted multilayer perceptron.
 *
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { NumericalError } from "../../core/errors.js";
import type { FeatureTable } from "../../table/feature-table.js";
import { Probabilities } from "../../table/probabilities.js";
import { formatNumber } from "../../table/render.js";
import { type Activation, type MlpLayer, withMlp } from "./mlp-engine.js";
import type { MlpTraining } from "./mlp-train.js";
import { type Classifier, type ClassifierColumn, matrixFor } from "./training.js";

const BATCH = 256;

/** Layers of units that take in all units of the layer before. */
export class MlpModel implements Classifier {
  readonly classes: readonly string[];
  readonly columns: readonly ClassifierColumn[];
  readonly activation: Activation;
  /** Units of each layer, the columns first; one output for two classes. */
  readonly sizes: readonly number[];
  readonly layers: readonly MlpLayer[];
  /** Mean loss of each epoch; empty for imported networks. */
  readonly losses: Float64Array;
  /** Accuracy for the patients held out for stopping, after each epoch; empty without any. */
  readonly validationScores: Float64Array;
  /** Whether training stopped by itself. If not, allow more epochs. */
  readonly converged: boolean;

  constructor(
    classes: readonly string[],
    columns: readonly ClassifierColumn[],
    activation: Activation,
    { sizes, layers, losses, validationScores, converged }: MlpTraining,
  ) {
    this.classes = classes;
    this.columns = columns;
    this.activation = activation;
    this.sizes = sizes;
    this.layers = layers;
    this.losses = losses;
    this.validationScores = validationScores;
    this.converged = converged;
    showAs(this, () => this.#show());
  }

  /**
   * Probability of each class.
   *
   * @throws InputError if a column is absent, has another unit, or lacks a value; NumericalError if a value overflows.
   */
  predict(x: FeatureTable): Probabilities {
    const matrix = matrixFor(x, this.columns);
    const [p, k] = [this.columns.length, this.classes.length];
    const values = new Float64Array(x.length * k);
    withMlp(this, BATCH, (engine) => {
      engine.load(this.layers);
      for (let from = 0; from < x.length; from += BATCH) {
        const rows = Math.min(BATCH, x.length - from);
        engine.input.set(matrix.subarray(from * p, (from + rows) * p));
        const found = engine.forward(rows);
        if (found.length > rows) values.set(found, from * k);
        else for (let row = 0; row < rows; row++) values.set([1 - found[row], found[row]], (from + row) * 2);
      }
    });
    if (values.every(Number.isFinite)) return new Probabilities(x.ids, this.classes, values);
    throw new NumericalError("a value is so large that the perceptron overflows. Standardize the columns.");
  }

  #show(): MimeBundle {
    const loss = this.losses.at(-1);
    const end = loss === undefined ? "" : `: ${this.losses.length} epochs, loss ${formatNumber(loss, 4)}`;
    const open = this.converged ? "" : ", not yet at rest (allow more epochs)";
    return {
      "text/plain": `Multilayer perceptron ${this.sizes.join(" – ")}, ${this.activation}${end}${open}; classes ${this.classes.join(", ")}`,
    };
  }
}
