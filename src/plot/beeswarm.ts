/**
 * The beeswarm of SHAP values: one dot per patient and feature, the features that matter most on top.
 *
 * Layer:  plot; imports core, explain (types), table.
 */
import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import type { Explanation } from "../explain/explanation.js";
import { formatNumber } from "../table/render.js";
import { Figure } from "./figure.js";
import { NO_VALUE_COLOR, VALUE_RAMP } from "./palette.js";
import { packSwarm } from "./swarm.js";
import { figureFrame, INK, QUIET_INK, RULE } from "./theme.js";
import type { Spec } from "./vega.js";

export interface BeeswarmOptions {
  /** Features shown one by one; the others are added up in one more row. Default 15. */
  readonly top?: number;
  /** Default none. */
  readonly title?: string;
}

const WIDTH = 480;
const ROW = 34;
const LARGEST_DOT = 6;
const SMALLEST_DOT = 3;

/**
 * Draws SHAP values as a beeswarm. Color shows the feature's value from low to high between its 5th and 95th percentile,
 * grey is missing. Dots of one row do not overlap, unless more patients share a SHAP value than the row has room for.
 *
 * @throws InputError if `top` is not a whole number of at least 1.
 *
 * @example
 * plot.beeswarm(explanation, { top: 10 })
 */
export function beeswarm(explanation: Explanation, { top = 15, title = "" }: BeeswarmOptions = {}): Figure {
  if (!Number.isInteger(top) || top < 1) {
    throw new InputError(`top must be a whole number of at least 1, found ${top}.`);
  }
  const rows = chooseRows(explanation, top);
  const domain = widen(rows);
  const dots = placeDots(rows, domain, explanation.ids);
  const alternative = describe(explanation, rows, title);
  const height = ROW * rows.length;
  const x: Json = {
    field: "x",
    type: "quantitative",
    scale: { domain, nice: false, zero: false },
    axis: {
      title: `SHAP value${explanation.outputUnit === "" ? "" : ` (${explanation.outputUnit})`}`,
      grid: false,
      tickCount: 6,
      orient: "bottom",
    },
  };
  const y: Json = {
    field: "y",
    type: "quantitative",
    scale: { domain: [height, 0], nice: false },
    axis: null,
  };
  return new Figure("shap-beeswarm", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height,
    layer: [guideLayer(rows, domain, y), zeroLayer(), dotLayer(dots, x, y), ...nameLayers(rows)],
  });
}

/** A feature, or the sum of those that are not shown. */
interface SwarmRow {
  readonly name: string;
  readonly unit: string;
  readonly meanAbsolute: number;
  /** One per patient. */
  readonly values: Float64Array;
  /** One per patient; null for the sum, which has no value of its own. */
  readonly data: Float64Array | null;
}

function chooseRows(explanation: Explanation, top: number): SwarmRow[] {
  const { features, values, data, ids } = explanation;
  const p = features.length;
  const means = explanation.meanAbsolute();
  const ranked = explanation.ranking();
  // One feature left over is better shown than called "other".
  const shown = ranked.length === top + 1 ? ranked : ranked.slice(0, top);
  const others = ranked.slice(shown.length);
  const column = (array: Float64Array, j: number): Float64Array =>
    Float64Array.from(ids, (_, i) => array[i * p + j]);
  const rows: SwarmRow[] = shown.map((j) => ({
    name: features[j].name,
    unit: features[j].unit,
    meanAbsolute: means[j],
    values: column(values, j),
    data: column(data, j),
  }));
  if (others.length === 0) return rows;
  const sum = Float64Array.from(ids, (_, i) => others.reduce((total, j) => total + values[i * p + j], 0));
  const meanAbsolute = sum.reduce((total, value) => total + Math.abs(value), 0) / ids.length;
  rows.push({ name: `Sum of ${others.length} others`, unit: "", meanAbsolute, values: sum, data: null });
  return rows;
}

