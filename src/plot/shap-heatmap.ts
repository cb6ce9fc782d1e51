/**
 * SHAP values of all patients as a heat map: patients that are explained alike stand beside each other.
 *
 * Layer:  plot; imports core, explain (types), table.
 */
import type { Json } from "../core/display.js";
import type { Explanation } from "../explain/explanation.js";
import { formatNumber } from "../table/render.js";
import { Figure } from "./figure.js";
import { drawn, headed, rowsDown, shorten, type TitleOptions, textAt, tip } from "./marks.js";
import { GROUP_COLORS, VALUE_RAMP } from "./palette.js";
import {
  type FeatureRow,
  type FeatureRowOptions,
  featureRows,
  rowImportance,
  rowLargest,
  rowValue,
} from "./shap-columns.js";
import { orderPatients, type PatientOrder } from "./shap-order.js";
import { answerOf, shapTitle } from "./shap-rows.js";
import { figureFrame, INK, QUIET_INK } from "./theme.js";
import type { Spec } from "./vega.js";

export interface ShapHeatmapOptions extends TitleOptions, FeatureRowOptions {
  /** Order of the patients, default "similarity". */
  readonly patients?: PatientOrder;
}

const WIDTH = 480;
const ROW = 24;
/** Above the map: the model's answers. */
const CURVE = 56;
const BAR = 50;
/** More columns than this are finer than the picture: neighbours are averaged. */
const MOST_COLUMNS = 240;

/**
 * Draws one column per patient and one row per feature, with the model's answer above and at the side the mean absolute value, or the largest
 * where that orders the rows.
 *
 * @throws InputError if `top` is no count, an order is unknown, or names no feature.
 *
 * @example
 * plot.shapHeatmap(explanation, { top: 8, patients: { feature: "volume" } })
 */
export function shapHeatmap(
  explanation: Explanation,
  { title = "", top = 10, patients = "similarity", ...options }: ShapHeatmapOptions = {},
): Figure {
  const { ids, base } = explanation;
  const rows = featureRows(explanation, { ...options, top });
  const answers = Float64Array.from(ids, (_, i) => answerOf(explanation, i));
  const blocks = blocksOf(orderPatients(explanation, patients));
  const meanOf = (block: readonly number[], of: (patient: number) => number): number =>
    block.reduce((sum, patient) => sum + of(patient), 0) / block.length;
  const cells = rows.flatMap(({ name, columns }, r) =>
    blocks.map((block, k) => ({
      feature: name,
      patient: block.length === 1 ? ids[block[0]] : `${block.length} patients`,
      ...(block.length === 1 ? { id: ids[block[0]] } : { group: `column ${k + 1}` }),
      x: drawn((k * WIDTH) / blocks.length),
      x2: drawn(((k + 1) * WIDTH) / blocks.length),
      y: CURVE + ROW * r,
      y2: CURVE + ROW * (r + 1) - 1,
      value: drawn(meanOf(block, (i) => rowValue(explanation, columns, i))),
    })),
  );
  const largest = cells.reduce((most, { value }) => Math.max(most, Math.abs(value)), 0) || 1;
  const height = CURVE + ROW * rows.length;
  const isLargest = options.order === "largest";
  const importances = rows.map(({ columns }) =>
    isLargest ? rowLargest(explanation, columns, ids.keys()) : rowImportance(explanation, columns),
  );
  const measure = isLargest ? "largest" : "mean";
  const alternative = headed(title, describe(explanation, rows, importances, measure, blocks.length));
  const spec: Spec = {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height,
    layer: [
      {
        data: { values: cells },
        mark: { type: "rect" },
        encoding: {
          x: across("x"),
          x2: { field: "x2" },
          y: rowsDown("y", height),
          y2: { field: "y2" },
          color: {
            field: "value",
            type: "quantitative",
            scale: {
              domain: [-largest, 0, largest],
              range: [VALUE_RAMP[0], MIDDLE, VALUE_RAMP[2]],
              interpolate: "lab",
            },
            legend: {
              title: shapTitle("SHAP value", explanation),
              gradientLength: Math.min(160, height - 20),
              gradientThickness: 10,
              tickCount: 3,
              offset: BAR + 24,
            },
          },
          tooltip: [tip("patient", "Patient"), tip("feature", "Feature"), tip("value", "SHAP value", ".4~r")],
        },
      },
      ...answerLayers(
        blocks.map((block) => meanOf(block, (i) => answers[i])),
        base,
        height,
      ),
      barLayer(importances, measure, height),
      ...rows.map(({ name }, r) =>
        textAt(shorten(name, 34), { x: 0, y: CURVE + ROW * (r + 0.5), dx: -10, align: "right" }),
      ),
      textAt("Answer", { x: 0, y: CURVE / 2 - 4, dx: -10, align: "right", color: QUIET_INK }),
      textAt(`${ids.length} patients`, { x: WIDTH / 2, y: height + 14, align: "center", color: QUIET_INK }),
    ],
  };
  const shared = blocks.flatMap((block, k) =>
    block.length === 1 ? [] : [[`column ${k + 1}`, block.map((i) => ids[i])] as const],
  );
  return new Figure("shap-heatmap", alternative, spec, Object.fromEntries(shared));
}

