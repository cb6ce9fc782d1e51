/**
 * Grid search: a recipe that chooses its own settings by cross-validation on whatever patients it is fitted to.
 *
 * Source: Varma & Simon 2006, doi:10.1186/1471-2105-7-91 (why the search belongs inside the outer folds).
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { InputError, NumericalError } from "../../core/errors.js";
import type { FeatureTable } from "../../table/feature-table.js";
import type { TrainingTable, UntouchedTable } from "../../table/guarded-table.js";
import type { Labels } from "../../table/labels.js";
import { formatNumber, renderTable, rowList } from "../../table/render.js";
import type { Estimator, Fitted } from "../estimator.js";
import { type OutputOf, planOf, validating } from "./cross-validate.js";
import type { Metric, MetricName } from "./metric.js";
import { finish, fitInParts, type PartwiseEstimator, partsOf, run, type WorkOptions } from "./parts.js";
import { labelsOfDrawn, type Outcome, type Prediction } from "./rows.js";

/** What a setting may hold. */
export type SettingValue = string | number | boolean;

/** Values to try of each option, by its name; all combinations are tried. */
export type Grid<Setting> = { readonly [Name in keyof Setting]: readonly Setting[Name][] };

export interface TuneOptions<Target extends Outcome, Output extends Prediction> {
  /** Folds of the search, default 5. */
  readonly folds?: number;
  /** Same seed, same folds. */
  readonly seed: number;
  /** Rows of all patients that stay together, e.g. lesions of one patient. */
  readonly groups?: Labels;
  /** What chooses: its mean over the folds. Default: "auc" for classes, "concordance" for follow-up, "r2" for measured outcomes. */
  readonly metric?: MetricName<Target> | Metric<Target, Output>;
  /** The class with the outcome, for metrics of two classes; default the second of two. */
  readonly positive?: string;
}

/** One combination. */
export interface Trial<Setting> {
  readonly setting: Setting;
  /** Mean over the folds; null if it could not be fitted: see `failure`. */
  readonly mean: number | null;
  readonly sd: number | null;
  readonly failure: string | null;
}

/** The best setting, fitted to all patients of the search. */
export interface Tuned<Setting, Model extends Fitted<Prediction>> extends Fitted<OutputOf<Model>> {
  readonly best: Setting;
  readonly trials: readonly Trial<Setting>[];
  readonly metric: string;
  readonly model: Model;
  readonly sentence: string;
}

/**
 * Recipe that tunes itself. In a cross-validation it searches anew in each fold: that is nested cross-validation.
 *
 * `fit` throws InputError on mismatched ids, or if no setting can be fitted.
 *
 * @param grid  E.g. `{ k: [3, 5, 7], weights: ["uniform", "distance"] }`.
 * @param recipe  The recipe of a setting; put the steps that learn inside.
 *
 * @example
 * const recipe = model.tuned({ k: [3, 5, 9] }, ({ k }) => model.pipeline(model.standardize(), model.classification.nearestNeighbors({ k })), { seed: 7 });
 * const nested = await model.crossValidate(x, y, recipe, { folds: 5, seed: 1, inspect: (fitted) => fitted.best });
 */
export function tuned<
  Setting extends { readonly [name: string]: SettingValue },
  Target extends Outcome,
  Model extends Fitted<Prediction>,
>(
  grid: Grid<Setting>,
  recipe: (setting: Setting) => Estimator<Target, Model>,
  options: TuneOptions<Target, OutputOf<Model>>,
): PartwiseEstimator<Target, Tuned<Setting, Model>> {
  const settings = settingsOf(grid);
  const parts = partsOf(recipe(settings[0])) * (settings.length * (options.folds ?? 5) + 1);
  const fitting = (x: TrainingTable, y: Target): Generator<void, Tuned<Setting, Model>> =>
    searching(x, y, settings, recipe, options);
  return { parts, fitting, fit: (x, y) => finish(fitting(x, y)) };
}

/**
 * The search on its own, with progress and cancel.
 *
 * @throws InputError on mismatched ids, or if no setting can be fitted; the signal's reason.
 *
 * @example
 * const found = await model.gridSearch(train.x, train.y, { k: [3, 5, 9] }, ({ k }) => model.classification.nearestNeighbors({ k }), { seed: 7 });
 * found.predict(test.x);
 */
export async function gridSearch<
  Setting extends { readonly [name: string]: SettingValue },
  Target extends Outcome,
  Model extends Fitted<Prediction>,
>(
  x: UntouchedTable,
  y: Target,
  grid: Grid<Setting>,
  recipe: (setting: Setting) => Estimator<Target, Model>,
  options: TuneOptions<Target, OutputOf<Model>> & WorkOptions,
): Promise<Tuned<Setting, Model>> {
  const { parts, fitting } = tuned(grid, recipe, options);
  return run(fitting(x, y), parts, options);
}

