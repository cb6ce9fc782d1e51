/**
 * Threads, for those who explain models: `explain` may not know `workers`.
 *
 * Layer:  model; imports workers.
 */
export { runModelTasks as inThreads, type ThreadOptions } from "../workers/model-pool.js";
