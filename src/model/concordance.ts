/**
 * Harrell's concordance: how often the patient with the higher risk has the event first. O(n log n).
 *
 * Source: Harrell et al. 1982; Therneau & Watson 2015 for counts with ties and the infinitesimal jackknife error.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { NumericalError } from "../core/errors.js";
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";
import { formatNumber } from "../table/render.js";
import type { Scores } from "../table/scores.js";
import type { SurvivalData } from "../table/survival-data.js";
import { groupRows } from "./groups.js";

/** Concordance with the pairs that it counts. A pair counts if it is known who had the event first. */
export interface Concordance {
  /** (concordant + tiedRisk / 2) / (concordant + discordant + tiedRisk), in [0, 1]. */
  readonly c: number;
  /** Standard error by the infinitesimal jackknife. */
  readonly standardError: number;
  readonly concordant: number;
  readonly discordant: number;
  /** Pairs of equal risk. */
  readonly tiedRisk: number;
  /** Pairs of events at the same time and of different risk; they do not count. */
  readonly tiedTime: number;
  /** Pairs of events at the same time and of equal risk; they do not count. */
  readonly tiedBoth: number;
}

/**
 * @param y  n patients. At equal times, an event comes before a censoring.
 * @param risk  A score per patient; a higher one predicts an earlier event.
 * @param options.strata  Only pairs within a class count.
 * @throws InputError on mismatched ids; NumericalError if no pair can be compared.
 *
 * @example
 * const { c } = model.concordance(test.y, cox.predict(test.x));
 */
export function concordance(
  y: SurvivalData,
  risk: Scores,
  { strata }: { readonly strata?: Labels } = {},
): Concordance {
  checkSameIds(y.ids, risk.ids, "the follow-up", risk.name);
  const pairs = newPairs(y.length);
  for (const { rows } of groupRows(y.ids, strata)) countPairs(y, risk.values, rows, pairs);
  const total = pairs.concordant + pairs.discordant + pairs.tiedRisk;
  if (total === 0) {
    throw new NumericalError(
      `no two of ${y.length} patients can be compared: it needs an event and a patient who was watched for longer. ` +
        "Check times and events, or use fewer strata.",
    );
  }
  const c = (pairs.concordant + pairs.tiedRisk / 2) / total;
  let variance = 0;
  for (let row = 0; row < y.length; row++) {
    // How c changes with the weight of one patient.
    const all = pairs.rowConcordant[row] + pairs.rowDiscordant[row] + pairs.rowTied[row];
    const influence = (pairs.rowConcordant[row] + pairs.rowTied[row] / 2 - c * all) / total;
    variance += influence * influence;
  }
  const { concordant, discordant, tiedRisk, tiedTime, tiedBoth } = pairs;
  const standardError = Math.sqrt(variance);
  const result = { c, standardError, concordant, discordant, tiedRisk, tiedTime, tiedBoth };
  return showAs(result, () => show(result));
}

/** Pairs counted so far, in all and by patient. */
interface Pairs {
  concordant: number;
  discordant: number;
  tiedRisk: number;
  tiedTime: number;
  tiedBoth: number;
  readonly rowConcordant: Float64Array;
  readonly rowDiscordant: Float64Array;
  readonly rowTied: Float64Array;
}

function newPairs(n: number): Pairs {
  return {
    concordant: 0,
    discordant: 0,
    tiedRisk: 0,
    tiedTime: 0,
    tiedBoth: 0,
    rowConcordant: new Float64Array(n),
    rowDiscordant: new Float64Array(n),
    rowTied: new Float64Array(n),
  };
}

