/**
 * Pointwise confidence limits of a survival probability, on one of five scales.
 *
 * Source: Kalbfleisch & Prentice, The Statistical Analysis of Failure Time Data, 2002, section 1.4; the rules at the ends
 *         are those of R's survival package.
 * Layer:  model; imports nothing.
 */

/** The scale on which the interval is symmetric. */
export const SURVIVAL_INTERVALS = ["log-log", "log", "plain", "logit", "arcsin"] as const;

export type SurvivalInterval = (typeof SURVIVAL_INTERVALS)[number];

/**
 * @param survival  S, in [0, 1].
 * @param logError  Standard error of ln S.
 * @param z  Normal quantile of the interval, e.g. 1.96.
 * @returns Lower and upper limit; NaN where the scale has no limit (at S = 0, and but for "plain" and "log" at S = 1).
 */
export function survivalLimits(
  survival: number,
  logError: number,
  z: number,
  interval: SurvivalInterval,
): readonly [number, number] {
  if (survival === 0) return [Number.NaN, Number.NaN];
  const half = z * logError;
  switch (interval) {
    case "plain":
      return [Math.max(0, survival - half * survival), Math.min(1, survival + half * survival)];
    case "log":
      return [survival * Math.exp(-half), Math.min(1, survival * Math.exp(half))];
    case "log-log": {
      if (survival === 1) return [Number.NaN, Number.NaN];
      const log = Math.log(survival);
      const spread = half / log;
      return [Math.exp(log * Math.exp(-spread)), Math.exp(log * Math.exp(spread))];
    }
    case "logit": {
      if (survival === 1) return [Number.NaN, Number.NaN];
      const odds = survival / (1 - survival);
      const spread = half / (1 - survival);
      return [1 - 1 / (1 + odds * Math.exp(-spread)), 1 - 1 / (1 + odds * Math.exp(spread))];
    }
    case "arcsin": {
      if (survival === 1) return [Number.NaN, Number.NaN];
      const angle = Math.asin(Math.sqrt(survival));
      const spread = 0.5 * half * Math.sqrt(survival / (1 - survival));
      return [
        Math.sin(Math.max(0, angle - spread)) ** 2,
        Math.sin(Math.min(Math.PI / 2, angle + spread)) ** 2,
      ];
    }
  }
}
