/**
 * Counts pairs of patients by who has the event first and who has the higher risk. O(n log n).
 *
 * Source: Therneau & Watson 2015, for counts with ties and each patient's part in them.
 * Layer:  model; imports nothing.
 */

/** Weighted counts of pairs, in all and by patient. */
export interface Pairs {
  concordant: number;
  discordant: number;
  /** Of equal risk. */
  tiedRisk: number;
  /** Events at the same time, of different and of equal risk. */
  tiedTime: number;
  tiedBoth: number;
  readonly rowConcordant: Float64Array;
  readonly rowDiscordant: Float64Array;
  readonly rowTied: Float64Array;
}

/** @param n  Number of rows of the table. */
export function newPairs(n: number): Pairs {
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

/** Follow-up and risk by row; a pair weighs what its earlier event weighs. */
export interface PairData {
  readonly time: Float64Array;
  readonly event: Uint8Array;
  readonly risk: Float64Array;
  /** Weight of each row's event; equal at equal times. */
  readonly weight: Float64Array;
  /** How often each row counts: a pair counts the product of both. */
  readonly cases: Float64Array;
}

/** Adds the pairs among `rows`, which may repeat. At equal times, an event comes before a censoring. */
export function countPairs(
  { time, event, risk, weight, cases }: PairData,
  rows: Uint32Array,
  pairs: Pairs,
): void {
  const sorted = rows.slice().sort((a, b) => time[a] - time[b] || event[b] - event[a]);
  const n = sorted.length;
  const ranks = ranksOf(risk, rows);
  const isSameEventTime = (a: number, b: number): boolean =>
    time[sorted[a]] === time[sorted[b]] && event[sorted[a]] === 1 && event[sorted[b]] === 1;

  // From the last to the first: for each event, those who are watched for longer.
  const later = new RankSums(ranks.count);
  for (let end = n - 1; end >= 0; ) {
    let start = end;
    while (start > 0 && isSameEventTime(start - 1, end)) start--;
    if (event[sorted[end]] === 1) {
      const unit = weight[sorted[end]];
      for (let at = start; at <= end; at++) {
        const row = sorted[at];
        const below = later.below(ranks.of[row]);
        const equal = later.at(ranks.of[row]);
        const above = later.total - below - equal;
        const counted = unit * cases[row];
        pairs.concordant += counted * below;
        pairs.discordant += counted * above;
        pairs.tiedRisk += counted * equal;
        pairs.rowConcordant[row] += unit * below;
        pairs.rowDiscordant[row] += unit * above;
        pairs.rowTied[row] += unit * equal;
      }
      if (end > start) countTied(sorted.subarray(start, end + 1), ranks.of, cases, unit, pairs);
    }
    for (let at = start; at <= end; at++) later.add(ranks.of[sorted[at]], cases[sorted[at]]);
    end = start - 1;
  }

  // From the first to the last: for each patient, the events that came before.
  const earlier = new RankSums(ranks.count);
  for (let start = 0; start < n; ) {
    let end = start;
    while (end + 1 < n && isSameEventTime(start, end + 1)) end++;
    for (let at = start; at <= end; at++) {
      const row = sorted[at];
      const below = earlier.below(ranks.of[row]);
      const equal = earlier.at(ranks.of[row]);
      pairs.rowConcordant[row] += earlier.total - below - equal;
      pairs.rowDiscordant[row] += below;
      pairs.rowTied[row] += equal;
    }
    if (event[sorted[start]] === 1) {
      for (let at = start; at <= end; at++) {
        earlier.add(ranks.of[sorted[at]], weight[sorted[at]] * cases[sorted[at]]);
      }
    }
    start = end + 1;
  }
}

/** Pairs among the events of one time. */
function countTied(
  rows: Uint32Array,
  rank: Uint32Array,
  cases: Float64Array,
  unit: number,
  pairs: Pairs,
): void {
  const sizes = new Map<number, number>();
  let all = 0;
  let equal = 0;
  let before = 0;
  for (const row of rows) {
    const alike = sizes.get(rank[row]) ?? 0;
    equal += cases[row] * alike;
    all += cases[row] * before;
    sizes.set(rank[row], alike + cases[row]);
    before += cases[row];
  }
  pairs.tiedBoth += unit * equal;
  pairs.tiedTime += unit * (all - equal);
}

/** Dense rank, from 0, of each row's risk among the rows. */
function ranksOf(
  risk: Float64Array,
  rows: Uint32Array,
): { readonly of: Uint32Array; readonly count: number } {
  const sorted = rows.slice().sort((a, b) => risk[a] - risk[b]);
  const of = new Uint32Array(risk.length);
  let count = 0;
  for (let at = 0; at < sorted.length; at++) {
    if (at > 0 && risk[sorted[at]] !== risk[sorted[at - 1]]) count++;
    of[sorted[at]] = count;
  }
  return { of, count: count + 1 };
}

/** Sums of weights by rank, cumulated in O(log n): a Fenwick tree. */
class RankSums {
  total = 0;
  readonly #tree: Float64Array;
  readonly #sums: Float64Array;

  constructor(ranks: number) {
    this.#tree = new Float64Array(ranks + 1);
    this.#sums = new Float64Array(ranks);
  }

  add(rank: number, weight: number): void {
    this.total += weight;
    this.#sums[rank] += weight;
    for (let node = rank + 1; node < this.#tree.length; node += node & -node) this.#tree[node] += weight;
  }

  at(rank: number): number {
    return this.#sums[rank];
  }

  below(rank: number): number {
    let sum = 0;
    for (let node = rank; node > 0; node -= node & -node) sum += this.#tree[node];
    return sum;
  }
}
