/**
 * A thread that trains or explains models, one task after the other.
 *
 * Layer:  beside index; imports what it runs, is imported by nobody.
 */
import { parentPort } from "node:worker_threads";
import { InputError, NumericalError } from "./core/errors.js";
import { type TreeShapJob, treeShap } from "./explain/tree-job.js";
import { type ForestJob, growForest } from "./model/classification/forest-grow.js";
import { countInclusions, type InclusionJob } from "./model/penalized/inclusion-draws.js";
import { growSurvivalForest, type SurvivalForestJob } from "./model/survival-forest-grow.js";
import type { Answer } from "./workers/killable-pool.js";
import type { ModelTask } from "./workers/model-pool.js";

/** What each task is called, and does. */
const TASKS: Readonly<Record<string, (input: unknown) => unknown>> = {
  countInclusions: (input) => countInclusions(input as InclusionJob),
  growForest: (input) => growForest(input as ForestJob),
  growSurvivalForest: (input) => growSurvivalForest(input as SurvivalForestJob),
  treeShap: (input) => treeShap(input as TreeShapJob),
};

parentPort?.on("message", (task: ModelTask) => answer(task));
post({ kind: "ready" });

function answer({ name, input }: ModelTask): void {
  try {
    const work = TASKS[name];
    if (work === undefined) throw new InputError(`there is no task "${name}".`);
    post({ kind: "done", value: work(input) });
  } catch (error) {
    const isOurs = error instanceof InputError || error instanceof NumericalError;
    const reason = error instanceof Error ? error.message : String(error);
    post({ kind: "refused", message: isOurs ? reason : `internal error: ${reason}`, offset: undefined });
  }
}

function post(message: Answer): void {
  parentPort?.postMessage(message);
}
