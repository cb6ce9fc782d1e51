/**
 * The dependence plot: a feature's SHAP value against its own value, colored by a second feature or by groups; and that of what two
 * features do together.
 *
 * Source: shap 0.48, `shap.plots.scatter`.
 * Layer:  plot; imports core, explain, model, table.
 */
import { InputError } from "../core/errors.js";
import { type Explanation, featureColumn } from "../explain/explanation.js";
import { interactionPartners } from "../explain/interaction-partners.js";
import type { TreeInteractions } from "../explain/tree.js";
import { spearman } from "../model/statistics/correlation.js";
import type { FeatureTable } from "../table/feature-table.js";
import { checkSameIds } from "../table/ids.js";
import { formatNumber } from "../table/render.js";
import { type DependenceOptions, endsOf } from "./dependence-options.js";
import { Figure } from "./figure.js";
import { panels } from "./grid.js";
import { headed } from "./marks.js";
import { type ScatterColor, type ScatterData, scatterView } from "./scatter.js";
import { figureFrame } from "./theme.js";

const PANELS_BESIDE = 3;

/**
 * Draws one dot per patient: value of the feature, and how much it moved the answer. Patients without a value stand at the left.
 *
 * @param feature  A name, or several: a panel each, with one scale of SHAP values.
 * @throws InputError if a feature is not in the explanation, the feature has no value in any patient (of the range), or an option makes
 *   no sense.
 *
 * @example
 * plot.dependence(explanation, "volume", { color: "entropy" })
 * plot.dependence(explanation, ["volume", "entropy"], { color: cohort.labels("sex") })
 */
export function dependence(
  explanation: Explanation,
  feature: string | readonly string[],
  options: DependenceOptions = {},
): Figure {
  const { title = "" } = options;
  if (typeof feature === "string") {
    return figureOf(dataOf(explanation, feature, options.color), options);
  }
  if (feature.length === 0) throw new InputError("there is no feature to draw. Name one or more.");
  const parts = feature.map((one) => dataOf(explanation, one, options.color));
  const moved = parts.flatMap((one) => [...one.moved]);
  const shapRange = endsOf(moved, options.shapRange, "shapRange", "SHAP values");
  const views = parts.map((one) => scatterView(one, { ...options, shapRange }));
  const words = parts.map((one, at) => `(${at + 1}) ${describe(one, views[at].note)}`);
  const alternative = headed(title, `${parts.length} panels. ${words.join(" ")}`);
  return panels(
    "shap-dependence",
    alternative,
    views.map(({ view }) => view),
    { title, columns: Math.min(PANELS_BESIDE, parts.length) },
    views[0].groups,
  );
}

/**
 * Draws one dot per patient: value of the first feature, and what it does together with the second, both halves added up; color is the
 * second. A feature named twice: what it does alone.
 *
 * @param x  Values of the same patients.
 * @throws InputError if `x` holds other patients, a feature is unknown or has no value, or an option makes no sense.
 *
 * @example
 * plot.interactionDependence(explain.treeInteractions(forest, test.x), test.x, ["volume", "entropy"])
 */
export function interactionDependence(
  found: TreeInteractions,
  x: FeatureTable,
  [first, second]: readonly [string, string],
  options: DependenceOptions = {},
): Figure {
  checkSameIds(found.ids, x.ids, "the interactions", "the features");
  const { ids, features, values, outputUnit } = found;
  const p = features.length;
  const [j, k] = [first, second].map((name) => {
    const column = features.findIndex((one) => one.name === name);
    if (column >= 0) return column;
    throw new InputError(
      `there is no feature "${name}" in the interactions. There are: ${features.map((one) => one.name).join(", ")}.`,
    );
  });
  const halves = j === k ? 1 : 2;
  const effect = j === k ? "SHAP value without interactions" : `SHAP interaction value with ${second}`;
  const { color = j === k ? null : second } = options;
  const data: ScatterData = {
    ids,
    name: first,
    unit: x.unit(first),
    values: x.column(first),
    moved: Float64Array.from(ids, (_, i) => halves * values[(i * p + j) * p + k]),
    effect,
    words: j === k ? `${effect} of ${first}` : `SHAP interaction value of ${first} with ${second}`,
    outputUnit,
    color: typeof color === "string" ? { name: color, unit: x.unit(color), values: x.column(color) } : color,
  };
  return figureOf(data, options);
}

