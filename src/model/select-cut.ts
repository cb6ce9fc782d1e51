/**
 * The cut of a score that separates survival best, with a p value that takes the search into account.
 *
 * Source: Lausen & Schumacher 1992, doi:10.2307/2532740; 1994, doi:10.1016/0167-9473(94)90127-9 (p values);
 *         Hothorn & Lausen 2003, doi:10.1016/S0167-9473(02)00225-6 (log-rank scores).
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { normalTwoSided } from "../core/distributions.js";
import { InputError, NumericalError } from "../core/errors.js";
import { checkSameIds } from "../table/ids.js";
import { formatNumber, formatP, formatPCell, renderTable } from "../table/render.js";
import type { Scores } from "../table/scores.js";
import type { SurvivalData } from "../table/survival-data.js";

export interface SelectCutOptions {
  /** Least and largest share of patients in the lower group, default 0.1 and 0.9. */
  readonly minShare?: number;
  readonly maxShare?: number;
}

/** The best cut and all that were tried. */
export interface SelectedCut {
  /** Lower group: score ≤ cut. For `model.cut(scores, found.cut)`. */
  readonly cut: number;
  /** Largest standardised log-rank statistic. */
  readonly statistic: number;
  /** Corrected for the search: the improved Bonferroni bound of 1994, which knows the cuts that were tried. At most 1. */
  readonly p: number;
  /** By the asymptotic formula of 1992. At most 1. */
  readonly asymptoticP: number;
  /** p without correction, which is too small: for comparison only. */
  readonly naiveP: number;
  /** All cuts, rising, and the standardised statistic at each. */
  readonly cuts: Float64Array;
  readonly statistics: Float64Array;
  readonly sentence: string;
}

/**
 * Maximally selected log-rank statistic. The cut is fitted to these patients: judge it on others.
 *
 * @throws InputError on mismatched ids, no event, or shares that leave no cut; NumericalError if all log-rank scores are equal.
 *
 * @example
 * const found = model.selectCut(train.x.scores("volume"), train.y);
 * const groups = model.cut(test.x.scores("volume"), found.cut);
 */
export function selectCut(
  scores: Scores,
  y: SurvivalData,
  { minShare = 0.1, maxShare = 0.9 }: SelectCutOptions = {},
): SelectedCut {
  checkSameIds(y.ids, scores.ids, "the follow-up", scores.name);
  if (!(minShare > 0 && minShare < maxShare && maxShare < 1)) {
    throw new InputError(
      `the shares must rise between 0 and 1, e.g. minShare 0.1 and maxShare 0.9, found ${minShare} and ${maxShare}.`,
    );
  }
  if (y.events === 0) {
    throw new InputError(
      `none of ${y.length} patients has the event: no cut is better than another. Check the event column.`,
    );
  }
  const n = y.length;
  const order = Uint32Array.from(y.ids, (_, row) => row).sort((a, b) => scores.values[a] - scores.values[b]);
  const least = Math.max(1, Math.floor(n * minShare));
  const most = Math.floor(n * maxShare);
  const { sizes, statistics } = statisticsOf(logRankScores(y), scores.values, order, least, most);
  if (sizes.length === 0) {
    throw new InputError(
      `no value of "${scores.name}" leaves between ${least} and ${most} of ${n} patients at or below it. ` +
        "Widen the shares, or use a score with more values.",
    );
  }
  const best = statistics.reduce((top, value, at) => (value > statistics[top] ? at : top), 0);
  const cuts = Float64Array.from(sizes, (size) => scores.values[order[size - 1]]);
  const statistic = statistics[best];
  const p = improvedBonferroni(statistic, n, sizes);
  const result: SelectedCut = {
    cut: cuts[best],
    statistic,
    p,
    asymptoticP: asymptotic(statistic, minShare, maxShare),
    naiveP: normalTwoSided(statistic),
    cuts,
    statistics,
    sentence:
      `The cut of ${scores.name} at ${formatNumber(cuts[best])} was selected by the log-rank statistic among ${cuts.length} ` +
      `(${formatP(p)} corrected for the selection).`,
  };
  return showAs(result, () => show(result, scores.name));
}

/** What each patient adds to the log-rank statistic: event minus hazard so far; sorted by time, ties share the last rank. */
function logRankScores(y: SurvivalData): Float64Array {
  const n = y.length;
  const order = Uint32Array.from(y.ids, (_, row) => row).sort((a, b) => y.time[a] - y.time[b]);
  const scores = new Float64Array(n);
  let hazard = 0;
  for (let start = 0; start < n; ) {
    let end = start;
    let events = 0;
    for (; end < n && y.time[order[end]] === y.time[order[start]]; end++) events += y.event[order[end]];
    hazard += events / (n - end + 1);
    for (let at = start; at < end; at++) scores[order[at]] = y.event[order[at]] - hazard;
    start = end;
  }
  return scores;
}

/** Size of the lower group at each cut, and the standardised sum of its scores under permutation. */
function statisticsOf(
  scores: Float64Array,
  values: Float64Array,
  order: Uint32Array,
  least: number,
  most: number,
): { readonly sizes: Uint32Array; readonly statistics: Float64Array } {
  const n = scores.length;
  let total = 0;
  let squares = 0;
  for (const score of scores) {
    total += score;
    squares += score * score;
  }
  const spread = n * squares - total * total;
  if (!(spread > 1e-12 * n * squares)) {
    throw new NumericalError("every patient has the same log-rank score: no cut can be better than another.");
  }
  const sizes: number[] = [];
  const statistics: number[] = [];
  let sum = 0;
  for (let size = 1; size <= most; size++) {
    sum += scores[order[size - 1]];
    if (size < least || values[order[size]] === values[order[size - 1]]) continue;
    const variance = ((size * (n - size)) / (n * n * (n - 1))) * spread;
    sizes.push(size);
    statistics.push(Math.abs(sum - (size / n) * total) / Math.sqrt(variance));
  }
  return { sizes: Uint32Array.from(sizes), statistics: Float64Array.from(statistics) };
}

function asymptotic(b: number, minShare: number, maxShare: number): number {
  if (b < 1) return 1;
  const density = Math.exp((-b * b) / 2) / Math.sqrt(2 * Math.PI);
  const odds = Math.log((maxShare * (1 - minShare)) / ((1 - maxShare) * minShare));
  return Math.min(1, (4 * density) / b + density * (b - 1 / b) * odds);
}

function improvedBonferroni(b: number, n: number, sizes: Uint32Array): number {
  let sum = 0;
  for (let k = 1; k < sizes.length; k++) {
    const [low, high] = [sizes[k - 1], sizes[k]];
    const t = Math.sqrt(1 - (low * (n - high)) / ((n - low) * high));
    sum += t - ((b * b) / 4 - 1) * (t ** 3 / 6);
  }
  return Math.min(1, normalTwoSided(b) + (Math.exp((-b * b) / 2) / Math.PI) * sum);
}

function show({ cut, statistic, p, naiveP, cuts, sentence }: SelectedCut, name: string): MimeBundle {
  return renderTable({
    title: `Maximally selected log-rank statistic of ${name}`,
    header: ["", "value"],
    rows: [
      ["cut", formatNumber(cut)],
      ["statistic", formatNumber(statistic, 4)],
      ["p, corrected", formatPCell(p)],
      ["p, naive", formatPCell(naiveP)],
      ["cuts tried", String(cuts.length)],
    ],
    notes: [sentence],
  });
}
