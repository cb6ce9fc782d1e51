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
 * @param limits  Written: lower and upper limit; NaN where the scale has no limit (at S = 0, and but for "plain" and "log"
 *   at S = 1). Passed in, because a million curves' steps must not make a million pairs.
 */
export function survivalLimits(
  survival: number,
  logError: number,
  z: number,
  interval: SurvivalInterval,
  limits: Float64Array,
): void {
  limits.fill(Number.NaN);
  if (survival === 0) return;
  const half = z * logError;
  switch (interval) {
    case "plain":
      limits[0] = Math.max(0, survival - half * survival);
      limits[1] = Math.min(1, survival + half * survival);
      return;
    case "log":
      limits[0] = survival * Math.exp(-half);
      limits[1] = Math.min(1, survival * Math.exp(half));
      return;
    case "log-log": {
      if (survival === 1) return;
      const log = Math.log(survival);
      const factor = Math.exp(half / log);
      limits[0] = Math.exp(log / factor);
      limits[1] = Math.exp(log * factor);
      return;
    }
    case "logit": {
      if (survival === 1) return;
      const odds = survival / (1 - survival);
      const spread = half / (1 - survival);
      limits[0] = 1 - 1 / (1 + odds * Math.exp(-spread));
      limits[1] = 1 - 1 / (1 + odds * Math.exp(spread));
      return;
    }
    case "arcsin": {
      if (survival === 1) return;
      const angle = Math.asin(Math.sqrt(survival));
      const spread = 0.5 * half * Math.sqrt(survival / (1 - survival));
      limits[0] = Math.sin(Math.max(0, angle - spread)) ** 2;
      limits[1] = Math.sin(Math.min(Math.PI / 2, angle + spread)) ** 2;
      return;
    }
  }
}
