/** Times Radbook in a process of its own: WORK FOLDER REPEATS THREADS → JSON (see model-support.ts). */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { tree, treeInThreads } from "../../src/explain/tree.js";
import * as model from "../../src/model/index.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { Scores } from "../../src/table/scores.js";
import { SurvivalData } from "../../src/table/survival-data.js";

const [work = "", folder = "", repeats = "1", threads = "1"] = process.argv.slice(2);

/** The file's own bytes, not copied. */
function read(name: string): Float64Array {
  const bytes = readFileSync(path.join(folder, `${name}.f64`));
  return new Float64Array(
    bytes.byteOffset % 8 === 0
      ? bytes.buffer
      : bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    bytes.byteOffset % 8 === 0 ? bytes.byteOffset : 0,
    bytes.byteLength / 8,
  );
}

const idsOf = (n: number): string[] => Array.from({ length: n }, (_, row) => `P${row}`);

function tableOf(name: string, ids: readonly string[], prefix = "x"): FeatureTable {
  const values = read(name);
  const n = ids.length;
  const columns = Array.from({ length: values.length / n }, (_, j) => ({
    name: `${prefix}${j}`,
    unit: "",
    values: values.subarray(j * n, (j + 1) * n),
  }));
  return new FeatureTable(ids, columns);
}

function survival(): SurvivalData {
  const time = read("time");
  return new SurvivalData(idsOf(time.length), time, read("event"), "days");
}

function labels(name: string, ids: readonly string[]): Labels {
  return new Labels(ids, Array.from(read(name), String));
}

/** What is timed, after the data are read. */
type Run = (() => unknown) & { after?: () => void };

const works: Readonly<Record<string, () => Run>> = {
  "cox-cv": () => coxTask(5),
  "cox-path": () => coxTask(0),
  "logistic-one": () => {
    const { x, y, lambda } = logisticTask();
    const recipe = model.logisticNet({ folds: 0, lambdas: [lambda], positive: "1" });
    return () => recipe.fit(x, y).path.lambdas.length;
  },
  "logistic-bootstrap": () => {
    const { x, y, lambda } = logisticTask();
    return async () => {
      const { frequency } = await model.bootstrapInclusion(x, y, {
        lambda,
        draws: 100,
        seed: 7,
        workers: Number(threads),
        positive: "1",
      });
      return frequency.reduce((sum, share) => sum + share, 0);
    };
  },
  concordance: () => {
    const y = survival();
    const risk = new Scores(y.ids, read("risk"));
    return () => model.concordance(y, risk).c;
  },
  "concordance-bootstrap": () => {
    const y = survival();
    const risk = new Scores(y.ids, read("risk"));
    return () => model.concordanceBootstrap(y, risk, { draws: 500, seed: 7 }).standardError;
  },
  "kaplan-meier": () => {
    const y = survival();
    return () => model.kaplanMeier(y).groups[0]?.median;
  },
  delong: () => {
    const risk = read("risk");
    const ids = idsOf(risk.length);
    const y = labels("event", ids);
    const score = new Scores(ids, risk);
    return () => model.metrics.auc(y, score, { positive: "1" }).standardError;
  },
  forest: () => {
    const { x, y, recipe } = forestTask();
    return () =>
      threads === "1" ? recipe.fit(x, y) : recipe.fitInThreads(x, y, { workers: Number(threads) });
  },
  "forest-shap": () => {
    const { x, y, recipe } = forestTask();
    const fitted = recipe.fit(x, y);
    const few = x.pick(x.ids.slice(0, 500));
    return () =>
      threads === "1" ? tree(fitted, few) : treeInThreads(fitted, few, { workers: Number(threads) });
  },
  "forest-interventional": () => {
    const { x, y, recipe } = forestTask();
    const fitted = recipe.fit(x, y);
    const [few, background] = [x.pick(x.ids.slice(0, 50)), x.pick(x.ids.slice(-50))];
    return () => tree(fitted, few, { background });
  },
  "histogram-boosting": () => {
    const { x, y } = forestTask();
    const recipe = model.classification.histogramBoosting();
    return () => recipe.fit(x, y);
  },
  svm: () => classesTask(model.classification.svm()),
  mlp: () => classesTask(model.classification.mlp({ seed: 7 })),
  "t-tests": () => screenTask("student"),
  "mann-whitney": () => screenTask("mann-whitney"),
  pearson: () => pearsonTask(false),
  "pearson-p": () => pearsonTask(true),
};

