/**
 * Bars of SHAP values of one patient, and of the classes that a model tells apart, end to end.
 *
 * Layer:  plot; imports core, explain (types), table.
 */
import type { Explanation } from "../explain/explanation.js";
import { formatNumber } from "../table/render.js";
import { Figure } from "./figure.js";
import {
  checkCount,
  drawn,
  groupColor,
  headed,
  numbers,
  rowsDown,
  shorten,
  type TitleOptions,
  textAt,
  tip,
  withUnit,
} from "./marks.js";
import { checkClasses, type ExplainedClasses } from "./shap-classes.js";
import { rowsOfColumns } from "./shap-columns.js";
import { partsOf, patientRow, shapTitle, signed } from "./shap-rows.js";
import { figureFrame, INK, PAPER, QUIET_INK } from "./theme.js";
import type { Spec } from "./vega.js";
import { LOWERS, RAISES } from "./waterfall.js";

interface BarOptions extends TitleOptions {
  readonly top?: number;
}

const WIDTH = 400;
const ROW = 26;

/** SHAP values of one patient, the largest on top. @throws InputError if there is no such patient, or `top` is no count. */
export function patientBars(
  explanation: Explanation,
  id: string,
  { title = "", top = 15 }: BarOptions,
): Figure {
  checkCount("top", top);
  const parts = partsOf(explanation, patientRow(explanation, id), top);
  const height = ROW * parts.length;
  const ends = [0, ...parts.map(({ value }) => value)];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  // Numbers stand beyond the ends of the bars.
  const room = 0.16 * (high - low || 1);
  const axis = {
    title: shapTitle("SHAP value", explanation),
    domain: [low < 0 ? low - room : 0, high > 0 ? high + room : 0],
  } as const;
  const rows = parts.map(({ label, value }, r) => ({
    id,
    feature: label,
    x: drawn(value),
    zero: 0,
    from: drawn(ROW * (r + 0.14)),
    to: drawn(ROW * (r + 0.86)),
    middle: ROW * (r + 0.5),
    up: value >= 0,
    text: signed(value),
  }));
  const text = (up: boolean): Spec => ({
    data: { values: rows.filter((row) => row.up === up) },
    mark: {
      type: "text",
      align: up ? "left" : "right",
      baseline: "middle",
      dx: up ? 5 : -5,
      fontSize: 11,
      color: up ? RAISES : LOWERS,
    },
    encoding: {
      x: numbers("x", axis),
      y: rowsDown("middle", height),
      text: { field: "text", type: "nominal" },
    },
  });
  const alternative = headed(
    title,
    `SHAP values of patient ${id}${explanation.outputUnit === "" ? "" : `, in ${explanation.outputUnit}`}: ` +
      `${parts.map(({ label, value }) => `${label} ${signed(value)}`).join("; ")}.`,
  );
  return new Figure("shap-bar", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height,
    layer: [
      {
        data: { values: rows },
        mark: { type: "rect", opacity: 1 },
        encoding: {
          x: numbers("zero", axis),
          x2: { field: "x" },
          y: rowsDown("from", height),
          y2: { field: "to" },
          color: {
            field: "up",
            type: "nominal",
            scale: { domain: [true, false], range: [RAISES, LOWERS] },
            legend: null,
          },
          tooltip: [tip("id", "Patient"), tip("feature", "Feature"), tip("x", "SHAP value", ".4~r")],
        },
      },
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: "rule", color: QUIET_INK, strokeWidth: 1 },
        encoding: { x: numbers("zero", axis) },
      },
      text(true),
      text(false),
      ...parts.map(({ label }, r) =>
        textAt(shorten(label, 44), { x: 0, y: ROW * (r + 0.5), dx: -10, align: "right" }),
      ),
    ],
  });
}

/**
 * Mean absolute SHAP values of each class, end to end, the largest sum on top.
 *
 * @throws InputError if there is no class, the explanations are of other patients or features, or `top` is no count.
 */
export function classBars(explained: ExplainedClasses, { title = "", top = 15 }: BarOptions): Figure {
  checkCount("top", top);
  const { classes, first, unit } = checkClasses(explained);
  const { ids, features } = first;
  const means = classes.map((name) => explained[name].meanAbsolute());
  const total = features.map((_, j) => means.reduce((sum, one) => sum + one[j], 0));
  const ranked = [...total.keys()].sort((a, b) => total[b] - total[a] || a - b);
  const most = ranked.length === top + 1 ? top + 1 : top;
  const bars = rowsOfColumns(first, ranked.slice(0, most), ranked.slice(most)).map(({ name, columns }) => ({
    name,
    parts: means.map((one) => columns.reduce((sum, j) => sum + one[j], 0)),
  }));
  const height = ROW * bars.length;
  const sums = bars.map(({ parts }) => parts.reduce((sum, part) => sum + part, 0));
  const axis = {
    title: withUnit("Mean |SHAP value|, added up", unit),
    domain: [0, 1.14 * Math.max(...sums) || 1],
  } as const;
  const rows = bars.flatMap(({ name, parts }, r) => {
    let edge = 0;
    return parts.map((part, c) => {
      const from = edge;
      edge += part;
      return {
        feature: name,
        group: classes[c],
        from: drawn(from),
        to: drawn(edge),
        top: drawn(ROW * (r + 0.14)),
        bottom: drawn(ROW * (r + 0.86)),
        mean: drawn(part),
      };
    });
  });
  const alternative = headed(
    title,
    `mean absolute SHAP values of ${ids.length} patients for the classes ${classes.join(", ")}. Largest: ${bars
      .slice(0, 5)
      .map(
        ({ name, parts }) =>
          `${name} (${parts.map((part, c) => `${classes[c]} ${formatNumber(part, 3)}`).join(", ")})`,
      )
      .join("; ")}.`,
  );
  return new Figure("shap-bar", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height,
    layer: [
      {
        data: { values: rows },
        mark: { type: "rect", opacity: 1, stroke: PAPER, strokeWidth: 0.8 },
        encoding: {
          x: numbers("from", axis),
          x2: { field: "to" },
          y: rowsDown("top", height),
          y2: { field: "bottom" },
          color: groupColor(classes, { symbol: "square", columns: 3 }),
          tooltip: [
            tip("feature", "Feature"),
            tip("group", "Class"),
            tip("mean", "Mean |SHAP value|", ".4~r"),
          ],
        },
      },
      {
        data: {
          values: sums.map((sum, r) => ({
            from: drawn(sum),
            middle: ROW * (r + 0.5),
            text: formatNumber(sum, 3),
          })),
        },
        mark: { type: "text", align: "left", baseline: "middle", dx: 5, fontSize: 11, color: INK },
        encoding: {
          x: numbers("from", axis),
          y: rowsDown("middle", height),
          text: { field: "text", type: "nominal" },
        },
      },
      ...bars.map(({ name }, r) =>
        textAt(shorten(name, 40), { x: 0, y: ROW * (r + 0.5), dx: -10, align: "right" }),
      ),
    ],
  });
}
