/**
 * Clusters of one variable: k-means whose answer is the best of all, by dynamic programming.
 *
 * Source: Wang & Song 2011, doi:10.32614/RJ-2011-015; Grønlund et al. 2017, arXiv:1701.07204 (divide and conquer).
 * Layer:  model; imports core, table.
 */
import { showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import { formatNumber, renderTable } from "../../table/render.js";
import { checkSample, meanOf, type Sample, squaresAround } from "./sample.js";

/** Clusters by rising value. */
export interface KMeans {
  readonly centers: readonly number[];
  readonly sizes: readonly number[];
  /** Largest value of each cluster. */
  readonly largest: readonly number[];
  /** Midway between neighbouring centers: new values are classed by these, values at one to the lower cluster. */
  readonly thresholds: readonly number[];
  /** Sum of squared distances to the centers: no other clustering has a smaller one. */
  readonly withinSquares: number;
  /** Cluster of each value, from 0, in the order given. */
  readonly cluster: Uint32Array;
}

/**
 * Splits values into k clusters with the least squared distances; k = 2 makes a feature binary.
 *
 * @throws InputError on missing values or fewer than k distinct ones.
 *
 * @example
 * const [threshold] = model.statistics.kMeans(expression, 2).thresholds;
 */
export function kMeans(x: Sample, k: number): KMeans {
  const values = checkSample("the variable", x);
  const sorted = values.slice().sort();
  const n = sorted.length;
  const distinct = sorted.filter((value, at) => at === 0 || value !== sorted[at - 1]).length;
  if (!(Number.isInteger(k) && k >= 1 && k <= distinct)) {
    throw new InputError(
      `the number of clusters must be whole, from 1 to the number of distinct values (${distinct}), found ${k}.`,
    );
  }
  const starts = clusterStarts(sorted, k);
  const clusters = starts.map((from, at) => sorted.subarray(from, starts[at + 1] ?? n));
  const centers = clusters.map(meanOf);
  const largest = clusters.map((cluster) => cluster[cluster.length - 1]);
  const result = {
    centers,
    sizes: clusters.map((cluster) => cluster.length),
    largest,
    thresholds: centers.slice(1).map((center, at) => (center + centers[at]) / 2),
    withinSquares: clusters.reduce((sum, cluster, at) => sum + squaresAround(cluster, centers[at]), 0),
    cluster: Uint32Array.from(values, (value) => largest.findIndex((most) => value <= most)),
  };
  return showAs(result, () =>
    renderTable({
      title: `${k} clusters of ${n} values`,
      header: ["cluster", "n", "center", "up to"],
      rows: clusters.map((cluster, at) => [
        String(at),
        String(cluster.length),
        formatNumber(centers[at]),
        formatNumber(largest[at]),
      ]),
      notes: [`thresholds: ${result.thresholds.map((value) => formatNumber(value)).join(", ")}`],
    }),
  );
}

/** Where each of the best k clusters starts. Equal values are never split: their groups are what is put together. */
function clusterStarts(sorted: Float64Array, k: number): number[] {
  const mean = meanOf(sorted);
  const groupStarts = Array.from(sorted.keys()).filter((at) => at === 0 || sorted[at] !== sorted[at - 1]);
  const n = groupStarts.length;
  const bounds = Uint32Array.from([...groupStarts, sorted.length]);
  const sums = new Float64Array(n + 1);
  const squares = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    const value = sorted[bounds[i]] - mean;
    const size = bounds[i + 1] - bounds[i];
    sums[i + 1] = sums[i] + size * value;
    squares[i + 1] = squares[i] + size * value * value;
  }
  /** Squared distances of the groups from..to − 1 to their mean. */
  const spread = (from: number, to: number): number =>
    squares[to] - squares[from] - (sums[to] - sums[from]) ** 2 / (bounds[to] - bounds[from]);

  let cost = Float64Array.from({ length: n + 1 }, (_, to) => (to === 0 ? 0 : spread(0, to)));
  const cuts: Uint32Array[] = [];
  for (let clusters = 2; clusters <= k; clusters++) {
    const next = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
    const cut = new Uint32Array(n + 1);
    const before = cost;
    // The best cut moves right with the end, so that each half needs only a part of the cuts.
    const solve = (from: number, to: number, low: number, high: number): void => {
      if (from > to) return;
      const end = (from + to) >> 1;
      for (let at = Math.max(low, clusters - 1); at <= Math.min(high, end - 1); at++) {
        const total = before[at] + spread(at, end);
        if (total < next[end]) {
          next[end] = total;
          cut[end] = at;
        }
      }
      solve(from, end - 1, low, cut[end]);
      solve(end + 1, to, cut[end], high);
    };
    solve(clusters, n, clusters - 1, n - 1);
    cost = next;
    cuts.push(cut);
  }
  const starts: number[] = [];
  let end = n;
  for (const cut of cuts.reverse()) {
    end = cut[end];
    starts.unshift(bounds[end]);
  }
  return [0, ...starts];
}