function countPairs(y: SurvivalData, risk: Float64Array, rows: Uint32Array, pairs: Pairs): void {
  const sorted = Array.from(rows).sort((a, b) => y.time[a] - y.time[b] || y.event[b] - y.event[a]);
  const ranks = ranksOf(risk, rows);
  const isSameEventTime = (a: number, b: number): boolean =>
    y.time[sorted[a]] === y.time[sorted[b]] && y.event[sorted[a]] === 1 && y.event[sorted[b]] === 1;

  // From the last to the first: for each event, those who are watched for longer.
  const later = new RankCounts(ranks.count);
  for (let end = sorted.length - 1; end >= 0; ) {
    let start = end;
    while (start > 0 && isSameEventTime(start - 1, end)) start--;
    if (y.event[sorted[end]] === 1) {
      for (let at = start; at <= end; at++) {
        const row = sorted[at];
        const below = later.below(ranks.of[row]);
        const equal = later.at(ranks.of[row]);
        const above = later.total - below - equal;
        pairs.concordant += below;
        pairs.discordant += above;
        pairs.tiedRisk += equal;
        pairs.rowConcordant[row] += below;
        pairs.rowDiscordant[row] += above;
        pairs.rowTied[row] += equal;
      }
      countTied(sorted.slice(start, end + 1), ranks.of, pairs);
    }
    for (let at = start; at <= end; at++) later.add(ranks.of[sorted[at]]);
    end = start - 1;
  }

  // From the first to the last: for each patient, the events that came before.
  const earlier = new RankCounts(ranks.count);
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (end + 1 < sorted.length && isSameEventTime(start, end + 1)) end++;
    for (let at = start; at <= end; at++) {
      const row = sorted[at];
      const below = earlier.below(ranks.of[row]);
      const equal = earlier.at(ranks.of[row]);
      pairs.rowConcordant[row] += earlier.total - below - equal;
      pairs.rowDiscordant[row] += below;
      pairs.rowTied[row] += equal;
    }
    if (y.event[sorted[start]] === 1) for (let at = start; at <= end; at++) earlier.add(ranks.of[sorted[at]]);
    start = end + 1;
  }
}

/** Pairs among the events of one time. */
function countTied(rows: readonly number[], rank: Uint32Array, pairs: Pairs): void {
  const sizes = new Map<number, number>();
  for (const row of rows) sizes.set(rank[row], (sizes.get(rank[row]) ?? 0) + 1);
  let equal = 0;
  for (const size of sizes.values()) equal += (size * (size - 1)) / 2;
  pairs.tiedBoth += equal;
  pairs.tiedTime += (rows.length * (rows.length - 1)) / 2 - equal;
}

/** Dense rank, from 0, of each row's risk among the rows. */
function ranksOf(
  risk: Float64Array,
  rows: Uint32Array,
): { readonly of: Uint32Array; readonly count: number } {
  const sorted = Array.from(rows).sort((a, b) => risk[a] - risk[b]);
  const of = new Uint32Array(risk.length);
  let count = 0;
  sorted.forEach((row, at) => {
    if (at > 0 && risk[row] !== risk[sorted[at - 1]]) count++;
    of[row] = count;
  });
  return { of, count: count + 1 };
}

/** How many of each rank, with sums in O(log n): a Fenwick tree. */
class RankCounts {
  total = 0;
  readonly #tree: Uint32Array;
  readonly #counts: Uint32Array;

  constructor(ranks: number) {
    this.#tree = new Uint32Array(ranks + 1);
    this.#counts = new Uint32Array(ranks);
  }

  add(rank: number): void {
    this.total++;
    this.#counts[rank]++;
    for (let node = rank + 1; node < this.#tree.length; node += node & -node) this.#tree[node]++;
  }

  at(rank: number): number {
    return this.#counts[rank];
  }

  below(rank: number): number {
    let sum = 0;
    for (let node = rank; node > 0; node -= node & -node) sum += this.#tree[node];
    return sum;
  }
}

function show({ c, standardError, concordant, discordant, tiedRisk }: Concordance): MimeBundle {
  const pairs = `${concordant} concordant, ${discordant} discordant, ${tiedRisk} tied pairs`;
  return {
    "text/plain": `Concordance ${formatNumber(c, 4)} (standard error ${formatNumber(standardError, 2)}): ${pairs}`,
  };
}