const MIDDLE = "#f7f7f7";

function across(field: string): Json {
  return { field, type: "quantitative", scale: { domain: [0, WIDTH], nice: false }, axis: null };
}

/** Neighbours that share a column. */
export function blocksOf(order: readonly number[]): readonly (readonly number[])[] {
  const count = Math.min(MOST_COLUMNS, order.length);
  return Array.from({ length: count }, (_, k) =>
    order.slice(Math.floor((k * order.length) / count), Math.floor(((k + 1) * order.length) / count)),
  );
}

/** The answers as a line, the base dashed. */
function answerLayers(answers: readonly number[], base: number, height: number): Spec[] {
  const [low, high] = [Math.min(base, ...answers), Math.max(base, ...answers)];
  const place = (value: number): number =>
    CURVE - 8 - (high > low ? (value - low) / (high - low) : 0.5) * (CURVE - 16);
  return [
    {
      data: { values: [{ x: 0, x2: WIDTH, y: drawn(place(base)) }] },
      mark: { type: "rule", color: QUIET_INK, strokeDash: [3, 4] },
      encoding: { x: across("x"), x2: { field: "x2" }, y: rowsDown("y", height) },
    },
    {
      data: {
        values: answers.map((value, k) => ({
          x: drawn(((k + 0.5) * WIDTH) / answers.length),
          y: drawn(place(value)),
        })),
      },
      mark: { type: "line", color: INK, strokeWidth: 1.2 },
      encoding: { x: across("x"), y: rowsDown("y", height) },
    },
  ];
}

function barLayer(importances: readonly number[], measure: "mean" | "largest", height: number): Spec {
  const most = Math.max(...importances) || 1;
  return {
    data: {
      values: importances.map((value, r) => ({
        x: WIDTH + 8,
        x2: drawn(WIDTH + 8 + (BAR * value) / most),
        y: CURVE + ROW * r + 4,
        y2: CURVE + ROW * (r + 1) - 5,
        value: drawn(value),
      })),
    },
    mark: { type: "rect", color: GROUP_COLORS[0] },
    encoding: {
      x: across("x"),
      x2: { field: "x2" },
      y: rowsDown("y", height),
      y2: { field: "y2" },
      tooltip: [tip("value", `${capital(measure)} |SHAP value|`, ".4~r")],
    },
  };
}

function describe(
  { ids, features, outputUnit }: Explanation,
  rows: readonly FeatureRow[],
  importances: readonly number[],
  measure: "mean" | "largest",
  columns: number,
): string {
  const named = rows.slice(0, 5).map(({ name }, r) => `${name} (${formatNumber(importances[r], 3)})`);
  return (
    `heat map of the SHAP values of ${ids.length} patients and ${features.length} features. ` +
    `${capital(measure)} absolute values${outputUnit === "" ? "" : `, in ${outputUnit}`}: ${named.join(", ")}.` +
    `${columns < ids.length ? ` Each of the ${columns} columns is the mean of neighbouring patients.` : ""}`
  );
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
