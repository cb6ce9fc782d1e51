/**
 * What figures of predictions are given: outcomes with scores, one set or several by name.
 *
 * Layer:  plot; imports core, model (types), table.
 */
import { InputError } from "../core/errors.js";
import type { PositiveClass } from "../model/metrics/outcome.js";
import { Labels } from "../table/labels.js";
import type { Scores } from "../table/scores.js";

/** Outcomes of patients and what a model predicted for them. */
export interface Prediction extends PositiveClass {
  readonly y: Labels;
  /** The higher, the likelier the outcome; where a figure says so, a probability. */
  readonly score: Scores;
}

/** One set of predictions, or several by name: `{ Radiomics: { y, score }, Clinical: { y, score } }`. */
export type Predictions = Prediction | { readonly [name: string]: Prediction };

export interface NamedPrediction extends Prediction {
  /** "" if there is only one. */
  readonly name: string;
}

/** @throws InputError if there is none. */
export function namedPredictions(predictions: Predictions): readonly NamedPrediction[] {
  const named = isOne(predictions)
    ? [{ ...predictions, name: "" }]
    : Object.entries(predictions).map(([name, one]) => ({ ...one, name }));
  if (named.length === 0) {
    throw new InputError(
      "there are no predictions to draw. Give { y, score }, or several of them by name: { Radiomics: { y, score } }.",
    );
  }
  const odd = named.find(({ y, score }) => !(y instanceof Labels) || score === undefined);
  if (odd === undefined) return named;
  throw new InputError(
    `the predictions${odd.name === "" ? "" : ` "${odd.name}"`} need y (labels) and score (scores). Give { y, score }.`,
  );
}

function isOne(predictions: Predictions): predictions is Prediction {
  return predictions.y instanceof Labels;
}
