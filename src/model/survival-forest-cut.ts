/**
 * The cut of a node after which the two parts differ most in survival, by the log-rank test.
 *
 * Source: Ishwaran et al. 2008, doi:10.1214/08-AOAS169; LeBlanc & Crowley 1993.
 * Layer:  model; imports its own folder.
 */
import { type RankedColumns, thresholdBetween } from "./classification/tree-columns.js";

/** What survival trees are grown on. */
export interface SurvivalRows {
  readonly columns: RankedColumns;
  readonly event: Uint8Array;
  /** For each patient, how many distinct event times of all patients are not later than the own time. */
  readonly place: Int32Array;
  /** Number of distinct event times. */
  readonly times: number;
  /** Least patients of a leaf. */
  readonly minLeaf: number;
}

/** The best cut so far. */
export interface SurvivalCut {
  /** Log-rank chi-square. */
  score: number;
  feature: number;
  rank: number;
  threshold: number;
}

/** A node's patients at each of its event times. */
export interface RiskTable {
  /** Event times of the node, as places among those of all patients, rising. */
  readonly at: Int32Array;
  readonly risk: Float64Array;
  readonly events: Float64Array;
  /** Weight of each time in the variance of the log-rank test. */
  readonly factor: Float64Array;
  /** Nelson–Aalen estimate after each time; entry 0 is 0. */
  readonly hazard: Float64Array;
  /** How many of the node's event times each patient has reached, by the place in the node. */
  readonly reached: Int32Array;
}

/** @param rows  The node's patients; each counts `weights[row]` times. */
export function riskTable(
  { event, place, times }: SurvivalRows,
  rows: Int32Array,
  weights: Float64Array,
): RiskTable {
  const events = new Float64Array(times + 1);
  for (let i = 0; i < rows.length; i++) {
    if (event[rows[i]] === 1) events[place[rows[i]]] += weights[rows[i]];
  }
  // Which of the node's event times is the last up to each time of all.
  const reachedAt = new Int32Array(times + 1);
  let distinct = 0;
  for (let t = 1; t <= times; t++) {
    if (events[t] > 0) distinct++;
    reachedAt[t] = distinct;
  }
  const reached = Int32Array.from(rows, (row) => reachedAt[place[row]]);
  const at = new Int32Array(distinct);
  const own = new Float64Array(distinct);
  for (let t = 1; t <= times; t++) {
    if (events[t] === 0) continue;
    at[reachedAt[t] - 1] = t - 1;
    own[reachedAt[t] - 1] = events[t];
  }
  const risk = new Float64Array(distinct);
  for (let i = 0; i < rows.length; i++) if (reached[i] > 0) risk[reached[i] - 1] += weights[rows[i]];
  for (let j = distinct - 2; j >= 0; j--) risk[j] += risk[j + 1];
  const factor = new Float64Array(distinct);
  const hazard = new Float64Array(distinct + 1);
  for (let j = 0; j < distinct; j++) {
    hazard[j + 1] = hazard[j] + own[j] / risk[j];
    if (risk[j] > 1) factor[j] = (own[j] * (risk[j] - own[j])) / (risk[j] * risk[j] * (risk[j] - 1));
  }
  return { at, risk, events: own, factor, hazard, reached };
}

/** Memory for one node's cuts; arrays of n. */
export interface CutMemory {
  readonly keys: Float64Array;
  readonly leftRisk: Float64Array;
}

/**
 * Improves `cut` by the best cut along one column, if it is better.
 *
 * @returns Whether the column varies in this node.
 */
export function bestSurvivalCut(
  data: SurvivalRows,
  rows: Int32Array,
  weights: Float64Array,
  table: RiskTable,
  feature: number,
  { keys, leftRisk }: CutMemory,
  cut: SurvivalCut,
): boolean {
  const { columns, event, minLeaf } = data;
  const { ranks, n, levels, first } = columns;
  const { risk, factor, hazard, reached } = table;
  const many = rows.length;
  // Rank and place of each patient as one number: sorting numbers is fast.
  const order = keys.subarray(0, many);
  for (let i = 0; i < many; i++) order[i] = ranks[feature * n + rows[i]] * many + i;
  order.sort();
  const rankAt = (at: number): number => Math.floor(order[at] / many);
  if (rankAt(0) === rankAt(many - 1)) return false;
  leftRisk.fill(0, 0, risk.length);
  let excess = 0;
  let variance = 0;
  for (let at = 0; at < many - 1; at++) {
    const i = order[at] % many;
    const row = rows[i];
    const weight = weights[row];
    excess += weight * (event[row] - hazard[reached[i]]);
    for (let j = 0; j < reached[i]; j++) {
      // Σ c Y₁ (Y − Y₁), as Y₁ grows by the weight.
      variance += factor[j] * weight * (risk[j] - 2 * leftRisk[j] - weight);
      leftRisk[j] += weight;
    }
    if (at + 1 < minLeaf) continue;
    if (many - at - 1 < minLeaf) break;
    const rank = rankAt(at);
    const next = rankAt(at + 1);
    if (rank === next || !(variance > LEAST_VARIANCE)) continue;
    const score = (excess * excess) / variance;
    if (score <= cut.score) continue;
    cut.score = score;
    cut.feature = feature;
    cut.rank = rank;
    cut.threshold = thresholdBetween(levels[first[feature] + rank], levels[first[feature] + next]);
  }
  return true;
}

/** Less is rounding. */
const LEAST_VARIANCE = 1e-9;
