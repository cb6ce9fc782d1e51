/**
 * Permutation importance: how much worse a model predicts when the values of one column are dealt anew among the patients.
 *
 * Source: Breiman 2001, doi:10.1023/A:1010933404324; Fisher, Rudin & Dominici 2019, arXiv:1801.01489.
 * Layer:  explain; imports core, table, model.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { randomStream } from "../core/random.js";
import type { Fitted } from "../model/estimator.js";
import { type ConfidenceInterval, formatInterval } from "../model/statistics/test-result.js";
import { type Metric, type MetricName, metricsFor } from "../model/validation/metric.js";
import { run, type WorkOptions } from "../model/validation/parts.js";
import type { Outcome, Prediction } from "../model/validation/rows.js";
import { foldSummary } from "../model/validation/summary.js";
import { FeatureTable } from "../table/feature-table.js";
import { checkSameIds } from "../table/ids.js";
import { formatNumber, renderTable, rowList } from "../table/render.js";
import { checkExplained } from "./answer.js";

export interface PermutationOptions<Target extends Outcome, Output extends Prediction> extends WorkOptions {
  /** Default: "auc" for classes, "concordance" for follow-up, "r2" for measured outcomes. */
  readonly metric?: MetricName<Target> | Metric<Target, Output>;
  /** The class with the outcome, for metrics of two classes; default the second of two. */
  readonly positive?: string;
  /** How often each column is dealt anew, default 10. */
  readonly repeats?: number;
  /** Same seed, same permutations, default 0. */
  readonly seed?: number;
  /** The row whose value each row gets, one list per repeat, instead of drawing them. */
  readonly permutations?: readonly ArrayLike<number>[];
  /** Of the intervals, default 0.95. */
  readonly confidence?: number;
}

/** One column. */
export interface PermutedFeature {
  readonly name: string;
  /** How much worse the metric was in each repeat. */
  readonly drops: Float64Array;
  readonly mean: number;
  /** Over n − 1. */
  readonly sd: number;
  /** Of the mean over permutations of these patients, not of other patients. Null for one repeat. */
  readonly interval: ConfidenceInterval | null;
}

export interface PermutationImportance {
  readonly metric: string;
  /** Of the columns as they are. */
  readonly baseline: number;
  readonly n: number;
  /** In the order of the table. */
  readonly features: readonly PermutedFeature[];
  /** The same, the most important first. */
  readonly ranking: readonly PermutedFeature[];
  readonly sentence: string;
}

/**
 * Deals the values of each column in turn anew. Use patients that the model did not see; columns that repeat each other hide
 * each other's importance.
 *
 * @param model  Any fitted model or fitted pipeline.
 * @param x  All its columns are judged.
 * @throws InputError on mismatched ids, no columns, or permutations of other rows; the signal's reason.
 *
 * @example
 * await explain.permutation(fitted, test.x, test.y, { metric: "auc", repeats: 20, seed: 7 });
 */
export async function permutation<Target extends Outcome, Output extends Prediction>(
  model: Fitted<Output>,
  x: FeatureTable,
  y: Target,
  options: PermutationOptions<Target, Output> = {},
): Promise<PermutationImportance> {
  const { metric, positive, confidence = 0.95 } = options;
  checkExplained(x);
  checkSameIds(x.ids, y.ids, "the features", "the outcome");
  const [measured] = metricsFor<Target, Output>(
    y,
    metric === undefined ? undefined : [metric],
    positive === undefined ? {} : { positive },
  );
  const orders = ordersOf(x.length, options);
  const sign = measured.isError ? -1 : 1;
  const baseline = measured.score(y, model.predict(x));
  function* judging(): Generator<void, PermutedFeature[]> {
    const found: PermutedFeature[] = [];
    for (const [at, column] of x.columns.entries()) {
      const drops = new Float64Array(orders.length);
      for (const [repeat, order] of orders.entries()) {
        const values = Float64Array.from(order, (row) => column.values[row]);
        const columns = x.columns.map((other, place) => (place === at ? { ...column, values } : other));
        const permuted = model.predict(new FeatureTable(x.ids, columns));
        drops[repeat] = sign * (baseline - measured.score(y, permuted));
        yield;
      }
      const summary = foldSummary(Array.from(drops), 0, confidence);
      found.push({
        name: column.name,
        drops,
        mean: summary?.mean ?? 0,
        sd: summary?.sd ?? 0,
        interval: summary?.interval ?? null,
      });
    }
    return found;
  }
  const features = await run(judging(), x.columns.length * orders.length, options);
  const ranking = [...features].sort((a, b) => b.mean - a.mean);
  const leaders = ranking
    .slice(0, 3)
    .map(({ name, mean }) => `${name} (${formatNumber(mean, 3)})`)
    .join(", ");
  const result = {
    metric: measured.name,
    baseline,
    n: x.length,
    features,
    ranking,
    sentence:
      `Dealing the values of one column anew among ${x.length} patients (${orders.length} permutations) lowered the ${measured.name} of ` +
      `${formatNumber(baseline, 3)} most for ${leaders}.`,
  };
  return showAs(result, () => show(result));
}

type Drawing = Pick<PermutationOptions<Outcome, Prediction>, "repeats" | "seed" | "permutations">;

function ordersOf(n: number, { repeats = 10, seed = 0, permutations }: Drawing): Uint32Array[] {
  if (permutations !== undefined) {
    return permutations.map((order) => {
      const rows = Uint32Array.from(order);
      if (rows.length === n && new Set(rows).size === n && rows.every((row) => row < n)) return rows;
      throw new InputError(`a permutation must hold each row from 0 to ${n - 1} once.`);
    });
  }
  if (!(Number.isInteger(repeats) && repeats >= 1)) {
    throw new InputError(`the number of repeats must be whole and positive, found ${repeats}.`);
  }
  if (!Number.isInteger(seed)) throw new InputError(`the seed must be a whole number, found ${seed}.`);
  const random = randomStream(`${seed}/permutation-importance`);
  return Array.from({ length: repeats }, () => {
    const keys = Float64Array.from({ length: n }, () => random.uniform());
    return Uint32Array.from(keys, (_, row) => row).sort((a, b) => keys[a] - keys[b]);
  });
}

const SHOWN = 20;

function show({ metric, baseline, ranking, n, sentence }: PermutationImportance): MimeBundle {
  return renderTable({
    title: `Permutation importance, ${metric} ${formatNumber(baseline, 3)} of ${n} patients`,
    header: ["column", "drop", "SD", "interval over permutations"],
    rows: rowList(ranking, ({ name, mean, sd, interval }) => [
      name,
      formatNumber(mean, 3),
      formatNumber(sd, 3),
      interval === null ? "" : formatInterval(interval),
    ]),
    most: SHOWN,
    what: "columns",
    notes: [sentence],
  });
}
