/**
 * SHAP values of each feature as a violin: where patients are many, and which feature values lie there.
 *
 * Source: shap 0.48, `shap.plots.violin` (plot types "violin" and "layered_violin").
 * Layer:  plot; imports core, explain (types), table.
 */
import type { Explanation } from "../explain/explanation.js";
import { formatNumber } from "../table/render.js";
import { quantileOfSorted } from "../table/summarize.js";
import { relativeValues, valueColor } from "./beeswarm.js";
import { bandwidthOf, densityAt } from "./density.js";
import { Figure } from "./figure.js";
import {
  drawn,
  drawnOrNull,
  headed,
  numbers,
  rowsDown,
  shorten,
  type TitleOptions,
  textAt,
  tip,
} from "./marks.js";
import { type FeatureRowOptions, featureRows, rowImportance, rowValue } from "./shap-columns.js";
import { shapTitle } from "./shap-rows.js";
import { symmetricScale } from "./symmetric-scale.js";
import { figureFrame, QUIET_INK, RULE } from "./theme.js";
import type { Spec } from "./vega.js";

export interface ShapViolinOptions extends TitleOptions, FeatureRowOptions {
  /** True: one density for each of 8 groups of like feature values, on top of each other, instead of a mean color. */
  readonly layered?: boolean;
}

const WIDTH = 480;
const ROW = 36;
const HALF = 16;
const PLACES = 90;
/** Layers of a layered violin, as many patients each as can be. */
const BINS = 8;
/** Of more patient names than this the slices do not say whom they stand for: they would outweigh the figure. */
const MOST_NAMES = 20_000;

/**
 * Draws the density of each feature's SHAP values. Color is the mean feature value of the patients there, from the 5th to the
 * 95th percentile; in a layered violin each layer holds the patients of like feature value. All violins are equally thick at
 * their thickest.
 *
 * @throws InputError if `top` is no count, or the order is unknown.
 *
 * @example
 * plot.shapViolin(explanation, { top: 8, layered: true })
 */
export function shapViolin(explanation: Explanation, options: ShapViolinOptions = {}): Figure {
  const { title = "", layered = false } = options;
  const { ids, features, data, outputUnit } = explanation;
  const p = features.length;
  const rows = featureRows(explanation, options).map((row) => ({
    ...row,
    values: Float64Array.from(ids, (_, i) => rowValue(explanation, row.columns, i)),
    shades:
      row.columns.length > 1
        ? new Float64Array(ids.length).fill(Number.NaN)
        : relativeValues(Float64Array.from(ids, (_, i) => data[i * p + row.columns[0]])),
  }));
  const height = ROW * rows.length;
  const { domain } = symmetricScale(
    rows.map(({ values }) => values),
    false,
  );
  const x = numbers("x", { title: shapTitle("SHAP value", explanation), domain });
  const named = rows.length * ids.length <= MOST_NAMES ? ids : null;
  const drawRow = layered ? layersOf : slicesOf;
  const marks = rows.flatMap(({ name, values, shades }, r) =>
    drawRow(values, shades, named).map((one) => ({
      ...one,
      feature: name,
      y: drawn(ROW * (r + 0.5) - HALF * Number(one.top)),
      y2: drawn(ROW * (r + 0.5) - HALF * Number(one.bottom)),
      ...(layered ? { group: layerName(name, Number(one.layer)) } : {}),
    })),
  );
  const alternative = headed(
    title,
    `${layered ? "layered " : ""}violins of the SHAP values of ${ids.length} patients and ${p} features. ` +
      `Middle half of the patients${outputUnit === "" ? "" : `, in ${outputUnit}`}: ${rows
        .slice(0, 5)
        .map(({ name, values, columns }) => {
          const sorted = values.slice().sort();
          const [low, high] = [0.25, 0.75].map((part) =>
            formatNumber(quantileOfSorted(sorted, part), 3).replace("-", "−"),
          );
          return `${name} ${low} to ${high} (mean absolute value ${formatNumber(rowImportance(explanation, columns), 3)})`;
        })
        .join(", ")}.`,
  );
  const groups =
    !layered || named === null
      ? []
      : rows.flatMap(({ name, shades }) =>
          binsOf(shades).map(({ rows: own }, b) => [layerName(name, b), own.map((i) => ids[i])] as const),
        );
  const spec = {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height,
    layer: [
      {
        data: { values: rows.map((_, r) => ({ y: ROW * (r + 0.5) })) },
        mark: { type: "rule", color: RULE, strokeDash: [1, 4] },
        encoding: { y: rowsDown("y", height) },
      },
      {
        data: { values: marks },
        mark: layered
          ? { type: "area", opacity: 1, invalid: null }
          : { type: "rect", opacity: 1, invalid: null },
        encoding: {
          x,
          ...(layered ? { detail: { field: "group" } } : { x2: { field: "x2" } }),
          y: rowsDown("y", height),
          y2: { field: "y2" },
          color: valueColor("Feature value"),
          tooltip: [tip("feature", "Feature"), tip("x", "SHAP value", ".3~r")],
        },
      },
      {
        data: { values: [{ x: 0 }] },
        mark: { type: "rule", color: QUIET_INK, strokeWidth: 1 },
        encoding: { x },
      },
      ...rows.map(({ name }, r) =>
        textAt(shorten(name, 40), { x: 0, y: ROW * (r + 0.5), dx: -10, align: "right" }),
      ),
    ],
  };
  return new Figure(
    layered ? "shap-layered-violin" : "shap-violin",
    alternative,
    spec,
    Object.fromEntries(groups),
  );
}

