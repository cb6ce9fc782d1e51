/**
 * Figures of an elastic net: its coefficients along the penalties, and how well each penalty predicts held-out patients.
 *
 * Source: Friedman, Hastie & Tibshirani 2010, doi:10.18637/jss.v033.i01, figures 1 and 2.
 * Layer:  plot; imports core, model (types), table.
 */
import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import type { CrossValidation } from "../model/penalized/cross-validation.js";
import type { NetModel } from "../model/penalized/net-model.js";
import { formatNumber } from "../table/render.js";
import { Figure } from "./figure.js";
import { checkCount, drawn, headed, numbers, shorten, type TitleOptions, textAt, tip } from "./marks.js";
import { GROUP_COLORS } from "./palette.js";
import { figureFrame, INK, QUIET_INK, RULE } from "./theme.js";
import type { Spec } from "./vega.js";

export interface CoefficientPathOptions extends TitleOptions {
  /** Columns that are named and colored, those of the largest coefficients; the others are grey. Default 7, at most 7. */
  readonly top?: number;
}

const WIDTH = 460;
const HEIGHT = 320;
/** Lines beyond this are invisible in the crowd; the largest coefficients are kept. */
const MOST_LINES = 200;
const NAME_ROW = 15;

/**
 * Draws each column's coefficient along the penalties of an elastic net. The columns are standardized inside the fit, but
 * their coefficients are per unit: standardize before if units differ.
 *
 * @throws InputError if `top` is not a whole number from 1 to 7, or no column ever has a coefficient.
 *
 * @example
 * plot.coefficientPath(model.coxnet({ folds: 5, seed: 7 }).fit(train.x, train.y))
 */
export function coefficientPath(fitted: NetModel, options: CoefficientPathOptions = {}): Figure {
  const { title = "", top = GROUP_COLORS.length } = options;
  checkCount("top", top);
  if (top > GROUP_COLORS.length) {
    throw new InputError(`top may be at most ${GROUP_COLORS.length}, which colors tell apart, found ${top}.`);
  }
  const { path, crossValidation } = fitted;
  const lines = linesOf(fitted);
  if (lines.length === 0) {
    throw new InputError(
      "no column has a coefficient at any penalty of the path. Fit with smaller penalties (lambdas).",
    );
  }
  const named = lines.slice(0, top);
  const alternative = headed(title, describePath(fitted, lines));
  const x = penaltyAxis(path.lambdas);
  const y = numbers("y", { title: "Coefficient" });
  const rows = (some: readonly PathLine[]): Spec[] =>
    some.flatMap(({ name, values }) =>
      Array.from(path.lambdas, (lambda, k) => ({ name, x: drawn(lambda), y: drawn(values[k]) })),
    );
  const scale: Json = { domain: named.map(({ name }) => name), range: GROUP_COLORS.slice(0, named.length) };
  return new Figure("coefficient-path", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...choiceLayers(crossValidation, x),
      {
        data: { values: rows(lines.slice(top)) },
        mark: { type: "line", color: RULE, strokeWidth: 1 },
        encoding: { x, y, detail: { field: "name" } },
      },
      {
        data: { values: rows(named) },
        mark: { type: "line", strokeWidth: 2 },
        encoding: { x, y, color: { field: "name", type: "nominal", scale, legend: null } },
      },
      {
        data: { values: rows(named) },
        mark: { type: "circle", size: 50, opacity: 0 },
        encoding: {
          x,
          y,
          tooltip: [tip("name", "Column"), tip("x", "λ", ".3~g"), tip("y", "Coefficient", ".3~g")],
        },
      },
      ...countLayers(path.lambdas, path.nonzero, x),
      ...nameLayers(named),
    ],
  });
}

/**
 * Draws the cross-validated score of each penalty with its standard error, and the two penalties that it speaks for.
 *
 * @throws InputError if the model was fitted without cross-validation.
 *
 * @example
 * plot.crossValidation(model.coxnet({ folds: 5, seed: 7 }).fit(train.x, train.y))
 */
