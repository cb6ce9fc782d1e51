/** Survival models beside glmnet, scikit-survival and lifelines. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { breslowResidual, predictors, scalesOf, violation } from "../support/penalized-optimality.js";
import { writeFollowUp, writePatients } from "./model-data-support.js";
import { DATA, inPython, inR, printHeader, printRow, radbook } from "./model-support.js";

/** Prints the table, and how far each path is from the optimum. */
export async function bench(): Promise<void> {
  writePatients("small", 300, 1_000);
  writePatients("large", 500, 65_280);
  writePatients("wide", 200, 110_592);
  writeFollowUp("follow-10000", 10_000, 1e6);
  writeFollowUp("follow-1000", 1_000, 1e6);
  writeFollowUp("follow-1000000", 1_000_000, 1e4);
  const ours = radbook();
  const glmnet = inR("glmnet", "with_glmnet.R");
  const sksurv = inPython("scikit-survival", "with_survival.py");
  const lifelines = inPython("lifelines", "with_survival.py");
  printHeader();
  // glmnet is left out of the large ones: it needs minutes where scikit-survival needs one.
  printRow({
    title: "Cox lasso, path + 5 folds, 300 × 1,000",
    work: "cox-cv",
    data: "small",
    programs: [ours, glmnet, sksurv],
    aim: "≤ 0.5 × glmnet",
    repeats: 2,
    rounds: 1,
  });
  for (const name of ["radbook", "glmnet"]) printGap("small", name, 300, 1_000);
  printRow({
    title: "Cox lasso, path, 500 × 65,280",
    work: "cox-path",
    data: "large",
    programs: [ours, sksurv],
    aim: "≤ 1; memory ≤ 1.2 × 249 MB",
    repeats: 1,
    rounds: 1,
  });
  printRow({
    title: "Cox lasso, path + 5 folds, 500 × 65,280",
    work: "cox-cv",
    data: "large",
    programs: [ours, sksurv],
    aim: "≤ 1; memory ≤ 1.2 × 249 MB",
    repeats: 1,
    rounds: 1,
  });
  printRow({
    title: "Harrell's C, n = 10,000",
    work: "concordance",
    data: "follow-10000",
    programs: [ours, lifelines],
    aim: "≤ 0.5",
    repeats: 20,
  });
  printRow({
    title: "Harrell's C, 500 bootstraps, n = 1,000",
    work: "concordance-bootstrap",
    data: "follow-1000",
    programs: [ours, lifelines],
    aim: "≤ 0.5",
  });
  printRow({
    title: "Kaplan–Meier, n = 1,000,000",
    work: "kaplan-meier",
    data: "follow-1000000",
    programs: [ours, lifelines],
    aim: "≤ 1",
    repeats: 6,
  });
}

/** The largest violation of the conditions of an optimum along the path that a program left, relative to each penalty. */
function printGap(folder: string, name: string, n: number, p: number): void {
  const read = (file: string): Float64Array => {
    const bytes = readFileSync(path.join(DATA, folder, file));
    return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  };
  const x = read("x.f64");
  const columns = Array.from({ length: p }, (_, j) => x.subarray(j * n, (j + 1) * n));
  const time = read("time.f64");
  const event = Uint8Array.from(read("event.f64"));
  const lambdas = read(`${name}-lambda.f64`);
  const coefficients = read(`${name}-beta.f64`);
  const scale = scalesOf(columns, true);
  const factors = new Float64Array(p).fill(1);
  let most = 0;
  for (let k = 0; k < lambdas.length; k += 10) {
    const own = coefficients.subarray(k * p, (k + 1) * p);
    const residual = breslowResidual(time, event, predictors(columns, own));
    const lambda = lambdas[k] as number;
    const problem = { columns, coefficients: own, scale, lambda, l1Ratio: 1, factors };
    most = Math.max(most, violation(problem, residual) / lambda);
  }
  process.stdout.write(
    `KKT gap of ${name}, relative to λ, largest along the path: ${most.toExponential(1)}\n`,
  );
}
