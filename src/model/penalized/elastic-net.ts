/**
 * Fits the path of an elastic net to a table, cross-validates it, and gives coefficients for the columns as they are.
 *
 * Layer:  model; imports core, table and its own folder.
 */
import { InputError } from "../../core/errors.js";
import type { FeatureTable } from "../../table/feature-table.js";
import { checkFinite } from "../standardize-columns.js";
import { type CrossValidation, type FoldScore, summarizeFolds } from "./cross-validation.js";
import { type Design, designOf } from "./design.js";
import type { Fold } from "./folds.js";
import type { Loss } from "./loss.js";
import { type ElasticNetOptions, pathOptions } from "./options.js";
import { elasticNetPath, type Path, type PathPoint } from "./path.js";

/** One solution of the path, for the columns as they were given. */
export interface NetSolution {
  readonly lambda: number;
  /** Columns with a coefficient other than 0, ascending, and the coefficients. */
  readonly index: Uint32Array;
  readonly values: Float64Array;
  /** Linear predictor where every column is 0; that of models without intercept is 0 where every column is at its mean. */
  readonly intercept: number;
  /** Share of the null deviance that the solution explains. */
  readonly devianceRatio: number;
}

/** The path and its cross-validation. */
export interface NetFit {
  /** By falling penalty. */
  readonly solutions: readonly NetSolution[];
  readonly nullDeviance: number;
  readonly crossValidation: CrossValidation | null;
}

/** What kind of model, and how its predictions are judged. */
export interface NetKind {
  /** The loss of these rows of the table. */
  readonly loss: (rows: Uint32Array) => Loss;
  /** How often each row of the table counts; default 1 for each. */
  readonly weights?: Float64Array | null;
  readonly measure: string;
  /** Whether a lower score is better. */
  readonly isError: boolean;
  readonly weight: (fold: Fold) => number;
  /** What scores a fold: gets the linear predictor of every row, fitted without the fold. */
  readonly scorer: (fold: Fold) => (eta: Float64Array) => number;
}

/** @throws InputError if there are no columns, or a value is missing; NumericalError as the path. */
export function fitElasticNet(
  x: FeatureTable,
  kind: NetKind,
  folds: readonly Fold[],
  options: ElasticNetOptions,
): NetFit {
  if (x.columns.length === 0)
    throw new InputError("the table has no columns: there is nothing to fit. Select at least one column.");
  checkFinite(x);
  refuseExtreme(x);
  const { standardize = true } = options;
  const columns = x.columns.map((column) => column.values);
  const all = Uint32Array.from(x.ids, (_, row) => row);
  const settings = pathOptions(x, options);
  const loss = kind.loss(all);
  const weights = kind.weights ?? null;
  const design = designOf(columns, all, standardize, weights);
  const path = elasticNetPath(design, loss, settings);
  const total = weights === null ? all.length : weights.reduce((sum, weight) => sum + weight, 0);
  const nullDeviance = 2 * total * (path.nullLoss - loss.saturated);
  const solutions = path.points.map((point) => onGivenColumns(point, design, path, loss));

  const lambdas = Float64Array.from(solutions, (solution) => solution.lambda);
  const scored = folds.map((fold): FoldScore => {
    const own = designOf(columns, fold.train, standardize, weights);
    const { points } = elasticNetPath(own, kind.loss(fold.train), { ...settings, lambdas });
    const score = kind.scorer(fold);
    const scores = Float64Array.from(points, (point) => score(predictRows(own, point, x.length)));
    return { label: fold.label, weight: kind.weight(fold), scores };
  });
  const crossValidation =
    folds.length === 0 ? null : summarizeFolds(kind.measure, lambdas, scored, kind.isError);
  return { solutions, nullDeviance, crossValidation };
}

/** Squares of the values and of their deviation must fit into a double with room to spare. */
export function refuseExtreme(x: FeatureTable): void {
  for (const { name, values } of x.columns) {
    let low = values[0];
    let high = values[0];
    for (let row = 1; row < values.length; row++) {
      if (values[row] < low) low = values[row];
      if (values[row] > high) high = values[row];
    }
    const isWide = Math.max(Math.abs(low), Math.abs(high)) > 1e100;
    if (!isWide && (high === low || high - low > 1e-100)) continue;
    throw new InputError(
      `column "${name}" goes from ${low} to ${high}, beyond what can be computed with. ` +
        "Look for wrong values, or give the column in another unit.",
    );
  }
}

function onGivenColumns(
  { lambda, index, values, intercept, loss }: PathPoint,
  { center, scale }: Design,
  { nullLoss }: Path,
  { saturated }: Loss,
): NetSolution {
  const given = values.map((value, at) => value / scale[index[at]]);
  const shift = given.reduce((sum, value, at) => sum + value * center[index[at]], 0);
  return {
    lambda,
    index,
    values: given,
    intercept: intercept - shift,
    devianceRatio: (nullLoss - loss) / (nullLoss - saturated),
  };
}

/** Linear predictor of every row of the table. */
function predictRows({ columns, center, scale }: Design, point: PathPoint, n: number): Float64Array {
  const eta = new Float64Array(n).fill(point.intercept);
  point.index.forEach((j, at) => {
    const column = columns[j];
    const factor = point.values[at] / scale[j];
    for (let row = 0; row < n; row++) eta[row] += factor * (column[row] - center[j]);
  });
  return eta;
}
