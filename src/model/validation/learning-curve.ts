/**
 * How well a recipe does with fewer training patients: whether more patients would help.
 *
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import { randomStream } from "../../core/random.js";
import type { FeatureTable } from "../../table/feature-table.js";
import type { UntouchedTable } from "../../table/guarded-table.js";
import { checkSameIds } from "../../table/ids.js";
import { formatNumber, renderTable } from "../../table/render.js";
import type { Estimator, Fitted } from "../estimator.js";
import { outcomeName } from "../split.js";
import { brief, formatInterval } from "../statistics/test-result.js";
import {
  type OutputOf,
  type Plan,
  pickOutcome,
  planOf,
  pooledOf,
  spoken,
  type ValidationOptions,
} from "./cross-validate.js";
import type { Folds } from "./folds.js";
import { fitInParts, partsOf, run } from "./parts.js";
import { type Outcome, type Prediction, strataOf } from "./rows.js";
import { type PooledScore, pooledScore, scoreOrNull } from "./summary.js";

export interface LearningCurveOptions<Target extends Outcome, Output extends Prediction>
  extends Omit<ValidationOptions<Target, Output>, "metrics"> {
  /** Numbers of training patients. Default: a fifth, two fifths … all of the smallest training part. */
  readonly sizes?: readonly number[];
  readonly seed: number;
  /** Default: "auc" for classes, "concordance" for follow-up, "r2" for measured outcomes. */
  readonly metric?: NonNullable<ValidationOptions<Target, Output>["metrics"]>[number];
  /** Patients to test on, instead of folds: the test part of a split or another hospital; `repeats` then draws other subsets. */
  readonly test?: { readonly x: FeatureTable; readonly y: Target };
}

/** One number of training patients. */
export interface LearningPoint {
  readonly size: number;
  /** On the training patients themselves, mean. */
  readonly training: number;
  /** On patients that the models did not see. */
  readonly held: PooledScore;
}

export interface LearningCurve {
  readonly metric: string;
  readonly method: string;
  readonly points: readonly LearningPoint[];
  readonly sentence: string;
}

/**
 * Fits the recipe to growing subsets of the training patients, each part of the next, with the same share of events or classes.
 *
 * @throws InputError as `crossValidate`, or if a size is not whole, below 2, or beyond the training patients; the signal's reason.
 *
 * @example
 * await model.learningCurve(train.x, train.y, recipe, { sizes: [100, 200, 300], repeats: 5, seed: 7, test });
 */
export async function learningCurve<Target extends Outcome, Model extends Fitted<Prediction>>(
  x: UntouchedTable,
  y: Target,
  estimator: Estimator<Target, Model>,
  { metric, test, ...options }: LearningCurveOptions<Target, OutputOf<Model>>,
): Promise<LearningCurve> {
  const given = { ...options, ...(metric !== undefined && { metrics: [metric] }) };
  if (test !== undefined) checkTest(y, test);
  const plan = planOf(x, y, estimator, test === undefined ? given : { ...given, folds: 2, repeats: 1 });
  const folds = test === undefined ? plan.folds : subsets(y, options.repeats ?? 1);
  const least = Math.min(...folds.folds.map(({ train }) => train.length));
  const sizes = options.sizes ?? [0.2, 0.4, 0.6, 0.8, 1].map((share) => Math.round(share * least));
  for (const size of sizes) {
    if (Number.isInteger(size) && size >= 2 && size <= least) continue;
    throw new InputError(
      `the sizes of a learning curve are whole numbers from 2 to the ${least} training patients, found ${size}.`,
    );
  }
  const method =
    test === undefined ? folds.method : `${test.y.ids.length} test patients, ${folds.repeats} subsets`;
  const total = sizes.length * folds.folds.length * partsOf(estimator);
  const work = growing(x, y, estimator, { ...plan, folds }, sizes, test);
  const points = await run(work, total, options);
  const { name } = plan.metrics[0];
  const first = points[0];
  const last = points[points.length - 1];
  const sentence =
    `With ${first.size} to ${last.size} training patients, ${spoken(name)} on unseen patients went from ${brief(first.held.value)} ` +
    `(${formatInterval(first.held.interval)}) to ${brief(last.held.value)} (${formatInterval(last.held.interval)}; ${method}).`;
  const result = { metric: name, method, points, sentence };
  return showAs(result, () => show(result));
}

