/**
 * The decision plot: how each patient's answer grows, feature by feature, from the base below to the answer above.
 *
 * Source: shap 0.48, `shap.plots.decision`.
 * Layer:  plot; imports core, explain (types), table.
 */
import { InputError } from "../core/errors.js";
import { Explanation } from "../explain/explanation.js";
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";
import { answerScale } from "./answer-link.js";
import { Figure } from "./figure.js";
import { drawn, groupColor, headed, textAt } from "./marks.js";
import { GROUP_COLORS } from "./palette.js";
import type { ExplainedClasses } from "./shap-classes.js";
import { drawnPatients, featureRows, sampleNote } from "./shap-columns.js";
import { classDecision } from "./shap-decision-classes.js";
import type { ShapDecisionOptions } from "./shap-decision-options.js";
import {
  answerRange,
  answerText,
  frameLayers,
  least,
  lineLayer,
  most,
  ROW,
  SHADE,
  stepsOf,
  topText,
  valueLayers,
  WIDTH,
} from "./shap-decision-parts.js";
import { answerOf, patientRow } from "./shap-rows.js";
import { figureFrame, QUIET_INK } from "./theme.js";

const MOST_LINES = 300;

/**
 * Draws one line per patient. Color shows the answer, from low to high. Of an explanation for each class it draws one patient's
 * answers for all of them, a line each; they begin at the mean of the bases.
 *
 * @param explained  One explanation, or one for each class that a model predicts, by its name.
 * @throws InputError if a patient, feature or class is unknown, `top` is no count, the link does not fit the answers, or a legend is
 *   asked for more than 7 patients.
 *
 * @example
 * plot.shapDecision(explanation, { highlight: ["LUNG1-003"], link: "logit" })
 * plot.shapDecision({ low: forLow, high: forHigh }, { patient: "LUNG1-003" })
 */
export function shapDecision(
  explained: Explanation | ExplainedClasses,
  options: ShapDecisionOptions = {},
): Figure {
  if (!(explained instanceof Explanation)) return classDecision(explained, options);
  const explanation = explained;
  const { title = "", link, base = explanation.base, legend = false, range } = options;
  if (options.patient !== undefined) {
    throw new InputError("patient is for an explanation of each class. Name patients in ids.");
  }
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
  if (legend && patients.length > GROUP_COLORS.length) {
    throw new InputError(
      `a legend tells at most ${GROUP_COLORS.length} patients apart, found ${patients.length}. Name fewer in ids.`,
    );
  }
  const height = ROW * rows.length;
  const answers = ids.map((_, i) => answerOf(explanation, i));
  const told = options.ids === undefined ? answers : patients.map((i) => answers[i]);
  const [low, high] = [least(answers), most(answers)];
  const paths = patients.map((i) => ({ i, steps: stepsOf(explanation, rows, i, base) }));
  const x = scale.axis("x", answerRange([base, ...paths.flatMap(({ steps }) => steps)], range));
  const points = paths.flatMap(({ i, steps }) =>
    steps.map((value, at) => ({
      id: ids[i],
      ...(legend ? { group: ids[i] } : {}),
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
    `decision plot of ${told.length === 1 ? `patient ${ids[patients[0]]}: answer` : `${told.length} patients: answers from ${answerText(scale.shown(least(told)))} to`} ${answerText(scale.shown(most(told)))}` +
      `${scale.unit === "" ? "" : ` ${scale.unit}`}, base ${answerText(scale.shown(base))}. ${topText(rows)}` +
      `${
        chosen.length === 0
          ? ""
          : ` Highlighted: ${chosen.length} patients, among them ${chosen
              .slice(0, 5)
              .map((i) => `${ids[i]} (${answerText(scale.shown(answers[i]))})`)
              .join(", ")}.`
      }` +
      `${note === "" ? "" : ` ${note}.`}`,
  );
  const isMarked = (one: { readonly id: string }): boolean => chosen.some((i) => ids[i] === one.id);
  const shown = patients.map((i) => ids[i]);
  const lines = { x, height, color: legend ? groupColor(shown, { columns: 4 }) : SHADE, detail: "id" };
  const spec = {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height,
    layer: [
      ...frameLayers(rows, base, x),
      lineLayer(
        points.filter((one) => !isMarked(one)),
        lines,
        {
          strokeWidth: patients.length > 40 ? 1 : 1.6,
          opacity: chosen.length > 0 ? 0.35 : patients.length > 40 ? 0.6 : 0.9,
        },
      ),
      ...(chosen.length === 0
        ? []
        : [
            lineLayer(points.filter(isMarked), lines, {
              strokeWidth: 2.2,
              strokeDash: [6, 3],
              opacity: 1,
            }),
          ]),
      ...(patients.length === 1 ? valueLayers(explanation, rows, patients[0]) : []),
      ...(note === "" ? [] : [textAt(note, { x: 0, y: height + 58, color: QUIET_INK, fontSize: 11 })]),
    ],
  };
  return new Figure(
    "shap-decision",
    alternative,
    spec,
    legend ? Object.fromEntries(shown.map((id) => [id, [id]])) : {},
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
