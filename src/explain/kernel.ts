/**
 * SHAP values of any model, by asking it what it says when only some features of a patient are known (KernelSHAP).
 *
 * Source: Lundberg & Lee 2017, arXiv:1705.07874, section 4.1.
 * Layer:  explain; imports core, table, model.
 */
import { InputError, NumericalError } from "../core/errors.js";
import { cholesky, solveCholesky } from "../model/cholesky.js";
import type { Fitted } from "../model/estimator.js";
import { run, type WorkOptions } from "../model/validation/parts.js";
import type { Prediction } from "../model/validation/rows.js";
import { FeatureTable } from "../table/feature-table.js";
import { type AnswerOptions, answerOf, checkExplained } from "./answer.js";
import { Explanation } from "./explanation.js";
import { type Coalitions, coalitionsOf } from "./kernel-coalitions.js";

export interface KernelOptions extends AnswerOptions, WorkOptions {
  /** Patients whose values stand in for what is not known; fewer are faster. Default: the explained patients. */
  readonly background?: FeatureTable;
  /** Coalitions of features to try, at least 2 per column. Default: all up to 10 columns, otherwise 2 p + 2048. */
  readonly coalitions?: number;
  /** Same seed, same coalitions, where not all are tried; default 0. */
  readonly seed?: number;
}

/** Rows that one question to the model holds at most. */
const MOST_ROWS = 20_000;

/**
 * Says how much each column moves each patient's answer away from the mean answer of the background. With all coalitions the
 * values are exact (interventional Shapley values); otherwise an estimate that gets better with their number.
 *
 * @param model  Any fitted model, also a fitted pipeline: its columns before the steps are then explained.
 * @param x  n patients; all p columns are explained, so select those that the model uses.
 * @returns n × p SHAP values; each patient's values and the base add up to the model's answer.
 * @throws InputError on no patients or columns, other columns in the background, or what the model refuses; NumericalError if the
 *   coalitions are too few; the signal's reason.
 *
 * @example
 * const why = await explain.kernel(fitted, test.x, { background: train.x.pick(train.x.ids.slice(0, 50)) });
 * plot.beeswarm(why);
 */
export async function kernel(
  model: Fitted<Prediction>,
  x: FeatureTable,
  { background = x, coalitions, seed = 0, positive, ...work }: KernelOptions = {},
): Promise<Explanation> {
  checkExplained(x);
  const p = x.columns.length;
  const most = coalitions ?? (p <= 10 ? 2 ** p - 2 : 2 * p + 2048);
  if (!(Number.isInteger(most) && (p === 1 || most >= Math.min(2 * p, 2 ** p - 2)))) {
    throw new InputError(
      `coalitions must be whole, at least ${2 * p} for ${p} columns, found ${coalitions}.`,
    );
  }
  if (!Number.isInteger(seed)) throw new InputError(`the seed must be a whole number, found ${seed}.`);
  const others = background.select(x.names);
  if (others.length === 0) {
    throw new InputError("the background has no patients: nobody stands in for what is not known.");
  }
  const options = positive === undefined ? {} : { positive };
  const output = answerOf(model, x, options);
  const base = mean(answerOf(model, others, options).values);
  const tried = coalitionsOf(p, most, seed);
  const solve = p === 1 ? null : solverOf(tried, p);
  const values = new Float64Array(x.length * p);
  function* explaining(): Generator<void, void> {
    for (let row = 0; row < x.length; row++) {
      const gain = output.values[row] - base;
      if (solve === null) values[row] = gain;
      else {
        const answers = answersOf((table) => answerOf(model, table, options).values, x, row, others, tried);
        values.set(
          solve(
            answers.map((answer) => answer - base),
            gain,
          ),
          row * p,
        );
      }
      yield;
    }
  }
  await run(explaining(), x.length, work);
  const features = x.columns.map(({ name, unit }) => ({ name, unit }));
  const data = x.toMatrix();
  return new Explanation(
    { ids: x.ids, features, values, data, base, outputUnit: output.name },
    output.values,
  );
}

/** The mean answer of each coalition: the patient's values where they are known, the background's elsewhere. */
function answersOf(
  ask: (table: FeatureTable) => Float64Array,
  x: FeatureTable,
  row: number,
  background: FeatureTable,
  { masks, count }: Coalitions,
): Float64Array {
  const p = x.columns.length;
  const m = background.length;
  const answers = new Float64Array(count);
  const atOnce = Math.max(1, Math.floor(MOST_ROWS / m));
  for (let first = 0; first < count; first += atOnce) {
    const size = Math.min(atOnce, count - first);
    const ids = Array.from({ length: size * m }, (_, at) => String(at));
    const columns = x.columns.map(({ name, unit, values }, j) => {
      const mixed = new Float64Array(size * m);
      const others = background.columns[j].values;
      for (let at = 0; at < size; at++) {
        if (masks[(first + at) * p + j] === 1) mixed.fill(values[row], at * m, (at + 1) * m);
        else mixed.set(others, at * m);
      }
      return { name, unit, values: mixed };
    });
    const predicted = ask(new FeatureTable(ids, columns));
    for (let at = 0; at < size; at++) answers[first + at] = mean(predicted.subarray(at * m, (at + 1) * m));
  }
  return answers;
}

/** Solves the weighted regression whose coefficients add up to the gain: the last follows from the others. */
function solverOf(
  { masks, weights, count }: Coalitions,
  p: number,
): (gains: Float64Array, gain: number) => Float64Array {
  const width = p - 1;
  const design = new Float64Array(count * width);
  const gram = new Float64Array(width * width);
  for (let row = 0; row < count; row++) {
    const last = masks[row * p + p - 1];
    for (let j = 0; j < width; j++) design[row * width + j] = masks[row * p + j] - last;
    for (let i = 0; i < width; i++) {
      const weighted = weights[row] * design[row * width + i];
      if (weighted === 0) continue;
      for (let j = 0; j < width; j++) gram[i * width + j] += weighted * design[row * width + j];
    }
  }
  const { factor, singular } = cholesky(gram, width, 1e-14);
  if (singular >= 0) {
    throw new NumericalError(
      `${count} coalitions do not tell ${p} columns apart. Try more of them: { coalitions: ${4 * count} }.`,
    );
  }
  return (gains, gain) => {
    const right = new Float64Array(width);
    for (let row = 0; row < count; row++) {
      const rest = weights[row] * (gains[row] - masks[row * p + p - 1] * gain);
      for (let j = 0; j < width; j++) right[j] += rest * design[row * width + j];
    }
    const solved = solveCholesky(factor, width, right);
    const values = new Float64Array(p);
    values.set(solved);
    values[width] = gain - solved.reduce((sum, value) => sum + value, 0);
    return values;
  };
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
