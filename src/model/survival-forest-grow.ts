/**
 * Grows survival trees: each from a random stream of its own, so that threads may share the work in any way.
 *
 * Source: Ishwaran et al. 2008, doi:10.1214/08-AOAS169.
 * Layer:  model; imports core, its own folder.
 */
import type { RandomStream } from "../core/random.js";
import { drawRows, treeStream } from "./classification/forest-grow.js";
import type { GrowthRules } from "./classification/tree-grow.js";
import type { DecisionTree } from "./classification/trees.js";
import {
  bestSurvivalCut,
  type CutMemory,
  riskTable,
  type SurvivalCut,
  type SurvivalRows,
} from "./survival-forest-cut.js";

/** A tree; its value is the mortality of a leaf: its cumulative hazard, summed over the distinct event times of all patients. */
export interface SurvivalTree extends DecisionTree {
  /** Where the event times of each node start in `at`, `hazard` and `loss`; nodes + 1 entries. Nodes that are cut have none. */
  readonly first: Int32Array;
  /** Event times in the leaf, as places among those of all patients. */
  readonly at: Int32Array;
  /** By which the cumulative hazard rises then (Nelson–Aalen). */
  readonly hazard: Float64Array;
  /** By which the survival falls then (Kaplan–Meier). */
  readonly loss: Float64Array;
}

/** All that a survival forest grows from: plain data, which can be sent to a thread. */
export interface SurvivalForestJob {
  readonly data: SurvivalRows;
  readonly rules: GrowthRules;
  readonly bootstrap: boolean;
  readonly seed: number;
  /** Trees from … up to but not including `to`. */
  readonly from: number;
  readonly to: number;
}

export function growSurvivalForest(job: SurvivalForestJob): SurvivalTree[] {
  const { data, bootstrap, seed, from, to } = job;
  const { n } = data.columns;
  const memory = { keys: new Float64Array(n), leftRisk: new Float64Array(data.times) };
  const weights = new Float64Array(n).fill(1);
  return Array.from({ length: to - from }, (_, at) => {
    const random = treeStream(seed, from + at);
    if (bootstrap) drawRows(random, weights);
    return growTree(job, weights, random, memory);
  });
}

function growTree(
  { data, rules }: SurvivalForestJob,
  weights: Float64Array,
  random: RandomStream,
  memory: CutMemory,
): SurvivalTree {
  const { columns, times, minLeaf } = data;
  const rows = Int32Array.from(weights.keys()).filter((row) => weights[row] > 0);
  const order = Int32Array.from({ length: columns.p }, (_, j) => j);
  const left: number[] = [];
  const right: number[] = [];
  const feature: number[] = [];
  const threshold: number[] = [];
  const value: number[] = [];
  const cover: number[] = [];
  const first: number[] = [0];
  const at: number[] = [];
  const hazard: number[] = [];
  const loss: number[] = [];
  const stack = [{ start: 0, end: rows.length, depth: 0, parent: -1, isRight: false }];
  for (let task = stack.pop(); task !== undefined; task = stack.pop()) {
    const { start, end, depth, parent, isRight } = task;
    const node = left.length;
    if (parent >= 0) (isRight ? right : left)[parent] = node;
    const own = rows.subarray(start, end);
    const table = riskTable(data, own, weights);
    cover.push(own.reduce((sum, row) => sum + weights[row], 0));
    left.push(-1);
    right.push(-1);
    const cut: SurvivalCut = { score: 0, feature: -1, rank: 0, threshold: 0 };
    const mayBeCut = own.length >= Math.max(rules.minSplit, 2 * minLeaf) && depth < rules.maxDepth;
    // Without an event there is nothing that a cut could tell apart.
    if (mayBeCut && table.at.length > 0) {
      let someVary = false;
      for (let seen = 0; seen < columns.p && (seen < rules.features || !someVary); seen++) {
        const drawn = seen + Math.floor(random.uniform() * (columns.p - seen));
        const j = order[drawn];
        order[drawn] = order[seen];
        order[seen] = j;
        someVary = bestSurvivalCut(data, own, weights, table, j, memory, cut) || someVary;
      }
    }
    feature.push(cut.feature);
    threshold.push(cut.threshold);
    if (cut.feature < 0) {
      let mortality = 0;
      let survival = 1;
      table.at.forEach((time, j) => {
        const rate = table.events[j] / table.risk[j];
        mortality += rate * (times - time);
        at.push(time);
        hazard.push(rate);
        loss.push(survival * rate);
        survival -= survival * rate;
      });
      value.push(mortality);
      first.push(at.length);
      continue;
    }
    value.push(0);
    first.push(at.length);
    const goesLeft = (row: number): boolean => columns.ranks[cut.feature * columns.n + row] <= cut.rank;
    const parts = [own.filter(goesLeft), own.filter((row) => !goesLeft(row))];
    const middle = start + parts[0].length;
    rows.set(parts[0], start);
    rows.set(parts[1], middle);
    stack.push({ start: middle, end, depth: depth + 1, parent: node, isRight: true });
    stack.push({ start, end: middle, depth: depth + 1, parent: node, isRight: false });
  }
  return {
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(threshold),
    value: Float64Array.from(value),
    cover: Float64Array.from(cover),
    first: Int32Array.from(first),
    at: Int32Array.from(at),
    hazard: Float64Array.from(hazard),
    loss: Float64Array.from(loss),
  };
}