function settingsOf<Setting>(grid: Grid<Setting>): Setting[] {
  let settings: Partial<Setting>[] = [{}];
  for (const name of Object.keys(grid) as (keyof Setting)[]) {
    const values = grid[name];
    if (!Array.isArray(values) || values.length === 0) {
      throw new InputError(`the grid has no values of "${String(name)}". Give a list of at least one.`);
    }
    settings = settings.flatMap((setting) => values.map((value) => ({ ...setting, [name]: value })));
  }
  return settings as Setting[];
}

function* searching<Setting extends object, Target extends Outcome, Model extends Fitted<Prediction>>(
  x: FeatureTable,
  y: Target,
  settings: readonly Setting[],
  recipe: (setting: Setting) => Estimator<Target, Model>,
  { metric, groups, ...options }: TuneOptions<Target, OutputOf<Model>>,
): Generator<void, Tuned<Setting, Model>> {
  const plan = planOf(x, y, recipe(settings[0]), {
    ...options,
    ...(metric !== undefined && { metrics: [metric] }),
    ...(groups !== undefined && { groups: labelsOfDrawn(groups, y.ids) }),
  });
  const trials: Trial<Setting>[] = [];
  for (const setting of settings) {
    const estimator = recipe(setting);
    let missing = plan.folds.folds.length * partsOf(estimator);
    try {
      const work = validating(x, y, estimator, plan, undefined);
      for (let step = work.next(); ; step = work.next()) {
        if (step.done === true) {
          trials.push(
            trialOf(
              setting,
              step.value.flatMap(({ scores }) => scores[0] ?? []),
            ),
          );
          break;
        }
        missing--;
        yield;
      }
    } catch (error) {
      if (!(error instanceof InputError || error instanceof NumericalError)) throw error;
      trials.push({ setting, mean: null, sd: null, failure: error.message });
      for (; missing > 0; missing--) yield;
    }
  }
  const [{ name, isError }] = plan.metrics;
  const best = bestOf(trials, isError);
  const model = yield* fitInParts(recipe(best.setting), x, y);
  return tunedModel(best.setting, trials, name, plan.folds.method, model);
}

function trialOf<Setting>(setting: Setting, scores: readonly number[]): Trial<Setting> {
  if (scores.length === 0) {
    return { setting, mean: null, sd: null, failure: "no fold alone has enough patients for the metric" };
  }
  const mean = scores.reduce((sum, value) => sum + value, 0) / scores.length;
  const squares = scores.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { setting, mean, sd: Math.sqrt(squares / Math.max(1, scores.length - 1)), failure: null };
}

/** The best mean; of equals, the first of the grid. */
function bestOf<Setting>(trials: readonly Trial<Setting>[], isError: boolean): Trial<Setting> {
  let best: Trial<Setting> | null = null;
  for (const trial of trials) {
    if (trial.mean === null) continue;
    if (best === null || best.mean === null || (isError ? trial.mean < best.mean : trial.mean > best.mean)) {
      best = trial;
    }
  }
  if (best !== null) return best;
  throw new InputError(
    `none of ${trials.length} settings could be fitted. The first said: ${trials[0].failure}`,
  );
}

function tunedModel<Setting extends object, Model extends Fitted<Prediction>>(
  best: Setting,
  trials: readonly Trial<Setting>[],
  metric: string,
  method: string,
  model: Model,
): Tuned<Setting, Model> {
  const mean = trials.find(({ setting }) => setting === best)?.mean ?? Number.NaN;
  const result = {
    best,
    trials,
    metric,
    model,
    predict: (x: FeatureTable): OutputOf<Model> => model.predict(x) as OutputOf<Model>,
    sentence:
      `Of ${trials.length} settings, ${describe(best)} had the best mean ${metric} in cross-validation (${method}): ` +
      `${formatNumber(mean, 3)}. This value chose the setting and is therefore optimistic; nested cross-validation is not.`,
  };
  return showAs(result, () => show(result));
}

function describe(setting: object): string {
  return Object.entries(setting)
    .map(([name, value]) => `${name} = ${typeof value === "number" ? formatNumber(value) : String(value)}`)
    .join(", ");
}

const SHOWN_TRIALS = 20;

function show<Setting extends object, Model extends Fitted<Prediction>>({
  best,
  trials,
  metric,
  sentence,
}: Tuned<Setting, Model>): MimeBundle {
  const names = Object.keys(best);
  return renderTable({
    title: `Grid search over ${trials.length} settings: ${describe(best)}`,
    header: [...names, `mean ${metric}`, "SD", ""],
    rows: rowList(trials, ({ setting, mean, sd, failure }) => [
      ...names.map((name) => String((setting as Record<string, SettingValue>)[name])),
      mean === null ? "" : formatNumber(mean, 3),
      sd === null ? "" : formatNumber(sd, 3),
      failure ?? (setting === best ? "best" : ""),
    ]),
    most: SHOWN_TRIALS,
    what: "settings",
    notes: [sentence],
  });
}
