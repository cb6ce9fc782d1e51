/**
 * The decision plot: how each patient's answer grows, feature by feature, from the base below to the answer above.
 *
 * Source: shap 0.48, `shap.plots.decision`.
 * Layer:  plot; imports core, explain (types), table.
 */
import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import type { Explanation } from "../explain/explanation.js";
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";
import { formatNumber } from "../table/render.js";
import { answerScale, type LinkOptions } from "./answer-link.js";
import { Figure } from "./figure.js";
import { drawn, headed, rowsDown, shorten, type TitleOptions, textAt, tip } from "./marks.js";
import { VALUE_RAMP } from "./palette.js";
import {
  drawnPatients,
  type FeatureRow,
  type FeatureRowOptions,
  featureRows,
  rowValue,
  sampleNote,
} from "./shap-columns.js";
import { answerOf, patientRow, valueText } from "./shap-rows.js";
import { figureFrame, INK, QUIET_INK, RULE } from "./theme.js";
import type { Spec } from "./vega.js";

export interface ShapDecisionOptions extends TitleOptions, FeatureRowOptions, LinkOptions {
  /** Whose lines are drawn; default all, of more than 300 a sample. */
  readonly ids?: readonly string[];
  /** Patients whose lines are thick and dashed. */
  readonly highlight?: readonly string[];
  /**
   * What is true of each patient: highlights those whose answer is on the wrong side of probability one half. The explained class
   * is that of the explanation's unit, for example "log odds of yes".
   */
  readonly truth?: Labels;
  /** Another base, for example the log odds at which a decision turns; the difference is shared among the features. */
  readonly base?: number;
}

const WIDTH = 420;
const ROW = 26;
const MOST_LINES = 300;

/**
 * Draws one line per patient. Color shows the answer, from low to high.
 *
 * @throws InputError if a patient, feature or class is unknown, `top` is no count, or the link does not fit the answers.
 *
 * @example
 * plot.shapDecision(explanation, { highlight: ["LUNG1-003"], link: "logit" })
 */
export function shapDecision(explanation: Explanation, options: ShapDecisionOptions = {}): Figure {
  const { title = "", link, base = explanation.base } = options;
  if (!Number.isFinite(base)) throw new InputError(`the base must be finite, found ${base}.`);
  const scale = answerScale(explanation, link);
  const { ids } = explanation;
  const rows = featureRows(explanation, options);
  const marked = new Set([
    ...(options.highlight ?? []).map((id) => patientRow(explanation, id)),
    ...wrongSide(explanation, options.truth),
  ]);
  const patients = options.ids?.map((id) => patientRow(explanation, id)) ?? [
    ...new Set([...drawnPatients(explanation, rows, MOST_LINES), ...marked]),
  ];
  const height = ROW * rows.length;
  const answers = ids.map((_, i) => answerOf(explanation, i));
  const told = options.ids === undefined ? answers : patients.map((i) => answers[i]);
  const [low, high] = [least(answers), most(answers)];
  const paths = patients.map((i) => ({ i, steps: stepsOf(explanation, rows, i, base) }));
  const all = [base, ...paths.flatMap(({ steps }) => steps)];
  const room = 0.04 * (most(all) - least(all) || 1);
  const x = scale.axis("x", [least(all) - room, most(all) + room]);
  const points = paths.flatMap(({ i, steps }) =>
    steps.map((value, at) => ({
      id: ids[i],
      x: drawn(value),
      y: height - ROW * at,
      answer: drawn(scale.shown(answers[i])),
      shade: high > low ? drawn((answers[i] - low) / (high - low)) : 0.5,
    })),
  );
  const note = options.ids === undefined ? sampleNote(patients.length, ids.length) : "";
  const chosen = patients.filter((i) => marked.has(i));
  const alternative = headed(
    title,
    `decision plot of ${told.length === 1 ? `patient ${ids[patients[0]]}: answer` : `${told.length} patients: answers from ${text(scale.shown(least(told)))} to`} ${text(scale.shown(most(told)))}` +
      `${scale.unit === "" ? "" : ` ${scale.unit}`}, base ${text(scale.shown(base))}. ` +
      `Features from the top: ${rows
        .slice(0, 5)
        .map(({ name }) => name)
        .join(", ")}.` +
      `${
        chosen.length === 0
          ? ""
          : ` Highlighted: ${chosen.length} patients, among them ${chosen
              .slice(0, 5)
              .map((i) => `${ids[i]} (${text(scale.shown(answers[i]))})`)
              .join(", ")}.`
      }` +
      `${note === "" ? "" : ` ${note}.`}`,
  );
  const isMarked = (one: { readonly id: string }): boolean => chosen.some((i) => ids[i] === one.id);
  return new Figure("shap-decision", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height,
    layer: [
      ...frameLayers(rows, height, base, x),
      lineLayer(
        points.filter((one) => !isMarked(one)),
        x,
        height,
        {
          strokeWidth: patients.length > 40 ? 1 : 1.6,
          opacity: chosen.length > 0 ? 0.35 : patients.length > 40 ? 0.6 : 0.9,
        },
      ),
      ...(chosen.length === 0
        ? []
        : [
            lineLayer(points.filter(isMarked), x, height, {
              strokeWidth: 2.2,
              strokeDash: [6, 3],
              opacity: 1,
            }),
          ]),
      ...(patients.length === 1 ? valueLayers(explanation, rows, patients[0]) : []),
      ...(note === "" ? [] : [textAt(note, { x: 0, y: height + 58, color: QUIET_INK, fontSize: 11 })]),
    ],
  });
}

