/**
 * Training and test patients, drawn at random with the same share of events.
 *
 * Layer:  model; imports core, table.
 */
import { InputError } from "../core/errors.js";
import { randomStream } from "../core/random.js";
import type { FeatureTable } from "../table/feature-table.js";
import { checkSameIds } from "../table/ids.js";
import type { SurvivalData } from "../table/survival-data.js";

/** Features and follow-up of the same patients. */
export interface SplitPart {
  readonly x: FeatureTable;
  readonly y: SurvivalData;
}

export interface Split {
  readonly train: SplitPart;
  readonly test: SplitPart;
}

export interface SplitOptions {
  /** Share of the patients to hold out, in (0, 1), default 0.3. */
  readonly test?: number;
  /** Same seed, same split. */
  readonly seed: number;
}

/**
 * Holds out patients. Those with and those without the event are drawn apart, so that both parts have the same share of
 * events; each part keeps the order of the rows.
 *
 * @throws InputError on mismatched ids, or if a part would be empty.
 *
 * @example
 * const { train, test } = model.split(features, os, { test: 0.3, seed: 7 });
 */
export function split(x: FeatureTable, y: SurvivalData, { test = 0.3, seed }: SplitOptions): Split {
  checkSameIds(y.ids, x.ids, "the follow-up", "the features");
  if (!(test > 0 && test < 1)) {
    throw new InputError(`the share of test patients must lie between 0 and 1, e.g. 0.3, found ${test}.`);
  }
  if (!Number.isInteger(seed)) throw new InputError(`the seed must be a whole number, found ${seed}.`);
  const rows = Array.from(y.ids.keys());
  const classes = [rows.filter((row) => y.event[row] === 1), rows.filter((row) => y.event[row] === 0)];
  const wanted = Math.round(test * y.length);
  // Rounded apart, the two shares may miss the total by one: the second class takes the difference.
  const events = Math.min(classes[0].length, wanted, Math.round(test * classes[0].length));
  const counts = [events, Math.min(classes[1].length, wanted - events)];
  const held = new Set(
    classes.flatMap((members, at) => shuffled(members, `${seed}/split/${at}`).slice(0, counts[at])),
  );
  if (held.size === 0 || held.size === y.length) {
    throw new InputError(
      `a share of ${test} of ${y.length} patients leaves one part empty. Use more patients or another share.`,
    );
  }
  const part = (isTest: boolean): SplitPart => {
    const ids = y.ids.filter((_, row) => held.has(row) === isTest);
    return { x: x.pick(ids), y: y.pick(ids) };
  };
  return { train: part(false), test: part(true) };
}

/** Fisher and Yates' shuffle of a copy. */
function shuffled(rows: readonly number[], key: string): number[] {
  const random = randomStream(key);
  const order = rows.slice();
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random.uniform() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}
