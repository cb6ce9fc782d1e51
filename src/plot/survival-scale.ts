/**
 * What a survival curve may be drawn as: the probability to survive, that of the event, or the cumulative hazard.
 *
 * Layer:  plot; imports core, model (types).
 */
import { InputError } from "../core/errors.js";
import type { KaplanMeierCurve } from "../model/kaplan-meier-curve.js";
import { drawn } from "./marks.js";

export const SURVIVAL_SCALES = ["survival", "events", "hazard", "log-log"] as const;

export type SurvivalScale = (typeof SURVIVAL_SCALES)[number];

export interface CurveScale {
  readonly label: string;
  /** Height of a survival probability on this scale. */
  readonly map: (survival: number) => number;
  /** Whether a survival probability has a height. */
  readonly isDrawable: (survival: number) => boolean;
  /** Ends of the axis. */
  readonly range: readonly [number, number];
  /** null leaves them to Vega. */
  readonly ticks: readonly number[] | null;
  /** Whether curves start below. */
  readonly rises: boolean;
  /** Whether heights are probabilities. */
  readonly isShare: boolean;
}

const QUARTERS = [0, 0.25, 0.5, 0.75, 1] as const;

/**
 * @param band  Whether the intervals are drawn too.
 * @throws InputError if there is no such scale, or none of the curves has a height on it.
 */
export function curveScale(
  show: SurvivalScale,
  curves: readonly KaplanMeierCurve[],
  band: boolean,
): CurveScale {
  const shares = { isDrawable: Number.isFinite, range: [0, 1], ticks: QUARTERS, isShare: true } as const;
  switch (show) {
    case "survival":
      return { ...shares, label: "Survival probability", map: (s) => s, rises: false };
    case "events":
      return { ...shares, label: "Probability of the event", map: (s) => drawn(1 - s), rises: true };
    case "hazard": {
      const lowest = curves.flatMap((curve) => [...curve.survival, ...curve.lower].filter((s) => s > 0));
      const top = -Math.log(lowest.reduce((least, s) => Math.min(least, s), 0.5));
      return {
        label: "Cumulative hazard",
        map: (s) => drawn(Math.abs(Math.log(s))),
        isDrawable: (s) => s > 0,
        range: [0, 1.04 * top],
        ticks: null,
        rises: true,
        isShare: false,
      };
    }
    case "log-log":
      return logLogScale(curves, band);
    default:
      throw new InputError(`show must be one of ${SURVIVAL_SCALES.join(", ")}, found "${String(show)}".`);
  }
}

function logLogScale(curves: readonly KaplanMeierCurve[], band: boolean): CurveScale {
  const isDrawable = (s: number): boolean => s > 0 && s < 1;
  const map = (s: number): number => Math.log(-Math.log(s));
  const heights = curves
    .flatMap(({ survival, lower, upper }) => [...survival, ...(band ? [...lower, ...upper] : [])])
    .filter(isDrawable)
    .map(map);
  if (heights.length === 0) {
    throw new InputError('no curve lies between 0 and 1, as "log-log" needs. Choose another show.');
  }
  const ends = heights.reduce(
    ([low, high], h) => [Math.min(low, h), Math.max(high, h)],
    [heights[0], heights[0]],
  );
  const room = 0.04 * Math.max(ends[1] - ends[0], 1);
  return {
    label: "ln(−ln(survival))",
    map: (s) => drawn(map(s)),
    isDrawable,
    range: [ends[0] - room, ends[1] + room],
    ticks: null,
    rises: true,
    isShare: false,
  };
}
