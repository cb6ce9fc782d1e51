/**
 * The table of a fitted model: each coefficient with its ratio, interval and Wald test.
 *
 * Layer:  model; imports core, table.
 */
import type { MimeBundle } from "../core/display.js";
import { perUnit } from "../table/per-unit.js";
import { formatNumber, formatPCell, renderTable } from "../table/render.js";

/** One row: a coefficient as it is shown. */
export interface ShownEffect {
  readonly name: string;
  readonly unit: string;
  /** exp(coefficient), for one more unit, and its interval. */
  readonly ratio: number;
  readonly lower: number;
  readonly upper: number;
  readonly coefficient: number;
  readonly standardError: number;
  readonly z: number;
  readonly p: number;
}

export interface EffectTableOptions {
  readonly title: string;
  /** What the ratio is: "hazard ratio", "odds ratio". */
  readonly ratio: string;
  /** What the error is: "SE", "robust SE". */
  readonly error: string;
  /** Coverage of the interval, e.g. 0.95. */
  readonly confidence: number;
  readonly notes?: readonly string[];
}

export function effectTable(
  effects: readonly ShownEffect[],
  { title, ratio, error, confidence, notes = [] }: EffectTableOptions,
): MimeBundle {
  const percent = formatNumber(confidence * 100, 4);
  return renderTable({
    title,
    header: ["covariate", ratio, `lower ${percent} %`, `upper ${percent} %`, "coefficient", error, "z", "p"],
    rows: effects.map((one) => [
      one.unit === "" ? one.name : `${one.name} (per ${perUnit(one.unit)})`,
      formatNumber(one.ratio, 4),
      formatNumber(one.lower, 4),
      formatNumber(one.upper, 4),
      formatNumber(one.coefficient, 4),
      formatNumber(one.standardError, 4),
      one.z.toFixed(2),
      formatPCell(one.p),
    ]),
    notes,
  });
}
