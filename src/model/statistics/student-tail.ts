/**
 * Two-sided tails of Student's t for many values of t with the same degrees of freedom.
 *
 * Layer:  model; imports core, correlation-tail.
 */
import { tTwoSided } from "../../core/distributions.js";
import { spreadTail } from "./correlation-tail.js";

/** Beyond, and for small tails, the table loses digits: the general function takes over. */
const LARGEST_DF = 1e5;
const SMALLEST_TAIL = 1e-290;

/**
 * @param df  Whole.
 * @returns P(|T| ≥ |t|) as a function of t: the parts that only depend on the degrees of freedom are computed once.
 */
export function studentTail(df: number): (t: number) => number {
  if (df > LARGEST_DF) return (t) => tTwoSided(t, df);
  const tail = spreadTail(df);
  return (t) => {
    const square = t * t;
    const p = tail(Math.sqrt(square / (df + square)), df / (df + square));
    return p > SMALLEST_TAIL ? p : tTwoSided(t, df);
  };
}
