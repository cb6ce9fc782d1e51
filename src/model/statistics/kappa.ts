/**
 * Cohen's kappa of two raters, plain and weighted, with interval.
 *
 * Source: Cohen 1960, 1968; Fleiss, Cohen & Everitt 1969, doi:10.1037/h0028106 (variance).
 * Layer:  model; imports core, table.
 */
import { showAs } from "../../core/display.js";
import { normalQuantile } from "../../core/distributions.js";
import { InputError, NumericalError } from "../../core/errors.js";
import { checkSameIds } from "../../table/ids.js";
import type { Labels } from "../../table/labels.js";
import { renderTable } from "../../table/render.js";
import { checkConfidence } from "./sample.js";
import { brief, type ConfidenceInterval, formatInterval } from "./test-result.js";

export interface KappaOptions {
  /** How much a distance in the order of the classes counts: "none" (default): all the same, "linear" or "quadratic". */
  readonly weights?: "none" | "linear" | "quadratic";
  /** Default 0.95. */
  readonly confidence?: number;
}

/** Agreement beyond chance. */
export interface Kappa {
  readonly kappa: number;
  readonly standardError: number;
  readonly interval: ConfidenceInterval;
  readonly weights: "none" | "linear" | "quadratic";
  readonly classes: readonly string[];
  /** k × k, row-major: rows are classes of the first rater. */
  readonly counts: Uint32Array;
  readonly n: number;
  /** Share of patients on whom both agree, and by chance; weighted like kappa. */
  readonly observed: number;
  readonly expected: number;
  readonly sentence: string;
}

const POWER = { none: 0, linear: 1, quadratic: 2 } as const;

/**
 * @param first  Classes by one rater. Their order counts for weights.
 * @param second  The same patients by another rater; the same classes in the same order.
 * @throws InputError on mismatched ids or classes; NumericalError if chance alone would agree always.
 *
 * @example
 * const { kappa } = model.statistics.kappa(readerA, readerB, { weights: "quadratic" });
 */
export function kappa(first: Labels, second: Labels, options: KappaOptions = {}): Kappa {
  const { weights = "none", confidence = 0.95 } = options;
  checkConfidence(confidence);
  if (!(weights in POWER)) {
    throw new InputError(`the weights must be "none", "linear" or "quadratic", found "${String(weights)}".`);
  }
  checkSameIds(first.ids, second.ids, `"${first.name}"`, `"${second.name}"`);
  if (first.length === 0) throw new InputError("there are no patients to compare. Check the filter before.");
  const k = first.classes.length;
  if (k !== second.classes.length || first.classes.some((name, at) => name !== second.classes[at])) {
    throw new InputError(
      `both raters need the same classes in the same order, found ${first.classes.join(", ")} and ${second.classes.join(", ")}. ` +
        "Name them with { classes: [...] }.",
    );
  }
  const counts = new Uint32Array(k * k);
  const codes = second.codes;
  first.codes.forEach((code, row) => {
    counts[code * k + codes[row]]++;
  });
  const found = evaluate(counts, k, first.length, POWER[weights]);
  const width = normalQuantile((1 + confidence) / 2) * found.standardError;
  const interval = { lower: found.kappa - width, upper: found.kappa + width, confidence };
  const name = weights === "none" ? "Cohen's kappa" : `Cohen's kappa with ${weights} weights`;
  const result = {
    ...found,
    interval,
    weights,
    classes: first.classes,
    counts,
    n: first.length,
    sentence: `${name} of ${first.length} patients was ${brief(found.kappa)} (${formatInterval(interval)}).`,
  };
  return showAs(result, () =>
    renderTable({
      title: `${name}: ${brief(result.kappa)} (${formatInterval(interval)})`,
      header: [`${first.name} \\ ${second.name}`, ...first.classes],
      rows: first.classes.map((label, i) => [
        label,
        ...Array.from(counts.subarray(i * k, i * k + k), String),
      ]),
      notes: [result.sentence],
    }),
  );
}

/**
 * Disagreement seen over disagreement by chance: 1 − kappa.
 *
 * @param counts  k × k, row-major.
 * @param power  Of the distance of two classes: 0 counts all distances the same.
 */
export function disagreement(counts: Uint32Array, k: number, power: number): number {
  const { rows, columns } = margins(counts, k);
  let n = 0;
  for (const count of counts) n += count;
  let seen = 0;
  let chance = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      const weight = i === j ? 0 : Math.abs(i - j) ** power;
      seen += weight * counts[i * k + j];
      chance += (weight * rows[i] * columns[j]) / n;
    }
  }
  return seen / chance;
}

function evaluate(
  counts: Uint32Array,
  k: number,
  n: number,
  power: number,
): Pick<Kappa, "kappa" | "standardError" | "observed" | "expected"> {
  const { rows, columns } = margins(counts, k);
  const p = Float64Array.from(rows, (count) => count / n);
  const q = Float64Array.from(columns, (count) => count / n);
  const weight = (i: number, j: number): number => (i === j ? 1 : 1 - (Math.abs(i - j) / (k - 1)) ** power);
  const agreement = (i: number, j: number): number => (power === 0 ? Number(i === j) : weight(i, j));
  // Mean agreement of each class of one rater with what the other gives.
  const ofRow = new Float64Array(k);
  const ofColumn = new Float64Array(k);
  let observed = 0;
  let expected = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      const w = agreement(i, j);
      ofRow[i] += w * q[j];
      ofColumn[j] += w * p[i];
      observed += (w * counts[i * k + j]) / n;
      expected += w * p[i] * q[j];
    }
  }
  if (!(1 - expected > Number.EPSILON)) {
    throw new NumericalError(
      "both raters give all patients the same class: chance alone would agree always, and kappa has no value.",
    );
  }
  let square = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      const term = agreement(i, j) * (1 - expected) - (ofRow[i] + ofColumn[j]) * (1 - observed);
      square += (counts[i * k + j] / n) * term * term;
    }
  }
  const variance =
    (square - (observed * expected - 2 * expected + observed) ** 2) / (n * (1 - expected) ** 4);
  return {
    kappa: (observed - expected) / (1 - expected),
    standardError: Math.sqrt(Math.max(0, variance)),
    observed,
    expected,
  };
}

function margins(
  counts: Uint32Array,
  k: number,
): { readonly rows: Float64Array; readonly columns: Float64Array } {
  const rows = new Float64Array(k);
  const columns = new Float64Array(k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      rows[i] += counts[i * k + j];
      columns[j] += counts[i * k + j];
    }
  }
  return { rows, columns };
}
