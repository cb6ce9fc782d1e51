/**
 * Who has the outcome, and the score of each: what all metrics of two classes start from.
 *
 * Layer:  model; imports core, table.
 */
import { InputError } from "../../core/errors.js";
import { checkSameIds } from "../../table/ids.js";
import type { Labels } from "../../table/labels.js";
import type { Scores } from "../../table/scores.js";

/** Which class is the outcome. */
export interface PositiveClass {
  /** Name of the class with the outcome; default the second of two classes, because the first is the reference. */
  readonly positive?: string;
}

/** 1 for each patient with the outcome. */
export interface Outcome {
  readonly isPositive: Uint8Array;
  readonly positives: number;
  readonly negatives: number;
  readonly positive: string;
}

/**
 * @throws InputError if the class is not known, or unless both sides have patients.
 */
export function outcomeOf(y: Labels, { positive = secondOf(y) }: PositiveClass = {}): Outcome {
  if (!y.classes.includes(positive)) {
    throw new InputError(`"${positive}" is not a class of "${y.name}". It has: ${y.classes.join(", ")}.`);
  }
  const isPositive = new Uint8Array(y.length);
  let positives = 0;
  for (let row = 0; row < y.length; row++) {
    if (y.values[row] !== positive) continue;
    isPositive[row] = 1;
    positives++;
  }
  const negatives = y.length - positives;
  if (positives === 0 || negatives === 0) {
    throw new InputError(
      `"${y.name}": ${positives} of ${y.length} patients are "${positive}". It needs patients with and without the outcome.`,
    );
  }
  return { isPositive, positives, negatives, positive };
}

/** The outcome of the same patients that have scores. @throws InputError also on mismatched ids. */
export function scoredOutcome(y: Labels, scores: Scores, options: PositiveClass = {}): Outcome {
  checkSameIds(y.ids, scores.ids, `"${y.name}"`, scores.name);
  return outcomeOf(y, options);
}

/** The same where scores are probabilities. @throws InputError also if one lies outside [0, 1]. */
export function probableOutcome(y: Labels, probability: Scores, options: PositiveClass = {}): Outcome {
  const outcome = scoredOutcome(y, probability, options);
  const bad = probability.values.findIndex((value) => value < 0 || value > 1);
  if (bad < 0) return outcome;
  throw new InputError(
    `${probability.name}: probabilities lie in [0, 1], but patient ${probability.ids[bad]} has ${probability.values[bad]}. ` +
      "Give predicted probabilities, not scores.",
  );
}

function secondOf(y: Labels): string {
  if (y.classes.length === 2) return y.classes[1];
  throw new InputError(
    `"${y.name}" has ${y.classes.length} classes (${y.classes.join(", ")}). Say which is the outcome: { positive: "${y.classes.at(-1) ?? "…"}" }.`,
  );
}
