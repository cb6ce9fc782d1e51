/**
 * Which columns an elastic net keeps in bootstrap samples: each sample comes from a random stream of its own, so that threads
 * may share the work in any way.
 *
 * Layer:  model; imports core and its own folder.
 */
import { randomStream } from "../../core/random.js";
import { CoxLoss } from "./cox-loss.js";
import { designOf } from "./design.js";
import { LogisticLoss } from "./logistic-loss.js";
import { elasticNetPath } from "./path.js";

/** Plain data, which can be sent to a thread. */
export interface InclusionJob {
  /** Column after column, best in shared memory. */
  readonly values: Float64Array;
  /** 1 or 0 for each row: the event, or the positive class. */
  readonly outcome: Uint8Array;
  /** Follow-up times for Cox regression; null for logistic regression. */
  readonly time: Float64Array | null;
  readonly lambda: number;
  readonly l1Ratio: number;
  readonly standardize: boolean;
  readonly seed: number;
  /** Samples from … up to but not including `to`. */
  readonly from: number;
  readonly to: number;
}

/** In how many of the samples each column was kept. */
export function countInclusions(job: InclusionJob): Float64Array {
  const { values, outcome, time, lambda, l1Ratio, standardize, from, to } = job;
  const n = outcome.length;
  const p = values.length / n;
  const columns = Array.from({ length: p }, (_, j) => values.subarray(j * n, (j + 1) * n));
  const factors = new Float64Array(p).fill(1);
  const counts = new Float64Array(p);
  for (let draw = from; draw < to; draw++) {
    const rows = drawRows(job, draw);
    const loss = time === null ? new LogisticLoss(outcome, rows) : new CoxLoss(time, outcome, rows);
    const design = designOf(columns, rows, standardize);
    const { points } = elasticNetPath(design, loss, { l1Ratio, factors, lambdas: Float64Array.of(lambda) });
    for (const j of points[0].index) counts[j]++;
  }
  return counts;
}

/** n rows with replacement, ascending; drawn again until there is an event, or both classes. */
function drawRows({ outcome, time, seed }: InclusionJob, draw: number): Uint32Array {
  const n = outcome.length;
  const random = randomStream(`${seed}/inclusion/${draw}`);
  for (;;) {
    const rows = Uint32Array.from({ length: n }, () => Math.floor(random.uniform() * n)).sort();
    const positives = rows.reduce((sum, row) => sum + outcome[row], 0);
    if (positives > 0 && (time !== null || positives < n)) return rows;
  }
}
