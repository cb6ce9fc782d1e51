/**
 * Training and test patients, drawn at random with the same share of events or classes.
 *
 * Layer:  model; imports core, table.
 */
import { InputError } from "../core/errors.js";
import { randomStream, shuffle } from "../core/random.js";
import type { FeatureTable } from "../table/feature-table.js";
import {
  checkUntouched,
  GuardedTable,
  type HeldOutTable,
  type UntouchedTable,
} from "../table/guarded-table.js";
import { checkSameIds } from "../table/ids.js";
import { Labels } from "../table/labels.js";
import { SurvivalData } from "../table/survival-data.js";
import { type Outcome, outcomeRows, strataOf } from "./validation/rows.js";

/** Features and outcome of the same patients. */
export interface SplitPart<Target = SurvivalData, Table extends FeatureTable = FeatureTable> {
  readonly x: Table;
  readonly y: Target;
}

export interface Split<Target = SurvivalData> {
  readonly train: SplitPart<Target>;
  /** Models predict for these patients; to fit one to them does not compile. */
  readonly test: SplitPart<Target, HeldOutTable>;
}

export interface SplitOptions {
  /** Share of the patients to hold out, in (0, 1), default 0.3. */
  readonly test?: number;
  /** Same seed, same split. */
  readonly seed: number;
  /** Rows that stay together, e.g. the lesions of one patient. Default: each row is a patient of its own. */
  readonly groups?: Labels;
}

/**
 * Holds out patients at random. Those with and those without the event, or those of each class, are drawn apart, so that both parts have
 * the same share of them; each part keeps the order of the rows. Groups are drawn by the class of most of their rows.
 *
 * @throws InputError on mismatched ids, or if a part would be empty.
 *
 * @example
 * const { train, test } = model.split(features, os, { test: 0.3, seed: 7 });
 */
export function split<Target extends Outcome>(
  x: UntouchedTable,
  y: Target,
  { test = 0.3, seed, groups }: SplitOptions,
): Split<Target> {
  checkSameIds(y.ids, x.ids, outcomeName(y), "the features");
  checkUntouched(x);
  if (!(test > 0 && test < 1)) {
    throw new InputError(`the share of test patients must lie between 0 and 1, e.g. 0.3, found ${test}.`);
  }
  checkSeed(seed);
  const units = unitsOf(y, groups);
  const held = new Set<number>();
  let seen = 0;
  for (const [at, stratum] of units.entries()) {
    seen += stratum.reduce((sum, rows) => sum + rows.length, 0);
    // Shares that are rounded apart may miss the total: each class makes up for those before it.
    const wanted = Math.round(test * seen);
    for (const rows of shuffled(stratum, `${seed}/split/${at}`)) {
      // A group that is larger than what is missing is taken if that misses the share by less.
      if (2 * (wanted - held.size) <= rows.length - 1) continue;
      for (const row of rows) held.add(row);
    }
  }
  if (held.size === 0 || held.size === y.length) {
    throw new InputError(
      `a share of ${test} of ${y.length} patients leaves one part empty. Use more patients or another share.`,
    );
  }
  const part = (isTest: boolean): SplitPart<Target> => {
    const rows = Array.from(y.ids.keys()).filter((row) => held.has(row) === isTest);
    const ids = rows.map((row) => y.ids[row]);
    return { x: x.pick(ids), y: outcomeRows(y, rows, ids) };
  };
  const heldOut = part(true);
  return { train: part(false), test: { x: new GuardedTable(heldOut.x, "held out"), y: heldOut.y } };
}

/** How error messages call an outcome. */
export function outcomeName(y: Outcome): string {
  return "name" in y ? `"${y.name}"` : "the follow-up";
}

/** @throws InputError unless the seed is a whole number. */
export function checkSeed(seed: number | undefined): void {
  if (Number.isInteger(seed)) return;
  throw new InputError(`the seed must be a whole number, found ${seed}.`);
}

/**
 * Rows that stay together, by the class that they are drawn by: those with the event first, then those without; or the classes;
 * or all, where the outcome is a number.
 *
 * @throws InputError if the groups are of other rows.
 */
function unitsOf(y: Outcome, groups: Labels | undefined): number[][][] {
  const strata = y instanceof SurvivalData ? strataOf(y).map((event) => 1 - event) : strataOf(y);
  const count = y instanceof SurvivalData ? 2 : y instanceof Labels ? y.classes.length : 1;
  if (groups === undefined) {
    return Array.from({ length: count }, (_, at) =>
      Array.from(strata.keys()).flatMap((row) => (strata[row] === at ? [[row]] : [])),
    );
  }
  const members = rowsOfGroups(y, groups);
  const ofGroup = members.map((rows) => mostFrequent(rows, strata, count));
  return Array.from({ length: count }, (_, at) => members.filter((__, group) => ofGroup[group] === at));
}

/** Rows of each group that has any. @throws InputError if the groups are of other rows. */
export function rowsOfGroups(y: Outcome, groups: Labels): number[][] {
  checkSameIds(y.ids, groups.ids, outcomeName(y), `"${groups.name}"`);
  const members = new Map<string, number[]>();
  groups.values.forEach((group, row) => {
    const rows = members.get(group);
    if (rows === undefined) members.set(group, [row]);
    else rows.push(row);
  });
  return [...members.values()];
}

function mostFrequent(rows: readonly number[], strata: Uint32Array, count: number): number {
  const found = new Uint32Array(count);
  for (const row of rows) found[strata[row]]++;
  return found.indexOf(Math.max(...found));
}

/** A copy in random order. */
export function shuffled<Item>(items: readonly Item[], key: string): Item[] {
  const order = items.slice();
  shuffle(order, randomStream(key));
  return order;
}