/** Names on the left, lines between the rows, the base as a rule. */
function frameLayers(rows: readonly FeatureRow[], height: number, base: number, x: Json): Spec[] {
  return [
    {
      data: { values: rows.map((_, r) => ({ y: ROW * r, from: 0, to: WIDTH })) },
      mark: { type: "rule", color: RULE, strokeWidth: 0.6 },
      encoding: {
        x: { field: "from", type: "quantitative", scale: null },
        x2: { field: "to" },
        y: rowsDown("y", height),
      },
    },
    {
      data: { values: [{ x: drawn(base) }] },
      mark: { type: "rule", color: QUIET_INK, strokeDash: [3, 4] },
      encoding: { x },
    },
    ...rows.map(({ name }, r) =>
      textAt(shorten(name, 40), { x: 0, y: ROW * (r + 0.5), dx: -10, align: "right" }),
    ),
  ];
}

/** From the base at the bottom upwards: one value more than there are rows. */
function stepsOf(
  explanation: Explanation,
  rows: readonly FeatureRow[],
  i: number,
  base: number,
): readonly number[] {
  const p = rows.reduce((sum, { columns }) => sum + columns.length, 0);
  // As in shap: another base leaves the answers where they are, all features share the difference.
  const share = (explanation.base - base) / p;
  let at = base;
  return [
    base,
    ...rows.toReversed().map(({ columns }) => {
      at += rowValue(explanation, columns, i) + share * columns.length;
      return at;
    }),
  ];
}

function lineLayer(points: readonly Spec[], x: Json, height: number, look: Spec): Spec {
  return {
    data: { values: points },
    mark: { type: "line", strokeJoin: "round", ...look },
    encoding: {
      x,
      y: rowsDown("y", height),
      detail: { field: "id" },
      order: { field: "y", type: "quantitative", sort: "descending" },
      color: {
        field: "shade",
        type: "quantitative",
        scale: { domain: [0, 1], range: VALUE_RAMP, interpolate: "lab" },
        legend: null,
      },
      tooltip: [tip("id", "Patient"), tip("answer", "Answer", ".4~r")],
    },
  };
}

/** Values of the only patient, at the right of the rows. */
function valueLayers({ data, features }: Explanation, rows: readonly FeatureRow[], i: number): Spec[] {
  return rows.flatMap(({ columns }, r) =>
    columns.length > 1
      ? []
      : [
          textAt(valueText(data[i * features.length + columns[0]], features[columns[0]].unit), {
            x: WIDTH,
            y: ROW * (r + 0.5),
            dx: 10,
            color: INK,
            fontSize: 11,
          }),
        ],
  );
}

/** Patients whose answer speaks for another class than the true one. */
function wrongSide(explanation: Explanation, truth: Labels | undefined): readonly number[] {
  if (truth === undefined) return [];
  checkSameIds(explanation.ids, truth.ids, "the explanation", `"${truth.name}"`);
  const found = /^(log odds|probability) of (.+)$/.exec(explanation.outputUnit);
  const positive = found?.[2] ?? truth.classes[1];
  const isLogOdds = explanation.outputUnit.startsWith("log odds");
  if (
    !(isLogOdds || found) ||
    truth.classes.length !== 2 ||
    !(truth.classes as readonly string[]).includes(positive)
  ) {
    throw new InputError(
      `truth needs answers in log odds or probability of one of two classes, found "${explanation.outputUnit}" ` +
        `and ${truth.classes.join(", ")}. Name the patients in highlight instead.`,
    );
  }
  const turn = isLogOdds ? 0 : 0.5;
  return explanation.ids.flatMap((_, i) =>
    answerOf(explanation, i) > turn === (truth.values[i] === positive) ? [] : [i],
  );
}

const text = (value: number): string => formatNumber(value, 3).replace("-", "−");

function least(values: readonly number[]): number {
  return values.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
}

function most(values: readonly number[]): number {
  return values.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
}
