/**
 * How a unit reads behind "per".
 *
 * Layer:  table; imports survival-data.
 */
import { TIME_UNITS } from "./survival-data.js";

/** "year" of "years": a ratio is for one more of them. */
export function perUnit(unit: string): string {
  return TIME_UNITS.some((plural) => plural === unit) ? unit.slice(0, -1) : unit;
}
