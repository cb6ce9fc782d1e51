/**
 * The dependence plot: a feature's SHAP value against its own value, colored by a second feature.
 *
 * Source: shap 0.48, `shap.plots.scatter`.
 * Layer:  plot; imports core, explain, model, table.
 */
import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { randomStream } from "../core/random.js";
import { type Explanation, featureColumn } from "../explain/explanation.js";
import { interactionPartners } from "../explain/interaction-partners.js";
import { spearman } from "../model/statistics/correlation.js";
import { formatNumber } from "../table/render.js";
import { relativeValues, valueColor } from "./beeswarm.js";
import { membersOfBins } from "./bins.js";
import { binEdges } from "./distribution.js";
import { Figure } from "./figure.js";
import { drawn, drawnOrNull, headed, numbers, type TitleOptions, textAt, tip, withUnit } from "./marks.js";
import { GROUP_COLORS } from "./palette.js";
import { shapTitle } from "./shap-rows.js";
import { figureFrame, QUIET_INK, RULE } from "./theme.js";
import type { Spec } from "./vega.js";

export interface DependenceOptions extends TitleOptions {
  /** Feature that colors the dots; default the strongest of `explain.interactionPartners`; null for none. */
  readonly color?: string | null;
  /** Bars of how many patients have which value, along the bottom, default true. */
  readonly histogram?: boolean;
  /**
   * How far dots are moved sideways at random, as a share of the least distance between two values, 0 to 1. Default 0.5 for a
   * feature of at most 10 values, such as a grade, else 0.
   */
  readonly jitter?: number;
  /** Of the dots, above 0 and up to 1. Default 0.9, of more than 1,000 patients 0.6. */
  readonly opacity?: number;
  /** Ends of the axis of values; dots beyond it are not drawn. Default: all of them. */
  readonly range?: readonly [low: number, high: number];
}

const WIDTH = 400;
const HEIGHT = 300;
/** Height of the bars of the histogram. */
const BARS = 46;
const FEW_VALUES = 10;

/**
 * Draws one dot per patient: value of the feature, and how much it moved the answer. Patients without a value stand at the left.
 *
 * @throws InputError if a feature is not in the explanation, the feature has no value in any patient (of the range), or an option makes
 *   no sense.
 *
 * @example
 * plot.dependence(explanation, "volume", { color: "entropy" })
 */
export function dependence(
  explanation: Explanation,
  feature: string,
  options: DependenceOptions = {},
): Figure {
  const { title = "", histogram = true, range } = options;
  const { features, ids, values, data } = explanation;
  const p = features.length;
  const j = featureColumn(explanation, feature);
  const value = (i: number): number => data[i * p + j];
  const rows = [...ids.keys()].filter((i) => !Number.isNaN(value(i)));
  if (rows.length === 0) {
    throw new InputError(`"${feature}" is missing in every patient. Choose a feature that has values.`);
  }
  const ends = rangeOf(rows.map(value), range, feature);
  const inside = rows.filter((i) => value(i) >= ends[0] && value(i) <= ends[1]);
  const { opacity = inside.length > 1000 ? 0.6 : 0.9 } = options;
  if (!(opacity > 0 && opacity <= 1)) {
    throw new InputError(`opacity must lie above 0 and up to 1, found ${opacity}.`);
  }
  const k = colorColumn(explanation, j, options.color);
  const shades = k === null ? null : relativeValues(Float64Array.from(ids, (_, i) => data[i * p + k]));
  const { unit } = features[j];
  const lost = [...ids.keys()].filter((i) => Number.isNaN(value(i)));
  const step = stepOf(rows.map(value), options.jitter);
  const random = randomStream(`jitter/${feature}`);
  const span = ends[1] - ends[0] || 1;
  const gap = lost.length === 0 ? 0 : 0.1 * span;
  const domain = [ends[0] - 0.03 * span - step - gap, ends[1] + 0.03 * span + step] as const;
  const dot = (i: number, x: number): Spec => ({
    id: ids[i],
    x: drawn(x),
    y: drawn(values[i * p + j]),
    ...(k === null || Number.isNaN(data[i * p + k]) ? {} : { other: drawn(data[i * p + k]) }),
    shade: drawnOrNull(shades === null ? Number.NaN : shades[i]),
  });
  const dots = inside.map((i) => ({
    ...dot(i, value(i) + (step > 0 ? step * (2 * random.uniform() - 1) : 0)),
    own: drawn(value(i)),
  }));
  const x = numbers("x", { title: withUnit(feature, unit), domain });
  const y = numbers("y", { title: shapTitle("SHAP value", explanation) });
  const alternative = headed(title, describe(explanation, rows, j, k, lost.length));
  const color: Spec = k === null ? {} : { color: valueColor(withUnit(features[k].name, features[k].unit)) };
  const dotMark = {
    type: "circle",
    size: rows.length > 1000 ? 14 : 34,
    opacity,
    invalid: null,
    ...(k === null ? { color: GROUP_COLORS[0] } : {}),
  };
  const tips = [
    tip("id", "Patient"),
    tip("own", feature, ".4~r"),
    tip("y", "SHAP value", ".4~r"),
    ...(k === null ? [] : [tip("other", features[k].name, ".4~r")]),
  ];
  const left = ends[0] - step - 0.6 * gap - 0.03 * span;
  return new Figure("shap-dependence", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...(histogram ? [barLayer(inside, value, ids, x, step)] : []),
      {
        data: { values: [{ y: 0 }] },
        mark: { type: "rule", color: QUIET_INK, strokeWidth: 1 },
        encoding: { y },
      },
      { data: { values: dots }, mark: dotMark, encoding: { x, y, ...color, tooltip: tips } },
      ...(lost.length === 0
        ? []
        : [
            {
              data: { values: lost.map((i) => dot(i, left)) },
              mark: { ...dotMark, type: "point", shape: "diamond", filled: true },
              encoding: { x, y, ...color, tooltip: tips },
            },
            textAt("missing", {
              x: Math.max(4, (WIDTH * (left - domain[0])) / (domain[1] - domain[0]) - 20),
              y: 4,
              fontSize: 10.5,
              color: QUIET_INK,
            }),
          ]),
    ],
  });
}

