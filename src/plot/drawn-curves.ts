/**
 * The curves of a survival figure: of one estimate or of several by name, each with its label and color, on one time axis.
 *
 * Layer:  plot; imports core, model, table (types).
 */
import { InputError } from "../core/errors.js";
import type { KaplanMeier } from "../model/kaplan-meier.js";
import type { KaplanMeierCurve } from "../model/kaplan-meier-curve.js";
import type { TimeUnit } from "../table/survival-data.js";
import { drawn } from "./marks.js";
import { groupColors } from "./palette.js";

/** One estimate, or several by name that share an axis, e.g. `{ "Overall survival": os, "Without relapse": rfs }`. */
export type SurvivalEstimates = KaplanMeier | { readonly [name: string]: KaplanMeier };

export interface DrawnCurve {
  readonly label: string;
  readonly color: string;
  readonly curve: KaplanMeierCurve;
}

export interface DrawnCurves {
  readonly curves: readonly DrawnCurve[];
  /** Of the time axis. */
  readonly unit: TimeUnit;
  /** Of the estimates. */
  readonly ownUnit: TimeUnit;
  readonly confidence: number;
  /** A time of the estimates on the axis, and back. */
  readonly shown: (time: number) => number;
  readonly own: (time: number) => number;
}

export interface CurveLook {
  readonly palette?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly timeUnit?: TimeUnit;
}

/** Mean lengths of the Gregorian calendar. */
const DAYS: Readonly<Record<TimeUnit, number>> = { days: 1, weeks: 7, months: 30.4375, years: 365.25 };

/**
 * @throws InputError if there is no curve, two have one label, estimates differ in unit or confidence, a label is of no
 * group, or there are more curves than colors.
 */
export function drawnCurves(
  estimates: SurvivalEstimates,
  { palette, labels = {}, timeUnit }: CurveLook,
): DrawnCurves {
  const named = isOne(estimates) ? [["", estimates] as const] : Object.entries(estimates);
  if (named.length === 0) {
    throw new InputError(
      "there is no curve to draw. Give a result of model.kaplanMeier, or several by name.",
    );
  }
  const [[, { unit, confidence }]] = named;
  const other = named.find(([, km]) => km.unit !== unit || km.confidence !== confidence);
  if (other !== undefined) {
    throw new InputError(
      `curves on one axis need one unit and one confidence, but the first estimate has ${unit} and ${confidence}, and ` +
        `"${other[0]}" has ${other[1].unit} and ${other[1].confidence}. Estimate them alike.`,
    );
  }
  const curves = named.flatMap(([name, { groups }]) =>
    groups.map((curve) => ({
      label: labels[curve.label] ?? curve.label,
      name,
      alone: groups.length === 1,
      curve,
    })),
  );
  const unknown = Object.keys(labels).find((label) => !curves.some(({ curve }) => curve.label === label));
  if (unknown !== undefined) {
    throw new InputError(
      `labels names "${unknown}", but there is no such group: ${curves.map(({ curve }) => curve.label).join(", ")}.`,
    );
  }
  const texts = curves.map(({ label, name, alone }) =>
    name === "" ? label : alone ? name : `${name}, ${label}`,
  );
  checkLabels(texts);
  const colors = groupColors(texts.length, palette);
  const shownUnit = timeUnit ?? unit;
  if (!(shownUnit in DAYS)) {
    throw new InputError(`timeUnit must be one of ${Object.keys(DAYS).join(", ")}, found "${shownUnit}".`);
  }
  // Dividing by 12 keeps whole years whole, multiplying by a twelfth does not.
  const [own, shown] = [DAYS[unit], DAYS[shownUnit]];
  const [times, parts] = shown >= own ? [1, shown / own] : [own / shown, 1];
  return {
    curves: curves.map(({ curve }, at) => ({ curve, label: texts[at], color: colors[at] })),
    unit: shownUnit,
    ownUnit: unit,
    confidence,
    shown: (time) => (own === shown ? time : drawn((time * times) / parts)),
    own: (time) => (time * parts) / times,
  };
}

/** Last time on the axis that anybody was observed; 1 if nobody was observed for longer than 0. */
export function lastTime({ curves, shown }: DrawnCurves): number {
  const last = Math.max(...curves.map(({ curve }) => curve.time[curve.time.length - 1] ?? 0));
  return last > 0 ? shown(last) : 1;
}

function isOne(estimates: SurvivalEstimates): estimates is KaplanMeier {
  return Array.isArray(estimates.groups);
}

function checkLabels(labels: readonly string[]): void {
  if (labels.length === 0) {
    throw new InputError("there is no curve to draw: the estimate has no group. Check the filter before it.");
  }
  const repeated = labels.find((label, i) => labels.indexOf(label) !== i);
  if (repeated === undefined) return;
  throw new InputError(`two groups are called "${repeated}". Give each group its own label.`);
}
