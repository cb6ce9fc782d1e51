/**
 * Multilayer perceptron: layers of weighted sums, bent by an activation.
 *
 * Source: definitions and defaults of scikit-learn's MLPClassifier.
 * Layer:  model; imports core, table.
 */
import { InputError } from "../../core/errors.js";
import type { Labels } from "../../table/labels.js";
import type { Estimator } from "../estimator.js";
import { MlpModel } from "./mlp-model.js";
import { type MlpSettings, trainMlp } from "./mlp-train.js";
import { trainingOf } from "./training.js";

export interface MlpOptions {
  /** Units of each hidden layer, default [100]. */
  readonly hidden?: readonly number[];
  /** "relu" (default), "tanh" or "logistic". */
  readonly activation?: "relu" | "tanh" | "logistic";
  /** "adam" (default), or "sgd": gradient descent with Nesterov's momentum. */
  readonly solver?: "adam" | "sgd";
  /** Weight of half the sum of the squared weights against the loss summed over a batch, default 0.0001. */
  readonly l2?: number;
  /** Patients of a batch, default 200, or all if there are fewer. */
  readonly batch?: number;
  /** Default 0.001. */
  readonly learningRate?: number;
  /** For "sgd": "constant" (default), or "adaptive": a fifth of the rate whenever training would stop. */
  readonly schedule?: "constant" | "adaptive";
  /** For "sgd", from 0 to 1, default 0.9. */
  readonly momentum?: number;
  /** Default 200. */
  readonly maxEpochs?: number;
  /** Training stops when an epoch has not been better by this for `patience` epochs; default 0.0001. */
  readonly tolerance?: number;
  /** Default 10. */
  readonly patience?: number;
  /** Share of the patients of each class to hold out; their accuracy then decides when to stop. Default 0: the loss does. */
  readonly validation?: number;
  /** Same seed, same bits; default 0. */
  readonly seed?: number;
}

/**
 * Recipe for a multilayer perceptron. Standardize the columns on the training patients first.
 *
 * `fit` throws InputError on mismatched ids, missing values or one class only; NumericalError if the weights overflow.
 *
 * @example
 * const fitted = model.classification.mlp({ hidden: [50], seed: 7 }).fit(train.x, train.y);
 */
export function mlp(options: MlpOptions = {}): Estimator<Labels, MlpModel> {
  const settings: MlpSettings = {
    hidden: [100],
    activation: "relu",
    solver: "adam",
    l2: 1e-4,
    batch: 200,
    learningRate: 1e-3,
    schedule: "constant",
    momentum: 0.9,
    maxEpochs: 200,
    tolerance: 1e-4,
    patience: 10,
    validation: 0,
    seed: 0,
    ...options,
  };
  check(settings);
  return {
    fit: (x, y) => {
      const training = trainingOf(x, y);
      const alone = training.counts.findIndex((count) => count < 2);
      if (settings.validation > 0 && alone >= 0) {
        throw new InputError(
          `class "${training.classes[alone]}" has one patient, who cannot be held out. Use validation: 0.`,
        );
      }
      return new MlpModel(
        training.classes,
        training.columns,
        settings.activation,
        trainMlp(training, settings),
      );
    },
  };
}

function check(settings: MlpSettings): void {
  const { hidden, activation, solver, schedule, seed } = settings;
  const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;
  if (!hidden.every(isCount)) {
    throw new InputError(
      `hidden layers have a whole number of units, at least 1, found ${hidden.join(", ")}.`,
    );
  }
  if (
    !["relu", "tanh", "logistic"].includes(activation) ||
    !["adam", "sgd"].includes(solver) ||
    !["constant", "adaptive"].includes(schedule)
  ) {
    throw new InputError(
      'use activation: "relu", "tanh" or "logistic", solver: "adam" or "sgd", schedule: "constant" or "adaptive", ' +
        `found "${activation}", "${solver}", "${schedule}".`,
    );
  }
  for (const name of ["batch", "maxEpochs", "patience"] as const) {
    if (isCount(settings[name])) continue;
    throw new InputError(`${name} must be whole and positive, found ${settings[name]}.`);
  }
  for (const [name, high] of [
    ["l2", Number.MAX_VALUE],
    ["learningRate", Number.MAX_VALUE],
    ["tolerance", Number.MAX_VALUE],
    ["momentum", 1],
    ["validation", 0.9],
  ] as const) {
    const value = settings[name];
    if (value >= 0 && value <= high && (name !== "learningRate" || value > 0)) continue;
    throw new InputError(
      `${name} must be ${high > 1 ? "finite and not negative" : `from 0 to ${high}`}, found ${value}.`,
    );
  }
  if (!Number.isInteger(seed)) throw new InputError(`the seed must be a whole number, found ${seed}.`);
}
