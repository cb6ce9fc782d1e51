/**
 * Grows the trees of a forest: each from a random stream of its own, so that threads may share the work in any way.
 *
 * Source: Breiman 2001, doi:10.1023/A:1010933404324; Geurts et al. 2006, doi:10.1007/s10994-006-6226-1.
 * Layer:  model; imports core, workers, its own files.
 */
import { type RandomStream, randomStream } from "../../core/random.js";
import { runModelTasks, type ThreadOptions, threadsFor } from "../../workers/model-pool.js";
import type { TreeData } from "./tree-bins.js";
import { type GrownTree, type GrowthRules, treeGrower } from "./tree-grow.js";

/** All that a forest grows from: plain data, which can be sent to a thread. */
export interface ForestJob {
  readonly data: TreeData;
  readonly rules: GrowthRules;
  /** Weight of each row. */
  readonly weights: Float64Array;
  /** Does each tree see n rows drawn with replacement? Otherwise it sees all. */
  readonly bootstrap: boolean;
  readonly seed: number;
  /** Trees from … up to but not including `to`. */
  readonly from: number;
  readonly to: number;
}

export function growForest({ data, rules, weights, bootstrap, seed, from, to }: ForestJob): GrownTree[] {
  const grower = treeGrower(data, rules);
  const trees: GrownTree[] = [];
  const drawn = new Float64Array(weights.length);
  for (let tree = from; tree < to; tree++) {
    const random = treeStream(seed, tree);
    if (!bootstrap) trees.push(grower.grow(weights, random));
    else {
      drawRows(random, drawn);
      for (let row = 0; row < drawn.length; row++) drawn[row] *= weights[row];
      trees.push(grower.grow(drawn, random));
    }
  }
  return trees;
}

export function treeStream(seed: number, tree: number): RandomStream {
  return randomStream(`${seed}/tree/${tree}`);
}

/** How often each row is drawn in n draws with replacement. The first use of a tree's stream. */
export function drawRows(random: RandomStream, counts: Float64Array): void {
  const n = counts.length;
  counts.fill(0);
  for (let draw = 0; draw < n; draw++) counts[Math.floor(random.uniform() * n)]++;
}

/** More parts than threads, so that none waits long for another, and progress is seen. */
const PARTS_PER_THREAD = 4;

/** The same trees, grown in threads. @throws InputError if `workers` makes no sense; the signal's reason. */
export async function growForestInThreads(job: ForestJob, options: ThreadOptions): Promise<GrownTree[]> {
  const many = job.to - job.from;
  const parts = Math.min(many, PARTS_PER_THREAD * threadsFor(options));
  const bounds = Array.from({ length: parts + 1 }, (_, part) => job.from + Math.round((part * many) / parts));
  const jobs = bounds.slice(1).map((to, part): ForestJob => ({ ...job, from: bounds[part], to }));
  const grown = await runModelTasks(
    jobs.map((input) => ({ name: "growForest", input })),
    jobs.map(({ from, to }) => to - from),
    options,
  );
  return (grown as GrownTree[][]).flat();
}
