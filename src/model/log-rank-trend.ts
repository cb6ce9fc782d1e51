/**
 * Log-rank test for trend: whether the hazard rises or falls from group to group.
 *
 * Source: Tarone 1975, doi:10.1093/biomet/62.3.679.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { chiSquareTail, logChiSquareTail } from "../core/distributions.js";
import { InputError, NumericalError } from "../core/errors.js";
import type { Labels } from "../table/labels.js";
import { formatNumber, formatP, renderTable } from "../table/render.js";
import type { SurvivalData } from "../table/survival-data.js";
import { type LogRankGroup, type LogRankOptions, logRank } from "./log-rank.js";

export interface LogRankTrendOptions extends LogRankOptions {
  /** Dose of each class, by name; default 1, 2, 3 … in the order of the classes that have patients. */
  readonly scores?: { readonly [group: string]: number };
}

export interface LogRankTrend {
  /** Above 0 if groups with higher scores have more events than expected. */
  readonly z: number;
  readonly chiSquare: number;
  readonly degreesOfFreedom: 1;
  readonly p: number;
  /** Natural logarithm of p, for p below the smallest double. */
  readonly logP: number;
  readonly groups: readonly (LogRankGroup & { readonly score: number })[];
}

/**
 * @param y  n patients.
 * @param by  Their groups, in an order that means something; at least 2 classes with patients.
 * @throws InputError as the log-rank test, or on a group without score; NumericalError if the groups cannot be compared.
 *
 * @example
 * model.logRankTrend(os, cohort.labels("stage", { classes: ["I", "II", "III", "IV"] }));
 */
export function logRankTrend(y: SurvivalData, by: Labels, options: LogRankTrendOptions = {}): LogRankTrend {
  const { groups, variance } = logRank(y, by, options);
  const { scores } = options;
  const dose = groups.map(({ label }, g) => {
    const score = scores === undefined ? g + 1 : scores[label];
    if (score !== undefined && Number.isFinite(score)) return score;
    throw new InputError(`scores must give a finite number for each group, but "${label}" has ${score}.`);
  });
  const k = groups.length;
  let difference = 0;
  let spread = 0;
  for (let g = 0; g < k; g++) {
    // Distances from the first score: a score for all groups alike then cancels exactly.
    difference += (dose[g] - dose[0]) * (groups[g].observed - groups[g].expected);
    for (let h = 0; h < k; h++) spread += (dose[g] - dose[0]) * (dose[h] - dose[0]) * variance[g * k + h];
  }
  const widest = dose.reduce((most, score) => Math.max(most, Math.abs(score - dose[0])), 0);
  const largest = groups.reduce((most, _, g) => Math.max(most, variance[g * k + g]), 0);
  if (!(spread > 1e-12 * widest * widest * largest)) {
    throw new NumericalError(
      `the scores of the groups at risk together do not differ: there is no trend to test. Give other scores or merge groups of "${by.name}".`,
    );
  }
  const z = difference / Math.sqrt(spread);
  const result: LogRankTrend = {
    z,
    chiSquare: z * z,
    degreesOfFreedom: 1,
    p: chiSquareTail(z * z, 1),
    logP: logChiSquareTail(z * z, 1),
    groups: groups.map((group, g) => ({ ...group, score: dose[g] })),
  };
  return showAs(result, () => show(result));
}

function show({ chiSquare, p, groups }: LogRankTrend): MimeBundle {
  return renderTable({
    title: `Log-rank test for trend: χ² = ${formatNumber(chiSquare)}, 1 df, ${formatP(p)}`,
    header: ["group", "score", "n", "observed", "expected"],
    rows: groups.map(({ label, score, n, observed, expected }) => [
      label,
      formatNumber(score),
      String(n),
      formatNumber(observed),
      formatNumber(expected),
    ]),
  });
}
