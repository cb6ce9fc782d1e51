/**
 * A pipeline: steps that learn, then an estimator, as one recipe. Whatever learns, learns from the patients that `fit` is given.
 *
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import type { FeatureTable } from "../table/feature-table.js";
import {
  checkTraining,
  GuardedTable,
  type PreparedTable,
  type TrainingTable,
} from "../table/guarded-table.js";
import type { Estimator, Fitted } from "./estimator.js";
import {
  columnsLike,
  type LearnedStep,
  type NamedColumn,
  type Resampler,
  type Step,
} from "./pipeline-step.js";
import { finish, fitInParts, type PartwiseEstimator, partsOf } from "./validation/parts.js";

/** A recipe of steps and an estimator. */
export interface Pipeline<Target, Model extends Fitted<unknown>>
  extends PartwiseEstimator<Target, FittedPipeline<Model>> {}

/** A part before the estimator. */
export type PipelinePart<Target> = Step<Target> | Resampler<Target>;

/**
 * Puts steps before an estimator. The steps run in their order; resamplers change training patients only. In a cross-validation
 * give the recipe, never a fitted one: each fold then learns its own.
 *
 * @param parts  Steps, then one estimator.
 * @throws InputError if something is no recipe. `fit` throws what its parts throw, and InputError on the test part of a split.
 *
 * @example
 * const recipe = model.pipeline(model.dropCorrelated(0.9), model.standardize(), model.coxnet({ folds: 5, seed: 7 }));
 * const fitted = recipe.fit(train.x, train.y);
 * fitted.predict(test.x);
 */
export function pipeline<Target, Model extends Fitted<unknown>>(
  ...parts: readonly [...steps: readonly PipelinePart<Target>[], estimator: Estimator<Target, Model>]
): Pipeline<Target, Model> {
  const steps = parts.slice(0, -1) as readonly PipelinePart<Target>[];
  const estimator = parts[parts.length - 1] as Estimator<Target, Model>;
  checkParts(steps, estimator);
  function* fitting(x: TrainingTable, y: Target): Generator<void, FittedPipeline<Model>> {
    checkTraining(x);
    const columns = x.columns.map(({ name, unit }) => ({ name, unit }));
    const learned: LearnedStep[] = [];
    let features: FeatureTable = x;
    let target = y;
    for (const step of steps) {
      if ("learn" in step) {
        const found = step.learn(features, target);
        features = found.apply(features);
        learned.push(found);
      } else {
        const drawn = step.resample(features, target);
        features = drawn.features;
        target = drawn.labels;
      }
    }
    const model = yield* fitInParts(estimator, features, target);
    return new FittedPipeline(columns, learned, model);
  }
  return {
    parts: partsOf(estimator),
    fitting,
    fit: (x, y) => finish(fitting(x, y)),
  };
}

/** A fitted pipeline: new patients pass through the fitted steps, then the fitted model. */
export class FittedPipeline<Model extends Fitted<unknown>> implements Fitted<unknown> {
  /** Columns of the patients that it was fitted on. */
  readonly columns: readonly NamedColumn[];
  readonly steps: readonly LearnedStep[];
  /** The fitted model after the steps; it sees what `prepare` gives. */
  readonly model: Model;

  constructor(columns: readonly NamedColumn[], steps: readonly LearnedStep[], model: Model) {
    this.columns = columns;
    this.steps = steps;
    this.model = model;
    showAs(this, () => this.#show());
  }

  /** @throws InputError if a column is absent, has another unit, or lacks a value that is needed. */
  predict(x: FeatureTable): ReturnType<Model["predict"]> {
    return this.model.predict(this.prepare(x)) as ReturnType<Model["predict"]>;
  }

  /** The columns as the model sees them, e.g. to explain it: `explain.linear(fitted.model, fitted.prepare(x))`. */
  prepare(x: FeatureTable): PreparedTable {
    let features = columnsLike(x, this.columns);
    for (const step of this.steps) features = step.apply(features);
    return new GuardedTable(features, "prepared");
  }

  #show(): MimeBundle {
    const lines = this.steps.map(({ summary }) => summary);
    return { "text/plain": ["Fitted pipeline", ...lines, "then the model: .model"].join("\n") };
  }
}

function checkParts(steps: readonly unknown[], estimator: unknown): void {
  for (const [at, step] of steps.entries()) {
    if (isRecord(step) && (typeof step.learn === "function" || typeof step.resample === "function")) continue;
    throw new InputError(
      `part ${at + 1} of the pipeline is no step. Steps are recipes such as model.standardize(); only the last part is an estimator.`,
    );
  }
  if (isRecord(estimator) && typeof estimator.fit === "function") return;
  throw new InputError(
    "the last part of a pipeline is an estimator, a recipe with `fit` such as model.coxnet({ seed: 7 }), not a fitted model.",
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
