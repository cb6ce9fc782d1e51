/**
 * One dot per patient, a feature's value against what it did to the answer: what dependence plots are drawn of.
 *
 * Source: shap 0.48, `shap.plots.scatter`.
 * Layer:  plot; imports core, table.
 */
import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { randomStream } from "../core/random.js";
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";
import { relativeValues, valueColor } from "./beeswarm.js";
import { membersOfBins } from "./bins.js";
import { checkLook, type DependenceOptions, endsOf } from "./dependence-options.js";
import { binEdges } from "./distribution.js";
import { drawn, drawnOrNull, groupColor, numbers, textAt, tip, withUnit } from "./marks.js";
import type { FigureGroups } from "./mime.js";
import { GROUP_COLORS } from "./palette.js";
import { INK, QUIET_INK, RULE } from "./theme.js";
import type { Spec } from "./vega.js";

/** Values that color dots. */
export interface ScatterColor {
  readonly name: string;
  readonly unit: string;
  /** One per patient; NaN is missing. */
  readonly values: Float64Array;
}

export interface ScatterData {
  readonly ids: readonly string[];
  readonly name: string;
  readonly unit: string;
  /** Of the feature, one per patient; NaN is missing. */
  readonly values: Float64Array;
  /** What it did, one per patient. */
  readonly moved: Float64Array;
  /** Name of what it did, alone and with the feature. */
  readonly effect: string;
  readonly words: string;
  readonly outputUnit: string;
  readonly color: ScatterColor | Labels | null;
}

const WIDTH = 400;
const HEIGHT = 300;
/** Height of the bars of the histogram. */
const BARS = 46;
const FEW_VALUES = 10;
const DASHES: Json = [
  [1, 0],
  [6, 4],
  [2, 3],
];

export interface ScatterView {
  readonly view: Spec;
  /** Patients of the groups that color dots. */
  readonly groups: FigureGroups;
  /** "4 of 120 patients lie beyond the axes", or "". */
  readonly note: string;
}

/** @throws InputError if no patient has a value, or an option makes no sense. */
export function scatterView(data: ScatterData, options: DependenceOptions): ScatterView {
  const { ids, name, unit, values, moved, color } = data;
  const { histogram = true, overlay = {} } = options;
  checkLook(options);
  const known = [...ids.keys()].filter((i) => !Number.isNaN(values[i]));
  if (known.length === 0) {
    throw new InputError(`"${name}" is missing in every patient. Choose a feature that has values.`);
  }
  const own = known.map((i) => values[i]);
  const ends = endsOf(own, options.range, "range", `values of "${name}"`);
  const heights = endsOf([...moved], options.shapRange, "shapRange", `SHAP values of "${name}"`);
  const isTall = (i: number): boolean => moved[i] >= heights[0] && moved[i] <= heights[1];
  const inside = known.filter((i) => values[i] >= ends[0] && values[i] <= ends[1]);
  const lost = [...ids.keys()].filter((i) => Number.isNaN(values[i]) && isTall(i));
  const isMany = known.length > 1000;
  const { opacity = inside.length > 1000 ? 0.6 : 0.9, dotSize = isMany ? 3.75 : 5.8 } = options;
  const step = stepOf(own, options.jitter);
  const random = randomStream(`jitter/${name}`);
  const span = ends[1] - ends[0] || 1;
  const gap = lost.length === 0 ? 0 : 0.1 * span;
  const domain = [ends[0] - 0.03 * span - step - gap, ends[1] + 0.03 * span + step] as const;
  const look = colorOf(data);
  const dot = (i: number, x: number): Spec => ({
    id: ids[i],
    x: drawn(x),
    y: drawn(moved[i]),
    ...look.fields(i),
  });
  const dots = inside.flatMap((i) => {
    const x = values[i] + (step > 0 ? step * (2 * random.uniform() - 1) : 0);
    return isTall(i) ? [{ ...dot(i, x), own: drawn(values[i]) }] : [];
  });
  const x = numbers("x", { title: withUnit(name, unit), domain });
  const room = 0.04 * (heights[1] - heights[0] || 1);
  const y = numbers("y", {
    title: withUnit(data.effect, data.outputUnit),
    ...(options.shapRange === undefined ? {} : { domain: [heights[0] - room, heights[1] + room] }),
  });
  const hidden = ids.length - dots.length - lost.length;
  const note = hidden === 0 ? "" : `${hidden} of ${ids.length} patients lie beyond the axes`;
  const dotMark = {
    type: "circle",
    size: drawn(dotSize * dotSize),
    opacity,
    invalid: null,
    ...(color === null ? { color: GROUP_COLORS[0] } : {}),
  };
  const tips = [tip("id", "Patient"), tip("own", name, ".4~r"), tip("y", data.effect, ".4~r"), ...look.tips];
  const left = ends[0] - step - 0.6 * gap - 0.03 * span;
  const encoding = { x, y, ...look.channel, tooltip: tips };
  const view = {
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...(histogram ? [barLayer(inside, (i) => values[i], ids, x, step)] : []),
      {
        data: { values: [{ y: 0 }] },
        mark: { type: "rule", color: QUIET_INK, strokeWidth: 1, clip: true },
        encoding: { y },
      },
      { data: { values: dots }, mark: dotMark, encoding },
      ...(lost.length === 0
        ? []
        : [
            {
              data: { values: lost.map((i) => dot(i, left)) },
              mark: { ...dotMark, type: "point", shape: "diamond", filled: true },
              encoding,
            },
            textAt("missing", {
              x: Math.max(4, (WIDTH * (left - domain[0])) / (domain[1] - domain[0]) - 20),
              y: 4,
              fontSize: 10.5,
              color: QUIET_INK,
            }),
          ]),
      ...overlayLayers(overlay, x, y),
      ...(note === "" ? [] : [textAt(note, { x: 0, y: HEIGHT + 58, color: QUIET_INK, fontSize: 11 })]),
    ],
  };
  return { view, groups: look.groups, note };
}

