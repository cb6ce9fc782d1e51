/**
 * What a survival curve may be drawn as: the probability to survive, that of the event, or the cumulative hazard.
 *
 * Layer:  plot; imports core, model (types).
 */
import { InputError } from "../core/errors.js";
import type { KaplanMeier } from "../model/kaplan-meier.js";
import { drawn } from "./marks.js";

export type SurvivalScale = "survival" | "events" | "hazard";

export interface CurveScale {
  readonly label: string;
  /** Height of a survival probability on this scale. */
  readonly map: (survival: number) => number;
  /** Whether a survival probability has a height. */
  readonly isDrawable: (survival: number) => boolean;
  /** Upper end of the axis; the lower end is 0. */
  readonly top: number;
  /** null leaves them to Vega. */
  readonly ticks: readonly number[] | null;
  /** Whether curves start below. */
  readonly rises: boolean;
}

const QUARTERS = [0, 0.25, 0.5, 0.75, 1] as const;

/** @throws InputError if there is no such scale. */
export function curveScale(show: SurvivalScale, km: KaplanMeier): CurveScale {
  const shares = { isDrawable: Number.isFinite, top: 1, ticks: QUARTERS };
  if (show === "survival") {
    return { ...shares, label: "Survival probability", map: (s) => s, rises: false };
  }
  if (show === "events") {
    return { ...shares, label: "Probability of the event", map: (s) => drawn(1 - s), rises: true };
  }
  if (show !== "hazard") {
    throw new InputError(`show must be "survival", "events" or "hazard", found "${String(show)}".`);
  }
  const lowest = km.groups.flatMap((curve) => [...curve.survival, ...curve.lower].filter((s) => s > 0));
  const top = -Math.log(lowest.reduce((least, s) => Math.min(least, s), 0.5));
  return {
    label: "Cumulative hazard",
    map: (s) => drawn(Math.abs(Math.log(s))),
    isDrawable: (s) => s > 0,
    top: 1.04 * top,
    ticks: null,
    rises: true,
  };
}
