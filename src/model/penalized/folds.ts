/**
 * Folds of a cross-validation: given by id, or drawn with the same share of each class.
 *
 * Layer:  model; imports core, table.
 */
import { InputError } from "../../core/errors.js";
import { randomStream } from "../../core/random.js";
import { labelsOfDrawn } from "../validation/rows.js";
import type { ElasticNetOptions } from "./options.js";

/** Rows of one fold, and all others. Ascending. */
export interface Fold {
  readonly label: string;
  readonly held: Uint32Array;
  readonly train: Uint32Array;
}

/**
 * @param codes  Class of each patient, drawn apart so that every fold has its share.
 * @returns No folds if the options ask for none.
 * @throws InputError if a patient has no fold, or there are fewer than 3 folds, or more folds than patients.
 */
export function foldsOf(
  ids: readonly string[],
  codes: Uint8Array,
  { folds = 10, foldIds, seed = 0 }: ElasticNetOptions,
): readonly Fold[] {
  if (foldIds !== undefined) {
    const { values, classes } = labelsOfDrawn(foldIds, ids);
    const used = classes.filter((label) => values.includes(label));
    if (used.length < 3) {
      throw new InputError(`cross-validation needs at least 3 folds, but foldIds names ${used.join(", ")}.`);
    }
    return used.map((label) => foldOf(ids.length, label, (row) => values[row] === label));
  }
  if (folds > ids.length) {
    throw new InputError(`${folds} folds of ${ids.length} patients: some would be empty. Use fewer folds.`);
  }
  const fold = dealFolds(codes, folds, `${seed}/folds`);
  return Array.from({ length: folds }, (_, at) =>
    foldOf(ids.length, String(at + 1), (row) => fold[row] === at),
  );
}

function foldOf(n: number, label: string, isHeld: (row: number) => boolean): Fold {
  const rows = Uint32Array.from({ length: n }, (_, row) => row);
  return { label, held: rows.filter(isHeld), train: rows.filter((row) => !isHeld(row)) };
}

/** Fold of each patient: the shuffled patients of one class after the other are dealt to the folds in turn. */
export function dealFolds(codes: Uint8Array | Uint32Array, folds: number, key: string): Uint32Array {
  const random = randomStream(key);
  const keys = Float64Array.from(codes, () => random.uniform());
  const order = Uint32Array.from(codes, (_, row) => row).sort(
    (a, b) => codes[a] - codes[b] || keys[a] - keys[b] || a - b,
  );
  const fold = new Uint32Array(codes.length);
  order.forEach((row, at) => {
    fold[row] = at % folds;
  });
  return fold;
}
