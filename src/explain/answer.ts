/**
 * One number per patient from any fitted model: what the explainers that only ask the model questions look at.
 *
 * Layer:  explain; imports core, table, model (types).
 */
import { InputError } from "../core/errors.js";
import type { Fitted } from "../model/estimator.js";
import type { Prediction } from "../model/validation/rows.js";
import type { FeatureTable } from "../table/feature-table.js";
import { Probabilities } from "../table/probabilities.js";
import { Scores } from "../table/scores.js";

/** Which number, where a model predicts several. */
export interface AnswerOptions {
  /** The class whose probability is explained, for a model that predicts one for each; default the second of two. */
  readonly positive?: string;
}

/** What the model says of each patient. @throws InputError if it has more than two classes and none is chosen. */
export function answerOf(
  model: Fitted<Prediction>,
  x: FeatureTable,
  { positive }: AnswerOptions = {},
): Scores {
  const predicted = model.predict(x);
  if (predicted instanceof Scores) return predicted;
  if (!(predicted instanceof Probabilities)) {
    throw new InputError("the model predicts neither scores nor probabilities: it cannot be explained.");
  }
  const { classes } = predicted;
  if (positive === undefined && classes.length > 2) {
    throw new InputError(
      `the model predicts ${classes.length} classes (${classes.join(", ")}). Say which to explain: { positive: "${classes.at(-1)}" }.`,
    );
  }
  return predicted.of(positive ?? classes[1]);
}

/** @throws InputError unless there are patients and columns. */
export function checkExplained(x: FeatureTable): void {
  if (x.length > 0 && x.columns.length > 0) return;
  throw new InputError(
    `an explanation needs at least one patient and one column, found ${x.length} and ${x.columns.length}. Explain a non-empty table.`,
  );
}
