/**
 * Many feature sets as one table.
 *
 * Layer:  radiomics; imports core, table, feature-set (types).
 */
import { InputError } from "../core/errors.js";
import { FeatureTable } from "../table/feature-table.js";
import type { FeatureSet } from "./feature-set.js";

/**
 * Puts feature sets under each other: one row for each set, by its id.
 *
 * @param sets  Made by the same extractor, so that every set has the same features in the same order.
 * @throws InputError if there is no set, two have the same id, or their features or units differ.
 *
 * @example
 * const features = radiomics.table(patients.map(({ id, ct, gtv }) => extract(ct, gtv, { id })));
 */
export function table(sets: readonly FeatureSet[]): FeatureTable {
  const [first] = sets;
  if (first === undefined)
    throw new InputError("there is no feature set to put in a table. Extract at least one.");
  for (const set of sets) checkAlike(first, set);
  const columns = first.features.map(({ name, unit }, j) => ({
    name,
    unit,
    values: Float64Array.from(sets, (set) => set.features[j].value),
  }));
  return new FeatureTable(
    sets.map((set) => set.id),
    columns,
  );
}

function checkAlike(first: FeatureSet, set: FeatureSet): void {
  const at = first.features.findIndex(({ name, unit }, j) => {
    const other = set.features[j];
    return other?.name !== name || other.unit !== unit;
  });
  if (at < 0 && set.features.length === first.features.length) return;
  const feature = (first.features[at] ?? set.features[first.features.length]).name;
  throw new InputError(
    `the features of ${first.id} and ${set.id} differ, first at "${feature}": they cannot share columns. ` +
      "Extract all patients with one extractor, from scans of one unit.",
  );
}