function layerName(feature: string, layer: number): string {
  return `${feature}, layer ${layer + 1}`;
}

/** Slices of a violin: thickness and mean shade at each place. */
function slicesOf(
  values: Float64Array,
  shades: Float64Array,
  ids: readonly string[] | null,
): readonly Spec[] {
  const { places, width, step } = gridOf(values);
  const known = [...shades.keys()].filter((i) => !Number.isNaN(shades[i]));
  const density = places.map((place) => densityAt(values, width, place));
  const most = Math.max(...density);
  return places.map((place, at) => {
    let [sum, weight] = [0, 0];
    for (const i of known) {
      const near = Math.exp(-0.5 * ((place - values[i]) / width) ** 2);
      sum += near * shades[i];
      weight += near;
    }
    const [from, to] = [place - step / 2, place + step / 2];
    return {
      x: drawn(from),
      // A little over the next slice, so that no seam shows.
      x2: drawn(to + 0.35 * step),
      top: density[at] / most,
      bottom: -density[at] / most,
      shade: drawnOrNull(weight > 1e-12 ? sum / weight : Number.NaN),
      ...(ids === null
        ? {}
        : {
            ids: ids.filter(
              (_, i) => values[i] >= from && (values[i] < to || (at === PLACES && values[i] <= to)),
            ),
          }),
    };
  });
}

/** Outlines of the layers of a violin, low feature values below. */
function layersOf(values: Float64Array, shades: Float64Array): readonly Spec[] {
  const { places, width } = gridOf(values);
  const bins = binsOf(shades);
  const share = bins.map(({ rows }) => {
    const own = Float64Array.from(rows, (i) => values[i]);
    return places.map((place) => (own.length / values.length) * densityAt(own, width, place));
  });
  const total = places.map((_, at) => share.reduce((sum, one) => sum + one[at], 0));
  const most = Math.max(...total);
  const floor = total.map((sum) => -sum);
  return bins.flatMap(({ shade }, b) =>
    places.map((place, at) => {
      const bottom = floor[at] / most;
      floor[at] += 2 * share[b][at];
      return { x: drawn(place), bottom, top: floor[at] / most, shade: drawnOrNull(shade), layer: b };
    }),
  );
}

/** Patients of like shade, as many each as can be; those without a value alone. */
function binsOf(
  shades: Float64Array,
): readonly { readonly shade: number; readonly rows: readonly number[] }[] {
  const all = [...shades.keys()];
  const missing = all.filter((i) => Number.isNaN(shades[i]));
  const known = all.filter((i) => !Number.isNaN(shades[i])).sort((a, b) => shades[a] - shades[b]);
  const count = Math.min(BINS, known.length);
  const edge = (b: number): number => Math.floor((b * known.length) / count);
  const bins = Array.from({ length: count }, (_, b) => known.slice(edge(b), edge(b + 1))).map((rows) => ({
    rows,
    shade: rows.reduce((sum, i) => sum + shades[i], 0) / rows.length,
  }));
  return missing.length === 0 ? bins : [...bins, { rows: missing, shade: Number.NaN }];
}

/** Even places from the least to the largest value, and the width of the kernel. */
function gridOf(values: Float64Array): {
  readonly places: readonly number[];
  readonly width: number;
  readonly step: number;
} {
  const sorted = values.slice().sort();
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  const spread = high - low;
  if (!(spread > 0)) {
    const step = 1e-3 * (Math.abs(low) || 1);
    return { places: [low], width: step, step };
  }
  const step = spread / PLACES;
  // A kernel narrower than the grid would show as a comb.
  const width = Math.max(bandwidthOf(sorted), step);
  return { places: Array.from({ length: PLACES + 1 }, (_, at) => low + step * at), width, step };
}
