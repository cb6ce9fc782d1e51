/**
 * The dependence plot: a feature's SHAP value against its own value, colored by a second feature.
 *
 * Layer:  plot; imports core, explain (types), table.
 */
import { InputError } from "../core/errors.js";
import type { Explanation } from "../explain/explanation.js";
import { spearman } from "../model/statistics/correlation.js";
import { formatNumber } from "../table/render.js";
import { relativeValues, valueColor } from "./beeswarm.js";
import { Figure } from "./figure.js";
import { drawn, headed, numbers, type TitleOptions, tip, withUnit } from "./marks.js";
import { GROUP_COLORS } from "./palette.js";
import { featureColumn, shapTitle } from "./shap-rows.js";
import { figureFrame, QUIET_INK } from "./theme.js";

export interface DependenceOptions extends TitleOptions {
  /** Feature that colors the dots; default the one that goes with the SHAP values most within patients of like value; null for none. */
  readonly color?: string | null;
}

const WIDTH = 400;
const HEIGHT = 300;

/**
 * Draws one dot per patient: value of the feature, and how much it moved the answer.
 *
 * @throws InputError if a feature is not in the explanation, or the feature has no value in any patient.
 *
 * @example
 * plot.dependence(explanation, "volume", { color: "entropy" })
 */
export function dependence(
  explanation: Explanation,
  feature: string,
  options: DependenceOptions = {},
): Figure {
  const { title = "" } = options;
  const { features, ids, values, data } = explanation;
  const p = features.length;
  const j = featureColumn(explanation, feature);
  const rows = [...ids.keys()].filter((i) => !Number.isNaN(data[i * p + j]));
  if (rows.length === 0) {
    throw new InputError(`"${feature}" is missing in every patient. Choose a feature that has values.`);
  }
  const k = colorColumn(explanation, rows, j, options.color);
  const shades = k === null ? null : relativeValues(Float64Array.from(rows, (i) => data[i * p + k]));
  const { unit } = features[j];
  const missing = ids.length - rows.length;
  const dots = rows.map((i, at) => ({
    id: ids[i],
    x: drawn(data[i * p + j]),
    y: drawn(values[i * p + j]),
    ...(k === null || Number.isNaN(data[i * p + k]) ? {} : { other: drawn(data[i * p + k]) }),
    shade: shades === null || Number.isNaN(shades[at]) ? null : drawn(shades[at]),
  }));
  const y = numbers("y", { title: shapTitle("SHAP value", explanation) });
  const alternative = headed(title, describe(explanation, rows, j, k, missing));
  return new Figure("shap-dependence", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: [
      {
        data: { values: [{ y: 0 }] },
        mark: { type: "rule", color: QUIET_INK, strokeWidth: 1 },
        encoding: { y },
      },
      {
        data: { values: dots },
        mark: {
          type: "circle",
          size: rows.length > 1000 ? 14 : 34,
          opacity: rows.length > 1000 ? 0.6 : 0.9,
          invalid: null,
          ...(k === null ? { color: GROUP_COLORS[0] } : {}),
        },
        encoding: {
          x: numbers("x", { title: withUnit(feature, unit) }),
          y,
          ...(k === null ? {} : { color: valueColor(withUnit(features[k].name, features[k].unit)) }),
          tooltip: [
            tip("id", "Patient"),
            tip("x", feature, ".4~r"),
            tip("y", "SHAP value", ".4~r"),
            ...(k === null ? [] : [tip("other", features[k].name, ".4~r")]),
          ],
        },
      },
    ],
  });
}

/** The feature that colors, or null for none. */
function colorColumn(
  explanation: Explanation,
  rows: readonly number[],
  j: number,
  asked: string | null | undefined,
): number | null {
  if (asked === null) return null;
  if (asked !== undefined) return featureColumn(explanation, asked);
  return strongestPartner(explanation, rows, j);
}

/** Patients of like value of the feature that are compared with one another. */
const WINDOW = 10;

/**
 * The feature whose values go with what is left of the SHAP values once the feature's own value is known: sums of absolute
 * correlations in windows of patients of like value (the heuristic of shap's `approximate_interactions`). Null if there is
 * none, as for models without interactions.
 */
function strongestPartner(explanation: Explanation, rows: readonly number[], j: number): number | null {
  const { features, values, data } = explanation;
  const p = features.length;
  const sorted = [...rows].sort((a, b) => data[a * p + j] - data[b * p + j]);
  let best: number | null = null;
  let most = 1e-9;
  for (let k = 0; k < p; k++) {
    if (k === j) continue;
    let sum = 0;
    for (let at = 0; at + WINDOW <= sorted.length; at += WINDOW) {
      const part = sorted.slice(at, at + WINDOW);
      sum += Math.abs(
        correlation(
          part.map((i) => values[i * p + j]),
          part.map((i) => data[i * p + k]),
        ),
      );
    }
    if (sum > most) [best, most] = [k, sum];
  }
  return best;
}

/** Pearson's, 0 where there is none: nothing varies, or a value is missing. */
function correlation(x: readonly number[], y: readonly number[]): number {
  const mean = (all: readonly number[]): number => all.reduce((sum, value) => sum + value, 0) / all.length;
  const [a, b] = [mean(x), mean(y)];
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xx += (x[i] - a) ** 2;
    xy += (x[i] - a) * (y[i] - b);
    yy += (y[i] - b) ** 2;
  }
  const r = xy / Math.sqrt(xx * yy);
  return Number.isFinite(r) ? r : 0;
}

function describe(
  explanation: Explanation,
  rows: readonly number[],
  j: number,
  k: number | null,
  missing: number,
): string {
  const { features, values, data } = explanation;
  const p = features.length;
  const own = rows.map((i) => data[i * p + j]);
  const moved = rows.map((i) => values[i * p + j]);
  const varies = (all: readonly number[]): boolean => all.some((value) => value !== all[0]);
  const trend =
    rows.length > 2 && varies(own) && varies(moved)
      ? ` Spearman's ρ of both is ${spearman(own, moved, { exact: false }).rho.toFixed(2)}.`
      : "";
  const [low, high] = [Math.min(...moved), Math.max(...moved)];
  return (
    `SHAP value of ${features[j].name} against its value in ${rows.length} patients` +
    `${missing === 0 ? "" : ` (missing in ${missing})`}: from ${formatNumber(low, 3)} to ${formatNumber(high, 3)}` +
    `${explanation.outputUnit === "" ? "" : ` ${explanation.outputUnit}`}.${trend}` +
    `${k === null ? "" : ` Color shows ${features[k].name}.`}`
  );
}