export function crossValidation(fitted: NetModel, { title = "" }: TitleOptions = {}): Figure {
  const found = fitted.crossValidation;
  if (found === null) {
    throw new InputError(
      "the model was fitted without cross-validation. Fit it with folds, e.g. { folds: 10, seed: 7 }.",
    );
  }
  const { lambdas, mean, standardError, measure, folds, lambdaMin, lambda1se } = found;
  const best = lambdas.indexOf(lambdaMin);
  const alternative = headed(
    title,
    `${folds.length}-fold cross-validated ${measure} along ${lambdas.length} penalties. Best at λ = ` +
      `${formatNumber(lambdaMin)} (${formatNumber(mean[best], 4)}, ${fitted.path.at(lambdaMin).covariates.length} columns); ` +
      `within one standard error up to λ = ${formatNumber(lambda1se)} (${fitted.path.at(lambda1se).covariates.length} columns).`,
  );
  const x = penaltyAxis(lambdas);
  const y = numbers("y", { title: `${measure.charAt(0).toUpperCase()}${measure.slice(1)}` });
  const rows = Array.from(lambdas, (lambda, k) => ({
    x: drawn(lambda),
    y: drawn(mean[k]),
    lower: drawn(mean[k] - standardError[k]),
    upper: drawn(mean[k] + standardError[k]),
    columns: columnsAt(fitted, lambda),
  }));
  return new Figure("cross-validation", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...choiceLayers(found, x),
      {
        data: { values: rows },
        mark: { type: "rule", color: QUIET_INK, strokeWidth: 1 },
        encoding: { x, y: { field: "lower", type: "quantitative" }, y2: { field: "upper" } },
      },
      {
        data: { values: rows },
        mark: { type: "circle", size: 34, opacity: 1, color: GROUP_COLORS[1] },
        encoding: {
          x,
          y,
          tooltip: [
            tip("x", "λ", ".3~g"),
            tip("y", "Mean over the folds", ".4~g"),
            tip("columns", "Columns", "d"),
          ],
        },
      },
      ...countLayers(
        lambdas,
        rows.map(({ columns }) => columns),
        x,
      ),
    ],
  });
}

interface PathLine {
  readonly name: string;
  readonly unit: string;
  readonly values: Float64Array;
  readonly largest: number;
}

/** Columns that ever have a coefficient, those of the largest first. */
function linesOf({ path }: NetModel): readonly PathLine[] {
  const table = path.coefficients();
  return path.columns
    .map(({ name, unit }, j): PathLine => {
      const values = Float64Array.from(table.columns, (column) => column.values[j]);
      return {
        name,
        unit,
        values,
        largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
      };
    })
    .filter(({ largest }) => largest > 0)
    .sort((a, b) => b.largest - a.largest)
    .slice(0, MOST_LINES);
}

/** Columns with a coefficient at a penalty; between the penalties of the path that of the next larger one. */
function columnsAt({ path }: NetModel, lambda: number): number {
  const below = path.lambdas.findIndex((value) => value <= lambda * (1 + 1e-9));
  return path.nonzero[below < 0 ? path.nonzero.length - 1 : below];
}

function penaltyAxis(lambdas: Float64Array): Json {
  const domain = [lambdas[lambdas.length - 1], lambdas[0]] as const;
  // A path of one penalty still needs an axis with two ends.
  const [low, high] = domain[0] < domain[1] ? domain : ([domain[0] / 2, domain[1] * 2] as const);
  return numbers("x", { title: "Penalty λ", domain: [low, high], log: true, format: ".1~g" });
}

/** Upright lines at the penalties that cross-validation speaks for. */
function choiceLayers(found: CrossValidation | null, x: Json): Spec[] {
  if (found === null) return [];
  return [
    {
      data: { values: [{ x: drawn(found.lambdaMin) }, { x: drawn(found.lambda1se) }] },
      mark: { type: "rule", color: QUIET_INK, strokeDash: [4, 4] },
      encoding: { x },
    },
  ];
}

/** Above the axes: how many columns have a coefficient. */
function countLayers(lambdas: Float64Array, counts: ArrayLike<number>, x: Json): Spec[] {
  const places = Array.from({ length: 7 }, (_, k) => Math.round((k * (lambdas.length - 1)) / 6));
  const rows = [...new Set(places)].map((k) => ({ x: drawn(lambdas[k]), text: String(counts[k]) }));
  return [
    {
      data: { values: rows },
      mark: { type: "text", baseline: "bottom", fontSize: 11, color: QUIET_INK },
      encoding: { x, y: { value: -5 }, text: { field: "text", type: "nominal" } },
    },
    textAt("Columns", { x: WIDTH, y: -11, dx: 14, fontSize: 11, color: QUIET_INK }),
  ];
}

/** Names beside the axes in the colors of their lines. */
function nameLayers(named: readonly PathLine[]): Spec[] {
  return named.map(({ name, unit }, at) =>
    textAt(shorten(unit === "" ? name : `${name} (per ${unit})`, 34), {
      x: WIDTH,
      y: 14 + NAME_ROW * 1.3 * at,
      dx: 14,
      color: GROUP_COLORS[at] ?? INK,
    }),
  );
}

function describePath({ path, crossValidation }: NetModel, lines: readonly PathLine[]): string {
  const largest = lines
    .slice(0, 5)
    .map(({ name, values }) => `${name} (${formatNumber(values[values.length - 1], 3)})`);
  const chosen =
    crossValidation === null
      ? ""
      : ` Cross-validation chooses λ = ${formatNumber(crossValidation.lambdaMin)}, or ${formatNumber(crossValidation.lambda1se)} within one standard error.`;
  return (
    `coefficients of ${path.columns.length} columns along ${path.lambdas.length} penalties from ` +
    `${formatNumber(path.lambdas[0], 3)} to ${formatNumber(path.lambdas[path.lambdas.length - 1], 3)}; ` +
    `${lines.length} columns enter. Largest, at the smallest penalty: ${largest.join(", ")}.${chosen}`
  );
}
