/**
 * A thread that trains or explains models, one task after the other.
 *
 * Layer:  beside index; imports what it runs, is imported by nobody.
 */
import { InputError } from "./core/errors.js";
import { type TreeShapJob, treeShap } from "./explain/tree-job.js";
import { type ForestJob, growForest } from "./model/classification/forest-grow.js";
import { countInclusions, type InclusionJob } from "./model/penalized/inclusion-draws.js";
import { growSurvivalForest, type SurvivalForestJob } from "./model/survival-forest-grow.js";
import type { ModelTask } from "./workers/model-pool.js";
import { serveJobs } from "./workers/serve-jobs.js";

/** What each task is called, and does. */
const TASKS: Readonly<Record<string, (input: unknown) => unknown>> = {
  countInclusions: (input) => countInclusions(input as InclusionJob),
  growForest: (input) => growForest(input as ForestJob),
  growSurvivalForest: (input) => growSurvivalForest(input as SurvivalForestJob),
  treeShap: (input) => treeShap(input as TreeShapJob),
};

serveJobs(({ name, input }: ModelTask) => {
  const work = TASKS[name];
  if (work === undefined) throw new InputError(`there is no task "${name}".`);
  return work(input);
});
