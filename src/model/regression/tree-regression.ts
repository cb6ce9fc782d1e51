/**
 * What regression by trees learns from and becomes: a number for each patient, as the sum or the mean of trees.
 *
 * Layer:  model; imports core, table, its own folder's neighbours.
 */
import { showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import type { FeatureTable } from "../../table/feature-table.js";
import { checkSameIds } from "../../table/ids.js";
import { Scores } from "../../table/scores.js";
import {
  type ColumnImportance,
  type GainedTree,
  importancesOf,
  showImportances,
  sizeOf,
} from "../classification/forest-model.js";
import { type ClassifierColumn, matrixFor } from "../classification/training.js";
import { evaluateTrees, type TreeSum } from "../classification/trees.js";
import type { Fitted } from "../estimator.js";

/** A fitted regression by trees; `explain.tree` explains it. */
export interface TreeRegression extends Fitted<Scores> {
  readonly columns: readonly ClassifierColumn[];
  readonly trees: TreeSum;
  /** Name of the outcome. */
  readonly outputUnit: string;
  readonly importances: readonly ColumnImportance[];
}

export interface RegressionTraining {
  /** n × p, row-major. */
  readonly matrix: Float64Array;
  readonly n: number;
  readonly p: number;
  /** The outcome, brought to a mean of 0 and a largest distance of 1, so that its squares neither overflow nor vanish. */
  readonly target: Float64Array;
  readonly mean: number;
  readonly scale: number;
}

/** @throws InputError on mismatched ids, no patients or columns, or values that are missing or too large. */
export function regressionTraining(x: FeatureTable, y: Scores): RegressionTraining {
  checkSameIds(x.ids, y.ids, "the features", `"${y.name}"`);
  const [n, p] = [x.length, x.columns.length];
  if (n === 0 || p === 0) {
    throw new InputError(
      `regression needs patients and columns, found ${n} and ${p}. Check the filter before.`,
    );
  }
  const bad = y.values.findIndex((value) => Math.abs(value) > LARGEST);
  if (bad >= 0) {
    throw new InputError(
      `"${y.name}" of patient ${y.ids[bad]} is ${y.values[bad]}, too large to be squared. Correct or rescale it.`,
    );
  }
  const mean = y.values.reduce((sum, value) => sum + value / n, 0);
  const largest = y.values.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0);
  // Numbers this small cannot be divided by.
  const scale = largest > 1e-300 ? largest : 1;
  const target = y.values.map((value) => (value - mean) / scale);
  return { matrix: matrixFor(x, x.columns), n, p, target, mean, scale };
}

const LARGEST = 1e150;

/**
 * @param title  "Random forest".
 * @param grown  Trees of the scaled outcome.
 * @param isMean  Is the answer the mean of the trees, or their sum?
 */
export function treeRegression(
  title: string,
  x: FeatureTable,
  y: Scores,
  grown: readonly GainedTree[],
  { mean, scale }: RegressionTraining,
  isMean: boolean,
): TreeRegression {
  const columns = x.columns.map(({ name, unit }) => ({ name, unit }));
  const trees: TreeSum = {
    trees: grown.map((tree) => ({ ...tree, value: tree.value.map((value) => value * scale) })),
    rule: "at-most",
    outputs: 1,
    base: Float64Array.of(mean),
    divisor: isMean ? grown.length : 1,
  };
  const importances = importancesOf(grown, columns);
  const model: TreeRegression = {
    columns,
    trees,
    outputUnit: y.name,
    importances,
    predict: (of) => new Scores(of.ids, evaluateTrees(trees, matrixFor(of, columns), columns.length), y.name),
  };
  return showAs(model, () =>
    showImportances(`${title} of "${y.name}": ${x.length} patients, ${sizeOf(grown)}`, importances),
  );
}
