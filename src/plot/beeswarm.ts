/**
 * The beeswarm of SHAP values: one dot per patient and feature, the features that matter most on top.
 *
 * Layer:  plot; imports core, explain (types), table.
 */
import type { Json } from "../core/display.js";
import type { Explanation } from "../explain/explanation.js";
import { formatNumber } from "../table/render.js";
import { Figure } from "./figure.js";
import { headed, type TitleOptions, textAt } from "./marks.js";
import { groupColors, NO_VALUE_COLOR, VALUE_RAMP } from "./palette.js";
import { clusterFeatures, clusterLayer, clusterText } from "./shap-clusters.js";
import {
  drawnPatients,
  type FeatureRow,
  type FeatureRowOptions,
  featureRows,
  rowImportance,
  rowValue,
  sampleNote,
} from "./shap-columns.js";
import { shapTitle } from "./shap-rows.js";
import { packSwarm } from "./swarm.js";
import { type SymmetricScale, symmetricScale } from "./symmetric-scale.js";
import { figureFrame, INK, QUIET_INK, RULE } from "./theme.js";
import type { Spec } from "./vega.js";

export interface BeeswarmOptions extends TitleOptions, FeatureRowOptions {
  /** True: the axis is logarithmic on both sides of zero, so that small values are told apart beside large ones. */
  readonly log?: boolean;
  /**
   * Features that say the same stand beside each other, with their tree: clusters by average linkage of 1 − |Spearman's ρ| of
   * their values, below this distance. 0.5 is usual. Where `top` would part a cluster, the features in it that matter least share a
   * row: their SHAP values are added up, and color is the value of the strongest. `order` then has no effect.
   */
  readonly cluster?: number;
  /** Hexadecimal colors from low to high feature values. */
  readonly palette?: readonly string[];
}

const WIDTH = 480;
const ROW = 34;
const LARGEST_DOT = 6;
const SMALLEST_DOT = 3;

/** More dots than these in all make a notebook slow: with more, a sample of the patients is drawn. */
const MOST_DOTS = 16_000;

/**
 * Draws SHAP values as a beeswarm. Color shows the feature's value from low to high between its 5th and 95th percentile,
 * grey is missing. Dots of one row do not overlap, unless more patients share a SHAP value than the row has room for. Of very
 * many patients a sample is drawn, and the figure says so; order and numbers are those of all.
 *
 * @throws InputError if `top` is not a whole number of at least 1, or the order or a color is none.
 *
 * @example
 * plot.beeswarm(explanation, { top: 10 })
 */
export function beeswarm(explanation: Explanation, options: BeeswarmOptions = {}): Figure {
  const { title = "", log = false, palette = VALUE_RAMP, cluster } = options;
  groupColors(palette.length, palette);
  const clustered = cluster === undefined ? null : clusterFeatures(explanation, cluster, options);
  const shown = clustered === null ? featureRows(explanation, options) : clustered.rows;
  const rows = swarmRows(explanation, shown);
  const scale = symmetricScale(
    rows.map(({ values }) => values),
    log,
  );
  const { ids } = explanation;
  const patients = drawnPatients(explanation, shown, Math.floor(MOST_DOTS / rows.length));
  const dots = placeDots(rows, scale, ids, patients);
  const note = sampleNote(patients.length, ids.length);
  const alike = clustered === null ? "" : clusterText(clustered, explanation.features);
  const alternative = headed(title, describe(explanation, rows, [alike, note === "" ? "" : `${note}.`]));
  const height = ROW * rows.length;
  const x: Json = {
    field: "x",
    type: "quantitative",
    scale: { ...scale.look, domain: scale.domain, nice: false, zero: false },
    axis: {
      title: shapTitle("SHAP value", explanation),
      grid: false,
      ...(scale.ticks === null ? { tickCount: 6 } : { values: scale.ticks }),
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
    layer: [
      guideLayer(rows, scale.domain, y),
      zeroLayer(),
      dotLayer(dots, x, y, palette),
      ...(clustered === null ? [] : [clusterLayer(clustered, ROW, WIDTH, height)]),
      ...nameLayers(rows),
      ...(note === "" ? [] : [textAt(note, { x: 0, y: height + 58, color: QUIET_INK, fontSize: 11 })]),
    ],
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

function swarmRows(explanation: Explanation, rows: readonly FeatureRow[]): readonly SwarmRow[] {
  const { features, data, ids } = explanation;
  const p = features.length;
  return rows.map(({ name, unit, columns, valueColumn }) => ({
    name,
    unit,
    meanAbsolute: rowImportance(explanation, columns),
    values: Float64Array.from(ids, (_, i) => rowValue(explanation, columns, i)),
    data: valueColumn === null ? null : Float64Array.from(ids, (_, i) => data[i * p + valueColumn]),
  }));
}

/** The largest dots that fit each row, side by side. */
function placeDots(
  rows: readonly SwarmRow[],
  { place }: SymmetricScale,
  ids: readonly string[],
  patients: readonly number[],
): Json[] {
  return rows.flatMap(({ name, values, data }, r) => {
    const { offsets, diameter } = fitSwarm(Float64Array.from(patients, (i) => place(values[i]) * WIDTH));
    const shades = data === null ? null : relativeValues(data);
    return patients.map((i, at) => ({
      id: ids[i],
      feature: name,
      x: drawn(values[i]),
      y: Number((ROW * (r + 0.5) - offsets[at]).toFixed(2)),
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
export function valueColor(title: string, palette: readonly string[] = VALUE_RAMP): Json {
  return {
    condition: { test: "datum.shade === null", value: NO_VALUE_COLOR },
    field: "shade",
    type: "quantitative",
    scale: { domain: [0, 1], range: palette, interpolate: "lab" },
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

function dotLayer(dots: Json[], x: Json, y: Json, palette: readonly string[]): Spec {
  return {
    data: { values: dots },
    // Dots without a value of their own are drawn too, in grey.
    mark: { type: "circle", opacity: 1, invalid: null },
    encoding: {
      x,
      y,
      color: valueColor("Feature value", palette),
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
function describe(explanation: Explanation, rows: readonly SwarmRow[], more: readonly string[]): string {
  const named = rows
    .slice(0, DESCRIBED)
    .map(({ name, meanAbsolute }) => `${name} (${formatNumber(meanAbsolute, 3)})`);
  const unit = explanation.outputUnit === "" ? "" : `, in ${explanation.outputUnit}`;
  return (
    `SHAP values of ${explanation.ids.length} patients and ${explanation.features.length} features. ` +
    `Most important by mean absolute value${unit}: ${named.join(", ")}.` +
    more.map((sentence) => (sentence === "" ? "" : ` ${sentence}`)).join("")
  );
}

const DESCRIBED = 5;
