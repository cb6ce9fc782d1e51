/**
 * Wald's test of one coefficient, with its ratio exp(coefficient) and interval.
 *
 * Layer:  model; imports core.
 */
import { logNormalTwoSided, normalTwoSided } from "../core/distributions.js";

export interface WaldTest {
  readonly z: number;
  readonly p: number;
  /** Natural logarithm of p. */
  readonly logP: number;
  /** exp(coefficient): a hazard or odds ratio. */
  readonly ratio: number;
  readonly lower: number;
  readonly upper: number;
}

/** A coefficient of a fitted model with its test, per one unit of the covariate. */
export interface WaldCovariate {
  readonly name: string;
  readonly unit: string;
  readonly coefficient: number;
  readonly standardError: number;
  readonly z: number;
  readonly p: number;
  /** Natural logarithm of p. */
  readonly logP: number;
  /** Interval of exp(coefficient). */
  readonly lower: number;
  readonly upper: number;
}

/** @param quantile  Of the normal distribution, for the interval: 1.96 for 95 %. */
export function waldTest(coefficient: number, standardError: number, quantile: number): WaldTest {
  const z = coefficient / standardError;
  return {
    z,
    p: normalTwoSided(z),
    logP: logNormalTwoSided(z),
    ratio: Math.exp(coefficient),
    lower: Math.exp(coefficient - quantile * standardError),
    upper: Math.exp(coefficient + quantile * standardError),
  };
}