function figureOf(data: ScatterData, options: DependenceOptions): Figure {
  const { title = "" } = options;
  const { view, groups, note } = scatterView(data, options);
  const alternative = headed(title, describe(data, note));
  return new Figure("shap-dependence", alternative, { ...figureFrame(title, alternative), ...view }, groups);
}

function dataOf(explanation: Explanation, feature: string, color: DependenceOptions["color"]): ScatterData {
  const { features, ids, values, data } = explanation;
  const p = features.length;
  const j = featureColumn(explanation, feature);
  return {
    ids,
    name: feature,
    unit: features[j].unit,
    values: Float64Array.from(ids, (_, i) => data[i * p + j]),
    moved: Float64Array.from(ids, (_, i) => values[i * p + j]),
    effect: "SHAP value",
    words: `SHAP value of ${feature}`,
    outputUnit: explanation.outputUnit,
    color: color === null || typeof color === "object" ? color : colorOf(explanation, feature, color),
  };
}

/** The feature that colors, or null for none, as of models without interactions. */
function colorOf(explanation: Explanation, feature: string, asked: string | undefined): ScatterColor | null {
  const { features, ids, data } = explanation;
  const [strongest] = asked === undefined ? interactionPartners(explanation, feature) : [];
  const name = asked ?? (strongest !== undefined && strongest.strength > 1e-9 ? strongest.name : undefined);
  if (name === undefined) return null;
  const k = featureColumn(explanation, name);
  return {
    name,
    unit: features[k].unit,
    values: Float64Array.from(ids, (_, i) => data[i * features.length + k]),
  };
}

function describe({ ids, values, moved, words, outputUnit, color }: ScatterData, note: string): string {
  const rows = [...ids.keys()].filter((i) => !Number.isNaN(values[i]));
  const own = rows.map((i) => values[i]);
  const did = rows.map((i) => moved[i]);
  const varies = (all: readonly number[]): boolean => all.some((value) => value !== all[0]);
  const trend =
    rows.length > 2 && varies(own) && varies(did)
      ? ` Spearman's ρ of both is ${spearman(own, did, { exact: false }).rho.toFixed(2)}.`
      : "";
  const [low, high] = [did.reduce(smaller), did.reduce(larger)];
  const missing = ids.length - rows.length;
  return (
    `${words} against its value in ${rows.length} patients` +
    `${missing === 0 ? "" : ` (missing in ${missing})`}: from ${formatNumber(low, 3)} to ${formatNumber(high, 3)}` +
    `${outputUnit === "" ? "" : ` ${outputUnit}`}.${trend}${color === null ? "" : ` Color shows ${colorText(color, moved)}.`}` +
    `${note === "" ? "" : ` ${note}.`}`
  );
}

/** A feature's name, or the mean of what the feature did in each group. */
function colorText(color: NonNullable<ScatterData["color"]>, moved: Float64Array): string {
  if (!("classes" in color)) return color.name;
  const means = color.classes.flatMap((one, code) => {
    if (color.counts[code] === 0) return [];
    const sum = moved.reduce((total, value, i) => total + (color.values[i] === one ? value : 0), 0);
    return [`${one} mean ${formatNumber(sum / color.counts[code], 3).replace("-", "−")}`];
  });
  return `${color.name}: ${means.join(", ")}`;
}

const smaller = (one: number, other: number): number => Math.min(one, other);
const larger = (one: number, other: number): number => Math.max(one, other);
