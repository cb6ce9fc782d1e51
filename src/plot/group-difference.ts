/**
 * Why a model answers differently for two groups: the difference of mean SHAP values, with what chance alone would give.
 *
 * Layer:  plot; imports explain (types), table.
 */
import type { DifferencePart, GroupDifference } from "../explain/group-difference.js";
import { formatNumber } from "../table/render.js";
import { Figure } from "./figure.js";
import {
  checkCount,
  drawn,
  headed,
  numbers,
  rowsDown,
  shorten,
  type TitleOptions,
  textAt,
  tip,
  withUnit,
} from "./marks.js";
import { GROUP_COLORS } from "./palette.js";
import { figureFrame, INK, QUIET_INK, RULE } from "./theme.js";

export interface GroupDifferenceFigureOptions extends TitleOptions {
  /** Features shown, those of the largest difference. Default 15. */
  readonly top?: number;
}

const WIDTH = 400;
const ROW = 28;

/**
 * Draws the difference of the model's mean answers and below it the features' parts of it. Lines are 95 % bootstrap intervals;
 * the grey band holds 90 % of the differences between random groups of the same sizes.
 *
 * @throws InputError if `top` is no count.
 *
 * @example
 * plot.groupDifference(explain.groupDifference(explanation, cohort.labels("sex")))
 */
export function groupDifference(found: GroupDifference, options: GroupDifferenceFigureOptions = {}): Figure {
  const { title = "", top = 15 } = options;
  checkCount("top", top);
  const { answer, features, comparison, outputUnit, sizes } = found;
  const ranked = [...features].sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference)).slice(0, top);
  const parts = [answer, ...ranked];
  const height = ROW * parts.length;
  const ends = parts.flatMap(({ difference, interval, chance }) => [difference, ...interval, ...chance, 0]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const room = 0.06 * (high - low || 1);
  const axis = {
    title: withUnit("Difference of mean SHAP values", outputUnit),
    domain: [low - room, high + room],
  } as const;
  const rows = parts.map(({ name, difference, interval, chance }, r) => ({
    feature: name,
    x: drawn(difference),
    zero: 0,
    lower: drawn(interval[0]),
    upper: drawn(interval[1]),
    least: drawn(chance[0]),
    most: drawn(chance[1]),
    from: ROW * r + 6,
    to: ROW * (r + 1) - 6,
    outerFrom: ROW * r + 1,
    outerTo: ROW * (r + 1) - 1,
    middle: ROW * (r + 0.5),
  }));
  const alternative = headed(
    title,
    `difference of mean SHAP values, ${comparison} (${sizes[0]} and ${sizes[1]} patients)` +
      `${outputUnit === "" ? "" : `, in ${outputUnit}`}. ${parts.slice(0, 6).map(partText).join("; ")}.`,
  );
  return new Figure("shap-group-difference", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height,
    layer: [
      {
        data: { values: rows },
        mark: { type: "rect", color: RULE, opacity: 0.6 },
        encoding: {
          x: numbers("least", axis),
          x2: { field: "most" },
          y: rowsDown("outerFrom", height),
          y2: { field: "outerTo" },
          tooltip: [tip("least", "By chance from", ".3~r"), tip("most", "to", ".3~r")],
        },
      },
      {
        data: { values: rows },
        mark: { type: "rect", color: GROUP_COLORS[0], opacity: 1 },
        encoding: {
          x: numbers("zero", axis),
          x2: { field: "x" },
          y: rowsDown("from", height),
          y2: { field: "to" },
          tooltip: [
            tip("feature", "Feature"),
            tip("x", "Difference", ".4~r"),
            tip("lower", "95 % from", ".4~r"),
            tip("upper", "to", ".4~r"),
          ],
        },
      },
      {
        data: { values: rows },
        mark: { type: "rule", color: INK, strokeWidth: 1.4 },
        encoding: { x: numbers("lower", axis), x2: { field: "upper" }, y: rowsDown("middle", height) },
      },
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: "rule", color: QUIET_INK, strokeWidth: 1 },
        encoding: { x: numbers("zero", axis) },
      },
      ...parts.map(({ name }, r) =>
        textAt(shorten(name, 40), {
          x: 0,
          y: ROW * (r + 0.5),
          dx: -10,
          align: "right",
          ...(r === 0 ? { fontWeight: 600 } : {}),
        }),
      ),
      textAt(`${comparison}; grey: by chance`, { x: 0, y: -12, color: QUIET_INK, fontSize: 11 }),
    ],
  });
}

function partText({ name, difference, interval }: DifferencePart): string {
  const [value, low, high] = [difference, ...interval].map((one) => formatNumber(one, 3).replace("-", "−"));
  return `${name} ${value} (95 % interval ${low} to ${high})`;
}
