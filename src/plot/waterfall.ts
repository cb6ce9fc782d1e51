/**
 * The waterfall of one patient: from the base, feature by feature, to the model's answer.
 *
 * Layer:  plot; imports core, explain (types), table.
 */
import type { Json } from "../core/display.js";
import type { Explanation } from "../explain/explanation.js";
import { answerScale, type LinkOptions } from "./answer-link.js";
import { Figure } from "./figure.js";
import { checkCount, drawn, headed, rowsDown, shorten, type TitleOptions, textAt, tip } from "./marks.js";
import { VALUE_RAMP } from "./palette.js";
import { answerAxis, answerOf, answerText, partsOf, patientRow, signed } from "./shap-rows.js";
import { figureFrame, QUIET_INK } from "./theme.js";
import type { Spec } from "./vega.js";

export interface PatientFigureOptions extends TitleOptions, LinkOptions {
  /** Features shown one by one; the others are added up. Default 9. */
  readonly top?: number;
}

const WIDTH = 420;
const ROW = 30;
/** Colors of what raises and what lowers the answer. */
export const RAISES: string = VALUE_RAMP[2];
export const LOWERS: string = VALUE_RAMP[0];
/** A bar narrower than this has no room for its number. */
const ROOM = 46;
const TIP = 7;

/**
 * Draws how each feature moved the answer for one patient, the largest on top, from the base below to the answer above.
 *
 * @throws InputError if the patient is not in the explanation, `top` is no count, or the link does not fit.
 *
 * @example
 * plot.waterfall(explanation, "LUNG1-003")
 */
export function waterfall(explanation: Explanation, id: string, options: PatientFigureOptions = {}): Figure {
  const { title = "", top = 9, link } = options;
  checkCount("top", top);
  const row = patientRow(explanation, id);
  const { unit } = answerScale(explanation, link);
  const parts = partsOf(explanation, row, top);
  const answer = answerOf(explanation, row);
  const height = ROW * parts.length;
  const steps = stepsOf(parts, answer);
  // Numbers stand beside short bars.
  const { x, place } = answerAxis(
    explanation,
    steps.flatMap(({ from, to }) => [from, to]),
    { room: 0.16, width: WIDTH, link },
  );
  const alternative = headed(
    title,
    `SHAP values of patient ${id}: from the base ${answerText(explanation.base, explanation, row, link)} to ${answerText(answer, explanation, row, link)}` +
      `${unit === "" ? "" : ` ${unit}`}. ` +
      `${parts.map(({ label, value }) => `${label} ${signed(value)}`).join("; ")}.`,
  );
  return new Figure("shap-waterfall", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height,
    layer: [
      levelLayer(explanation.base, x),
      levelLayer(answer, x),
      {
        data: {
          values: steps
            .slice(1)
            .map(({ to }, r) => ({ x: drawn(to), y: ROW * (r + 0.5), until: ROW * (r + 1.5) })),
        },
        mark: { type: "rule", color: QUIET_INK, strokeWidth: 1 },
        encoding: { x, y: rowsDown("y", height), y2: { field: "until" } },
      },
      ...arrowLayers(id, steps, place, height),
      ...steps.map(({ value, from, to }, r) => numberText(value, place(from), place(to), ROW * (r + 0.5))),
      ...parts.map(({ label }, r) =>
        textAt(shorten(label, 44), { x: 0, y: ROW * (r + 0.5), dx: -10, align: "right" }),
      ),
      textAt(`Answer ${answerText(answer, explanation, row, link)}`, {
        x: place(answer),
        y: -12,
        align: "center",
        fontWeight: 600,
      }),
      textAt(`Base ${answerText(explanation.base, explanation, row, link)}`, {
        x: place(explanation.base),
        y: height + 52,
        align: "center",
        color: QUIET_INK,
      }),
    ],
  });
}

interface Step {
  readonly label: string;
  readonly value: number;
  readonly from: number;
  readonly to: number;
}

/** From the answer down: the topmost bar ends there. */
function stepsOf(parts: ReturnType<typeof partsOf>, answer: number): readonly Step[] {
  let to = answer;
  return parts.map(({ label, value }) => {
    const step = { label, value, from: to - value, to };
    to -= value;
    return step;
  });
}

function levelLayer(value: number, x: Json): Spec {
  return {
    data: { values: [{ x: drawn(value) }] },
    mark: { type: "rule", color: QUIET_INK, strokeDash: [3, 4] },
    encoding: { x },
  };
}

/** Bars with a tip in the direction of the change: one polygon of lines per bar, in pixels. */
function arrowLayers(
  id: string,
  steps: readonly Step[],
  place: (value: number) => number,
  height: number,
): Spec[] {
  const corners = steps.flatMap(({ label, value, from, to }, r) => {
    const [a, b] = [place(from), place(to)];
    const forward = Math.sign(b - a) || 1;
    const tipLength = Math.min(TIP, Math.abs(b - a));
    const neck = b - forward * tipLength;
    const [top, middle, bottom] = [ROW * r + 4, ROW * (r + 0.5), ROW * (r + 1) - 4];
    return [
      { px: a, top, bottom },
      { px: neck, top, bottom },
      { px: b, top: middle, bottom: middle },
    ].map((corner) => ({
      px: drawn(corner.px),
      py: drawn(corner.top),
      py2: drawn(corner.bottom),
      id,
      label,
      value: drawn(value),
      row: r,
      up: value >= 0,
    }));
  });
  const x = {
    field: "px",
    type: "quantitative",
    scale: { domain: [0, WIDTH], nice: false },
    axis: null,
  } as const;
  return [
    {
      data: { values: corners },
      mark: { type: "area", opacity: 1 },
      // Places in pixels must not share the scale of the answers.
      encoding: {
        x: { ...x, scale: null },
        y: { ...(rowsDown("py", height) as object), scale: null },
        y2: { field: "py2" },
        detail: { field: "row" },
        color: {
          field: "up",
          type: "nominal",
          scale: { domain: [true, false], range: [RAISES, LOWERS] },
          legend: null,
        },
        tooltip: [tip("label", "Feature"), tip("value", "SHAP value", ".4~r")],
      },
    },
  ];
}

/** Inside a wide bar, else beside its tip. */
function numberText(value: number, from: number, to: number, y: number): Spec {
  const line = signed(value);
  if (Math.abs(to - from) >= ROOM) {
    return textAt(line, { x: (from + to) / 2, y, align: "center", fontSize: 11, color: "#fefefe" });
  }
  const color = value >= 0 ? RAISES : LOWERS;
  return value >= 0
    ? textAt(line, { x: Math.max(from, to), y, dx: 5, fontSize: 11, color })
    : textAt(line, { x: Math.min(from, to), y, dx: -5, align: "right", fontSize: 11, color });
}
