/**
 * Makes the synthetic data set: the chest CT with its contour, the cohort's lesions, clinical rows and the truth.
 */
import { fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isComplete, replaceFolder } from "../folder.js";
import type { Progress } from "../progress.js";
import { type Job, jobsOf, type Plan, patientOf, runJob } from "./jobs.js";
import { LABELS, type Patient, riskOf } from "./patient.js";
import { EQUATIONS, SIZES, type SizeName } from "./sizes.js";

export interface GenerateOptions {
  /** Folder that the data set becomes. */
  readonly out: string;
  readonly seed: number;
  readonly size: SizeName;
  /** Processes beside this one; 0 works in this one. */
  readonly workers: number;
  /** Make it again even if it is there. */
  readonly force: boolean;
}

/** @returns false if the same data set was there already. */
export async function generate(options: GenerateOptions, progress: Progress): Promise<boolean> {
  const { out, seed, size, workers, force } = options;
  const stamp = { equations: EQUATIONS, seed, size, patients: SIZES[size].patients };
  if (!force && isComplete(out, stamp)) return false;
  await replaceFolder(out, stamp, async (folder) => {
    const plan: Plan = { folder, seed, size };
    const jobs = jobsOf(plan);
    await (workers === 0 ? runHere(plan, jobs, progress) : runInProcesses(plan, jobs, workers, progress));
    writeTables(plan);
  });
  return true;
}

async function runHere(plan: Plan, jobs: readonly Job[], progress: Progress): Promise<void> {
  jobs.forEach((job, i) => {
    runJob(plan, job);
    progress.step(i + 1, jobs.length);
  });
}

/** Each process takes the next job when it is done with one. */
async function runInProcesses(
  plan: Plan,
  jobs: readonly Job[],
  count: number,
  progress: Progress,
): Promise<void> {
  const waiting = [...jobs];
  let done = 0;
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(path.join(import.meta.dirname, "process.ts"), { execArgv: process.execArgv });
      child.on("message", (message) => {
        if (message === "done") progress.step(++done, jobs.length);
        const job = waiting.shift();
        if (job === undefined) child.disconnect();
        else child.send({ plan, job });
      });
      child.on("error", reject);
      child.on("exit", (code, signal) => {
        if (code === 0) resolve();
        else reject(new Error(`a process that draws patients ended with ${signal ?? `exit code ${code}`}`));
      });
    });
  await Promise.all(Array.from({ length: Math.min(count, jobs.length) }, one));
}

/** Clinical rows without any hidden cause, and the truth in a folder of its own. */
function writeTables(plan: Plan): void {
  const patients = Array.from({ length: SIZES[plan.size].patients }, (_, index) => patientOf(plan, index));
  const header = ["id", "age", "sex", "smoker", "scanner", "time", "event", "cause", ...LABELS, "histology"];
  const rows = [header, ...patients.map(clinicalRow)].map((cells) => cells.join(","));
  writeFileSync(path.join(plan.folder, "cohort", "clinical.csv"), `${rows.join("\n")}\n`);
  mkdirSync(path.join(plan.folder, "truth"));
  const truth = {
    equations: EQUATIONS,
    seed: plan.seed,
    patients: patients.map(({ id, latents, traits, redraws, bodyScale, clinical }) => ({
      id,
      risk: riskOf(latents, clinical.age),
      latents,
      traits,
      redraws,
      bodyScale,
    })),
  };
  writeFileSync(path.join(plan.folder, "truth", "truth.json"), `${JSON.stringify(truth, null, 1)}\n`);
}

function clinicalRow({ id, clinical, outcome, labels, histology }: Patient): (string | number)[] {
  const flag = (value: boolean): number => (value ? 1 : 0);
  return [
    id,
    clinical.age.toFixed(1),
    clinical.male ? "male" : "female",
    flag(clinical.smoker),
    clinical.scanner,
    Math.max(0.01, outcome.time).toFixed(2),
    flag(outcome.event),
    outcome.cause,
    ...LABELS.map((label) => flag(labels[label])),
    histology,
  ];
}
