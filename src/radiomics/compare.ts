/**
 * Features beside published reference values.
 *
 * Layer:  radiomics; imports core, table, feature-set (types).
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { readable, renderTable } from "../table/render.js";
import type { FeatureSet } from "./feature-set.js";

/** A published value. */
export interface ReferenceValue {
  /** Column name, catalogue name or IBSI code, as `FeatureSet.value` takes them. */
  readonly feature: string;
  readonly value: number;
  readonly tolerance: number;
}

export interface ComparedFeature {
  readonly name: string;
  readonly label: string;
  readonly code: string;
  readonly value: number;
  readonly reference: number;
  readonly tolerance: number;
  readonly agrees: boolean;
}

/** The verdicts, feature by feature. */
export interface Comparison {
  readonly rows: readonly ComparedFeature[];
  readonly agreeing: number;
  readonly allAgree: boolean;
}

/**
 * Compares features with reference values by the rule of the IBSI: a value agrees if it, or it rounded to three
 * significant digits as the reference is, lies within the tolerance.
 *
 * @throws InputError if a reference names a feature that the set does not have, or there is no reference.
 *
 * @example
 * radiomics.compare(features, radiomics.ibsiDigitalPhantom)
 */
export function compare(features: FeatureSet, references: readonly ReferenceValue[]): Comparison {
  if (references.length === 0) {
    throw new InputError("there is no reference value to compare with. Give at least one.");
  }
  const rows = references.map(({ feature: key, value: reference, tolerance }): ComparedFeature => {
    const { name, code, value, definition } = features.feature(key);
    const { label } = definition;
    return { name, label, code, value, reference, tolerance, agrees: agrees(value, reference, tolerance) };
  });
  const agreeing = rows.filter((row) => row.agrees).length;
  const comparison = { rows, agreeing, allAgree: agreeing === rows.length };
  return showAs(comparison, () => show(comparison));
}

/** Whether a value, as it is or at three significant digits, lies within the tolerance of a reference. */
export function agrees(value: number, reference: number, tolerance: number): boolean {
  // Differences of decimal numbers miss the tolerance by a rounding error.
  const slack = tolerance + 1e-12 * Math.abs(reference);
  const rounded = Number(value.toPrecision(3));
  return Math.abs(value - reference) <= slack || Math.abs(rounded - reference) <= slack;
}

function show({ rows, agreeing }: Comparison): MimeBundle {
  const title = `${agreeing} of ${rows.length} features agree with the reference`;
  const lines = rows.map(
    (row) =>
      `${row.agrees ? "✓" : "✗"} ${row.name}  ${readable(row.value)}  (${row.reference} ± ${row.tolerance})`,
  );
  return renderTable({
    title,
    header: ["", "feature", "name", "IBSI code", "value", "reference", "tolerance"],
    rows: rows.map((row) => [
      row.agrees ? "✓" : "✗",
      row.label,
      row.name,
      row.code,
      readable(row.value),
      readable(row.reference),
      row.tolerance === 0 ? "exact" : `± ${readable(row.tolerance)}`,
    ]),
    words: [1, 2, 3],
    plain: `${title}\n${lines.join("\n")}`,
  });
}
