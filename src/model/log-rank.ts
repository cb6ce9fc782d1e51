/**
 * Log-rank test of k groups, stratified on request, also with weights.
 *
 * Source: Mantel 1966; Harrington & Fleming 1982, doi:10.1093/biomet/69.3.553.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { chiSquareTail, logChiSquareTail } from "../core/distributions.js";
import { InputError, NumericalError } from "../core/errors.js";
import type { Labels } from "../table/labels.js";
import { formatNumber, formatP, renderTable } from "../table/render.js";
import type { SurvivalData } from "../table/survival-data.js";
import { cholesky, solveCholesky } from "./cholesky.js";
import { countByTime, indexOfTime } from "./event-times.js";
import { type Group, groupRows } from "./groups.js";
import { type LogRankWeights, logRankWeight, type WeightOf } from "./log-rank-weight.js";

export interface LogRankOptions {
  /** Groups are compared within each class only; default one stratum. */
  readonly strata?: Labels;
  /** Each time weighs S(t−)^rho · (1 − S(t−))^gamma: 0 and 0 (default) is the log-rank test, a gamma weighs late events. */
  readonly rho?: number;
  readonly gamma?: number;
  /** Another weight in the place of these, by the name of its test; n is the number at risk. */
  readonly weights?: LogRankWeights;
}

/** Events of one group beside what is expected if all groups have the same hazard. */
export interface LogRankGroup {
  readonly label: string;
  readonly n: number;
  readonly observed: number;
  readonly expected: number;
}

export interface LogRank {
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
  readonly p: number;
  /** Natural logarithm of p, for p below the smallest double. */
  readonly logP: number;
  /** Name of the test, e.g. "Log-rank". */
  readonly test: string;
  readonly groups: readonly LogRankGroup[];
  /** Covariance of observed − expected, k × k, row-major. */
  readonly variance: Float64Array;
}

/**
 * Tests whether groups have the same hazard.
 *
 * @param y  n patients.
 * @param by  Their groups; at least 2 classes with patients.
 * @throws InputError on mismatched ids, fewer than 2 groups or no event; NumericalError if the groups are never at risk
 *   together, so that nothing can be compared.
 *
 * @example
 * const test = model.logRank(os, cohort.labels("stage"), { strata: cohort.labels("center") });
 */
export function logRank(y: SurvivalData, by: Labels, options: LogRankOptions = {}): LogRank {
  const weight = logRankWeight(options);
  const groups = groupRows(y.ids, by);
  if (groups.length < 2) {
    throw new InputError(
      `a log-rank test compares at least 2 groups, but "${by.name}" has patients in ${groups.length}.`,
    );
  }
  if (y.events === 0) {
    throw new InputError(
      `none of ${y.length} patients has the event: there is nothing to test. Check the event column.`,
    );
  }
  const sums = sumOverStrata(y, groups, groupRows(y.ids, options.strata), weight.of);
  const { chiSquare, degreesOfFreedom } = quadraticForm(sums, groups, by.name);
  const result: LogRank = {
    chiSquare,
    degreesOfFreedom,
    p: chiSquareTail(chiSquare, degreesOfFreedom),
    logP: logChiSquareTail(chiSquare, degreesOfFreedom),
    test: weight.test,
    groups: groups.map(({ label, rows }, g) => ({
      label,
      n: rows.length,
      observed: sums.observed[g],
      expected: sums.expected[g],
    })),
    variance: sums.variance,
  };
  return showAs(result, () => show(result));
}

/** Weighted events seen and expected in each group, and the covariance of their difference. */
interface LogRankSums {
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  readonly variance: Float64Array;
}

function sumOverStrata(
  y: SurvivalData,
  groups: readonly Group[],
  strata: readonly Group[],
  weightOf: WeightOf,
): LogRankSums {
  const k = groups.length;
  const sums = {
    observed: new Float64Array(k),
    expected: new Float64Array(k),
    variance: new Float64Array(k * k),
  };
  const groupOf = new Uint32Array(y.length);
  groups.forEach(({ rows }, g) => {
    for (const row of rows) groupOf[row] = g;
  });
  for (const { rows } of strata) addStratum(y, groupOf, rows, weightOf, sums);
  return sums;
}

function addStratum(
  y: SurvivalData,
  groupOf: Uint32Array,
  rows: Uint32Array,
  weightOf: WeightOf,
  { observed, expected, variance }: LogRankSums,
): void {
  const k = observed.length;
  const all = countByTime(y.time, y.event, rows);
  const length = all.time.length;
  // At risk and events of each group at each distinct time of the stratum, time-major.
  const atRisk = new Float64Array(length * k);
  const events = new Float64Array(length * k);
  for (const row of rows) {
    const cell = indexOfTime(all.time, y.time[row]) * k + groupOf[row];
    atRisk[cell]++;
    events[cell] += y.event[row];
  }
  for (let cell = (length - 1) * k - 1; cell >= 0; cell--) atRisk[cell] += atRisk[cell + k];

  let survival = 1;
  let peto = 1;
  for (let at = 0; at < length; at++) {
    const d = all.event[at];
    const n = all.atRisk[at];
    if (d === 0) continue;
    peto *= 1 - d / (n + 1);
    const weight = weightOf(survival, peto, n);
    survival *= (n - d) / n;
    const factor = n > 1 ? (weight * weight * d * (n - d)) / (n * n * (n - 1)) : 0;
    for (let g = 0; g < k; g++) {
      const ng = atRisk[at * k + g];
      observed[g] += weight * events[at * k + g];
      expected[g] += (weight * d * ng) / n;
      variance[g * k + g] += factor * ng * n;
      for (let h = 0; h < k; h++) variance[g * k + h] -= factor * ng * atRisk[at * k + h];
    }
  }
}

/** (O − E)ᵀ V⁻¹ (O − E) over all but one of the groups of which events are expected: they sum to 0. */
function quadraticForm(
  { observed, expected, variance }: LogRankSums,
  groups: readonly Group[],
  name: string,
): { readonly chiSquare: number; readonly degreesOfFreedom: number } {
  const k = groups.length;
  const used = groups.flatMap((_, g) => (expected[g] > 0 ? [g] : [])).slice(1);
  const matrix = Float64Array.from(used.flatMap((g) => used.map((h) => variance[g * k + h])));
  const largest = used.reduce((most, g) => Math.max(most, variance[g * k + g]), 0);
  const { factor, singular } = cholesky(matrix, used.length, 1e-12 * largest);
  if (used.length === 0 || singular >= 0) {
    throw new NumericalError(
      `the groups of "${name}" (${groups.map((group) => group.label).join(", ")}) are not at risk together at the times ` +
        "of the events, so that their hazards cannot be compared. Merge groups or use fewer strata.",
    );
  }
  const difference = Float64Array.from(used, (g) => observed[g] - expected[g]);
  const solved = solveCholesky(factor, used.length, difference);
  const chiSquare = difference.reduce((sum, value, at) => sum + value * solved[at], 0);
  return { chiSquare, degreesOfFreedom: used.length };
}

function show(test: LogRank): MimeBundle {
  return renderTable({
    title: `${test.test} test: χ² = ${formatNumber(test.chiSquare)}, ${test.degreesOfFreedom} df, ${formatP(test.p)}`,
    header: ["group", "n", "observed", "expected"],
    rows: test.groups.map(({ label, n, observed, expected }) => [
      label,
      String(n),
      formatNumber(observed),
      formatNumber(expected),
    ]),
  });
}
