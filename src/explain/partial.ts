/**
 * Partial dependence: a model's mean answer when one column has the same value in every patient, and each patient's own curve.
 *
 * Source: Friedman 2001, doi:10.1214/aos/1013203451; Goldstein et al. 2015, doi:10.1080/10618600.2014.907095 (individual curves).
 * Layer:  explain; imports core, table, model (types).
 */
import { type MimeBundle, showAs } from "../core/display.js";
import type { Fitted } from "../model/estimator.js";
import type { Prediction } from "../model/validation/rows.js";
import { FeatureTable } from "../table/feature-table.js";
import { formatNumber, renderTable } from "../table/render.js";
import { quantileOfSorted } from "../table/summarize.js";
import { type AnswerOptions, answerOf, checkExplained } from "./answer.js";
import { checkGrid, gridOf } from "./partial-grid.js";
import { type PartialDependencePair, type PartialPairOptions, partialPair } from "./partial-pair.js";

export interface PartialOptions extends AnswerOptions {
  /** Values of the column to ask for, rising. Default: 20 equal steps from its 5 % to its 95 % quantile. */
  readonly grid?: readonly number[];
}

/** How the answer changes with one column. */
export interface PartialDependence {
  readonly feature: string;
  readonly unit: string;
  readonly outputUnit: string;
  /** g values of the column. */
  readonly grid: Float64Array;
  /** Mean answer at each. */
  readonly mean: Float64Array;
  readonly ids: readonly string[];
  /** Each patient's answer at each value (individual conditional expectation), n × g, row by row. */
  readonly individual: Float64Array;
  /** Each patient's own value of the column. */
  readonly values: Float64Array;
  /** What the model says of each patient as the patient is. */
  readonly answers: Float64Array;
}

const STEPS = 20;

/**
 * Asks the model what it would say if one column, or two, had another value and all else stayed. Where columns hang together, some
 * of these patients cannot exist: read it with care.
 *
 * @param model  Any fitted model or fitted pipeline.
 * @param feature  A column, or two: the mean answers on a grid of both.
 * @throws InputError if there is no such column, it has missing values, or the grid is not finite.
 *
 * @example
 * explain.partialDependence(fitted, train.x, "morph_volume");
 * explain.partialDependence(fitted, train.x, ["morph_volume", "age"]);
 */
export function partialDependence(
  model: Fitted<Prediction>,
  x: FeatureTable,
  feature: string,
  options?: PartialOptions,
): PartialDependence;
export function partialDependence(
  model: Fitted<Prediction>,
  x: FeatureTable,
  feature: readonly [string, string],
  options?: PartialPairOptions,
): PartialDependencePair;
export function partialDependence(
  model: Fitted<Prediction>,
  x: FeatureTable,
  feature: string | readonly [string, string],
  options: PartialOptions | PartialPairOptions = {},
): PartialDependence | PartialDependencePair {
  checkExplained(x);
  return typeof feature === "string"
    ? alongOne(model, x, feature, options as PartialOptions)
    : partialPair(model, x, feature, options as PartialPairOptions);
}

function alongOne(
  model: Fitted<Prediction>,
  x: FeatureTable,
  feature: string,
  { grid, ...options }: PartialOptions,
): PartialDependence {
  const points = grid === undefined ? gridOf(x.column(feature), feature, STEPS) : checkGrid(grid);
  x.column(feature);
  const n = x.length;
  const individual = new Float64Array(n * points.length);
  let outputUnit = "";
  const mean = points.map((point, at) => {
    const columns = x.columns.map((column) =>
      column.name === feature ? { ...column, values: new Float64Array(n).fill(point) } : column,
    );
    const { values, name } = answerOf(model, new FeatureTable(x.ids, columns), options);
    outputUnit = name;
    let sum = 0;
    for (let row = 0; row < n; row++) {
      individual[row * points.length + at] = values[row];
      sum += values[row];
    }
    return sum / n;
  });
  const result = {
    feature,
    unit: x.unit(feature),
    outputUnit,
    grid: points,
    mean,
    ids: x.ids,
    individual,
    values: x.column(feature),
    answers: answerOf(model, x, options).values,
  };
  return showAs(result, () => show(result));
}

function show({ feature, unit, outputUnit, grid, mean, ids, individual }: PartialDependence): MimeBundle {
  const range = (at: number): Float64Array =>
    Float64Array.from(ids, (_, row) => individual[row * grid.length + at]).sort();
  return renderTable({
    title: `Partial dependence of the ${outputUnit} on ${feature}, ${ids.length} patients`,
    header: [unit === "" ? feature : `${feature} (${unit})`, "mean", "patients' 10 %", "patients' 90 %"],
    rows: Array.from(grid, (point, at) => [
      formatNumber(point, 4),
      formatNumber(mean[at], 4),
      formatNumber(quantileOfSorted(range(at), 0.1), 4),
      formatNumber(quantileOfSorted(range(at), 0.9), 4),
    ]),
  });
}
