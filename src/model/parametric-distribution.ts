/**
 * Standard distributions of parametric survival models: ln time = location + scale × a variable of such a distribution.
 *
 * Source: Kalbfleisch & Prentice, The Statistical Analysis of Failure Time Data, 2002, section 2.2; Laplace's continued fraction
 *         for the normal tail: Abramowitz & Stegun, Handbook of Mathematical Functions, 26.2.14.
 * Layer:  model; imports core.
 */
import { logNormalCdf, normalQuantile } from "../core/distributions.js";
import { logGamma } from "../core/gamma.js";

export const PARAMETRIC_DISTRIBUTIONS = ["exponential", "weibull", "log-normal", "log-logistic"] as const;

export type ParametricDistribution = (typeof PARAMETRIC_DISTRIBUTIONS)[number];

/** Of the standard variable. S(z) is the probability to lie above z. */
export interface StandardDistribution {
  /** In a sentence. */
  readonly name: string;
  readonly hasScale: boolean;
  /** Writes ln f(z) of an event, or ln S(z) of a censored patient, and its first and second derivative. */
  readonly terms: (z: number, isEvent: boolean, into: Float64Array) => void;
  readonly survival: (z: number) => number;
  readonly density: (z: number) => number;
  /** z with S(z) = s, 0 < s < 1. */
  readonly atSurvival: (s: number) => number;
  /** ln of the mean of exp(scale × variable); Infinity if there is none. */
  readonly logMean: (scale: number) => number;
}

const extremeValue = {
  terms: (z: number, isEvent: boolean, into: Float64Array): void => {
    const hazard = Math.exp(z);
    into[0] = isEvent ? z - hazard : -hazard;
    into[1] = isEvent ? 1 - hazard : -hazard;
    into[2] = -hazard;
  },
  survival: (z: number): number => Math.exp(-Math.exp(z)),
  density: (z: number): number => Math.exp(z - Math.exp(z)),
  atSurvival: (s: number): number => Math.log(-Math.log(s)),
  logMean: (scale: number): number => logGamma(1 + scale),
} as const;

const logistic = {
  terms: (z: number, isEvent: boolean, into: Float64Array): void => {
    const [below, above] = [1 / (1 + Math.exp(-z)), 1 / (1 + Math.exp(z))];
    const logSurvival = z > 0 ? -z - Math.log1p(Math.exp(-z)) : -Math.log1p(Math.exp(z));
    into[0] = isEvent ? z + 2 * logSurvival : logSurvival;
    into[1] = isEvent ? above - below : -below;
    into[2] = (isEvent ? -2 : -1) * below * above;
  },
  survival: (z: number): number => 1 / (1 + Math.exp(z)),
  density: (z: number): number => 1 / (1 + Math.exp(-z)) / (1 + Math.exp(z)),
  atSurvival: (s: number): number => Math.log((1 - s) / s),
  logMean: (scale: number): number =>
    scale < 1 ? Math.log((Math.PI * scale) / Math.sin(Math.PI * scale)) : Number.POSITIVE_INFINITY,
} as const;

const HALF_LOG_TWO_PI = 0.9189385332046727;

const normal = {
  terms: (z: number, isEvent: boolean, into: Float64Array): void => {
    const logDensity = -0.5 * z * z - HALF_LOG_TWO_PI;
    if (isEvent) {
      into[0] = logDensity;
      into[1] = -z;
      into[2] = -1;
      return;
    }
    if (z > FAR) {
      const beyond = hazardBeyond(z);
      into[0] = logDensity - Math.log(z + beyond);
      into[1] = -(z + beyond);
      into[2] = -(z + beyond) * beyond;
      return;
    }
    into[0] = logNormalCdf(-z);
    const hazard = Math.exp(logDensity - into[0]);
    into[1] = -hazard;
    into[2] = -hazard * (hazard - z);
  },
  survival: (z: number): number => Math.exp(logNormalCdf(-z)),
  density: (z: number): number => Math.exp(-0.5 * z * z - HALF_LOG_TWO_PI),
  atSurvival: (s: number): number => -normalQuantile(s),
  logMean: (scale: number): number => (scale * scale) / 2,
} as const;

/** From here on the continued fraction has all digits, and the difference of hazard and z would lose some. */
const FAR = 5;

/** Hazard of the standard normal at z, less z. */
function hazardBeyond(z: number): number {
  let rest = 0;
  for (let k = 80; k > 0; k--) rest = k / (z + rest);
  return rest;
}

export const STANDARD: { readonly [Name in ParametricDistribution]: StandardDistribution } = {
  exponential: { name: "exponential", hasScale: false, ...extremeValue },
  weibull: { name: "Weibull", hasScale: true, ...extremeValue },
  "log-normal": { name: "log-normal", hasScale: true, ...normal },
  "log-logistic": { name: "log-logistic", hasScale: true, ...logistic },
};