/** How dots are colored: fields of a dot, its channel, what the pointer shows, groups. */
function colorOf({ ids, color }: ScatterData): {
  readonly fields: (i: number) => Spec;
  readonly channel: Spec;
  readonly tips: readonly Json[];
  readonly groups: FigureGroups;
} {
  if (color === null) return { fields: () => ({ shade: null }), channel: {}, tips: [], groups: {} };
  if ("classes" in color) {
    checkSameIds(ids, color.ids, "the explanation", `"${color.name}"`);
    const present = color.classes.filter((_, code) => color.counts[code] > 0);
    return {
      fields: (i) => ({ group: color.values[i] }),
      channel: { color: groupColor(present, { symbol: "circle", columns: 3 }) },
      tips: [tip("group", color.name)],
      groups: Object.fromEntries(
        present.map((one) => [one, ids.filter((_, i) => color.values[i] === one)] as const),
      ),
    };
  }
  const shades = relativeValues(color.values);
  return {
    fields: (i) => ({
      ...(Number.isNaN(color.values[i]) ? {} : { other: drawn(color.values[i]) }),
      shade: drawnOrNull(shades[i]),
    }),
    channel: { color: valueColor(withUnit(color.name, color.unit)) },
    tips: [tip("other", color.name, ".4~r")],
    groups: {},
  };
}

/** Black curves, told apart by their dashes. */
function overlayLayers(overlay: NonNullable<DependenceOptions["overlay"]>, x: Json, y: Json): Spec[] {
  const names = Object.keys(overlay);
  if (names.length === 0) return [];
  return [
    {
      data: {
        values: Object.entries(overlay).flatMap(([curve, [xs, ys]]) =>
          Array.from(xs, (place, at) => ({ x: drawn(place), y: drawn(ys[at]), curve })),
        ),
      },
      mark: { type: "line", color: INK, strokeWidth: 2, clip: true },
      encoding: {
        x,
        y,
        strokeDash: {
          field: "curve",
          type: "nominal",
          scale: { domain: names, range: DASHES },
          legend: {
            orient: "top",
            title: null,
            symbolType: "stroke",
            symbolSize: 400,
            symbolStrokeWidth: 2,
            symbolStrokeColor: INK,
            columnPadding: 18,
            offset: 8,
          },
        },
      },
    },
  ];
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
