/**
 * The same validation with outcomes dealt anew among the patients: what a procedure finds where there is nothing to find.
 *
 * Source: Ojala & Garriga 2010, "Permutation tests for studying classifier performance", JMLR 11, test 1.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import type { UntouchedTable } from "../../table/guarded-table.js";
import type { Labels } from "../../table/labels.js";
import { formatNumber, formatP, renderTable } from "../../table/render.js";
import { quantileOfSorted } from "../../table/summarize.js";
import type { Estimator, Fitted } from "../estimator.js";
import { rowsOfGroups, shuffled } from "../split.js";
import { brief } from "../statistics/test-result.js";
import {
  type OutputOf,
  planOf,
  pooledOf,
  spoken,
  type ValidationOptions,
  validating,
} from "./cross-validate.js";
import { foldsFor } from "./folds.js";
import { partsOf, run } from "./parts.js";
import { type Outcome, outcomeRows, type Prediction } from "./rows.js";

export interface PermutedOptions<Target extends Outcome, Output extends Prediction>
  extends Omit<ValidationOptions<Target, Output>, "metrics" | "confidence"> {
  /** How often the outcomes are dealt anew, default 20: enough for a look; for a p value use 1000. */
  readonly permutations?: number;
  readonly seed: number;
  /** Default: "auc" for classes, "concordance" for follow-up, "r2" for measured outcomes. */
  readonly metric?: NonNullable<ValidationOptions<Target, Output>["metrics"]>[number];
}

/** A validated metric beside what permuted outcomes give. */
export interface PermutedOutcome {
  readonly metric: string;
  readonly method: string;
  readonly n: number;
  /** Of all out-of-fold predictions together, mean over repeats. */
  readonly observed: number;
  /** The same for each permutation. */
  readonly permuted: Float64Array;
  /** (1 + permutations that are at least as good) / (1 + permutations). */
  readonly p: number;
  readonly sentence: string;
}

/**
 * Runs a whole cross-validation, all steps included, on the outcomes and on permuted ones. A procedure that leaks finds an
 * effect in permuted outcomes too.
 *
 * @throws InputError as `crossValidate`; the signal's reason.
 *
 * @example
 * const null_ = await model.permutedOutcome(x, y, recipe, { permutations: 100, folds: 5, seed: 7 });
 */
export async function permutedOutcome<Target extends Outcome, Model extends Fitted<Prediction>>(
  x: UntouchedTable,
  y: Target,
  estimator: Estimator<Target, Model>,
  { metric, permutations = 20, ...options }: PermutedOptions<Target, OutputOf<Model>>,
): Promise<PermutedOutcome> {
  if (!(Number.isInteger(permutations) && permutations >= 1)) {
    throw new InputError(`the number of permutations must be whole and positive, found ${permutations}.`);
  }
  const plan = planOf(x, y, estimator, { ...options, ...(metric !== undefined && { metrics: [metric] }) });
  const [measured] = plan.metrics;
  const total = (permutations + 1) * plan.folds.folds.length * partsOf(estimator);
  function* work(): Generator<void, number[]> {
    const found: number[] = [];
    for (let at = 0; at <= permutations; at++) {
      const target = at === 0 ? y : dealt(y, options.groups, `${options.seed}/permuted/${at}`);
      // Folds are dealt anew, because they are stratified by the outcome; given ones stay.
      const folds = at === 0 ? plan.folds : foldsFor(target, options.folds ?? 5, options);
      const outcomes = yield* validating(x, target, estimator, { ...plan, folds }, undefined);
      const pooled = pooledOf(y.ids, folds, outcomes);
      found.push(pooled.reduce((sum, one) => sum + measured.score(target, one), 0) / pooled.length);
    }
    return found;
  }
  const [observed, ...others] = await run(work(), total, options);
  const { name, isError } = measured;
  const better = others.filter((value) => (isError ? value <= observed : value >= observed)).length;
  const result = {
    metric: name,
    method: plan.folds.method,
    n: y.ids.length,
    observed,
    permuted: Float64Array.from(others),
    p: (1 + better) / (1 + permutations),
  };
  const shown = { ...result, sentence: sentenceOf(result) };
  return showAs(shown, () => show(shown));
}

/** The outcomes of the same patients in another order; whole groups change places where there are any. */
function dealt<Target extends Outcome>(y: Target, groups: Labels | undefined, key: string): Target {
  const members = groups === undefined ? Array.from(y.ids.keys(), (row) => [row]) : rowsOfGroups(y, groups);
  const others = shuffled(members, key);
  const rows = new Uint32Array(y.ids.length);
  members.forEach((own, at) => {
    own.forEach((row, place) => {
      rows[row] = others[at][place % others[at].length];
    });
  });
  return outcomeRows(y, rows, y.ids);
}

function sentenceOf({ metric, method, n, observed, permuted, p }: Omit<PermutedOutcome, "sentence">): string {
  const sorted = permuted.slice().sort();
  return (
    `In cross-validation (${method}) of ${n} patients, ${spoken(metric)} was ${brief(observed)}; with permuted outcomes its median was ` +
    `${brief(quantileOfSorted(sorted, 0.5))} (range ${brief(sorted[0])} to ${brief(sorted[sorted.length - 1])}, ` +
    `${permuted.length} permutations; ${formatP(p)}).`
  );
}

function show(found: PermutedOutcome): MimeBundle {
  const { metric, observed, permuted, p, sentence } = found;
  const sorted = permuted.slice().sort();
  const quantiles = [0, 0.025, 0.5, 0.975, 1].map((share) => quantileOfSorted(sorted, share));
  const names = ["lowest", "2.5 %", "median", "97.5 %", "highest"];
  return renderTable({
    title: `${metric}: ${formatNumber(observed, 3)}, against ${permuted.length} permuted outcomes`,
    header: ["", metric],
    rows: [
      ["observed", formatNumber(observed, 3)],
      ...names.map((name, at) => [`permuted, ${name}`, formatNumber(quantiles[at], 3)]),
    ],
    notes: [formatP(p), sentence],
  });
}