/** @throws InputError unless the range rises and holds a value. */
function rangeOf(
  values: readonly number[],
  range: readonly [number, number] | undefined,
  feature: string,
): readonly [number, number] {
  const low = values.reduce((one, other) => Math.min(one, other));
  const high = values.reduce((one, other) => Math.max(one, other));
  if (range === undefined) return [low, high];
  if (!(range[0] < range[1]) || low > range[1] || high < range[0]) {
    throw new InputError(
      `range must be [low, high] with values of "${feature}" between, found [${range.join(", ")}]; ` +
        `the values lie from ${formatNumber(low)} to ${formatNumber(high)}.`,
    );
  }
  return range;
}

/** Half of what dots are moved at most. @throws InputError if the jitter is no share. */
function stepOf(values: readonly number[], jitter: number | undefined): number {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  const share = jitter ?? (distinct.length <= FEW_VALUES && values.length > 2 * distinct.length ? 0.5 : 0);
  if (!(share >= 0 && share <= 1)) {
    throw new InputError(`jitter must be a share from 0 to 1, found ${share}.`);
  }
  if (share === 0 || distinct.length < 2) return 0;
  const gaps = distinct.slice(1).map((one, at) => one - distinct[at]);
  return (share / 2) * gaps.reduce((one, other) => Math.min(one, other));
}

/** Bars along the bottom, in pixels; around each value where dots are spread by `step`. */
function barLayer(
  rows: readonly number[],
  value: (i: number) => number,
  ids: readonly string[],
  x: Json,
  step: number,
): Spec {
  const sorted = rows.map(value).sort((a, b) => a - b);
  const edges = binEdges(sorted, undefined);
  const distinct = [...new Set(sorted)];
  const bins =
    step > 0
      ? distinct.map((one) => [one - step, one + step] as const)
      : edges.slice(1).map((to, at) => [edges[at], to] as const);
  // Each value its own bin is a histogram with the values as edges.
  const held = membersOfBins(rows.map(value), step > 0 ? [...distinct, Number.POSITIVE_INFINITY] : edges);
  const most = Math.max(...held.map(({ length }) => length));
  const [low, high] =
    step > 0 ? [bins[0][0], bins[bins.length - 1][1]] : [sorted[0], sorted[sorted.length - 1]];
  return {
    data: {
      values: bins.flatMap(([from, to], at) =>
        held[at].length === 0
          ? []
          : [
              {
                x: drawn(Math.max(low, from)),
                x2: drawn(Math.min(high, to)),
                px: HEIGHT,
                px2: drawn(HEIGHT - (BARS * held[at].length) / most),
                count: held[at].length,
                ids: held[at].map((one) => ids[rows[one]]),
              },
            ],
      ),
    },
    mark: { type: "rect", color: RULE, opacity: 0.7 },
    encoding: {
      x,
      x2: { field: "x2" },
      y: { field: "px", type: "quantitative", scale: null, axis: null },
      y2: { field: "px2" },
      tooltip: [tip("count", "Patients", "d")],
    },
  };
}

/** The feature that colors, or null for none, as of models without interactions. */
function colorColumn(explanation: Explanation, j: number, asked: string | null | undefined): number | null {
  if (asked === null) return null;
  if (asked !== undefined) return featureColumn(explanation, asked);
  const [strongest] = interactionPartners(explanation, explanation.features[j].name);
  return strongest !== undefined && strongest.strength > 1e-9
    ? featureColumn(explanation, strongest.name)
    : null;
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
