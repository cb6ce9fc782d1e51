/**
 * Fits that take long and come in parts, so that between two of them progress is told and a cancellation heard.
 *
 * Layer:  model; imports core, table (types).
 */
import { orInterrupt } from "../../core/interrupt.js";
import type { TrainingTable } from "../../table/guarded-table.js";
import type { Estimator, Fitted } from "../estimator.js";

/** A recipe whose fit consists of several fits. */
export interface PartwiseEstimator<Target, Model extends Fitted<unknown>> extends Estimator<Target, Model> {
  /** How many times `fitting` yields. */
  readonly parts: number;
  fitting(x: TrainingTable, y: Target): Generator<void, Model>;
}

/** Of how many parts a fit consists. */
export function partsOf<Target>(estimator: Estimator<Target, Fitted<unknown>>): number {
  return isPartwise(estimator) ? estimator.parts : 1;
}

/** Fits any recipe; yields after each part. */
export function* fitInParts<Target, Model extends Fitted<unknown>>(
  estimator: Estimator<Target, Model>,
  x: TrainingTable,
  y: Target,
): Generator<void, Model> {
  if (isPartwise(estimator)) return yield* estimator.fitting(x, y);
  const model = estimator.fit(x, y);
  yield;
  return model;
}

function isPartwise<Target, Model extends Fitted<unknown>>(
  estimator: Estimator<Target, Model>,
): estimator is PartwiseEstimator<Target, Model> {
  return "fitting" in estimator;
}

/** The outcome of work without a pause. */
export function finish<Result>(work: Generator<unknown, Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/** One more fit is done. */
export interface FitProgress {
  readonly done: number;
  readonly total: number;
}

/** How long work is watched and stopped. */
export interface WorkOptions {
  /** Told after each fit. In a notebook: `const bar = progress(1)` and `onProgress: ({ done, total }) => bar.set(done / total)`. */
  readonly onProgress?: (progress: FitProgress) => void;
  /** Cancels between two fits: the promise is rejected with its reason. */
  readonly signal?: AbortSignal;
}

/** The longest that a cancellation and the front end wait for their turn, if no single fit takes longer. */
const TURN_MS = 20;

/** The outcome of work that yields after each fit; lets others have their turn meanwhile. A notebook's interrupt cancels too. */
export async function run<Result>(
  work: Generator<unknown, Result>,
  total: number,
  { onProgress, signal }: WorkOptions,
): Promise<Result> {
  const stop = orInterrupt(signal);
  let turn = performance.now();
  for (let done = 0; ; ) {
    stop?.throwIfAborted();
    const step = work.next();
    if (step.done === true) return step.value;
    done++;
    onProgress?.({ done, total });
    if (performance.now() - turn < TURN_MS) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    turn = performance.now();
  }
}
