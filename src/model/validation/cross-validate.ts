/**
 * Cross-validation of any recipe: everything that learns does so inside the fold, out-of-fold predictions by patient.
 *
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import { FeatureTable } from "../../table/feature-table.js";
import { checkUntouched, GuardedTable, type UntouchedTable } from "../../table/guarded-table.js";
import { checkSameIds } from "../../table/ids.js";
import type { Labels } from "../../table/labels.js";
import { Probabilities } from "../../table/probabilities.js";
import { formatNumber, renderTable } from "../../table/render.js";
import { Scores } from "../../table/scores.js";
import type { Estimator, Fitted } from "../estimator.js";
import { checkSeed, outcomeName } from "../split.js";
import { checkConfidence } from "../statistics/sample.js";
import { brief, formatInterval } from "../statistics/test-result.js";
import { type Folds, foldsFor, type ValidationFold } from "./folds.js";
import { type Metric, type MetricName, metricsFor } from "./metric.js";
import { fitInParts, partsOf, run, type WorkOptions } from "./parts.js";
import type { Outcome, Prediction } from "./rows.js";
import { type FoldSummary, foldSummary, type PooledScore, pooledScore, scoreOrNull } from "./summary.js";

/** How patients are divided, and what is measured. */
export interface ValidationOptions<Target extends Outcome, Output extends Prediction> extends WorkOptions {
  /** Number of folds, default 5, or folds made before with `model.folds` or `model.leaveOneOut`. */
  readonly folds?: number | Folds;
  /** How often all patients are dealt anew, default once. */
  readonly repeats?: number;
  /** Same seed, same folds. Needed where folds are drawn. */
  readonly seed?: number;
  /** Rows that stay together, e.g. the lesions of one patient. */
  readonly groups?: Labels;
  /** By name or one's own. Default: "auc" for classes, "concordance" for follow-up, "r2" for measured outcomes. */
  readonly metrics?: readonly (MetricName<Target> | Metric<Target, Output>)[];
  /** The class with the outcome, for metrics of two classes; default the second of two. */
  readonly positive?: string;
  /** Of the intervals, default 0.95. */
  readonly confidence?: number;
}

/** What a fitted model predicts. */
export type OutputOf<Model extends Fitted<Prediction>> = ReturnType<Model["predict"]>;

export interface CrossValidateOptions<Target extends Outcome, Model extends Fitted<Prediction>, Kept>
  extends ValidationOptions<Target, OutputOf<Model>> {
  /** What to keep of each fold's model, e.g. `(fitted) => fitted.model.covariates`. Default: nothing. */
  readonly inspect?: (fitted: Model, fold: ValidationFold) => Kept;
}

/** One metric of a cross-validation. */
export interface ValidatedMetric {
  readonly name: string;
  /** Whether a lower value is better. */
  readonly isError: boolean;
  /** Of all out-of-fold predictions together. */
  readonly pooled: PooledScore;
  /** Over the folds; null if no fold alone has enough patients. */
  readonly byFold: FoldSummary | null;
}

/** What a cross-validation found. */
export interface CrossValidated<Output extends Prediction, Kept = undefined> {
  readonly method: string;
  readonly n: number;
  readonly metrics: readonly ValidatedMetric[];
  /** One row per fold, one column per metric; missing where the fold alone has no answer. */
  readonly scores: FeatureTable;
  /** Prediction for each patient by models that did not see the patient; mean over the repeats. */
  readonly predicted: Output;
  /** The same, one for each repeat. */
  readonly outOfFold: readonly Output[];
  /** What `inspect` kept of each fold, in the order of the folds. */
  readonly kept: readonly Kept[];
  readonly notes: readonly string[];
  readonly sentence: string;
}

/**
 * Fits the recipe once per fold to the other folds, and predicts for the fold. Nested cross-validation is this with a recipe
 * that tunes itself: `model.tuned(…)`.
 *
 * @param x  Features before any step has learned from them: a table that fitted steps have changed does not compile.
 * @param estimator  A recipe, e.g. of `model.pipeline`; a fitted model does not compile.
 * @throws InputError on mismatched ids, folds that leak, or a fold that the recipe cannot be fitted on; the signal's reason.
 *
 * @example
 * const recipe = model.pipeline(model.standardize(), model.logisticNet({ folds: 5, seed: 7 }));
 * const cv = await model.crossValidate(x, y, recipe, { folds: 5, repeats: 10, seed: 7, metrics: ["auc", "brier"] });
 * cv.predicted; // for plots
 */
