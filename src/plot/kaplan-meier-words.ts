/**
 * The result of survival curves in words, for those who do not see the figure, and the line that tells p.
 *
 * Layer:  plot; imports core, model (types), table.
 */
import { InputError } from "../core/errors.js";
import type { KaplanMeierCurve } from "../model/kaplan-meier-curve.js";
import type { LogRank } from "../model/log-rank.js";
import type { LogRankTrend } from "../model/log-rank-trend.js";
import { formatNumber, formatP } from "../table/render.js";
import type { DrawnCurves } from "./drawn-curves.js";
import type { CurveGuide } from "./kaplan-meier-options.js";

/** The test's name and its p, or the words given. @throws InputError if that is no p. */
export function describeP(p: LogRank | LogRankTrend | number | string): string {
  if (typeof p === "string") return p;
  const [value, test] = typeof p === "number" ? [p, ""] : [p.p, `${nameOf(p)} `];
  if (!(value >= 0 && value <= 1)) {
    throw new InputError(`a p value lies between 0 and 1, found ${value}. Pass model.logRank(…) or its p.`);
  }
  return `${test}${formatP(value)}`;
}

function nameOf(test: LogRank | LogRankTrend): string {
  if ("z" in test) return "Log-rank for trend";
  return test.test;
}

/** The whole text alternative. */
export function describeCurves(
  drawing: DrawnCurves,
  title: string,
  pText: string,
  guide: CurveGuide | false,
): string {
  const heading = title === "" ? "Kaplan–Meier survival curves" : `${title}: Kaplan–Meier survival curves`;
  const groups = drawing.curves.map(
    ({ label, curve }) => `${label}: ${describeCurve(curve, drawing)}${readOff(curve, drawing, guide)}`,
  );
  return `${heading}. ${groups.join("; ")}.${pText === "" ? "" : ` ${pText}.`}`;
}

function describeCurve(curve: KaplanMeierCurve, { shown, unit, confidence }: DrawnCurves): string {
  const counts = `n = ${curve.n}, ${formatNumber(curve.events)} ${curve.events === 1 ? "event" : "events"}`;
  if (!Number.isFinite(curve.median)) return `${counts}, median not reached`;
  const time = (value: number): string => formatNumber(shown(value), 4);
  const median = `median ${time(curve.median)} ${unit}`;
  if (Number.isNaN(curve.medianLower) && Number.isNaN(curve.medianUpper)) return `${counts}, ${median}`;
  const limit = (value: number): string => (Number.isFinite(value) ? time(value) : "not reached");
  return (
    `${counts}, ${median} (${percentOf(confidence)} interval ` +
    `${limit(curve.medianLower)} to ${limit(curve.medianUpper)})`
  );
}

/** What the dashed lines read off, besides the median. */
function readOff(
  curve: KaplanMeierCurve,
  { own, shown, unit }: DrawnCurves,
  guide: CurveGuide | false,
): string {
  if (guide === false) return "";
  const { survival = 0.5, time } = guide;
  const reached = curve.quantile(1 - survival).time;
  const quantile = Number.isFinite(reached) ? `at ${formatNumber(shown(reached), 4)} ${unit}` : "not reached";
  const parts = [
    ...(survival === 0.5 ? [] : [`survival of ${formatNumber(survival)} ${quantile}`]),
    ...(time === undefined ? [] : [survivalAt(curve, own(time), `${formatNumber(time)} ${unit}`)]),
  ];
  return parts.map((part) => `, ${part}`).join("");
}

function survivalAt(curve: KaplanMeierCurve, time: number, at: string): string {
  const [{ survival, lower, upper }] = curve.at([time]);
  const interval = Number.isNaN(lower) ? "" : ` (${lower.toFixed(2)} to ${upper.toFixed(2)})`;
  return `survival at ${at} ${survival.toFixed(2)}${interval}`;
}

export function percentOf(confidence: number): string {
  return `${formatNumber(100 * confidence, 4)} %`;
}
