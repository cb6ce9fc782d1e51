/**
 * Partial dependence on two columns at once: a model's mean answer when both have the same values in every patient.
 *
 * Source: Friedman 2001, doi:10.1214/aos/1013203451, section 8.1.
 * Layer:  explain; imports core, table, model (types).
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import type { Fitted } from "../model/estimator.js";
import type { Prediction } from "../model/validation/rows.js";
import { FeatureTable } from "../table/feature-table.js";
import { formatNumber, renderTable } from "../table/render.js";
import { type AnswerOptions, answerOf } from "./answer.js";
import { checkGrid, gridOf } from "./partial-grid.js";

export interface PartialPairOptions extends AnswerOptions {
  /** Values of each column to ask for, rising. Default: 15 equal steps from its 5 % to its 95 % quantile. */
  readonly grid?: readonly [first: readonly number[], second: readonly number[]];
}

/** How the answer changes with two columns. */
export interface PartialDependencePair {
  readonly features: readonly [string, string];
  readonly units: readonly [string, string];
  readonly outputUnit: string;
  /** g and h values of the two columns. */
  readonly grids: readonly [Float64Array, Float64Array];
  /** Mean answers, g × h: those for the first value of the first column come first. */
  readonly mean: Float64Array;
  readonly ids: readonly string[];
  /** Each patient's own values of both columns. */
  readonly values: readonly [Float64Array, Float64Array];
  /** Mean answer of the patients as they are. */
  readonly answer: number;
}

const STEPS = 15;

/** @throws InputError as `partialDependence`, or if both columns are the same. */
export function partialPair(
  model: Fitted<Prediction>,
  x: FeatureTable,
  [first, second]: readonly [string, string],
  { grid, ...options }: PartialPairOptions,
): PartialDependencePair {
  if (first === second) {
    throw new InputError(
      `the two columns must differ, found "${first}" twice. For one column give its name alone.`,
    );
  }
  const values = [x.column(first), x.column(second)] as const;
  const gridAt = (at: 0 | 1): Float64Array =>
    grid === undefined ? gridOf(values[at], [first, second][at], STEPS) : checkGrid(grid[at]);
  const grids = [gridAt(0), gridAt(1)] as const;
  const n = x.length;
  const answers = answerOf(model, x, options);
  const mean = new Float64Array(grids[0].length * grids[1].length);
  const asked = [new Float64Array(n), new Float64Array(n)];
  const columns = x.columns.map((column) =>
    column.name === first
      ? { ...column, values: asked[0] }
      : column.name === second
        ? { ...column, values: asked[1] }
        : column,
  );
  grids[0].forEach((one, i) => {
    asked[0].fill(one);
    grids[1].forEach((other, j) => {
      asked[1].fill(other);
      mean[i * grids[1].length + j] = averageOf(
        answerOf(model, new FeatureTable(x.ids, columns), options).values,
      );
    });
  });
  const result: PartialDependencePair = {
    features: [first, second],
    units: [x.unit(first), x.unit(second)],
    outputUnit: answers.name,
    grids,
    mean,
    ids: x.ids,
    values,
    answer: averageOf(answers.values),
  };
  return showAs(result, () => show(result));
}

function averageOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function show({ features, units, outputUnit, grids, mean, ids }: PartialDependencePair): MimeBundle {
  const name = (at: 0 | 1): string => (units[at] === "" ? features[at] : `${features[at]} (${units[at]})`);
  return renderTable({
    title: `Partial dependence of the ${outputUnit} on ${name(0)}, down, and ${name(1)}, across, ${ids.length} patients`,
    header: ["", ...Array.from(grids[1], (value) => formatNumber(value, 3))],
    rows: Array.from(grids[0], (value, i) => [
      formatNumber(value, 4),
      ...Array.from(grids[1], (_, j) => formatNumber(mean[i * grids[1].length + j], 3)),
    ]),
  });
}
