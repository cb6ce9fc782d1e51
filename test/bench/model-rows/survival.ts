/** Survival models beside glmnet, scikit-survival and lifelines. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { breslowResidual, predictors, scalesOf, violation } from "../../support/penalized-optimality.js";
import { writeFollowUp, writePatients } from "../model-data-support.js";
import { DATA, type Peer, type Row } from "../model-support.js";

const GLMNET: Peer = { name: "glmnet", script: "with_glmnet.R", runsIn: "R" };
const SKSURV: Peer = { name: "scikit-survival", script: "with_survival.py", runsIn: "Python" };
const LIFELINES: Peer = { name: "lifelines", script: "with_survival.py", runsIn: "Python" };

export function survivalRows(): readonly Row[] {
  // glmnet is left out of the large ones: it needs minutes where scikit-survival needs one.
  const large = {
    data: "large",
    prepare: () => writePatients("large", 500, 65_280),
    peers: [SKSURV],
    aim: 1,
    repeats: 1,
    rounds: 1,
    matrix: 500 * 65_280,
  };
  return [
    {
      title: "Cox lasso, path + 5 folds, 300 × 1,000",
      work: "cox-cv",
      data: "small",
      prepare: () => writePatients("small", 300, 1_000),
      peers: [GLMNET, SKSURV],
      aim: [0.5, "glmnet"],
      repeats: 3,
      rounds: 1,
      note: () =>
        `KKT gap by λ, largest along the path: ${["radbook", "glmnet", "sksurv"]
          .map((name) => gapOf("small", name, 300, 1_000))
          .join(", ")}`,
    },
    { ...large, title: "Cox lasso, path, 500 × 65,280", work: "cox-path" },
    { ...large, title: "Cox lasso, path + 5 folds, 500 × 65,280", work: "cox-cv" },
    {
      title: "Harrell's C, n = 10,000",
      work: "concordance",
      data: "follow-10000",
      prepare: () => writeFollowUp("follow-10000", 10_000, 1e6),
      peers: [LIFELINES],
      aim: 0.5,
      repeats: 20,
    },
    {
      title: "Harrell's C, 500 bootstraps, n = 1,000",
      work: "concordance-bootstrap",
      data: "follow-1000",
      prepare: () => writeFollowUp("follow-1000", 1_000, 1e6),
      peers: [LIFELINES],
      aim: 0.5,
    },
    {
      title: "Kaplan–Meier, n = 1,000,000",
      work: "kaplan-meier",
      data: "follow-1000000",
      prepare: () => writeFollowUp("follow-1000000", 1_000_000, 1e4),
      peers: [LIFELINES],
      aim: 1,
      repeats: 6,
    },
  ];
}

/** The largest violation of the conditions of an optimum along the path that a program left, relative to each penalty. */
function gapOf(folder: string, name: string, n: number, p: number): string {
  if (!existsSync(path.join(DATA, folder, `${name}-beta.f64`))) return `${name} not there`;
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
  return `${name} ${most.toExponential(1)}`;
}