function* growing<Target extends Outcome, Model extends Fitted<Prediction>>(
  x: FeatureTable,
  y: Target,
  estimator: Estimator<Target, Model>,
  { folds, metrics: [metric], confidence, seed }: Plan<Target, OutputOf<Model>>,
  sizes: readonly number[],
  test: { readonly x: FeatureTable; readonly y: Target } | undefined,
): Generator<void, LearningPoint[]> {
  const orders = folds.folds.map(({ train, label }) =>
    evenOrder(pickOutcome(y, train), `${seed}/curve/${label}`),
  );
  const points: LearningPoint[] = [];
  for (const size of sizes) {
    const found: { predicted: OutputOf<Model>; training: number | null }[] = [];
    for (const [at, fold] of folds.folds.entries()) {
      const ids = orders[at].slice(0, size);
      const [own, target] = [x.pick(ids), pickOutcome(y, ids)];
      const fitted = yield* fitInParts(estimator, own, target);
      found.push({
        predicted: fitted.predict(test?.x ?? x.pick(fold.test)) as OutputOf<Model>,
        training: scoreOrNull(metric, target, fitted.predict(own) as OutputOf<Model>),
      });
    }
    const predicted = test === undefined ? pooledOf(y.ids, folds, found) : found.map((one) => one.predicted);
    const targets = predicted.map(() => test?.y ?? y);
    const known = found.flatMap(({ training }) => training ?? []);
    points.push({
      size,
      training: known.reduce((sum, value) => sum + value, 0) / known.length,
      held: pooledScore(metric, targets, predicted, confidence, seed),
    });
  }
  return points;
}

/** All patients, `repeats` times: subsets are drawn from each. */
function subsets(y: Outcome, repeats: number): Folds {
  const folds = Array.from({ length: repeats }, (_, at) => ({
    label: String(at + 1),
    repeat: at + 1,
    train: y.ids,
    test: [],
  }));
  return { ids: y.ids, repeats, folds, method: "test patients" };
}

/** Patients in an order in which every beginning has about the same share of each class. */
function evenOrder(y: Outcome, key: string): string[] {
  const random = randomStream(key);
  const strata = strataOf(y);
  const draw = Float64Array.from(strata, () => random.uniform());
  const order = Array.from(strata.keys()).sort((a, b) => draw[a] - draw[b]);
  const size = new Float64Array(Math.max(...strata) + 1);
  for (const code of strata) size[code]++;
  const seen = new Float64Array(size.length);
  const place = new Float64Array(strata.length);
  for (const row of order) place[row] = (seen[strata[row]]++ + 0.5) / size[strata[row]];
  return order.sort((a, b) => place[a] - place[b] || draw[a] - draw[b]).map((row) => y.ids[row]);
}

function checkTest<Target extends Outcome>(
  y: Target,
  test: { readonly x: FeatureTable; readonly y: Target },
): void {
  checkSameIds(test.y.ids, test.x.ids, outcomeName(test.y), "the test features");
  const training = new Set(y.ids);
  const both = test.y.ids.find((id) => training.has(id));
  if (both === undefined) return;
  throw new InputError(
    `patient ${both} is among the training and the test patients, which is a leak. Keep each in one part.`,
  );
}

function show({ metric, method, points, sentence }: LearningCurve): MimeBundle {
  return renderTable({
    title: `Learning curve, ${metric}: ${method}`,
    header: ["training patients", "on themselves", "on unseen patients", "interval"],
    rows: points.map(({ size, training, held }) => [
      String(size),
      formatNumber(training, 3),
      formatNumber(held.value, 3),
      formatInterval(held.interval),
    ]),
    notes: [sentence],
  });
}