/** Half of the largest penalty. */
function logisticTask(): { readonly x: FeatureTable; readonly y: Labels; readonly lambda: number } {
  const ids = idsOf(read("group").length);
  const x = tableOf("x", ids);
  const y = labels("group", ids);
  const recipe = model.logisticNet({ folds: 0, lambdaCount: 2, lambdaRatio: 0.5, positive: "1" });
  return { x, y, lambda: recipe.fit(x, y).path.lambdas[1] as number };
}

function forestTask(): {
  readonly x: FeatureTable;
  readonly y: Labels;
  readonly recipe: model.classification.ForestEstimator<model.classification.RandomForestModel>;
} {
  const ids = idsOf(read("group").length);
  const recipe = model.classification.randomForest({ trees: 500, seed: 7 });
  return { x: tableOf("x", ids), y: labels("group", ids), recipe };
}

/** Fits a recipe to the classes of the patients; columns of other scale are not what is timed. */
function classesTask(recipe: model.Estimator<Labels, model.Fitted<unknown>>): Run {
  const ids = idsOf(read("group").length);
  const x = tableOf("x", ids);
  const y = labels("group", ids);
  return () => recipe.fit(x, y);
}

function coxTask(folds: number): Run {
  const y = survival();
  const x = tableOf("x", y.ids);
  const foldIds = labels("fold", y.ids);
  const estimator = model.coxnet({ folds, lambdaRatio: 0.01, ...(folds > 0 ? { foldIds } : {}) });
  let kept: model.CoxNetModel | undefined;
  const run: Run = () => {
    kept = estimator.fit(x, y);
    return kept.path.lambdas.length;
  };
  run.after = () => {
    if (!folder.endsWith("small") || kept === undefined) return;
    const { lambdas } = kept.path;
    writeFileSync(path.join(folder, "radbook-lambda.f64"), new Uint8Array(lambdas.buffer));
    const beta = Float64Array.from(
      kept.path.coefficients().columns.flatMap(({ values }) => Array.from(values)),
    );
    writeFileSync(path.join(folder, "radbook-beta.f64"), new Uint8Array(beta.buffer));
  };
  return run;
}

function screenTask(test: "student" | "mann-whitney"): Run {
  const group = read("group");
  const ids = idsOf(group.length);
  const x = tableOf("x", ids);
  const y = labels("group", ids);
  return () => model.statistics.screen(x, y, { test }).p[0];
}

function pearsonTask(p: boolean): Run {
  const n = 300;
  const ids = idsOf(n);
  const x = tableOf("x", ids);
  const y = tableOf("y", ids, "y");
  return () => model.statistics.correlationMatrix(x, y, { p, workers: Number(threads) });
}

const memory = (key: string): number =>
  Number(new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? 0) / 1024;
const idleMb = memory("VmRSS");
const prepare = works[work];
if (prepare === undefined) throw new Error(`there is no work "${work}"`);
const run = prepare();
const seconds: number[] = [];
const cpu: number[] = [];
for (let i = 0; i < Number(repeats); i++) {
  const used = process.cpuUsage();
  const start = performance.now();
  await run();
  seconds.push((performance.now() - start) / 1_000);
  const { user, system } = process.cpuUsage(used);
  cpu.push((user + system) / 1e6);
}
const peakMb = memory("VmHWM");
run.after?.();
process.stdout.write(`${JSON.stringify({ seconds, cpu, peakMb, idleMb })}\n`);
process.exit();
