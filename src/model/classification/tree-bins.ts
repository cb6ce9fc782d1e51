/**
 * The patients of a tree's node put together by the rank of their value in one column: what cuts are looked for in.
 *
 * Layer:  model; imports its own files.
 */
import type { RankedColumns } from "./tree-columns.js";

/** What trees are grown on. */
export interface TreeData {
  readonly columns: RankedColumns;
  /** Outputs to predict, n × outputs, row-major. */
  readonly target: Float64Array;
  readonly outputs: number;
  /** "variance", which is "gini" for outputs of 0 and 1; "entropy" needs one output per class. */
  readonly criterion: "variance" | "entropy";
  /** Least patients of a leaf, each counted once however often it was drawn. */
  readonly minLeaf: number;
}

/** Memory that is used again for every node. Entries of `binWeight`, `binCount` and `binSum` are 0 between calls. */
export interface SplitMemory {
  readonly keys: Int32Array;
  readonly rows: Int32Array;
  readonly otherKeys: Int32Array;
  readonly otherRows: Int32Array;
  readonly buckets: Int32Array;
  readonly binRank: Int32Array;
  readonly binWeight: Float64Array;
  readonly binCount: Int32Array;
  readonly binSum: Float64Array;
  /** Sums of the node, and of its left part. */
  readonly sum: Float64Array;
  readonly left: Float64Array;
}

/** Patients of a node: places start … end of `rows`, each with its weight; `weight` and `memory.sum` are their sums. */
export interface NodeRows {
  readonly rows: Int32Array;
  readonly weights: Float64Array;
  start: number;
  end: number;
  weight: number;
}

/** More levels than this many times the patients: sorting beats counting. */
const SPARSE = 4;
/** Fewer patients: insertion beats radix. */
const FEW = 32;

export function splitMemory({ columns: { n }, outputs }: TreeData): SplitMemory {
  const digits = Math.max(1, Math.ceil(Math.log2(Math.max(2, n)) / 2));
  return {
    keys: new Int32Array(n),
    rows: new Int32Array(n),
    otherKeys: new Int32Array(n),
    otherRows: new Int32Array(n),
    buckets: new Int32Array((1 << digits) + 1),
    binRank: new Int32Array(n),
    binWeight: new Float64Array(n),
    binCount: new Int32Array(n),
    binSum: new Float64Array(n * outputs),
    sum: new Float64Array(outputs),
    left: new Float64Array(outputs),
  };
}

/**
 * Puts the patients of a node together by their rank in a column.
 *
 * @returns Number of ranks that occur; `binRank` (rising), `binWeight`, `binCount` and `binSum` of `memory` hold them.
 */
export function binNode(data: TreeData, node: NodeRows, feature: number, memory: SplitMemory): number {
  const { first } = data.columns;
  const levels = first[feature + 1] - first[feature];
  if (levels === 1) return 1;
  return levels <= SPARSE * (node.end - node.start)
    ? binByCounting(data, node, feature, levels, memory)
    : binBySorting(data, node, feature, levels, memory);
}

/** Clears what `binNode` left. */
export function clearBins(memory: SplitMemory, bins: number, outputs: number): void {
  memory.binWeight.fill(0, 0, bins);
  memory.binCount.fill(0, 0, bins);
  memory.binSum.fill(0, 0, bins * outputs);
}

/** Sums per level, then moved together: for nodes with about as many patients as the column has levels. */
function binByCounting(
  { columns: { ranks, n }, target, outputs }: TreeData,
  { rows, weights, start, end }: NodeRows,
  feature: number,
  levels: number,
  { binRank, binWeight, binCount, binSum }: SplitMemory,
): number {
  const column = feature * n;
  for (let at = start; at < end; at++) {
    const row = rows[at];
    const bin = ranks[column + row];
    const weight = weights[row];
    binWeight[bin] += weight;
    binCount[bin]++;
    if (outputs === 1) binSum[bin] += weight * target[row];
    else for (let k = 0; k < outputs; k++) binSum[bin * outputs + k] += weight * target[row * outputs + k];
  }
  let bins = 0;
  for (let level = 0; level < levels; level++) {
    if (binCount[level] === 0) continue;
    binRank[bins] = level;
    if (bins !== level) {
      binWeight[bins] = binWeight[level];
      binCount[bins] = binCount[level];
      binWeight[level] = 0;
      binCount[level] = 0;
      for (let k = 0; k < outputs; k++) {
        binSum[bins * outputs + k] = binSum[level * outputs + k];
        binSum[level * outputs + k] = 0;
      }
    }
    bins++;
  }
  return bins;
}

/** For small nodes: sorted by rank, equal ranks put together. */
function binBySorting(
  { columns: { ranks, n }, target, outputs }: TreeData,
  { rows, weights, start, end }: NodeRows,
  feature: number,
  levels: number,
  memory: SplitMemory,
): number {
  const { keys, rows: sorted, binRank, binWeight, binCount, binSum } = memory;
  const column = feature * n;
  const many = end - start;
  for (let at = 0; at < many; at++) {
    const row = rows[start + at];
    sorted[at] = row;
    keys[at] = ranks[column + row];
  }
  if (many < FEW) sortByInsertion(keys, sorted, many);
  else sortByRadix(memory, many, levels);
  let bins = 0;
  let last = -1;
  for (let at = 0; at < many; at++) {
    const row = sorted[at];
    if (keys[at] !== last) {
      last = keys[at];
      binRank[bins++] = last;
    }
    const bin = bins - 1;
    const weight = weights[row];
    binWeight[bin] += weight;
    binCount[bin]++;
    if (outputs === 1) binSum[bin] += weight * target[row];
    else for (let k = 0; k < outputs; k++) binSum[bin * outputs + k] += weight * target[row * outputs + k];
  }
  return bins;
}

function sortByInsertion(keys: Int32Array, rows: Int32Array, many: number): void {
  for (let i = 1; i < many; i++) {
    const key = keys[i];
    const row = rows[i];
    let at = i;
    for (; at > 0 && keys[at - 1] > key; at--) {
      keys[at] = keys[at - 1];
      rows[at] = rows[at - 1];
    }
    keys[at] = key;
    rows[at] = row;
  }
}

/** Two digits, the lower first. */
function sortByRadix(memory: SplitMemory, many: number, levels: number): void {
  const { keys, rows, otherKeys, otherRows, buckets } = memory;
  const bits = 32 - Math.clz32(levels - 1);
  const low = bits >> 1;
  scatter(keys, rows, otherKeys, otherRows, buckets, many, 0, low);
  scatter(otherKeys, otherRows, keys, rows, buckets, many, low, bits - low);
}

function scatter(
  keys: Int32Array,
  rows: Int32Array,
  toKeys: Int32Array,
  toRows: Int32Array,
  buckets: Int32Array,
  many: number,
  shift: number,
  bits: number,
): void {
  const size = 1 << bits;
  const mask = size - 1;
  for (let bucket = 0; bucket <= size; bucket++) buckets[bucket] = 0;
  for (let at = 0; at < many; at++) buckets[((keys[at] >>> shift) & mask) + 1]++;
  for (let bucket = 1; bucket <= size; bucket++) buckets[bucket] += buckets[bucket - 1];
  for (let at = 0; at < many; at++) {
    const to = buckets[(keys[at] >>> shift) & mask]++;
    toKeys[to] = keys[at];
    toRows[to] = rows[at];
  }
}
