/**
 * The force plot of one patient: what pushes the answer up against what pushes it down, on one line.
 *
 * Layer:  plot; imports core, explain (types), table.
 */
import type { Json } from "../core/display.js";
import type { Explanation } from "../explain/explanation.js";
import { answerScale } from "./answer-link.js";
import { Figure } from "./figure.js";
import { checkCount, drawn, headed, shorten, textAt, tip } from "./marks.js";
import { answerAxis, answerOf, answerText, type Part, partsOf, patientRow, signed } from "./shap-rows.js";
import { figureFrame, PAPER, QUIET_INK } from "./theme.js";
import type { Spec } from "./vega.js";
import { LOWERS, type PatientFigureOptions, RAISES } from "./waterfall.js";

const WIDTH = 640;
const BAR = 30;
const TOP = 34;
const LETTER = 6.2;
const NAME_ROW = 17;
/** Rows of names below the bar. */
const NAME_ROWS = 4;

/**
 * Draws the SHAP values of one patient end to end: those that raise the answer end at it from the left, those that lower it
 * begin at it on the right. Names that would cover others are left out; the pointer shows them.
 *
 * @throws InputError if the patient is not in the explanation, `top` is no count, or the link does not fit.
 *
 * @example
 * plot.force(explanation, "LUNG1-003")
 */
export function force(explanation: Explanation, id: string, options: PatientFigureOptions = {}): Figure {
  const { title = "", top = 9, link } = options;
  checkCount("top", top);
  const row = patientRow(explanation, id);
  const { unit } = answerScale(explanation, link);
  const parts = partsOf(explanation, row, top);
  const answer = answerOf(explanation, row);
  const segments = [
    ...stack(
      parts.filter(({ value }) => value > 0),
      answer,
    ),
    ...stack(
      parts.filter(({ value }) => value < 0),
      answer,
    ),
  ];
  const { x, place } = answerAxis(explanation, [answer, ...segments.map(({ from }) => from)], {
    room: 0.06,
    width: WIDTH,
    link,
  });
  const names = placeNames(segments, place);
  const height = TOP + BAR + 10 + NAME_ROW * (1 + Math.max(0, ...names.map(({ row: line }) => line)));
  const y = {
    field: "y",
    type: "quantitative",
    scale: { domain: [height, 0], nice: false },
    axis: null,
  } as const;
  const alternative = headed(
    title,
    `forces on the answer for patient ${id}: ${answerText(answer, explanation, row, link)}, base ${answerText(explanation.base, explanation, row, link)}` +
      `${unit === "" ? "" : ` ${unit}`}. ` +
      `Up: ${list(segments.filter(({ value }) => value > 0))}. Down: ${list(segments.filter(({ value }) => value < 0))}.`,
  );

  const isApart = Math.abs(place(answer) - place(explanation.base)) > 110;
  return new Figure("shap-force", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height,
    layer: [
      {
        data: {
          values: segments.map(({ label, value, from, to }) => ({
            x: drawn(from),
            x2: drawn(to),
            y: TOP,
            y2: TOP + BAR,
            id,
            label,
            value: drawn(value),
            up: value > 0,
          })),
        },
        mark: { type: "rect", stroke: PAPER, strokeWidth: 1.5 },
        encoding: {
          x,
          x2: { field: "x2" },
          y,
          y2: { field: "y2" },
          color: {
            field: "up",
            type: "nominal",
            scale: { domain: [true, false], range: [RAISES, LOWERS] },
            legend: null,
          },
          tooltip: [tip("label", "Feature"), tip("value", "SHAP value", ".4~r")],
        },
      },
      level(explanation.base, x, y, [isApart ? 22 : 26, TOP + BAR + 4]),
      level(answer, x, y, [20, TOP + BAR + 4]),
      textAt(`Answer ${answerText(answer, explanation, row, link)}`, {
        x: place(answer),
        y: 10,
        align: "center",
        fontWeight: 600,
      }),
      ...(isApart
        ? [
            textAt(`Base ${answerText(explanation.base, explanation, row, link)}`, {
              x: place(explanation.base),
              y: 12,
              align: "center",
              color: QUIET_INK,
            }),
          ]
        : []),
      ...names.map(({ text, left, row: line, up }) =>
        textAt(text, {
          x: left,
          y: TOP + BAR + 14 + NAME_ROW * line,
          fontSize: 11,
          color: up ? RAISES : LOWERS,
        }),
      ),
    ],
  });
}

interface Segment extends Part {
  readonly from: number;
  readonly to: number;
}

/** The largest next to the answer. */
function stack(parts: readonly Part[], answer: number): readonly Segment[] {
  let edge = answer;
  return parts.map((part) => {
    const from = edge - part.value;
    const segment = { ...part, from, to: edge };
    edge = from;
    return segment;
  });
}

interface Name {
  readonly text: string;
  readonly left: number;
  readonly row: number;
  readonly up: boolean;
}

/** Under the middle of each segment, in the first row that has room; the largest first. */
function placeNames(segments: readonly Segment[], place: (value: number) => number): readonly Name[] {
  const taken: { left: number; right: number }[][] = Array.from({ length: NAME_ROWS }, () => []);
  const bySize = [...segments].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  return bySize.flatMap(({ label, value, from, to }): Name[] => {
    const text = `${shorten(label, 36)} ${signed(value)}`;
    const wide = LETTER * text.length;
    const left = Math.min(WIDTH - wide, Math.max(0, (place(from) + place(to)) / 2 - wide / 2));
    const row = taken.findIndex((boxes) =>
      boxes.every((box) => left >= box.right + 10 || left + wide + 10 <= box.left),
    );
    if (row < 0) return [];
    taken[row].push({ left, right: left + wide });
    return [{ text, left: drawn(left), row, up: value > 0 }];
  });
}

function level(value: number, x: Json, y: Spec, [from, to]: readonly [number, number]): Spec {
  return {
    data: { values: [{ x: drawn(value), y: from, y2: to }] },
    mark: { type: "rule", color: QUIET_INK, strokeWidth: 1 },
    encoding: { x, y, y2: { field: "y2" } },
  };
}

function list(parts: readonly Part[]): string {
  return parts.length === 0
    ? "nothing"
    : parts.map(({ label, value }) => `${label} ${signed(value)}`).join("; ");
}
