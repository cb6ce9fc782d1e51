/**
 * Random survival forests.
 *
 * Source: Ishwaran et al. 2008, doi:10.1214/08-AOAS169; defaults as scikit-survival's RandomSurvivalForest.
 * Layer:  model; imports core, table, workers, its own folder.
 */
import { showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import type { FeatureTable } from "../table/feature-table.js";
import type { TrainingTable } from "../table/guarded-table.js";
import { checkSameIds } from "../table/ids.js";
import { Scores } from "../table/scores.js";
import type { SurvivalData } from "../table/survival-data.js";
import { runModelTasks, type ThreadOptions, threadsFor } from "../workers/model-pool.js";
import type { SurvivalCurve } from "./brier.js";
import { drawRows, treeStream } from "./classification/forest-grow.js";
import { sizeOf } from "./classification/forest-model.js";
import { type ClassifierColumn, matrixFor } from "./classification/training.js";
import { rankColumns } from "./classification/tree-columns.js";
import {
  checkForestSize,
  type ForestSize,
  type FullTreeOptions,
  fullTreeOptions,
  growthRules,
  type TreeOptions,
} from "./classification/tree-options.js";
import { evaluateTrees, leafAtMost, type TreeSum } from "./classification/trees.js";
import type { Estimator, Fitted } from "./estimator.js";
import { indexOfTime } from "./event-times.js";
import { growSurvivalForest, type SurvivalForestJob, type SurvivalTree } from "./survival-forest-grow.js";

/** `minSplit` is 6, `minLeaf` 3 and `features` "sqrt" by default. */
export interface SurvivalForestOptions extends TreeOptions, ForestSize {
  /** Does each tree see as many patients as there are, drawn with replacement (default), or all? */
  readonly bootstrap?: boolean;
}

/** A recipe for a survival forest. */
export interface SurvivalForestEstimator extends Estimator<SurvivalData, SurvivalForestModel> {
  /** The same model to the bit, grown in threads: a notebook stays free meanwhile, and can cancel. */
  fitInThreads(x: TrainingTable, y: SurvivalData, options?: ThreadOptions): Promise<SurvivalForestModel>;
}

/** A fitted survival forest. */
export interface SurvivalForestModel extends Fitted<Scores> {
  readonly columns: readonly ClassifierColumn[];
  /** For `explain.tree`: the mean of the trees is what `predict` gives. */
  readonly trees: TreeSum;
  readonly outputUnit: "expected events";
  /** Distinct event times of the training patients, in `unit`. */
  readonly times: Float64Array;
  readonly unit: SurvivalData["unit"];
  /** Mortality: the mean cumulative hazard of a patient's leaves, summed over `times`; higher is worse. */
  predict(x: FeatureTable): Scores;
  /** Mean Kaplan–Meier curve of each patient's leaves, at `times`; for `brierScore` and plots. */
  survival(x: FeatureTable): readonly SurvivalCurve[];
  /** Mean Nelson–Aalen estimate of each patient's leaves, n × times, row-major. */
  cumulativeHazard(x: FeatureTable): Float64Array;
  /**
   * Mortality of the training patients, each by the trees that have not seen the patient; for `concordance` without test patients.
   *
   * @throws InputError without bootstrap, or if some patient was seen by all trees: grow more.
   */
  outOfBag(): Scores;
}

/**
 * Recipe for a random survival forest: each cut is the one after which survival differs most (log-rank), along one of a few random
 * columns; leaves hold Nelson–Aalen and Kaplan–Meier estimates.
 *
 * `fit` throws InputError on mismatched ids, missing values, no columns or no event, or more `features` than columns.
 *
 * @example
 * const fitted = model.survivalForest({ trees: 500, seed: 7 }).fit(train.x, train.y);
 * model.concordance(test.y, fitted.predict(test.x));
 */
export function survivalForest(options: SurvivalForestOptions = {}): SurvivalForestEstimator {
  const { trees = 100, seed = 0, bootstrap = true } = options;
  const full = fullTreeOptions({ minSplit: 6, minLeaf: 3, ...options }, "sqrt");
  checkForestSize(trees, seed);
  return {
    fit: (x, y) => {
      const job = jobOf(x, y, full, { trees, seed, bootstrap });
      return modelOf(growSurvivalForest(job), job, x, y);
    },
    fitInThreads: async (x, y, threads = {}) => {
      const job = jobOf(x, y, full, { trees, seed, bootstrap });
      return modelOf(await growInThreads(job, threads), job, x, y);
    },
  };
}

function jobOf(
  x: FeatureTable,
  y: SurvivalData,
  full: FullTreeOptions,
  { trees, seed, bootstrap }: Required<ForestSize> & { readonly bootstrap: boolean },
): SurvivalForestJob {
  const matrix = survivalMatrix(x, y);
  const times = eventTimesOf(y);
  const data = {
    columns: rankColumns(matrix, x.length, x.columns.length),
    event: y.event,
    place: Int32Array.from(y.time, (time) => indexOfTime(times, time) + 1),
    times: times.length,
    minLeaf: full.minLeaf,
  };
  return { data, rules: growthRules(full, x.columns.length, "best"), bootstrap, seed, from: 0, to: trees };
}

/** The training values, row-major. @throws InputError on mismatched ids, no columns, missing values or no event. */
export function survivalMatrix(x: FeatureTable, y: SurvivalData): Float64Array {
  checkSameIds(y.ids, x.ids, "the follow-up", "the features");
  if (x.columns.length === 0) {
    throw new InputError(
      "the table has no columns: there is nothing to learn from. Select at least one column.",
    );
  }
  if (y.events === 0) {
    throw new InputError(
      `none of ${y.length} patients has the event: there is nothing to learn. Check the event column.`,
    );
  }
  return matrixFor(x, x.columns);
}

/** Distinct times of events, rising. */
export function eventTimesOf(y: SurvivalData): Float64Array {
  const all = y.time.filter((_, row) => y.event[row] === 1).sort();
  return all.filter((time, at) => at === 0 || time !== all[at - 1]);
}

/** More parts than threads, so that none waits long for another, and progress is seen. */
const PARTS_PER_THREAD = 4;

async function growInThreads(job: SurvivalForestJob, options: ThreadOptions): Promise<SurvivalTree[]> {
  const parts = Math.min(job.to, PARTS_PER_THREAD * threadsFor(options));
  const bounds = Array.from({ length: parts + 1 }, (_, part) => Math.round((part * job.to) / parts));
  const jobs = bounds.slice(1).map((to, part): SurvivalForestJob => ({ ...job, from: bounds[part], to }));
  const grown = await runModelTasks(
    jobs.map((input) => ({ name: "growSurvivalForest", input })),
    jobs.map(({ from, to }) => to - from),
    options,
  );
  return (grown as SurvivalTree[][]).flat();
}

function modelOf(
  grown: readonly SurvivalTree[],
  job: SurvivalForestJob,
  x: FeatureTable,
  y: SurvivalData,
): SurvivalForestModel {
  const columns = x.columns.map(({ name, unit }) => ({ name, unit }));
  const p = columns.length;
  const times = eventTimesOf(y);
  const trees: TreeSum = {
    trees: grown,
    rule: "at-most",
    outputs: 1,
    base: new Float64Array(1),
    divisor: grown.length,
  };
  /** Mean over the trees of what happens at each event time in the leaf of each patient, summed up to each time. */
  const sums = (of: FeatureTable, what: "hazard" | "loss"): Float64Array => {
    const matrix = matrixFor(of, columns);
    const values = new Float64Array(of.length * times.length);
    for (const tree of grown) {
      for (let row = 0; row < of.length; row++) {
        const leaf = leafAtMost(tree, matrix, row * p);
        for (let at = tree.first[leaf]; at < tree.first[leaf + 1]; at++)
          values[row * times.length + tree.at[at]] += tree[what][at];
      }
    }
    for (let at = 0; at < values.length; at++) {
      values[at] /= grown.length;
      if (at % times.length > 0) values[at] += values[at - 1];
    }
    return values;
  };
  const model: SurvivalForestModel = {
    columns,
    trees,
    outputUnit: "expected events",
    times,
    unit: y.unit,
    predict: (of) => new Scores(of.ids, evaluateTrees(trees, matrixFor(of, columns), p), "expected events"),
    survival: (of) => {
      const losses = sums(of, "loss");
      return of.ids.map((id, row) => ({
        id,
        time: times,
        survival: losses
          .subarray(row * times.length, (row + 1) * times.length)
          .map((loss) => Math.min(1, Math.max(0, 1 - loss))),
      }));
    },
    cumulativeHazard: (of) => sums(of, "hazard"),
    outOfBag: () => outOfBag(grown, job, x),
  };
  return showAs(model, () => ({
    "text/plain":
      `Random survival forest: ${y.length} patients, ${y.events} events, ${sizeOf(grown)}, ${p} columns, ` +
      `${times.length} event times (${y.unit})`,
  }));
}

function outOfBag(
  grown: readonly SurvivalTree[],
  { bootstrap, seed }: SurvivalForestJob,
  x: FeatureTable,
): Scores {
  if (!bootstrap) {
    throw new InputError("without bootstrap, every tree has seen all patients. Use bootstrap: true.");
  }
  const matrix = x.toMatrix();
  const p = x.columns.length;
  const drawn = new Float64Array(x.length);
  const sums = new Float64Array(x.length);
  const votes = new Float64Array(x.length);
  grown.forEach((tree, t) => {
    drawRows(treeStream(seed, t), drawn);
    for (let row = 0; row < x.length; row++) {
      if (drawn[row] > 0) continue;
      sums[row] += tree.value[leafAtMost(tree, matrix, row * p)];
      votes[row]++;
    }
  });
  const always = votes.indexOf(0);
  if (always >= 0) {
    throw new InputError(`every tree has seen patient ${x.ids[always]}. Grow more trees.`);
  }
  return new Scores(
    x.ids,
    sums.map((sum, row) => sum / votes[row]),
    "expected events",
  );
}
