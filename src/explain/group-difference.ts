/**
 * What makes a model answer differently for two groups of patients, feature by feature: for example women and men.
 *
 * Source: Lundberg, "Explaining quantitative measures of fairness", shap documentation; shap 0.48, `shap.plots.group_difference`.
 * Layer:  explain; imports core, table, its own files.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { randomStream, shuffle } from "../core/random.js";
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";
import { formatNumber, renderTable, rowList } from "../table/render.js";
import { quantileOfSorted } from "../table/summarize.js";
import type { Explanation } from "./explanation.js";

export interface GroupDifferenceOptions {
  /** The class that is compared with all other patients; default the last. */
  readonly group?: string;
  /** Bootstrap samples and random groups, default 500. */
  readonly draws?: number;
  /** Same seed, same bands, default 0. */
  readonly seed?: number;
}

/** Mean of the group minus mean of the others. */
export interface DifferencePart {
  readonly name: string;
  readonly difference: number;
  /** 95 % of the differences if patients are drawn again within both groups (percentile bootstrap). */
  readonly interval: readonly [number, number];
  /** 5th and 95th percentile of the differences of random groups of the same sizes: what chance alone gives. */
  readonly chance: readonly [number, number];
}

/** Mean SHAP values of a group against those of the others. */
export interface GroupDifference {
  /** "female against others". */
  readonly comparison: string;
  readonly outputUnit: string;
  /** Patients in the group, and others. */
  readonly sizes: readonly [number, number];
  /** Of the model's answer: the sum of the features' differences. */
  readonly answer: DifferencePart;
  /** In the order of the explanation. */
  readonly features: readonly DifferencePart[];
}

/**
 * Splits the difference of a model's mean answers between two groups into the parts of the features.
 *
 * @throws InputError if `by` holds other patients, the class is unknown, or one side has fewer than 2 patients.
 *
 * @example
 * plot.groupDifference(explain.groupDifference(why, cohort.labels("sex"), { group: "female" }))
 */
export function groupDifference(
  explanation: Explanation,
  by: Labels,
  { group = by.classes[by.classes.length - 1], draws = 500, seed = 0 }: GroupDifferenceOptions = {},
): GroupDifference {
  const { ids, features, outputUnit } = explanation;
  checkSameIds(ids, by.ids, "the explanation", `"${by.name}"`);
  if (!by.classes.includes(group)) {
    throw new InputError(`"${group}" is not a class of "${by.name}". There are: ${by.classes.join(", ")}.`);
  }
  if (!(Number.isInteger(draws) && draws >= 20)) {
    throw new InputError(`draws must be a whole number of at least 20, found ${draws}.`);
  }
  const member = Uint8Array.from(by.values, (value) => (value === group ? 1 : 0));
  const inside = [...member.keys()].filter((i) => member[i] === 1);
  const outside = [...member.keys()].filter((i) => member[i] === 0);
  if (inside.length < 2 || outside.length < 2) {
    throw new InputError(
      `both sides need at least 2 patients, but ${inside.length} are "${group}" and ${outside.length} are not.`,
    );
  }
  const columns = answerAndFeatures(explanation);
  const random = randomStream(`group difference/${seed}`);
  const pick = (rows: readonly number[]): Int32Array =>
    Int32Array.from(rows, () => rows[Math.floor(random.uniform() * rows.length)]);
  const resampled = Array.from({ length: draws }, () => [pick(inside), pick(outside)] as const);
  const dealt = Array.from({ length: draws }, () => {
    const rows = Int32Array.from(ids, (_, i) => i);
    shuffle(rows, random);
    return [rows.subarray(0, inside.length), rows.subarray(inside.length)] as const;
  });
  const parts = columns.map((values, at): DifferencePart => {
    const of = ([one, other]: readonly [ArrayLike<number>, ArrayLike<number>]): number =>
      meanAt(values, one) - meanAt(values, other);
    const again = Float64Array.from(resampled, of).sort();
    const aimless = Float64Array.from(dealt, of).sort();
    return {
      name: at === 0 ? "Answer" : features[at - 1].name,
      difference: of([inside, outside]),
      interval: [quantileOfSorted(again, 0.025), quantileOfSorted(again, 0.975)],
      chance: [quantileOfSorted(aimless, 0.05), quantileOfSorted(aimless, 0.95)],
    };
  });
  const others = by.classes.filter((name, code) => name !== group && by.counts[code] > 0);
  const result: GroupDifference = {
    comparison: `${group} against ${others.length === 1 ? others[0] : "others"}`,
    outputUnit,
    sizes: [inside.length, outside.length],
    answer: parts[0],
    features: parts.slice(1),
  };
  return showAs(result, () => show(result));
}

/** The sum of each patient's SHAP values, then the values of each feature. */
function answerAndFeatures({ ids, features, values }: Explanation): readonly Float64Array[] {
  const p = features.length;
  const sums = Float64Array.from(ids, (_, i) => {
    let sum = 0;
    for (let j = 0; j < p; j++) sum += values[i * p + j];
    return sum;
  });
  return [sums, ...features.map((_, j) => Float64Array.from(ids, (_id, i) => values[i * p + j]))];
}

function meanAt(values: Float64Array, rows: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < rows.length; at++) sum += values[rows[at]];
  return sum / rows.length;
}

function show({ comparison, outputUnit, sizes, answer, features }: GroupDifference): MimeBundle {
  const ranked = [...features].sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
  return renderTable({
    title:
      `Mean SHAP values of ${comparison}, ${sizes[0]} and ${sizes[1]} patients` +
      `${outputUnit === "" ? "" : `, in ${outputUnit}`}`,
    header: ["feature", "difference", "95 % interval", "by chance"],
    rows: rowList([answer, ...ranked], ({ name, difference, interval, chance }) => [
      name,
      formatNumber(difference, 3),
      interval.map((value) => formatNumber(value, 3)).join(" to "),
      chance.map((value) => formatNumber(value, 3)).join(" to "),
    ]),
    most: 21,
    what: "features",
  });
}
