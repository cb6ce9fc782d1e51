/**
 * What decision plots are drawn of: rows of features, lines from the base upwards.
 *
 * Layer:  plot; imports core, explain (types).
 */
import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import type { Explanation } from "../explain/explanation.js";
import { formatNumber } from "../table/render.js";
import { drawn, rowsDown, shorten, textAt, tip } from "./marks.js";
import { VALUE_RAMP } from "./palette.js";
import { type FeatureRow, rowValue } from "./shap-columns.js";
import { valueText } from "./shap-rows.js";
import { INK, QUIET_INK, RULE } from "./theme.js";
import type { Spec } from "./vega.js";

export const WIDTH = 420;
export const ROW = 26;

/** Names on the left, lines between the rows, the base as a rule. */
export function frameLayers(rows: readonly FeatureRow[], base: number, x: Json): Spec[] {
  const height = ROW * rows.length;
  return [
    {
      data: { values: rows.map((_, r) => ({ y: ROW * r, from: 0, to: WIDTH })) },
      mark: { type: "rule", color: RULE, strokeWidth: 0.6 },
      encoding: {
        x: { field: "from", type: "quantitative", scale: null },
        x2: { field: "to" },
        y: rowsDown("y", height),
      },
    },
    {
      data: { values: [{ x: drawn(base) }] },
      mark: { type: "rule", color: QUIET_INK, strokeDash: [3, 4] },
      encoding: { x },
    },
    ...rows.map(({ name }, r) =>
      textAt(shorten(name, 40), { x: 0, y: ROW * (r + 0.5), dx: -10, align: "right" }),
    ),
  ];
}

/** From the base at the bottom upwards: one value more than there are rows. */
export function stepsOf(
  explanation: Explanation,
  rows: readonly FeatureRow[],
  i: number,
  base: number,
): readonly number[] {
  const p = rows.reduce((sum, { columns }) => sum + columns.length, 0);
  // As in shap: another base leaves the answers where they are, all features share the difference.
  const share = (explanation.base - base) / p;
  let at = base;
  return [
    base,
    ...rows.toReversed().map(({ columns }) => {
      at += rowValue(explanation, columns, i) + share * columns.length;
      return at;
    }),
  ];
}

/** Ends of the axis: asked for, or those of the lines with a little room. @throws InputError if the range does not rise. */
export function answerRange(
  values: readonly number[],
  range: readonly [number, number] | undefined,
): readonly [number, number] {
  if (range !== undefined) {
    if (range.every(Number.isFinite) && range[0] < range[1]) return range;
    throw new InputError(
      `range must be [low, high] in the unit of the answers, found [${range.join(", ")}].`,
    );
  }
  const [low, high] = [least(values), most(values)];
  const room = 0.04 * (high - low || 1);
  return [low - room, high + room];
}

/** Lines of rows with `id`, `x`, `y`, `answer`. @param color  Channel. */
export function lineLayer(
  points: readonly Spec[],
  { x, height, color, detail }: { x: Json; height: number; color: Json; detail: string },
  look: Spec,
): Spec {
  return {
    data: { values: points },
    mark: { type: "line", strokeJoin: "round", clip: true, ...look },
    encoding: {
      x,
      y: rowsDown("y", height),
      detail: { field: detail },
      order: { field: "y", type: "quantitative", sort: "descending" },
      color,
      tooltip: [
        ...(detail === "id" ? [] : [tip("group", "Class")]),
        tip("id", "Patient"),
        tip("answer", "Answer", ".4~r"),
      ],
    },
  };
}

/** Channel `shade`, 0 to 1: from the lowest to the highest answer. */
export const SHADE: Json = {
  field: "shade",
  type: "quantitative",
  scale: { domain: [0, 1], range: VALUE_RAMP, interpolate: "lab" },
  legend: null,
};

/** Values of the only patient, at the right of the rows. */
export function valueLayers({ data, features }: Explanation, rows: readonly FeatureRow[], i: number): Spec[] {
  return rows.flatMap(({ columns }, r) =>
    columns.length > 1
      ? []
      : [
          textAt(valueText(data[i * features.length + columns[0]], features[columns[0]].unit), {
            x: WIDTH,
            y: ROW * (r + 0.5),
            dx: 10,
            color: INK,
            fontSize: 11,
          }),
        ],
  );
}

/** A few of the features, from the top. */
export function topText(rows: readonly FeatureRow[]): string {
  return `Features from the top: ${rows
    .slice(0, 5)
    .map(({ name }) => name)
    .join(", ")}.`;
}

export const answerText = (value: number): string => formatNumber(value, 3).replace("-", "−");

export function least(values: readonly number[]): number {
  return values.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
}

export function most(values: readonly number[]): number {
  return values.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
}