export async function crossValidate<
  Target extends Outcome,
  Model extends Fitted<Prediction>,
  Kept = undefined,
>(
  x: UntouchedTable,
  y: Target,
  estimator: Estimator<Target, Model>,
  options: CrossValidateOptions<Target, Model, Kept> = {},
): Promise<CrossValidated<OutputOf<Model>, Kept>> {
  const plan = planOf(x, y, estimator, options);
  const total = plan.folds.folds.length * partsOf(estimator);
  const found = await run(validating(x, y, estimator, plan, options.inspect), total, options);
  return summarize(y, plan, found);
}

/** Options as checked. */
export interface Plan<Target extends Outcome, Output extends Prediction> {
  readonly folds: Folds;
  readonly metrics: readonly Metric<Target, Output>[];
  readonly confidence: number;
  readonly seed: number;
}

/** Checks everything that is known before the first fit. */
export function planOf<Target extends Outcome, Model extends Fitted<Prediction>>(
  x: UntouchedTable,
  y: Target,
  estimator: Estimator<Target, Model>,
  options: ValidationOptions<Target, OutputOf<Model>>,
): Plan<Target, OutputOf<Model>> {
  const { folds = 5, confidence = 0.95, positive, metrics, seed } = options;
  checkSameIds(y.ids, x.ids, outcomeName(y), "the features");
  checkUntouched(x);
  checkEstimator(estimator);
  checkConfidence(confidence);
  if (seed !== undefined) checkSeed(seed);
  return {
    folds: foldsFor(y, folds, options),
    metrics: metricsFor<Target, OutputOf<Model>>(y, metrics, positive === undefined ? {} : { positive }),
    confidence,
    seed: seed ?? 0,
  };
}

function checkEstimator(estimator: object): void {
  if ("fit" in estimator && typeof estimator.fit === "function") return;
  throw new InputError(
    "to validate takes a recipe with `fit`, e.g. model.pipeline(…), not a fitted model: a model that has seen all patients " +
      "cannot be tested on them.",
  );
}

/** What the folds gave, in their order. */
export interface FoldOutcome<Output extends Prediction, Kept> {
  readonly predicted: Output;
  readonly scores: readonly (number | null)[];
  readonly kept: Kept;
}

/** Fits fold after fold; yields after each fit. */
export function* validating<Target extends Outcome, Model extends Fitted<Prediction>, Kept>(
  x: FeatureTable,
  y: Target,
  estimator: Estimator<Target, Model>,
  { folds, metrics }: Plan<Target, OutputOf<Model>>,
  inspect: ((fitted: Model, fold: ValidationFold) => Kept) | undefined,
): Generator<void, FoldOutcome<OutputOf<Model>, Kept>[]> {
  const found: FoldOutcome<OutputOf<Model>, Kept>[] = [];
  for (const fold of folds.folds) {
    const fitted = yield* fitInParts(estimator, x.pick(fold.train), pickOutcome(y, fold.train));
    const held = pickOutcome(y, fold.test);
    const predicted = fitted.predict(new GuardedTable(x.pick(fold.test), "held out")) as OutputOf<Model>;
    checkSameIds(held.ids, predicted.ids, "the test patients of a fold", "the predictions");
    found.push({
      predicted,
      scores: metrics.map((metric) => scoreOrNull(metric, held, predicted)),
      kept: inspect?.(fitted, fold) as Kept,
    });
  }
  return found;
}

export function pickOutcome<Target extends Outcome>(y: Target, ids: readonly string[]): Target {
  return y.pick(ids) as Target;
}

