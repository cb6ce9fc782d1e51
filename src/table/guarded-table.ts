/**
 * Tables that may not be learned from: of held-out patients, or changed by what was learned from these patients. They are a
 * type of their own, so that a leak does not compile.
 *
 * Layer:  table; imports core.
 */
import { InputError } from "../core/errors.js";
import { FeatureTable } from "./feature-table.js";
import type { RowValues } from "./row-reader.js";

/** "held out": models predict for these patients; "prepared": the fitted steps of a pipeline have changed the columns. */
export type Guard = "held out" | "prepared";

/** A feature table that is not for every use; what is made of it is not either. */
export class GuardedTable<Reason extends Guard> extends FeatureTable {
  readonly guard: Reason;

  constructor({ ids, columns, notes }: FeatureTable, guard: Reason) {
    super(ids, columns, { notes });
    this.guard = guard;
  }

  override select(names: readonly string[]): GuardedTable<Reason> {
    return new GuardedTable(super.select(names), this.guard);
  }

  override where(keep: (row: RowValues<number>, id: string) => boolean): GuardedTable<Reason> {
    return new GuardedTable(super.where(keep), this.guard);
  }

  override pick(ids: readonly string[]): GuardedTable<Reason> {
    return new GuardedTable(super.pick(ids), this.guard);
  }

  override join(other: FeatureTable): GuardedTable<Reason> {
    return new GuardedTable(super.join(other), this.guard);
  }
}

/** Features of held-out patients: models predict for them, and do not learn from them. */
export type HeldOutTable = GuardedTable<"held out">;

/** Features as the last model of a fitted pipeline sees them. */
export type PreparedTable = GuardedTable<"prepared">;

/** What a model may learn from: any table but one of held-out patients. */
export interface TrainingTable extends FeatureTable {
  readonly guard?: "prepared";
}

/** What may be divided into training and test patients: a table from which nothing was learned yet. */
export interface UntouchedTable extends FeatureTable {
  readonly guard?: never;
}

/** The same at run time, for calls that no compiler has seen. @throws InputError on a table of held-out patients. */
export function checkTraining(x: FeatureTable): void {
  if (!(x instanceof GuardedTable) || x.guard !== "held out") return;
  throw new InputError(
    "these are the test patients of a split: a model that learns from them cannot be tested on them. " +
      "Fit on the training part, and only predict for this one.",
  );
}

/** @throws InputError on a table of held-out patients, or one that fitted steps have changed. */
export function checkUntouched(x: FeatureTable): void {
  checkTraining(x);
  if (!(x instanceof GuardedTable)) return;
  throw new InputError(
    "fitted steps have changed these columns: they have learned from patients who would now be held out. " +
      "Give the columns as they were, and the steps inside the pipeline: model.pipeline(step, …, estimator).",
  );
}
