/**
 * Optimism-corrected bootstrap: how much better a model looks on its own patients than on others, taken off.
 *
 * Source: Harrell, Lee & Mark 1996, doi:10.1002/(SICI)1097-0258(19960229)15:4<361::AID-SIM168>3.0.CO;2-4; interval by
 *         Noma et al. 2021, doi:10.1002/sim.9148 (location-shifted bootstrap).
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { InputError, NumericalError } from "../../core/errors.js";
import { randomStream } from "../../core/random.js";
import type { UntouchedTable } from "../../table/guarded-table.js";
import { formatNumber, renderTable } from "../../table/render.js";
import { quantileOfSorted } from "../../table/summarize.js";
import type { Estimator, Fitted } from "../estimator.js";
import { brief, type ConfidenceInterval, formatInterval } from "../statistics/test-result.js";
import { type OutputOf, planOf, spoken, type ValidationOptions } from "./cross-validate.js";
import { fitInParts, partsOf, run, type WorkOptions } from "./parts.js";
import { drawnIds, type Outcome, outcomeRows, type Prediction, tableRows } from "./rows.js";

export interface OptimismOptions<Target extends Outcome, Output extends Prediction>
  extends Pick<ValidationOptions<Target, Output>, "positive" | "confidence" | keyof WorkOptions> {
  /** Bootstrap samples, default 200. */
  readonly draws?: number;
  /** Same seed, same samples. */
  readonly seed: number;
  /** Default: "auc" for classes, "concordance" for follow-up, "r2" for measured outcomes. */
  readonly metric?: NonNullable<ValidationOptions<Target, Output>["metrics"]>[number];
}

/** A metric before and after correction. */
export interface OptimismCorrected {
  readonly metric: string;
  readonly n: number;
  /** Of the model of all patients, on themselves. */
  readonly apparent: number;
  /** Mean over the samples of: on the sample minus on all patients, by the model of the sample. */
  readonly optimism: number;
  /** Apparent minus optimism. */
  readonly corrected: number;
  /** Of the corrected value: quantiles of the samples' apparent values, shifted by the optimism. */
  readonly interval: ConfidenceInterval;
  /** Apparent value of the model of each sample, and its value on all patients; samples without an answer left out. */
  readonly samples: { readonly apparent: Float64Array; readonly onAll: Float64Array };
  readonly notes: readonly string[];
  readonly sentence: string;
}

/**
 * Repeats everything that the recipe does on bootstrap samples of the patients. A patient who was drawn twice has a second row
 * with an id of its own.
 *
 * @throws InputError on mismatched ids or data that the recipe refuses; NumericalError if more than half of the samples have no
 *   answer; the signal's reason.
 *
 * @example
 * const harrell = await model.optimismBootstrap(x, os, model.cox(), { draws: 200, seed: 7 });
 */
export async function optimismBootstrap<Target extends Outcome, Model extends Fitted<Prediction>>(
  x: UntouchedTable,
  y: Target,
  estimator: Estimator<Target, Model>,
  { metric, draws = 200, ...options }: OptimismOptions<Target, OutputOf<Model>>,
): Promise<OptimismCorrected> {
  if (!(Number.isInteger(draws) && draws >= 2)) {
    throw new InputError(`the bootstrap needs at least 2 draws, better 200, found ${draws}.`);
  }
  const plan = planOf(x, y, estimator, {
    ...options,
    folds: 2,
    ...(metric !== undefined && { metrics: [metric] }),
  });
  const [measured] = plan.metrics;
  const { confidence, seed } = plan;
  const n = y.ids.length;
  function* work(): Generator<void, { apparent: number; onAll: number }[]> {
    const model = yield* fitInParts(estimator, x, y);
    const all = measured.score(y, model.predict(x) as OutputOf<Model>);
    const found = [{ apparent: all, onAll: all }];
    const random = randomStream(`${seed}/optimism`);
    for (let draw = 0; draw < draws; draw++) {
      const rows = Uint32Array.from({ length: n }, () => Math.floor(random.uniform() * n));
      const ids = drawnIds(y.ids, rows);
      const [own, target] = [tableRows(x, rows, ids), outcomeRows(y, rows, ids)];
      try {
        const fitted = yield* fitInParts(estimator, own, target);
        found.push({
          apparent: measured.score(target, fitted.predict(own) as OutputOf<Model>),
          onAll: measured.score(y, fitted.predict(x) as OutputOf<Model>),
        });
      } catch (error) {
        if (!(error instanceof InputError || error instanceof NumericalError)) throw error;
      }
    }
    return found;
  }
  const [whole, ...samples] = await run(work(), (draws + 1) * partsOf(estimator), options);
  if (samples.length < draws / 2) {
    throw new NumericalError(
      `the recipe could be fitted to ${samples.length} of ${draws} bootstrap samples only: too few patients for it. ` +
        "Use a simpler recipe, or cross-validation.",
    );
  }
  const optimism = samples.reduce((sum, { apparent, onAll }) => sum + apparent - onAll, 0) / samples.length;
  const apparent = Float64Array.from(samples, (sample) => sample.apparent);
  const sorted = apparent.slice().sort();
  const outer = (1 - confidence) / 2;
  const result = {
    metric: measured.name,
    n,
    apparent: whole.apparent,
    optimism,
    corrected: whole.apparent - optimism,
    interval: {
      lower: quantileOfSorted(sorted, outer) - optimism,
      upper: quantileOfSorted(sorted, 1 - outer) - optimism,
      confidence,
    },
    samples: { apparent, onAll: Float64Array.from(samples, (sample) => sample.onAll) },
    notes:
      samples.length < draws ? [`${draws - samples.length} of ${draws} samples could not be fitted`] : [],
  };
  const shown = { ...result, sentence: sentenceOf(result) };
  return showAs(shown, () => show(shown));
}

function sentenceOf(found: Omit<OptimismCorrected, "sentence">): string {
  const { metric, apparent, optimism, corrected, interval, samples, n } = found;
  return (
    `Corrected for optimism by ${samples.apparent.length} bootstrap samples of ${n} patients, ${spoken(metric)} was ${brief(corrected)} ` +
    `(${formatInterval(interval)}; apparent ${brief(apparent)}, optimism ${brief(optimism)}).`
  );
}

function show({
  metric,
  apparent,
  optimism,
  corrected,
  interval,
  notes,
  sentence,
}: OptimismCorrected): MimeBundle {
  return renderTable({
    title: `Optimism-corrected ${metric}: ${formatNumber(corrected, 3)} (${formatInterval(interval)})`,
    header: ["", metric],
    rows: [
      ["apparent", formatNumber(apparent, 3)],
      ["optimism", formatNumber(optimism, 3)],
      ["corrected", formatNumber(corrected, 3)],
    ],
    notes: [...notes, sentence],
  });
}
