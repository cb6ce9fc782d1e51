/**
 * Bootstrap inclusion: how often a lasso or elastic net keeps each column when the patients are drawn again.
 *
 * Source: Bach 2008, doi:10.1145/1390156.1390161; Sauerbrei & Schumacher 1992, doi:10.1002/sim.4780111607.
 * Layer:  model; imports core, table, workers and its own folder.
 */
import { InputError } from "../../core/errors.js";
import type { TrainingTable } from "../../table/guarded-table.js";
import { checkSameIds } from "../../table/ids.js";
import type { Labels } from "../../table/labels.js";
import { SurvivalData } from "../../table/survival-data.js";
import { runModelTasks, type ThreadOptions, threadsFor } from "../../workers/model-pool.js";
import { sharedCopy } from "../../workers/side-work.js";
import { outcomeOf, type PositiveClass } from "../metrics/outcome.js";
import { checkFinite } from "../standardize-columns.js";
import { type Stability, stabilityOf } from "../statistics/stability.js";
import { refuseExtreme } from "./elastic-net.js";
import type { InclusionJob } from "./inclusion-draws.js";

export interface InclusionOptions extends ThreadOptions, PositiveClass {
  /** The penalty, e.g. the one that cross-validation chose on all patients. */
  readonly lambda: number;
  /** Share of the lasso in the penalty, in (0, 1], default 1. */
  readonly l1Ratio?: number;
  /** Whether the penalty sees columns of standard deviation 1 (over n) in each sample, default true. */
  readonly standardize?: boolean;
  /** Number of samples, default 100. */
  readonly draws?: number;
  /** Same seed, same samples, default 0. */
  readonly seed?: number;
}

/** More parts than threads, so that none waits long for another, and progress is seen. */
const PARTS_PER_THREAD = 4;

/**
 * Fits an elastic net at one penalty to bootstrap samples, in threads. It learns from `y`: use it on training patients only.
 *
 * @param y  Two classes for logistic regression, follow-up for Cox regression.
 * @returns The same to the bit for any number of threads. Rejected with an InputError on mismatched ids, missing values, one
 *   class or no event, NumericalError as the fit, or the signal's reason.
 *
 * @example
 * const fitted = model.coxnet({ seed: 7 }).fit(train.x, train.y);
 * const inclusion = await model.bootstrapInclusion(train.x, train.y, { lambda: fitted.lambda, draws: 100, seed: 7 });
 * inclusion.stable(0.8) // columns kept in at least 80 of the samples
 */
export async function bootstrapInclusion(
  x: TrainingTable,
  y: Labels | SurvivalData,
  options: InclusionOptions,
): Promise<Stability> {
  const { draws = 100 } = options;
  const job = jobOf(x, y, options);
  const parts = Math.min(draws, PARTS_PER_THREAD * threadsFor(options));
  const bounds = Array.from({ length: parts + 1 }, (_, part) => Math.round((part * draws) / parts));
  const jobs = bounds.slice(1).map((to, part): InclusionJob => ({ ...job, from: bounds[part], to }));
  const found = await runModelTasks(
    jobs.map((input) => ({ name: "countInclusions", input })),
    jobs.map(({ from, to }) => to - from),
    options,
  );
  const counts = new Float64Array(x.columns.length);
  for (const part of found as readonly Float64Array[])
    for (let j = 0; j < counts.length; j++) counts[j] += part[j];
  return stabilityOf(x.names, counts, draws, `Inclusion in ${draws} bootstrap samples at λ = ${job.lambda}`);
}

function jobOf(x: TrainingTable, y: Labels | SurvivalData, options: InclusionOptions): InclusionJob {
  const { lambda, l1Ratio = 1, standardize = true, draws = 100, seed = 0 } = options;
  checkSameIds(y.ids, x.ids, "the outcome", "the table of covariates");
  if (!(lambda > 0 && Number.isFinite(lambda))) {
    throw new InputError(`lambda must be positive and finite, found ${lambda}.`);
  }
  if (!(l1Ratio > 0 && l1Ratio <= 1)) {
    throw new InputError(
      `l1Ratio must lie in (0, 1] (ridge keeps every column), e.g. 1 for the lasso, found ${l1Ratio}.`,
    );
  }
  if (!(Number.isInteger(draws) && draws >= 1)) {
    throw new InputError(`the number of samples must be whole and positive, found ${draws}.`);
  }
  if (!Number.isInteger(seed)) throw new InputError(`the seed must be a whole number, found ${seed}.`);
  if (x.columns.length === 0)
    throw new InputError("the table has no columns: there is nothing to select. Select at least one column.");
  checkFinite(x);
  refuseExtreme(x);
  const isSurvival = y instanceof SurvivalData;
  if (isSurvival && y.events === 0) {
    throw new InputError(
      `none of ${y.length} patients has the event: there is nothing to fit. Check the event column.`,
    );
  }
  return {
    values: sharedCopy(x.columns.map(({ values }) => values)),
    outcome: isSurvival ? y.event : outcomeOf(y, options).isPositive,
    time: isSurvival ? y.time : null,
    lambda,
    l1Ratio,
    standardize,
    seed,
    from: 0,
    to: draws,
  };
}
