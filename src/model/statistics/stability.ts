/**
 * Stability selection: how often each feature is selected when a part of the patients is left out at random.
 *
 * Source: Meinshausen & Bühlmann 2010, doi:10.1111/j.1467-9868.2010.00740.x.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import { randomStream, shuffleFirst } from "../../core/random.js";
import type { FeatureTable } from "../../table/feature-table.js";
import { checkSameIds } from "../../table/ids.js";
import { renderTable, rowList } from "../../table/render.js";

/** Labels, follow-up, scores: whatever can be picked by patient. */
export interface Pickable<Target> {
  readonly ids: readonly string[];
  pick(ids: readonly string[]): Target;
}

export interface StabilityOptions {
  /** Number of samples, default 100. */
  readonly draws?: number;
  /** Share of the patients in each, default 0.5. */
  readonly share?: number;
  /** Same seed, same samples, default 0. */
  readonly seed?: number;
}

/** How often each feature was selected. */
export interface Stability {
  readonly features: readonly string[];
  /** Share of the samples in which the feature was selected, in the order of the table. */
  readonly frequency: Float64Array;
  readonly draws: number;
  /** Features that were selected in at least this share of the samples, the most frequent first. */
  stable(least?: number): readonly string[];
}

/**
 * Repeats a selection on random parts of the patients.
 *
 * @param select  Selects columns by name, e.g. `(x, y) => model.statistics.mrmr(x, y, { count: 10 }).selected`.
 * @throws InputError on mismatched ids, or if `select` names a column that does not exist.
 *
 * @example
 * const stability = model.statistics.stabilitySelection(x, y, (x, y) => model.statistics.mrmr(x, y, { count: 5 }).selected);
 * stability.stable(0.8)
 */
export function stabilitySelection<Target extends Pickable<Target>>(
  x: FeatureTable,
  y: Target,
  select: (x: FeatureTable, y: Target) => readonly string[],
  { draws = 100, share = 0.5, seed = 0 }: StabilityOptions = {},
): Stability {
  checkSameIds(x.ids, y.ids, "the features", "the outcome");
  if (!(Number.isInteger(draws) && draws >= 1)) {
    throw new InputError(`the number of samples must be whole and positive, found ${draws}.`);
  }
  if (!(share > 0 && share <= 1)) {
    throw new InputError(`the share of patients must lie in (0, 1], e.g. 0.5, found ${share}.`);
  }
  if (!Number.isInteger(seed)) throw new InputError(`the seed must be a whole number, found ${seed}.`);
  const size = Math.round(share * x.length);
  if (size < 1) throw new InputError(`a share of ${share} of ${x.length} patients is nobody.`);
  const features = x.names;
  const at = new Map(features.map((name, column) => [name, column]));
  const counts = new Float64Array(features.length);
  for (let draw = 0; draw < draws; draw++) {
    const ids = sampleOf(x.ids, size, `${seed}/stability/${draw}`);
    for (const name of new Set(select(x.pick(ids), y.pick(ids)))) {
      const column = at.get(name);
      if (column === undefined) throw new InputError(`"${name}" was selected, but there is no such column.`);
      counts[column]++;
    }
  }
  return stabilityOf(features, counts, draws, `Selection in ${draws} random parts of the patients`);
}

/** @param counts  In how many of the draws each feature was selected. @param title  Of what is shown. */
export function stabilityOf(
  features: readonly string[],
  counts: Float64Array,
  draws: number,
  title: string,
): Stability {
  const frequency = counts.map((count) => count / draws);
  const order = Array.from(features.keys()).sort((a, b) => frequency[b] - frequency[a]);
  const result = {
    features,
    frequency,
    draws,
    stable: (least = 0.5): readonly string[] =>
      order.filter((column) => frequency[column] >= least).map((column) => features[column]),
  };
  return showAs(result, () => show(result, order, title));
}

/** Some of the ids in their order, drawn without replacement. */
function sampleOf(ids: readonly string[], size: number, key: string): readonly string[] {
  const random = randomStream(key);
  const order = Array.from(ids.keys());
  shuffleFirst(order, size, random);
  return order
    .slice(0, size)
    .sort((a, b) => a - b)
    .map((row) => ids[row]);
}

const SHOWN_FEATURES = 20;

function show({ features, frequency }: Stability, order: readonly number[], title: string): MimeBundle {
  return renderTable({
    title,
    header: ["feature", "selected"],
    rows: rowList(order, (column) => [features[column], `${Math.round(100 * frequency[column])} %`]),
    most: SHOWN_FEATURES,
    what: "features",
  });
}
