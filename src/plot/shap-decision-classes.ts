/**
 * The decision plot of one patient: how the answers for all classes grow, feature by feature, from one base.
 *
 * Source: shap 0.48, `shap.multioutput_decision_plot`.
 * Layer:  plot; imports core, explain (types).
 */
import { InputError } from "../core/errors.js";
import { answerScale } from "./answer-link.js";
import { Figure } from "./figure.js";
import { drawn, groupColor, headed } from "./marks.js";
import { answersOfPatient, checkClasses, type ExplainedClasses } from "./shap-classes.js";
import { featureRows } from "./shap-columns.js";
import type { ShapDecisionOptions } from "./shap-decision-options.js";
import {
  answerRange,
  answerText,
  frameLayers,
  lineLayer,
  ROW,
  stepsOf,
  topText,
  valueLayers,
  WIDTH,
} from "./shap-decision-parts.js";
import { answerOf } from "./shap-rows.js";
import { figureFrame } from "./theme.js";

/**
 * One line per class.
 *
 * @throws InputError if no patient is named or one is unknown, the classes do not fit each other, or an option is of many patients.
 */
export function classDecision(explained: ExplainedClasses, options: ShapDecisionOptions): Figure {
  const { title = "", link, patient, highlight = [], range } = options;
  const odd = (["ids", "truth", "legend"] as const).find((name) => options[name] !== undefined);
  if (odd !== undefined) {
    throw new InputError(
      `${odd} is for one explanation of many patients. With one for each class name the patient.`,
    );
  }
  const { first, classes } = checkClasses(explained);
  if (patient === undefined) {
    throw new InputError(
      `say whose answers for the ${classes.length} classes are to be drawn: { patient: "${first.ids[0]}" }.`,
    );
  }
  const unknown = highlight.find((name) => !classes.includes(name));
  if (unknown !== undefined) {
    throw new InputError(`there is no class "${unknown}" to highlight. There are: ${classes.join(", ")}.`);
  }
  const told = answersOfPatient(explained, patient, options.base);
  const scale = answerScale(told, link);
  const rows = featureRows(told, options);
  const height = ROW * rows.length;
  const answers = classes.map((_, c) => scale.shown(answerOf(told, c)));
  const labels = classes.map((name, c) => `${name} (${answerText(answers[c])})`);
  const steps = classes.map((_, c) => stepsOf(told, rows, c, told.base));
  const x = scale.axis("x", answerRange([told.base, ...steps.flat()], range));
  const points = (c: number): readonly { readonly [key: string]: number | string }[] =>
    steps[c].map((value, at) => ({
      id: patient,
      group: labels[c],
      x: drawn(value),
      y: height - ROW * at,
      answer: drawn(answers[c]),
    }));
  const lines = { x, height, color: groupColor(labels, { columns: 2 }), detail: "group" };
  const isMarked = (c: number): boolean => highlight.includes(classes[c]);
  const plain = classes.flatMap((_, c) => (isMarked(c) ? [] : points(c)));
  const marked = classes.flatMap((_, c) => (isMarked(c) ? points(c) : []));
  const ranked = [...answers.keys()].sort((a, b) => answers[b] - answers[a]);
  const alternative = headed(
    title,
    `decision plot of patient ${patient} and ${classes.length} classes. Answers${scale.unit === "" ? "" : ` in ${scale.unit}`}: ` +
      `${ranked.map((c) => `${classes[c]} ${answerText(answers[c])}`).join(", ")}; ` +
      `all from the base ${answerText(scale.shown(told.base))}. ${topText(rows)}` +
      `${highlight.length === 0 ? "" : ` Highlighted: ${highlight.join(", ")}.`}`,
  );
  const spec = {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height,
    layer: [
      ...frameLayers(rows, told.base, x),
      ...(plain.length === 0 ? [] : [lineLayer(plain, lines, { strokeWidth: 2 })]),
      ...(marked.length === 0 ? [] : [lineLayer(marked, lines, { strokeWidth: 2.6, strokeDash: [6, 3] })]),
      ...valueLayers(told, rows, 0),
    ],
  };
  return new Figure(
    "shap-decision",
    alternative,
    spec,
    Object.fromEntries(labels.map((name) => [name, [patient]])),
  );
}
