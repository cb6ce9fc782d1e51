/**
 * SHAP values of trees: forests and boosting, trained here or by scikit-learn and XGBoost. Exact, and no sampling is needed.
 *
 * Source: Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9.
 * Layer:  explain; imports core, table, model, its own files.
 */
import { InputError } from "../core/errors.js";
import { type ClassifierColumn, matrixFor } from "../model/classification/training.js";
import { evaluateTrees, type TreeSum } from "../model/classification/trees.js";
import { inThreads, type ThreadOptions } from "../model/threads.js";
import type { FeatureTable } from "../table/feature-table.js";
import { type AnswerOptions, checkExplained } from "./answer.js";
import { Explanation } from "./explanation.js";
import { type TreeShapJob, treeShap } from "./tree-job.js";
import { addInteractions, addShap } from "./tree-path-dependent.js";
import { meanAnswer, treePaths } from "./tree-paths.js";
import { probabilityOf } from "./tree-probability.js";

/** Whatever is made of trees. */
export interface TreeModel {
  readonly columns: readonly ClassifierColumn[];
  readonly trees: TreeSum;
  /** What the trees add up to, for example "probability" or "log hazard". */
  readonly outputUnit: string;
  /** Of a classifier. */
  readonly classes?: readonly string[];
}

export interface TreeShapOptions extends AnswerOptions {
  /**
   * Given: features that are not known take the values of these patients, whatever the others are (interventional values).
   * Default: they follow the training patients down the tree (path-dependent values).
   */
  readonly background?: FeatureTable;
  /**
   * "trees" (default): what the trees add up to. "probability": for boosting of two classes, whose trees add up to log odds;
   * needs a background. The values then add up to the probability, but are no Shapley values of it: against each background
   * patient those of the log odds are rescaled, as by shap's `model_output="probability"`.
   */
  readonly scale?: "trees" | "probability";
}

/**
 * Says how much each column moves each patient's answer, on the scale on which the trees are added unless another is asked for:
 * probability for forests, log odds for boosting, log hazard for boosted Cox regression, expected events for survival forests.
 *
 * @param x  n patients; holds the model's p columns by name.
 * @returns n × p SHAP values; each patient's values and the base add up to the model's answer to about 1e-13 of it.
 * @throws InputError if a column is absent, has another unit or lacks a value, there are several classes and none is chosen, the
 *   background has no patients, without one the trees do not say how many training patients each node has, or the probability is
 *   asked of another model than boosting of two classes, or without a background.
 *
 * @example
 * plot.beeswarm(explain.tree(forest, test.x, { positive: "mutant" }));
 */
export function tree(model: TreeModel, x: FeatureTable, options: TreeShapOptions = {}): Explanation {
  const job = jobOf(model, x, options);
  return explanationOf(model, x, options, job, treeShap(job));
}

/**
 * The same values to the bit, computed in threads: a notebook stays free meanwhile, and can cancel.
 *
 * @throws InputError as `tree`; the signal's reason.
 */
export async function treeInThreads(
  model: TreeModel,
  x: FeatureTable,
  options: TreeShapOptions & ThreadOptions = {},
): Promise<Explanation> {
  const job = jobOf(model, x, options);
  const { p } = job;
  const parts = Math.min(x.length, PARTS);
  const bounds = Array.from({ length: parts + 1 }, (_, part) => p * Math.round((part * x.length) / parts));
  const jobs = bounds.slice(1).map((to, part) => ({ ...job, matrix: job.matrix.slice(bounds[part], to) }));
  const found = await inThreads(
    jobs.map((input) => ({ name: "treeShap", input })),
    jobs.map(({ matrix }) => matrix.length / p),
    options,
  );
  const phi = new Float64Array(job.matrix.length);
  (found as Float64Array[]).forEach((part, at) => {
    phi.set(part, bounds[at]);
  });
  return explanationOf(model, x, options, job, phi);
}

/** Of the patients: enough that threads share them evenly, few enough that no time goes into sending trees. */
const PARTS = 8;

/** What pairs of columns do together. */
export interface TreeInteractions {
  readonly ids: readonly string[];
  readonly features: readonly ClassifierColumn[];
  /**
   * n × p × p, each p × p symmetric: off the diagonal half of what the two columns do together, on it what the column does alone. Rows
   * add up to the path-dependent SHAP values.
   */
  readonly values: Float64Array;
  readonly base: number;
  readonly outputUnit: string;
}

/**
 * SHAP interaction values, path-dependent: splits the SHAP value of each column into what it does alone and with each other.
 *
 * @throws InputError as `tree`.
 *
 * @example
 * const { values } = explain.treeInteractions(forest, test.x);
 */
