/**
 * Force plots of many patients, turned upright and set side by side: what pushes each answer up and what pushes it down.
 *
 * Layer:  plot; imports core, explain (types), table.
 */
import type { Json } from "../core/display.js";
import type { Explanation } from "../explain/explanation.js";
import { formatNumber } from "../table/render.js";
import { answerScale, type LinkOptions } from "./answer-link.js";
import { Figure } from "./figure.js";
import { drawn, headed, type TitleOptions, textAt, tip } from "./marks.js";
import { type FeatureRowOptions, featureRows, rowImportance, rowValue } from "./shap-columns.js";
import { blocksOf } from "./shap-heatmap.js";
import { isIds, orderPatients, type PatientOrder } from "./shap-order.js";
import { answerOf } from "./shap-rows.js";
import { figureFrame, INK, QUIET_INK } from "./theme.js";
import { LOWERS, RAISES } from "./waterfall.js";

export interface ForceStackOptions extends TitleOptions, FeatureRowOptions, LinkOptions {
  /** Order of the patients, default "similarity". */
  readonly patients?: PatientOrder;
}

const WIDTH = 560;
const HEIGHT = 300;

/**
 * Draws one column per patient. Below the line of the answers lies what raises them, above it what lowers them, the largest next
 * to the line; neighbouring features differ in shade. Of very many patients neighbours share a column, which is their mean.
 *
 * @throws InputError if `top` is no count, an order is unknown, or the link does not fit the answers.
 *
 * @example
 * plot.forceStack(explanation, { patients: "answer" })
 */
export function forceStack(explanation: Explanation, options: ForceStackOptions = {}): Figure {
  const { title = "", top = 10, patients = "similarity", link } = options;
  const scale = answerScale(explanation, link);
  const { ids, base } = explanation;
  const rows = featureRows(explanation, { ...options, top });
  const blocks = blocksOf(orderPatients(explanation, patients));
  const mean = (block: readonly number[], of: (i: number) => number): number =>
    block.reduce((sum, i) => sum + of(i), 0) / block.length;
  const name = (k: number): string => `column ${k + 1}`;
  const answers = blocks.map((block) => mean(block, (i) => answerOf(explanation, i)));
  const columns = blocks.map((block) =>
    rows
      .map(({ name: feature, columns: own }, r) => ({
        feature,
        odd: r % 2,
        value: mean(block, (i) => rowValue(explanation, own, i)),
      }))
      .sort((a, b) => Math.abs(b.value) - Math.abs(a.value)),
  );
  const cells = blocks.flatMap((block, k) => {
    const edge = { up: answers[k], down: answers[k] };
    return columns[k].flatMap(({ feature, odd, value }) => {
      if (value === 0) return [];
      const side = value > 0 ? "up" : "down";
      const from = edge[side];
      edge[side] -= value;
      return [
        {
          ...(block.length === 1 ? { id: ids[block[0]] } : { group: name(k) }),
          patient: block.length === 1 ? ids[block[0]] : `${block.length} patients`,
          x: k,
          x2: k + 1,
          y: drawn(from),
          y2: drawn(edge[side]),
          feature,
          value: drawn(value),
          up: value > 0,
          opacity: odd === 1 ? 0.72 : 1,
        },
      ];
    });
  });
  const ends = cells.flatMap(({ y, y2 }) => [y, y2]);
  const low = ends.reduce((one, other) => Math.min(one, other), base);
  const high = ends.reduce((one, other) => Math.max(one, other), base);
  const room = 0.04 * (high - low || 1);
  const y = scale.axis("y", [low - room, high + room]);
  const x: Json = {
    field: "x",
    type: "quantitative",
    scale: { domain: [0, blocks.length], nice: false },
    axis: null,
  };
  const important = rows
    .slice(0, 5)
    .map((row) => `${row.name} (${formatNumber(rowImportance(explanation, row.columns), 3)})`);
  const alternative = headed(
    title,
    `forces on the answers of ${ids.length} patients, ordered by ${orderText(patients)}: answers from ` +
      `${shown(Math.min(...answers))} to ${shown(Math.max(...answers))}${scale.unit === "" ? "" : ` ${scale.unit}`}, base ${shown(base)}. ` +
      `Mean absolute SHAP values: ${important.join(", ")}.` +
      `${blocks.length < ids.length ? ` Each of the ${blocks.length} columns is the mean of neighbouring patients.` : ""}`,
  );
  const spec = {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: [
      {
        data: { values: cells },
        mark: { type: "rect" },
        encoding: {
          x,
          x2: { field: "x2" },
          y,
          y2: { field: "y2" },
          color: {
            field: "up",
            type: "nominal",
            scale: { domain: [true, false], range: [RAISES, LOWERS] },
            legend: {
              orient: "top",
              title: null,
              symbolType: "square",
              symbolOpacity: 1,
              labelExpr: "datum.value ? 'raises the answer' : 'lowers it'",
              columnPadding: 18,
              offset: 8,
            },
          },
          opacity: { field: "opacity", type: "quantitative", scale: null },
          tooltip: [tip("patient", "Patient"), tip("feature", "Feature"), tip("value", "SHAP value", ".4~r")],
        },
      },
      {
        data: { values: [{ y: drawn(base) }] },
        mark: { type: "rule", color: QUIET_INK, strokeDash: [3, 4] },
        encoding: { y },
      },
      {
        data: { values: answers.map((answer, k) => ({ x: k + 0.5, y: drawn(answer) })) },
        mark: { type: "line", interpolate: "step", color: INK, strokeWidth: 1.4 },
        encoding: { x, y },
      },
      textAt(`${ids.length} patients, by ${orderText(patients)}`, {
        x: WIDTH / 2,
        y: HEIGHT + 14,
        align: "center",
        color: QUIET_INK,
      }),
    ],
  };
  const shared = blocks.flatMap((block, k) =>
    block.length === 1 ? [] : [[name(k), block.map((i) => ids[i])] as const],
  );
  return new Figure("shap-force-stack", alternative, spec, Object.fromEntries(shared));

  function shown(answer: number): string {
    return formatNumber(scale.shown(answer), 3).replace("-", "−");
  }
}

function orderText(patients: PatientOrder): string {
  if (isIds(patients) || patients === "given") return "their order";
  return typeof patients === "object" ? patients.feature : patients;
}
