/**
 * How many events or patients a study needs.
 *
 * Source: Schoenfeld 1983, doi:10.2307/2531021; Freedman 1982, doi:10.1002/sim.4780010204; the others as R's power.t.test
 *         and power.prop.test (two-sided, the power of the wrong side left out).
 * Layer:  model; imports core.
 */
import { normalCdf, normalQuantile, tQuantile } from "../core/distributions.js";
import { InputError } from "../core/errors.js";
import { logGamma } from "../core/gamma.js";

/** What every plan states. */
export interface PlanOptions {
  /** Two-sided error of the first kind, default 0.05. */
  readonly alpha?: number;
  /** Chance to see the effect if it is there, default 0.8. */
  readonly power?: number;
}

/**
 * Events that a log-rank test needs, by Schoenfeld's formula. Not rounded.
 *
 * @param plan.share  Share of the patients in one of the two groups, default 0.5.
 *
 * @example
 * Math.ceil(model.schoenfeldEvents({ hazardRatio: 0.6 })); // 121
 */
export function schoenfeldEvents(
  plan: PlanOptions & { readonly hazardRatio: number; readonly share?: number },
): number {
  const { share = 0.5 } = plan;
  checkShare("share", share);
  checkRatio(plan.hazardRatio);
  return quantiles(plan) ** 2 / (share * (1 - share) * Math.log(plan.hazardRatio) ** 2);
}

/** Events that a log-rank test of two equal groups needs, by Freedman's formula. Not rounded. */
export function freedmanEvents(plan: PlanOptions & { readonly hazardRatio: number }): number {
  checkRatio(plan.hazardRatio);
  return quantiles(plan) ** 2 * ((1 + plan.hazardRatio) / (1 - plan.hazardRatio)) ** 2;
}

/** Patients per group that a t test needs to see a difference of means. Not rounded. */
export function tTestPatients(
  plan: PlanOptions & { readonly difference: number; readonly deviation: number },
): number {
  const { difference, deviation, alpha = 0.05, power = 0.8 } = plan;
  quantiles(plan);
  const effect = Math.abs(difference) / deviation;
  if (!(effect > 0 && Number.isFinite(effect) && deviation > 0)) {
    throw new InputError(
      `a t test needs a difference other than 0 and a positive deviation, found ${difference} and ${deviation}.`,
    );
  }
  const powerOf = (n: number): number => {
    const df = 2 * (n - 1);
    return noncentralTTail(tQuantile(1 - alpha / 2, df), df, Math.sqrt(n / 2) * effect);
  };
  let [low, high] = [1.5, 2];
  if (powerOf(low) >= power) return low;
  while (powerOf(high) < power) [low, high] = [high, 2 * high];
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (powerOf(middle) < power) low = middle;
    else high = middle;
  }
}

/** Patients per group that a test of two proportions needs. Not rounded. */
export function proportionPatients(
  plan: PlanOptions & { readonly first: number; readonly second: number },
): number {
  const { first, second, alpha = 0.05, power = 0.8 } = plan;
  quantiles(plan);
  checkShare("first", first);
  checkShare("second", second);
  if (first === second) throw new InputError(`the two proportions must differ, found ${first} twice.`);
  const sum = first + second;
  const null_ = normalQuantile(1 - alpha / 2) * Math.sqrt(sum * (1 - sum / 2));
  const other = normalQuantile(power) * Math.sqrt(first * (1 - first) + second * (1 - second));
  return ((null_ + other) / (first - second)) ** 2;
}

/** Sum of the normal quantiles of both errors. */
function quantiles({ alpha = 0.05, power = 0.8 }: PlanOptions): number {
  checkShare("alpha", alpha);
  checkShare("power", power);
  if (power <= alpha) throw new InputError(`power must exceed alpha, found ${power} and ${alpha}.`);
  return normalQuantile(1 - alpha / 2) + normalQuantile(power);
}

function checkShare(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw new InputError(`${name} must lie between 0 and 1, found ${value}.`);
}

function checkRatio(value: number): void {
  if (!(value > 0 && value !== 1 && Number.isFinite(value))) {
    throw new InputError(`the hazard ratio must be positive, finite and not 1, found ${value}.`);
  }
}

/** P(T > t) for a noncentral t: the normal tail at t · u, averaged over u = √(χ² / df). */
function noncentralTTail(t: number, df: number, shift: number): number {
  const logScale = Math.LN2 + (df / 2) * Math.log(df / 2) - logGamma(df / 2);
  const spread = 12 / Math.sqrt(2 * df);
  const low = Math.max(0, 1 - spread);
  const high = 1 + spread;
  // Smooth and falling to 0 at both ends, so that equal steps converge to rounding.
  const steps = 2000;
  const width = (high - low) / steps;
  let sum = 0;
  for (let k = 1; k < steps; k++) {
    const u = low + k * width;
    const density = Math.exp(logScale + (df - 1) * Math.log(u) - (df * u * u) / 2);
    sum += density * normalCdf(shift - t * u) * width;
  }
  return sum;
}
