/**
 * Risk groups from scores.
 *
 * Layer:  model; imports core, table.
 */
import { InputError } from "../core/errors.js";
import { Labels } from "../table/labels.js";
import type { Scores } from "../table/scores.js";
import { quantileOfSorted } from "../table/summarize.js";

/**
 * Splits patients at a score: the first class has score ≤ cut, the second score > cut.
 *
 * @param at  The cut, or "median" of these scores. For new patients use the number that the training patients gave.
 * @param classes  Names of the lower and the higher group.
 * @throws InputError if there are no scores, the cut is not finite, or all patients fall on one side.
 *
 * @example
 * const risk = model.cut(cox.predict(x), "median", ["low", "high"]);
 */
export function cut<Low extends string = "low", High extends string = "high">(
  scores: Scores,
  at: "median" | number = "median",
  classes: readonly [Low, High] = ["low" as Low, "high" as High],
): Labels<Low | High> {
  if (scores.length === 0) throw new InputError("there are no scores to cut. Check the filter before.");
  const level = at === "median" ? quantileOfSorted(scores.values.slice().sort(), 0.5) : at;
  if (typeof level !== "number" || !Number.isFinite(level)) {
    throw new InputError(`the cut must be "median" or a finite number, found ${String(at)}.`);
  }
  const [low, high] = classes;
  const values = Array.from(scores.values, (value) => (value <= level ? low : high));
  const lows = values.filter((value) => value === low).length;
  if (lows === 0 || lows === values.length) {
    throw new InputError(
      `all ${values.length} patients lie on one side of ${level}: there are no two groups. ` +
        "Choose a cut inside the range of the scores.",
    );
  }
  return new Labels<Low | High>(scores.ids, values, { classes, name: `${scores.name} cut at ${level}` });
}
