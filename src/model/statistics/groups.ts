/**
 * Several samples with their names: what tests of k groups compare.
 *
 * Layer:  model; imports core, table.
 */
import { InputError } from "../../core/errors.js";
import { checkSameIds } from "../../table/ids.js";
import type { Labels } from "../../table/labels.js";
import { checkSample, type Sample } from "./sample.js";

/** Samples in a list, or by name: `{ adeno: […], squamous: […] }`. */
export type Groups = readonly Sample[] | { readonly [name: string]: Sample };

/** Groups that were checked. */
export interface NamedSamples {
  readonly names: readonly string[];
  readonly samples: readonly Float64Array[];
}

/** A list gets the names "1", "2", … @throws InputError on too few groups or too few, missing or infinite values. */
export function checkGroups(groups: Groups, leastGroups: number, leastValues: number): NamedSamples {
  const entries = Array.isArray(groups)
    ? groups.map((sample: Sample, at): [string, Sample] => [String(at + 1), sample])
    : Object.entries(groups as { readonly [name: string]: Sample });
  if (entries.length < leastGroups) {
    throw new InputError(`at least ${leastGroups} groups are compared, found ${entries.length}.`);
  }
  return {
    names: entries.map(([name]) => name),
    samples: entries.map(([name, sample]) => checkSample(`group "${name}"`, sample, leastValues)),
  };
}

/**
 * Splits one column by class, for tests of k groups. Classes without patients are left out.
 *
 * @param column  Anything with ids and values: `table.scores("entropy")`, predicted scores.
 * @throws InputError unless both hold the same patients in the same order.
 *
 * @example
 * model.statistics.kruskalWallis(model.statistics.byClass(features.scores("entropy"), cohort.labels("stage")))
 */
export function byClass(
  column: { readonly ids: readonly string[]; readonly values: Float64Array },
  by: Labels,
): { readonly [name: string]: Float64Array } {
  checkSameIds(column.ids, by.ids, "the column", `"${by.name}"`);
  const { codes } = by;
  return Object.fromEntries(
    by.classes
      .map((name, code) => [name, column.values.filter((_, row) => codes[row] === code)] as const)
      .filter(([, values]) => values.length > 0),
  );
}
