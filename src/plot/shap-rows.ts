/**
 * Features of an explanation, ranked: the shown ones and the sum of the others, for one patient or for all.
 *
 * Layer:  plot; imports core, explain (types), table.
 */
import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import type { Explanation } from "../explain/explanation.js";
import { formatNumber } from "../table/render.js";
import { type AnswerLink, answerScale } from "./answer-link.js";
import { withUnit } from "./marks.js";

/** One feature of one patient, or the sum of several. */
export interface Part {
  readonly name: string;
  /** "entropy = 4.2 bit"; for a sum its name. */
  readonly label: string;
  /** SHAP value. */
  readonly value: number;
}

/** Row of a patient. @throws InputError if the id is not in the explanation. */
export function patientRow({ ids }: Explanation, id: string): number {
  const row = ids.indexOf(id);
  if (row >= 0) return row;
  throw new InputError(
    `there is no patient "${id}" in the explanation. It has ${ids.length}: ${ids.slice(0, 5).join(", ")}${ids.length > 5 ? ", …" : ""}.`,
  );
}

/** What moved a patient's answer, the largest first, at most `top` and then the sum of the others. */
export function partsOf(explanation: Explanation, row: number, top: number): readonly Part[] {
  const { features, values, data } = explanation;
  const p = features.length;
  const parts = features
    .map(({ name, unit }, j) => ({
      name,
      label: `${name} = ${valueText(data[row * p + j], unit)}`,
      value: values[row * p + j],
    }))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  // One feature left over is better shown than called "other".
  const shown = parts.length === top + 1 ? parts : parts.slice(0, top);
  const others = parts.slice(shown.length);
  if (others.length === 0) return shown;
  const name = `${others.length} other features`;
  return [...shown, { name, label: name, value: others.reduce((sum, { value }) => sum + value, 0) }];
}

/** The model's answer for a patient: base and all SHAP values. */
export function answerOf({ base, values, features }: Explanation, row: number): number {
  const p = features.length;
  let sum = base;
  for (let j = 0; j < p; j++) sum += values[row * p + j];
  return sum;
}

/** An answer as text; what is only rounding beside the patient's SHAP values is 0. */
export function answerText(value: number, explanation: Explanation, row: number, link?: AnswerLink): string {
  if (link !== undefined) return formatNumber(answerScale(explanation, link).shown(value), 3);
  const { values, features, base } = explanation;
  const p = features.length;
  let scale = Math.abs(base);
  for (let j = 0; j < p; j++) scale = Math.max(scale, Math.abs(values[row * p + j]));
  return formatNumber(Math.abs(value) < 1e-9 * scale ? 0 : value, 3).replace("-", "−");
}

/** Title of an axis of SHAP values. */
export function shapTitle(words: string, { outputUnit }: Explanation): string {
  return withUnit(words, outputUnit);
}

/** The axis of a model's answers. */
export interface AnswerAxis {
  /** Channel of field `x`. */
  readonly x: Json;
  /** Place of an answer in CSS pixels. */
  readonly place: (answer: number) => number;
}

/**
 * @param ends  Answers that the axis has to hold, beside the base.
 * @param room  At both ends, as a share of what lies between them.
 * @param width  In CSS pixels.
 */
export function answerAxis(
  explanation: Explanation,
  ends: readonly number[],
  {
    room,
    width,
    link,
  }: { readonly room: number; readonly width: number; readonly link?: AnswerLink | undefined },
): AnswerAxis {
  const [low, high] = [Math.min(explanation.base, ...ends), Math.max(explanation.base, ...ends)];
  const margin = room * (high > low ? high - low : 1);
  const domain = [low - margin, high + margin] as const;
  return {
    x: answerScale(explanation, link).axis("x", domain),
    place: (answer) => ((answer - domain[0]) / (domain[1] - domain[0])) * width,
  };
}

/** A feature value with its unit; missing is said. */
export function valueText(value: number, unit: string): string {
  if (Number.isNaN(value)) return "missing";
  return unit === "" ? formatNumber(value, 3) : `${formatNumber(value, 3)} ${unit}`;
}

/** "+0.12", "−0.40". */
export function signed(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;
}