export function treeInteractions(
  model: TreeModel,
  x: FeatureTable,
  options: AnswerOptions = {},
): TreeInteractions {
  const { trees: sum, output, matrix, p } = jobOf(model, x, options);
  const values = new Float64Array(x.length * p * p);
  const phi = new Float64Array(x.length * p);
  sum.trees.forEach((one, t) => {
    const paths = treePaths(one, sum.rule, sum.outputs, output, true, t);
    addShap(paths, matrix, p, phi);
    addInteractions(paths, matrix, p, values);
  });
  const scale = signOf(model, options) / (sum.divisor ?? 1);
  for (let at = 0; at < phi.length; at++) {
    // The diagonal is what the others leave.
    let rest = phi[at];
    for (let j = 0; j < p; j++) rest -= values[at * p + j];
    values[at * p + (at % p)] = rest;
  }
  return {
    ids: x.ids,
    features: model.columns,
    values: values.map((value) => value * scale),
    base: baseOf(model, options, { trees: sum, output, matrix, p, background: null, isProbability: false }),
    outputUnit: unitOf(model, options),
  };
}

function jobOf(model: TreeModel, x: FeatureTable, options: TreeShapOptions): TreeShapJob {
  checkExplained(x);
  checkScale(model, options);
  const { positive, background, scale } = options;
  const { columns, trees } = model;
  if (background?.length === 0) {
    throw new InputError("the background has no patients: nobody stands in for what is not known.");
  }
  const rounded = (table: FeatureTable): Float64Array => {
    const matrix = matrixFor(table, columns);
    return trees.rule === "at-most" ? matrix : matrix.map(Math.fround);
  };
  return {
    trees,
    output: trees.outputs === 1 ? 0 : classAt(model, positive),
    matrix: rounded(x),
    p: columns.length,
    background: background === undefined ? null : rounded(background),
    isProbability: scale === "probability",
  };
}

function checkScale(
  { trees, classes, outputUnit }: TreeModel,
  { scale = "trees", background }: TreeShapOptions,
): void {
  if (scale === "trees") return;
  if (scale !== "probability") {
    throw new InputError(`the scale must be "trees" or "probability", found "${String(scale)}".`);
  }
  if (trees.outputs !== 1 || classes === undefined || outputUnit !== "log odds") {
    throw new InputError(
      `the scale "probability" is for boosting of two classes, whose trees add up to log odds; those of this model add up to ` +
        `"${outputUnit}". Leave the scale out.`,
    );
  }
  if (background !== undefined) return;
  throw new InputError(
    'SHAP values of the probability need a background to compare each patient with. Give e.g. { background: train.x, scale: "probability" }.',
  );
}

/** The answer that is explained, from what the trees add up to. */
function answerFrom(isProbability: boolean): (sum: number) => number {
  return isProbability ? probabilityOf : (sum) => sum;
}

/** @throws InputError if the class is unknown, or of several none is chosen. */
function classAt({ classes = [] }: TreeModel, positive: string | undefined): number {
  if (positive === undefined && classes.length > 2) {
    throw new InputError(
      `the model predicts ${classes.length} classes (${classes.join(", ")}). Say which to explain: { positive: "${classes.at(-1)}" }.`,
    );
  }
  const at = positive === undefined ? 1 : classes.indexOf(positive);
  if (at >= 0) return at;
  throw new InputError(`"${positive}" is not a class. There are: ${classes.join(", ")}.`);
}

/** −1 for the first of two classes if the trees speak of the second. */
function signOf(model: TreeModel, { positive }: AnswerOptions): number {
  if (model.trees.outputs > 1 || model.classes === undefined) return 1;
  return classAt(model, positive) === 0 ? -1 : 1;
}

function unitOf(model: TreeModel, { positive, scale }: TreeShapOptions): string {
  const { classes } = model;
  const outputUnit = scale === "probability" ? "probability" : model.outputUnit;
  return classes === undefined ? outputUnit : `${outputUnit} of ${classes[classAt(model, positive)]}`;
}

function baseOf(model: TreeModel, options: AnswerOptions, job: TreeShapJob): number {
  const { trees: sum, output, background, p, isProbability } = job;
  const { base, divisor = 1, outputs } = sum;
  if (background !== null) {
    const answers = evaluateTrees(sum, background, p);
    const [sign, answer] = [signOf(model, options), answerFrom(isProbability)];
    let total = 0;
    for (let at = output; at < answers.length; at += outputs) total += answer(sign * answers[at]);
    return (total * outputs) / answers.length;
  }
  let total = 0;
  for (const one of sum.trees) total += meanAnswer(one, outputs, output);
  return signOf(model, options) * (base[output] + total / divisor);
}

function explanationOf(
  model: TreeModel,
  x: FeatureTable,
  options: TreeShapOptions,
  job: TreeShapJob,
  phi: Float64Array,
): Explanation {
  const { trees, matrix, p, output, isProbability } = job;
  const answer = answerFrom(isProbability);
  const sign = signOf(model, options);
  const answers = evaluateTrees(trees, matrix, p);
  return new Explanation(
    {
      ids: x.ids,
      features: model.columns.map(({ name, unit }) => ({ name, unit })),
      values: sign === 1 ? phi : phi.map((value) => -value),
      data: matrixFor(x, model.columns),
      base: baseOf(model, options, job),
      outputUnit: unitOf(model, options),
    },
    Float64Array.from(x.ids, (_, row) => answer(sign * answers[row * trees.outputs + output])),
  );
}