/** All values and zero, with room for half a dot at both ends. */
function widen(rows: readonly SwarmRow[]): readonly [number, number] {
  let low = 0;
  let high = 0;
  for (const { values } of rows) {
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  const room = high > low ? 0.03 * (high - low) : 1;
  return [low - room, high + room];
}

/** The largest dots that fit each row, side by side. */
function placeDots(
  rows: readonly SwarmRow[],
  [low, high]: readonly [number, number],
  ids: readonly string[],
): Json[] {
  return rows.flatMap(({ name, values, data }, r) => {
    const { offsets, diameter } = fitSwarm(values.map((value) => ((value - low) / (high - low)) * WIDTH));
    const shades = data === null ? null : relativeValues(data);
    return ids.map((id, i) => ({
      id,
      feature: name,
      x: drawn(values[i]),
      y: Number((ROW * (r + 0.5) - offsets[i]).toFixed(2)),
      // Vega's size of a circle is the area of the square around it.
      size: diameter * diameter,
      value: data === null || Number.isNaN(data[i]) ? null : drawn(data[i]),
      shade: shades === null || Number.isNaN(shades[i]) ? null : Number(shades[i].toFixed(3)),
    }));
  });
}

/** @param places  In CSS pixels. */
function fitSwarm(places: Float64Array): { offsets: Float64Array; diameter: number } {
  for (let diameter = LARGEST_DOT; ; diameter -= 0.5) {
    const { offsets, crowded } = packSwarm(places, diameter, (ROW - 2 - diameter) / 2);
    if (crowded === 0 || diameter <= SMALLEST_DOT) return { offsets, diameter };
  }
}

/** A number as it travels: five digits are finer than any picture. */
function drawn(value: number): number {
  return Number(value.toPrecision(5));
}

/** 0 at the 5th percentile and below, 1 at the 95th and above; one half if all are equal; NaN stays NaN. */
export function relativeValues(data: Float64Array): Float64Array {
  const present = data.filter((value) => !Number.isNaN(value)).sort();
  if (present.length === 0) return data;
  let low = quantile(present, 0.05);
  let high = quantile(present, 0.95);
  // A rare class, for example a yes in one patient of thirty, lies wholly outside the percentiles.
  if (!(high > low)) [low, high] = [present[0], present[present.length - 1]];
  return data.map((value) =>
    Number.isNaN(value) ? value : high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5,
  );
}

/** Linear between the sorted values (type 7). */
function quantile(sorted: Float64Array, part: number): number {
  const place = part * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

function guideLayer(rows: readonly SwarmRow[], [low, high]: readonly [number, number], y: Json): Spec {
  return {
    data: { values: rows.map((_, r) => ({ y: ROW * (r + 0.5), from: low, to: high })) },
    mark: { type: "rule", color: RULE, strokeDash: [1, 4] },
    encoding: { x: { field: "from", type: "quantitative" }, x2: { field: "to" }, y },
  };
}

function zeroLayer(): Spec {
  return {
    data: { values: [{ x: 0 }] },
    mark: { type: "rule", color: QUIET_INK, strokeWidth: 1 },
    encoding: { x: { field: "x", type: "quantitative" } },
  };
}

/** Channel `shade`, 0 to 1, from low to high values of a feature; null is grey. */
export function valueColor(title: string): Json {
  return {
    condition: { test: "datum.shade === null", value: NO_VALUE_COLOR },
    field: "shade",
    type: "quantitative",
    scale: { domain: [0, 1], range: VALUE_RAMP, interpolate: "lab" },
    legend: {
      title,
      titleOrient: "right",
      titleAnchor: "middle",
      gradientLength: { expr: "height" },
      gradientThickness: 8,
      values: [0, 1],
      labelExpr: "datum.value < 0.5 ? 'Low' : 'High'",
      offset: 16,
    },
  };
}

function dotLayer(dots: Json[], x: Json, y: Json): Spec {
  return {
    data: { values: dots },
    // Dots without a value of their own are drawn too, in grey.
    mark: { type: "circle", opacity: 1, invalid: null },
    encoding: {
      x,
      y,
      color: valueColor("Feature value"),
      size: { field: "size", type: "quantitative", scale: null },
      tooltip: [
        { field: "id", type: "nominal", title: "Patient" },
        { field: "feature", type: "nominal", title: "Feature" },
        { field: "value", type: "quantitative", title: "Value", format: ".4~r" },
        { field: "x", type: "quantitative", title: "SHAP value", format: ".4~r" },
      ],
    },
  };
}

/** Names on the left, the unit beneath in a quieter color. */
function nameLayers(rows: readonly SwarmRow[]): Spec[] {
  return rows.flatMap(({ name, unit }, r) => {
    const middle = ROW * (r + 0.5);
    const line = (text: string, dy: number, look: { readonly [key: string]: Json }): Spec => ({
      data: { values: [{}] },
      mark: { type: "text", align: "right", baseline: "middle", dx: -10, limit: 260, text, ...look },
      encoding: { x: { value: 0 }, y: { value: middle + dy } },
    });
    if (unit === "") return [line(name, 0, { color: INK })];
    return [line(name, -6, { color: INK }), line(unit, 8, { color: QUIET_INK, fontSize: 10.5 })];
  });
}

/** The ranking in words, for those who do not see the figure. */
function describe(explanation: Explanation, rows: readonly SwarmRow[], title: string): string {
  const named = rows
    .slice(0, DESCRIBED)
    .map(({ name, meanAbsolute }) => `${name} (${formatNumber(meanAbsolute, 3)})`);
  const unit = explanation.outputUnit === "" ? "" : `, in ${explanation.outputUnit}`;
  return (
    `${title === "" ? "" : `${title}: `}SHAP values of ${explanation.ids.length} patients and ` +
    `${explanation.features.length} features. Most important by mean absolute value${unit}: ${named.join(", ")}.`
  );
}

const DESCRIBED = 5;
