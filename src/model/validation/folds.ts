/**
 * Folds for cross-validation: drawn by seed, with the same share of events or classes in each; rows of one patient together.
 *
 * Layer:  model; imports core, table.
 */
import { showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import type { Labels } from "../../table/labels.js";
import { renderTable, rowList } from "../../table/render.js";
import { Scores } from "../../table/scores.js";
import { dealFolds } from "../penalized/folds.js";
import { checkSeed, outcomeName, rowsOfGroups, shuffled } from "../split.js";
import { type Outcome, strataOf } from "./rows.js";

/** One division of the patients. */
export interface ValidationFold {
  /** E.g. "2.5": repeat 2, fold 5. */
  readonly label: string;
  /** From 1. */
  readonly repeat: number;
  readonly train: readonly string[];
  readonly test: readonly string[];
}

/** Divisions of the same patients: within a repeat, each patient is in the test part once. */
export interface Folds {
  readonly ids: readonly string[];
  readonly repeats: number;
  readonly folds: readonly ValidationFold[];
  /** E.g. "5-fold, 10 times, stratified". */
  readonly method: string;
}

export interface FoldOptions {
  /** Number of folds, default 5. */
  readonly k?: number;
  /** How often all patients are dealt anew, default once. */
  readonly repeats?: number;
  /** Same seed, same folds. */
  readonly seed: number;
  /** Whether each fold has its share of the events, or of each class; default true. Measured outcomes have none. */
  readonly stratify?: boolean;
  /** Rows that stay together, e.g. the lesions of one patient. Default: each row is a patient of its own. */
  readonly groups?: Labels;
}

/**
 * Deals patients to folds at random.
 *
 * @throws InputError if there are fewer than 2 folds, or more than patients or groups; or groups are of other rows.
 *
 * @example
 * const folds = model.folds(y, { k: 5, repeats: 10, seed: 7 });
 */
export function folds(y: Outcome, { k = 5, repeats = 1, seed, stratify = true, groups }: FoldOptions): Folds {
  checkSeed(seed);
  if (!(Number.isInteger(k) && k >= 2)) throw new InputError(`folds must be 2 or more, found ${k}.`);
  if (!(Number.isInteger(repeats) && repeats >= 1)) {
    throw new InputError(`the number of repeats must be whole and positive, found ${repeats}.`);
  }
  const members = groups === undefined ? undefined : rowsOfGroups(y, groups);
  const units = members?.length ?? y.length;
  if (k > units) {
    throw new InputError(
      `${k} folds of ${units} ${members === undefined ? "patients" : "groups"}: some would be empty. Use fewer folds.`,
    );
  }
  const strata = stratify ? strataOf(y) : new Uint32Array(y.length);
  const all = Array.from({ length: repeats }, (_, at) => {
    const key = `${seed}/validation/${at}`;
    const fold = members === undefined ? dealFolds(strata, k, key) : dealGroups(members, strata, k, key);
    return divisions(y.ids, fold, k, at + 1, repeats);
  });
  const words = [
    `${k}-fold`,
    ...(repeats > 1 ? [`${repeats} times`] : []),
    ...(stratify && !(y instanceof Scores) ? ["stratified"] : []),
    ...(groups === undefined ? [] : [`grouped by ${groups.name}`]),
  ];
  return shownFolds({ ids: y.ids, repeats, folds: all.flat(), method: words.join(", ") });
}

/**
 * Leaves out one patient, or one group, at a time.
 *
 * @throws InputError if there are fewer than 2, or groups are of other rows.
 */
export function leaveOneOut(y: Outcome, { groups }: { readonly groups?: Labels } = {}): Folds {
  const members = groups === undefined ? Array.from(y.ids.keys(), (row) => [row]) : rowsOfGroups(y, groups);
  if (members.length < 2) {
    throw new InputError(
      `leaving one out needs at least 2 ${groups === undefined ? "patients" : "groups"}, found ${members.length}.`,
    );
  }
  const fold = new Uint32Array(y.length);
  members.forEach((rows, at) => {
    for (const row of rows) fold[row] = at;
  });
  return shownFolds({
    ids: y.ids,
    repeats: 1,
    folds: divisions(y.ids, fold, members.length, 1, 1),
    method: groups === undefined ? "leave-one-out" : `leave-one-out by ${groups.name}`,
  });
}

/** Folds of the patients by number, or those given. @throws InputError if given ones are of other patients, or leak. */
export function foldsFor(
  y: Outcome,
  given: number | Folds,
  options: Omit<FoldOptions, "k" | "seed"> & { readonly seed?: number },
): Folds {
  if (typeof given !== "number") return checkFolds(y, given);
  const { seed } = options;
  if (seed === undefined) {
    throw new InputError(`${given} folds are drawn at random: give a whole number as seed, or folds.`);
  }
  return folds(y, { ...options, k: given, seed });
}

/** Folds that somebody made by hand: a patient in both parts of one would be a leak. */
function checkFolds(y: Outcome, given: Folds): Folds {
  const known = new Set(y.ids);
  for (const { label, train, test } of given.folds) {
    const held = new Set(test);
    const both = train.find((id) => held.has(id));
    const stray = [...train, ...test].find((id) => !known.has(id));
    if (both !== undefined) {
      throw new InputError(
        `fold ${label}: patient ${both} is in the training and in the test part, which is a leak. Keep each in one part.`,
      );
    }
    if (stray === undefined && train.length > 0 && test.length > 0) continue;
    throw new InputError(
      stray === undefined
        ? `fold ${label} has ${train.length} training and ${test.length} test patients: both parts need some.`
        : `fold ${label} names patient ${stray}, who is not in ${outcomeName(y)}.`,
    );
  }
  for (let repeat = 1; repeat <= given.repeats; repeat++) {
    const tested = given.folds.flatMap((fold) => (fold.repeat === repeat ? fold.test : []));
    if (tested.length === y.length && new Set(tested).size === y.length) continue;
    throw new InputError(
      `repeat ${repeat} tests ${new Set(tested).size} of ${y.length} patients in ${tested.length} places: each must be tested once.`,
    );
  }
  return given;
}

/**
 * Deals groups to folds: the largest first, each to the fold that it leaves the most even, so that folds have about the same
 * number of rows of each class.
 */
function dealGroups(
  members: readonly (readonly number[])[],
  strata: Uint32Array,
  k: number,
  key: string,
): Uint32Array {
  const classes = Math.max(...strata) + 1;
  const total = new Float64Array(classes);
  for (const code of strata) total[code]++;
  const counts = Array.from({ length: k }, () => new Float64Array(classes));
  const groups = new Uint32Array(k);
  const fold = new Uint32Array(strata.length);
  for (const rows of shuffled(members, key).sort((a, b) => b.length - a.length)) {
    const own = new Float64Array(classes);
    for (const row of rows) own[strata[row]]++;
    // What each fold would have more of, in shares of the class; empty folds first among equals.
    const crowding = counts.map((count) =>
      count.reduce((sum, had, c) => sum + (own[c] * (had + own[c] / 2)) / Math.max(1, total[c]) ** 2, 0),
    );
    let best = 0;
    for (let at = 1; at < k; at++) {
      const less = crowding[at] - crowding[best];
      if (less < 0 || (less === 0 && groups[at] < groups[best])) best = at;
    }
    groups[best]++;
    own.forEach((more, c) => {
      counts[best][c] += more;
    });
    for (const row of rows) fold[row] = best;
  }
  return fold;
}

function divisions(
  ids: readonly string[],
  fold: Uint32Array,
  k: number,
  repeat: number,
  repeats: number,
): ValidationFold[] {
  return Array.from({ length: k }, (_, at) => ({
    label: repeats > 1 ? `${repeat}.${at + 1}` : String(at + 1),
    repeat,
    train: ids.filter((__, row) => fold[row] !== at),
    test: ids.filter((__, row) => fold[row] === at),
  }));
}

function shownFolds(found: Folds): Folds {
  return showAs(found, () =>
    renderTable({
      title: `${found.ids.length} patients, ${found.method}`,
      header: ["fold", "training", "test"],
      rows: rowList(found.folds, ({ label, train, test }) => [
        label,
        String(train.length),
        String(test.length),
      ]),
      most: SHOWN_FOLDS,
      what: "folds",
    }),
  );
}

const SHOWN_FOLDS = 20;
