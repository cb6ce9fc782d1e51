/**
 * Weights of the classes: what an error in a rare class costs.
 *
 * Source: the definitions of scikit-learn's `class_weight`.
 * Layer:  model; imports core.
 */
import { InputError } from "../../core/errors.js";

/** "balanced": n / (classes · patients of the class); or a weight by class, 1 for those not named. Default: all 1. */
export type ClassWeights = "balanced" | Readonly<Record<string, number>>;

/** @throws InputError unless the weights are positive and finite. */
export function checkClassWeights(weights: ClassWeights | undefined): void {
  if (weights === undefined || weights === "balanced") return;
  if (typeof weights !== "object" || weights === null) {
    throw new InputError(
      `classWeights are "balanced" or numbers by class, e.g. { mutant: 3 }, found ${String(weights)}.`,
    );
  }
  for (const [name, weight] of Object.entries(weights)) {
    if (weight > 0 && Number.isFinite(weight)) continue;
    throw new InputError(`the weight of class "${name}" must be positive and finite, found ${weight}.`);
  }
}

/**
 * The weight of each class.
 *
 * @param counts  Patients of each class.
 * @throws InputError if a weight is given for a class that has no patients.
 */
export function classWeightsOf(
  weights: ClassWeights | undefined,
  classes: readonly string[],
  counts: readonly number[],
): Float64Array {
  if (weights === undefined) return new Float64Array(classes.length).fill(1);
  if (weights === "balanced") {
    const n = counts.reduce((sum, count) => sum + count, 0);
    return Float64Array.from(counts, (count) => n / (classes.length * count));
  }
  const stray = Object.keys(weights).find((name) => !classes.includes(name));
  if (stray !== undefined) {
    throw new InputError(
      `classWeights names "${stray}", but the patients are of the classes ${classes.join(", ")}.`,
    );
  }
  return Float64Array.from(classes, (name) => weights[name] ?? 1);
}
