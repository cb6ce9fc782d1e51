/**
 * The best or a random cut of the patients of one node along one column.
 *
 * Impurity is the variance of the outputs: for outputs of 0 and 1, one per class, that is the Gini impurity.
 *
 * Source: Breiman et al. 1984, Classification and regression trees; Geurts et al. 2006, doi:10.1007/s10994-006-6226-1 (random cuts).
 * Layer:  model; imports its own files.
 */
import { binNode, clearBins, type NodeRows, type SplitMemory, type TreeData } from "./tree-bins.js";
import { placeOf, type RankedColumns, thresholdBetween } from "./tree-columns.js";

/** The best cut so far. */
export interface Cut {
  /** Rises with the quality of the cut; comparable within a node. */
  score: number;
  feature: number;
  /** Patients up to this rank go left. */
  rank: number;
  threshold: number;
}

/**
 * Improves `cut` by the best cut along one column, if it is better.
 *
 * @returns Whether the column varies in this node.
 */
export function bestCut(
  data: TreeData,
  node: NodeRows,
  feature: number,
  memory: SplitMemory,
  cut: Cut,
): boolean {
  const bins = binNode(data, node, feature, memory);
  if (bins > 1) {
    if (data.criterion === "entropy") scanEntropy(data, node, feature, bins, memory, cut);
    else if (data.outputs === 1) scanOne(data, node, feature, bins, memory, cut);
    else scanMany(data, node, feature, bins, memory, cut);
  }
  clearBins(memory, bins, data.outputs);
  return bins > 1;
}

function scanOne(
  { columns, minLeaf }: TreeData,
  { start, end, weight }: NodeRows,
  feature: number,
  bins: number,
  { binRank, binWeight, binCount, binSum, sum }: SplitMemory,
  cut: Cut,
): void {
  const most = end - start - minLeaf;
  const total = sum[0];
  let best = cut.score;
  let found = -1;
  let count = 0;
  let leftWeight = 0;
  let left = 0;
  for (let bin = 0; bin < bins - 1; bin++) {
    count += binCount[bin];
    leftWeight += binWeight[bin];
    left += binSum[bin];
    if (count < minLeaf) continue;
    if (count > most) break;
    const right = total - left;
    const score = (left * left) / leftWeight + (right * right) / (weight - leftWeight);
    if (score > best) {
      best = score;
      found = bin;
    }
  }
  if (found >= 0) take(cut, columns, feature, binRank[found], binRank[found + 1], best);
}

function scanMany(
  { columns, minLeaf, outputs }: TreeData,
  { start, end, weight }: NodeRows,
  feature: number,
  bins: number,
  { binRank, binWeight, binCount, binSum, sum, left }: SplitMemory,
  cut: Cut,
): void {
  const most = end - start - minLeaf;
  let found = -1;
  let count = 0;
  let leftWeight = 0;
  left.fill(0);
  for (let bin = 0; bin < bins - 1; bin++) {
    count += binCount[bin];
    leftWeight += binWeight[bin];
    for (let k = 0; k < outputs; k++) left[k] += binSum[bin * outputs + k];
    if (count < minLeaf) continue;
    if (count > most) break;
    let squares = 0;
    let others = 0;
    for (let k = 0; k < outputs; k++) {
      squares += left[k] * left[k];
      others += (sum[k] - left[k]) * (sum[k] - left[k]);
    }
    const score = squares / leftWeight + others / (weight - leftWeight);
    if (score > cut.score) {
      cut.score = score;
      found = bin;
    }
  }
  if (found >= 0) take(cut, columns, feature, binRank[found], binRank[found + 1], cut.score);
}

function scanEntropy(
  { columns, minLeaf, outputs }: TreeData,
  { start, end, weight }: NodeRows,
  feature: number,
  bins: number,
  { binRank, binWeight, binCount, binSum, sum, left }: SplitMemory,
  cut: Cut,
): void {
  const most = end - start - minLeaf;
  let found = -1;
  let count = 0;
  let leftWeight = 0;
  left.fill(0);
  for (let bin = 0; bin < bins - 1; bin++) {
    count += binCount[bin];
    leftWeight += binWeight[bin];
    for (let k = 0; k < outputs; k++) left[k] += binSum[bin * outputs + k];
    if (count < minLeaf) continue;
    if (count > most) break;
    let score = -timesLog(leftWeight) - timesLog(weight - leftWeight);
    for (let k = 0; k < outputs; k++) score += timesLog(left[k]) + timesLog(sum[k] - left[k]);
    if (score > cut.score) {
      cut.score = score;
      found = bin;
    }
  }
  if (found >= 0) take(cut, columns, feature, binRank[found], binRank[found + 1], cut.score);
}

function timesLog(value: number): number {
  return value > 0 ? value * Math.log(value) : 0;
}

/** −(weighted impurity) of a node without a cut, up to what a cut leaves unchanged. */
export function scoreOfNode({ outputs, criterion }: TreeData, weight: number, sum: Float64Array): number {
  let score = criterion === "entropy" ? -timesLog(weight) : 0;
  for (let k = 0; k < outputs; k++)
    score += criterion === "entropy" ? timesLog(sum[k]) : (sum[k] * sum[k]) / weight;
  return score;
}

function take(
  cut: Cut,
  { first, levels }: RankedColumns,
  feature: number,
  rank: number,
  next: number,
  score: number,
): void {
  const start = first[feature];
  cut.score = score;
  cut.feature = feature;
  cut.rank = rank;
  cut.threshold = thresholdBetween(levels[start + rank], levels[start + next]);
}

/**
 * Improves `cut` by one at a random place between the least and the greatest value of a column, if it is better.
 *
 * @param share  Random, in [0, 1).
 * @returns Whether the column varies in this node.
 */
export function randomCut(
  data: TreeData,
  node: NodeRows,
  feature: number,
  memory: SplitMemory,
  cut: Cut,
  share: () => number,
): boolean {
  const { columns, target, outputs, minLeaf } = data;
  const { ranks, n, levels, first } = columns;
  const { rows, weights, start, end, weight } = node;
  const column = feature * n;
  let least = ranks[column + rows[start]];
  let greatest = least;
  for (let at = start + 1; at < end; at++) {
    const rank = ranks[column + rows[at]];
    if (rank < least) least = rank;
    if (rank > greatest) greatest = rank;
  }
  if (least === greatest) return false;
  const lower = levels[first[feature] + least];
  const upper = levels[first[feature] + greatest];
  const at = share();
  const drawn = lower * (1 - at) + upper * at;
  const threshold = drawn >= lower && drawn < upper ? drawn : lower;
  const rank = placeOf(levels, first[feature] + least, first[feature] + greatest, threshold) - first[feature];

  const { sum, left } = memory;
  let count = 0;
  let leftWeight = 0;
  left.fill(0);
  for (let i = start; i < end; i++) {
    const row = rows[i];
    if (ranks[column + row] > rank) continue;
    count++;
    leftWeight += weights[row];
    for (let k = 0; k < outputs; k++) left[k] += weights[row] * target[row * outputs + k];
  }
  if (count < minLeaf || end - start - count < minLeaf) return true;
  for (let k = 0; k < outputs; k++) memory.binSum[k] = sum[k] - left[k];
  const score = scoreOfNode(data, leftWeight, left) + scoreOfNode(data, weight - leftWeight, memory.binSum);
  memory.binSum.fill(0, 0, outputs);
  if (score > cut.score) {
    cut.score = score;
    cut.feature = feature;
    cut.rank = rank;
    cut.threshold = threshold;
  }
  return true;
}
