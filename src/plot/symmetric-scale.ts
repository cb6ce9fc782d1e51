/**
 * An axis of numbers of both signs, straight or logarithmic on both sides of zero.
 *
 * Source: Webber 2012, doi:10.1088/0957-0233/24/2/027001 (bi-symmetric logarithm).
 * Layer:  plot; imports core (types).
 */
import type { Json } from "../core/display.js";

export interface SymmetricScale {
  readonly domain: readonly [number, number];
  /** Part of Vega-Lite's scale. */
  readonly look: { readonly [key: string]: Json };
  /** Null: Vega chooses them. */
  readonly ticks: readonly number[] | null;
  /** Of a value, as a share of the axis. */
  readonly place: (value: number) => number;
}

/** Share of the largest value below which the logarithmic axis is nearly straight. */
const STRAIGHT = 0.01;

/** All values and zero, with a little room at both ends. */
export function symmetricScale(columns: readonly Float64Array[], log: boolean): SymmetricScale {
  let [low, high] = [0, 0];
  for (const values of columns) {
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (!log || !(high > low)) {
    const room = high > low ? 0.03 * (high - low) : 1;
    const domain = [low - room, high + room] as const;
    const span = domain[1] - domain[0];
    return { domain, look: {}, ticks: null, place: (value) => (value - domain[0]) / span };
  }
  const constant = STRAIGHT * Math.max(-low, high);
  const bent = (value: number): number => Math.sign(value) * Math.log1p(Math.abs(value) / constant);
  const straight = (value: number): number => Math.sign(value) * Math.expm1(Math.abs(value)) * constant;
  const room = 0.03 * (bent(high) - bent(low));
  const [from, to] = [bent(low) - room, bent(high) + room];
  const top = Math.floor(Math.log10(Math.max(-low, high)));
  const decades = [top - 1, top].map((power) => Number((10 ** power).toPrecision(1)));
  return {
    domain: [straight(from), straight(to)],
    look: { type: "symlog", constant },
    ticks: [...decades.map((value) => -value), 0, ...decades].filter(
      (value) => value >= low && value <= high,
    ),
    place: (value) => (bent(value) - from) / (to - from),
  };
}
