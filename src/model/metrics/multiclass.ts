/**
 * Metrics of probabilities: log loss, Brier score, area under the ROC curve of several classes.
 *
 * Source: Brier 1950; Hand & Till 2001, doi:10.1023/A:1010920819831 (each class against each other).
 * Layer:  model; imports core, table.
 */
import { InputError } from "../../core/errors.js";
import { checkSameIds } from "../../table/ids.js";
import type { Labels } from "../../table/labels.js";
import type { Probabilities } from "../../table/probabilities.js";
import type { Scores } from "../../table/scores.js";
import { type PositiveClass, probableOutcome } from "./outcome.js";
import { areaOf, sortedPlacementsOf } from "./placements.js";

/** Probabilities of 0 and 1 are moved inside by this much, as scikit-learn does: the loss stays finite. */
const EDGE: number = Number.EPSILON;

/** Mean squared difference of probability and outcome, in [0, 1]. @throws InputError on mismatched ids or no probabilities. */
export function brier(y: Labels, probability: Scores, options: PositiveClass = {}): number {
  const { isPositive } = probableOutcome(y, probability, options);
  let sum = 0;
  isPositive.forEach((flag, row) => {
    sum += (probability.values[row] - flag) ** 2;
  });
  return sum / y.length;
}

/**
 * Mean negative log-likelihood of the true classes.
 *
 * @param probability  Of the outcome (two classes), or of each class.
 * @throws InputError on mismatched ids, or a true class without a probability.
 */
export function logLoss(y: Labels, probability: Scores | Probabilities, options: PositiveClass = {}): number {
  let sum = 0;
  if ("classes" in probability) {
    const at = columnsOf(y, probability);
    const k = probability.classes.length;
    y.codes.forEach((code, row) => {
      sum -= Math.log(inside(probability.values[row * k + at[code]]));
    });
  } else {
    probableOutcome(y, probability, options).isPositive.forEach((flag, row) => {
      const p = inside(probability.values[row]);
      sum -= flag === 1 ? Math.log(p) : Math.log1p(-p);
    });
  }
  return sum / y.length;
}

export interface MulticlassAucOptions {
  /** "rest" (default): each class against all others; "pairs": each against each other, which ignores how frequent they are. */
  readonly against?: "rest" | "pairs";
  /** "macro" (default): plain mean; "weighted": by the patients of the class, or of the pair. */
  readonly average?: "macro" | "weighted";
}

/** Area under the ROC curve of several classes. @throws InputError also if fewer than 2 classes have patients. */
export function multiclassAuc(
  y: Labels,
  probability: Probabilities,
  { against = "rest", average = "macro" }: MulticlassAucOptions = {},
): number {
  if (!["rest", "pairs"].includes(against) || !["macro", "weighted"].includes(average)) {
    throw new InputError(
      `use against: "rest" or "pairs", average: "macro" or "weighted", found "${against}", "${average}".`,
    );
  }
  const at = columnsOf(y, probability);
  const { codes, counts } = y;
  const k = probability.classes.length;
  const present = counts.flatMap((count, code) => (count > 0 ? [code] : []));
  if (present.length < 2) {
    throw new InputError(
      `"${y.name}" has patients of ${present.length} class: there is nothing to tell apart.`,
    );
  }
  const areaAmong = (code: number, keep: (other: number) => boolean): number => {
    const rows = Array.from(codes.keys()).filter((row) => keep(codes[row]));
    return areaOf(
      sortedPlacementsOf(
        Uint8Array.from(rows, (row) => (codes[row] === code ? 1 : 0)),
        Float64Array.from(rows, (row) => probability.values[row * k + at[code]]),
      ),
    );
  };
  let sum = 0;
  let total = 0;
  const add = (area: number, patients: number): void => {
    const weight = average === "macro" ? 1 : patients;
    sum += weight * area;
    total += weight;
  };
  present.forEach((a, first) => {
    if (against === "rest") {
      add(
        areaAmong(a, () => true),
        counts[a],
      );
      return;
    }
    for (const b of present.slice(first + 1)) {
      const keep = (other: number): boolean => other === a || other === b;
      add((areaAmong(a, keep) + areaAmong(b, keep)) / 2, counts[a] + counts[b]);
    }
  });
  return sum / total;
}

/** Column of each class of `y` among the probabilities. */
function columnsOf(y: Labels, probability: Probabilities): readonly number[] {
  checkSameIds(y.ids, probability.ids, `"${y.name}"`, "the probabilities");
  if (y.length === 0) throw new InputError(`"${y.name}" has no patients. Check the filter before.`);
  const counts = y.counts;
  return y.classes.map((name, code) => {
    const at = probability.classes.indexOf(name);
    if (at >= 0 || counts[code] === 0) return at;
    throw new InputError(
      `"${y.name}" has patients of class "${name}", for which there is no probability (${probability.classes.join(", ")}).`,
    );
  });
}

function inside(p: number): number {
  return Math.min(1 - EDGE, Math.max(EDGE, p));
}
