/**
 * A child process that runs jobs as its parent sends them.
 */
import { type Job, type Plan, runJob } from "./jobs.js";

process.on("message", ({ plan, job }: { plan: Plan; job: Job }) => {
  runJob(plan, job);
  process.send?.("done");
});
process.send?.("ready");