function summarize<Target extends Outcome, Output extends Prediction, Kept>(
  y: Target,
  plan: Plan<Target, Output>,
  found: readonly FoldOutcome<Output, Kept>[],
): CrossValidated<Output, Kept> {
  const { folds, metrics, confidence, seed } = plan;
  const outOfFold = pooledOf(y.ids, folds, found);
  const testShare = folds.folds.reduce(
    (sum, { test, train }) => sum + test.length / train.length / folds.folds.length,
    0,
  );
  const validated = metrics.map((metric, at): ValidatedMetric => {
    const scores = found.flatMap((fold) => fold.scores[at] ?? []);
    const targets = outOfFold.map(() => y);
    return {
      name: metric.name,
      isError: metric.isError,
      pooled: pooledScore(metric, targets, outOfFold, confidence, seed),
      byFold: foldSummary(scores, testShare, confidence),
    };
  });
  const notes = validated.flatMap(({ name, byFold }) => {
    const lacking = folds.folds.length - (byFold?.folds ?? 0);
    return lacking === 0 ? [] : [`${name}: ${lacking} of ${folds.folds.length} folds alone have no value`];
  });
  const result = {
    method: folds.method,
    n: y.ids.length,
    metrics: validated,
    scores: new FeatureTable(
      folds.folds.map(({ label }) => label),
      metrics.map(({ name }, at) => ({
        name,
        unit: "",
        values: Float64Array.from(found, (fold) => fold.scores[at] ?? Number.NaN),
      })),
    ),
    predicted: meanPrediction(outOfFold),
    outOfFold,
    kept: found.map(({ kept }) => kept),
    notes,
    sentence: sentenceOf(y.ids.length, folds.method, validated),
  };
  return showAs(result, () => show(result));
}

/** Predictions of each repeat for all patients, in the order of the table. */
export function pooledOf<Output extends Prediction>(
  ids: readonly string[],
  folds: Folds,
  found: readonly { readonly predicted: Output }[],
): Output[] {
  return Array.from({ length: folds.repeats }, (_, at) => {
    const parts = found.flatMap(({ predicted }, fold) =>
      folds.folds[fold].repeat === at + 1 ? [predicted] : [],
    );
    return concatenate(parts).pick(ids) as Output;
  });
}

function concatenate(parts: readonly Prediction[]): Prediction {
  const ids = parts.flatMap((part) => part.ids);
  const values = Float64Array.from(parts.flatMap((part) => Array.from(part.values)));
  const [first] = parts;
  if (first instanceof Scores) return new Scores(ids, values, first.name);
  for (const part of parts) {
    const classes = "classes" in part ? part.classes : [];
    if (classes.join("\n") === first.classes.join("\n")) continue;
    throw new InputError(
      `the models of two folds know other classes (${first.classes.join(", ")} and ${classes.join(", ")}): a class is too rare for ` +
        "so many folds. Use fewer folds, stratified.",
    );
  }
  return new Probabilities(ids, first.classes, values);
}

function meanPrediction<Output extends Prediction>(repeats: readonly Output[]): Output {
  const [first] = repeats;
  const values = new Float64Array(first.values.length);
  for (const { values: own } of repeats) {
    for (let at = 0; at < values.length; at++) values[at] += own[at] / repeats.length;
  }
  const mean =
    first instanceof Scores
      ? new Scores(first.ids, values, first.name)
      : new Probabilities(first.ids, first.classes, values);
  return mean as Output;
}

function sentenceOf(n: number, method: string, metrics: readonly ValidatedMetric[]): string {
  const parts = metrics.map(({ name, pooled, byFold }) => {
    const folds = byFold === null ? "" : `; mean of the folds ${brief(byFold.mean)}, SD ${brief(byFold.sd)}`;
    return `${spoken(name)} was ${brief(pooled.value)} (${formatInterval(pooled.interval)}${folds})`;
  });
  return `In cross-validation (${method}) of ${n} patients, ${parts.join(", ")}.`;
}

/** A metric's name in a sentence. */
export function spoken(name: string): string {
  return SPOKEN[name] ?? `the ${name}`;
}

const SPOKEN: { readonly [name: string]: string } = {
  auc: "the area under the ROC curve",
  brier: "the Brier score",
  f1: "F1",
  kappa: "Cohen's kappa",
  mcc: "Matthews' correlation",
  concordance: "Harrell's concordance",
  "uno concordance": "Uno's concordance",
  r2: "R²",
  rmse: "the root mean square error",
  mae: "the mean absolute error",
};

function show<Output extends Prediction, Kept>(found: CrossValidated<Output, Kept>): MimeBundle {
  return renderTable({
    title: `Cross-validation of ${found.n} patients: ${found.method}`,
    header: ["metric", "out of fold", "interval", "mean of folds", "SD", "interval of the mean"],
    rows: found.metrics.map(({ name, pooled, byFold }) => [
      name,
      formatNumber(pooled.value, 3),
      formatInterval(pooled.interval),
      byFold === null ? "" : formatNumber(byFold.mean, 3),
      byFold === null ? "" : formatNumber(byFold.sd, 3),
      byFold?.interval ? formatInterval(byFold.interval) : "",
    ]),
    notes: [...found.notes, found.sentence],
  });
}
