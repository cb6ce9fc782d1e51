/**
 * Gradient-boosted Cox regression: small trees that add up to a log hazard.
 *
 * Source: Friedman 2001, doi:10.1214/aos/1013203451; Ridgeway 1999; defaults as scikit-survival's GradientBoostingSurvivalAnalysis
 * with its Cox loss (ties as Breslow's).
 * Layer:  model; imports core, table, its own folder.
 */
import { showAs } from "../core/display.js";
import { NumericalError } from "../core/errors.js";
import { randomStream } from "../core/random.js";
import type { FeatureTable } from "../table/feature-table.js";
import { Scores } from "../table/scores.js";
import type { SurvivalData } from "../table/survival-data.js";
import type { SurvivalCurve } from "./brier.js";
import {
  drawPart,
  fullGradientOptions,
  type GradientBoostingOptions,
} from "./classification/boost-stochastic.js";
import {
  type ColumnImportance,
  importancesOf,
  showImportances,
  sizeOf,
} from "./classification/forest-model.js";
import { type ClassifierColumn, matrixFor } from "./classification/training.js";
import { rankColumns } from "./classification/tree-columns.js";
import { type GrownTree, treeGrower } from "./classification/tree-grow.js";
import { evaluateTrees, leafAtMost, type TreeSum } from "./classification/trees.js";
import type { Estimator, Fitted } from "./estimator.js";
import { eventTimesOf, survivalMatrix } from "./survival-forest.js";

/** A fitted boosted Cox regression. */
export interface CoxBoostModel extends Fitted<Scores> {
  readonly columns: readonly ClassifierColumn[];
  /** For `explain.tree`: the sum of the trees is what `predict` gives. */
  readonly trees: TreeSum;
  readonly outputUnit: "log hazard";
  readonly importances: readonly ColumnImportance[];
  /** Log hazard against a score of 0. */
  predict(x: FeatureTable): Scores;
  /** Survival of each patient at the event times of the training patients, by Breslow's baseline hazard. */
  survival(x: FeatureTable): readonly SurvivalCurve[];
}

/**
 * Recipe for gradient-boosted Cox regression. Each tree is grown on what the partial likelihood still wants of each patient's log
 * hazard, and takes the mean of that in each leaf, times the learning rate.
 *
 * `fit` throws InputError on mismatched ids, missing values, no columns or no event, or more `features` than columns.
 *
 * @example
 * const fitted = model.coxBoost({ subsample: 0.7, seed: 7 }).fit(train.x, train.y);
 */
export function coxBoost(options: GradientBoostingOptions = {}): Estimator<SurvivalData, CoxBoostModel> {
  const full = fullGradientOptions(options);
  return {
    fit: (x, y) => {
      const matrix = survivalMatrix(x, y);
      const { rounds, learningRate, subsample, seed, minLeaf } = full;
      const [n, p] = [x.length, x.columns.length];
      const rules = full.rules(p);
      const target = new Float64Array(n);
      const grower = treeGrower(
        { columns: rankColumns(matrix, n, p), target, outputs: 1, criterion: "variance", minLeaf },
        rules,
      );
      const random = subsample < 1 || rules.features < p ? randomStream(`${seed}/boosting`) : null;
      const all = new Float64Array(n).fill(1);
      const drawn = all.slice();
      const order = Int32Array.from(y.time.keys()).sort((a, b) => y.time[b] - y.time[a]);
      const scores = new Float64Array(n);
      const grown: GrownTree[] = [];
      for (let round = 0; round < rounds; round++) {
        if (random !== null && subsample < 1) drawPart(all, subsample, random, drawn);
        coxGradient(y, order, drawn, scores, target);
        const tree = grower.grow(drawn, rules.features < p ? random : null);
        const step = { ...tree, value: tree.value.map((value) => learningRate * value) };
        grown.push(step);
        for (let row = 0; row < n; row++) scores[row] += step.value[leafAtMost(step, matrix, row * p)];
      }
      if (!scores.every(Number.isFinite)) {
        throw new NumericalError(
          "the scores grow without bound. Use a smaller learning rate or fewer rounds.",
        );
      }
      return modelOf(grown, x, y, scores, order);
    },
  };
}

/**
 * What the partial likelihood wants of each log hazard: event minus expected events, among the drawn patients.
 *
 * @param order  Rows by falling time.
 * @param wanted  Written in place; 0 for patients who are not drawn.
 */
export function coxGradient(
  { time, event }: SurvivalData,
  order: Int32Array,
  drawn: Float64Array,
  scores: Float64Array,
  wanted: Float64Array,
): void {
  const { atRisk, largest } = hazardsAtRisk(time, order, drawn, scores);
  wanted.fill(0);
  // Forward in time: the baseline hazard up to each patient's time.
  let hazard = 0;
  for (let end = order.length - 1; end >= 0; ) {
    let start = end;
    let events = 0;
    for (; start >= 0 && time[order[start]] === time[order[end]]; start--)
      events += drawn[order[start]] > 0 ? event[order[start]] : 0;
    if (events > 0) hazard += events / atRisk[end];
    for (let at = end; at > start; at--) {
      const row = order[at];
      if (drawn[row] > 0) wanted[row] = event[row] - Math.exp(scores[row] - largest) * hazard;
    }
    end = start;
  }
}

/** Sum of the hazards of those at risk at the time of each place in `order`, relative to e^largest. */
function hazardsAtRisk(
  time: Float64Array,
  order: Int32Array,
  drawn: Float64Array,
  scores: Float64Array,
): { readonly atRisk: Float64Array; readonly largest: number } {
  const largest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  const atRisk = new Float64Array(order.length);
  let sum = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    for (; end < order.length && time[order[end]] === time[order[start]]; end++)
      if (drawn[order[end]] > 0) sum += Math.exp(scores[order[end]] - largest);
    atRisk.fill(sum, start, end);
    start = end;
  }
  return { atRisk, largest };
}

function modelOf(
  grown: readonly GrownTree[],
  x: FeatureTable,
  y: SurvivalData,
  scores: Float64Array,
  order: Int32Array,
): CoxBoostModel {
  const columns = x.columns.map(({ name, unit }) => ({ name, unit }));
  const trees: TreeSum = { trees: grown, rule: "at-most", outputs: 1, base: new Float64Array(1) };
  const importances = importancesOf(grown, columns);
  const logHazards = (of: FeatureTable): Float64Array =>
    evaluateTrees(trees, matrixFor(of, columns), columns.length);
  const times = eventTimesOf(y);
  const { atRisk, largest } = hazardsAtRisk(y.time, order, new Float64Array(y.length).fill(1), scores);
  const increments = new Map<number, number>();
  order.forEach((row, at) => {
    if (y.event[row] === 1) increments.set(y.time[row], (increments.get(y.time[row]) ?? 0) + 1 / atRisk[at]);
  });
  let sum = 0;
  // Relative to e^−largest.
  const baseline = times.map((time) => (sum += increments.get(time) ?? 0));
  const model: CoxBoostModel = {
    columns,
    trees,
    outputUnit: "log hazard",
    importances,
    predict: (of) => new Scores(of.ids, logHazards(of), "log hazard"),
    survival: (of) => {
      const scored = logHazards(of);
      return of.ids.map((id, row) => ({
        id,
        time: times,
        survival: baseline.map((hazard) => Math.exp(-hazard * Math.exp(scored[row] - largest))),
      }));
    },
  };
  return showAs(model, () =>
    showImportances(
      `Boosted Cox regression: ${y.length} patients, ${y.events} events, ${sizeOf(grown)}`,
      importances,
    ),
  );
}
