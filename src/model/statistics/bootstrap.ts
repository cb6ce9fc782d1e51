/**
 * Bootstrap of any statistic: percentile, basic, normal and BCa intervals.
 *
 * Source: Efron 1987, doi:10.1080/01621459.1987.10478410 (BCa); Davison & Hinkley 1997.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { normalCdf, normalQuantile } from "../../core/distributions.js";
import { InputError, NumericalError } from "../../core/errors.js";
import { randomStream } from "../../core/random.js";
import { renderTable } from "../../table/render.js";
import { quantileOfSorted } from "../../table/summarize.js";
import { checkConfidence, meanOf, varianceOf } from "./sample.js";
import { brief, type ConfidenceInterval, formatInterval } from "./test-result.js";

export interface BootstrapOptions {
  /** Number of replicates, default 2000. */
  readonly draws?: number;
  /** Same seed, same replicates, default 0. */
  readonly seed?: number;
  /** Default 0.95. */
  readonly confidence?: number;
  /** Rows of each replicate, instead of drawing them: to repeat the work of another program. */
  readonly rows?: readonly ArrayLike<number>[];
}

/** A bootstrapped statistic. */
export interface Bootstrap {
  readonly estimate: number;
  readonly replicates: Float64Array;
  /** Standard deviation of the replicates. */
  readonly standardError: number;
  /** Mean of the replicates minus the estimate. */
  readonly bias: number;
  readonly percentile: ConfidenceInterval;
  readonly basic: ConfidenceInterval;
  readonly normal: ConfidenceInterval;
  /** Corrected for bias and skewness; null if it has no value: see `notes`. */
  readonly bca: BcaInterval | null;
  /** Error by the jackknife: without each row in turn. */
  readonly jackknifeError: number;
  readonly notes: readonly string[];
  readonly sentence: string;
}

/** The BCa interval and what made it. */
export interface BcaInterval extends ConfidenceInterval {
  readonly biasCorrection: number;
  readonly acceleration: number;
  /** Quantiles of the replicates that are its limits. */
  readonly levels: readonly [number, number];
}

/**
 * @param n  Number of rows.
 * @param statistic  The statistic of the rows given (with repetitions; also of n − 1 rows, for the jackknife).
 * @throws InputError on fewer than 2 rows or draws, or rows that do not exist; NumericalError if the statistic is not finite
 *   for the data or a replicate: say how it is to be counted inside `statistic`.
 *
 * @example
 * const { bca } = model.statistics.bootstrap(x.length, (rows) => median(rows, x), { draws: 2000, seed: 7 });
 */
export function bootstrap(
  n: number,
  statistic: (rows: Uint32Array) => number,
  { draws = 2000, seed = 0, confidence = 0.95, rows }: BootstrapOptions = {},
): Bootstrap {
  checkConfidence(confidence);
  if (!(Number.isInteger(n) && n >= 2))
    throw new InputError(`a bootstrap needs at least 2 rows, found ${n}.`);
  const count = rows === undefined ? draws : rows.length;
  if (!(Number.isInteger(count) && count >= 2)) {
    throw new InputError(`a bootstrap needs at least 2 draws, better 2000, found ${count}.`);
  }
  if (!Number.isInteger(seed)) throw new InputError(`the seed must be a whole number, found ${seed}.`);
  const all = Uint32Array.from({ length: n }, (_, row) => row);
  const estimate = finite(statistic(all), "the data");
  const replicates = new Float64Array(count);
  const random = randomStream(`${seed}/bootstrap`);
  for (let draw = 0; draw < count; draw++) {
    const drawn =
      rows === undefined
        ? Uint32Array.from(all, () => Math.floor(random.uniform() * n))
        : checkRows(rows[draw], n);
    replicates[draw] = finite(statistic(drawn), `replicate ${draw + 1}`);
  }
  const without = Float64Array.from(all, (row) =>
    finite(statistic(all.filter((other) => other !== row)), "the jackknife"),
  );
  return summarize(estimate, replicates, without, confidence);
}

function summarize(
  estimate: number,
  replicates: Float64Array,
  without: Float64Array,
  confidence: number,
): Bootstrap {
  const sorted = replicates.slice().sort();
  const outer = (1 - confidence) / 2;
  const percentile = {
    lower: quantileOfSorted(sorted, outer),
    upper: quantileOfSorted(sorted, 1 - outer),
    confidence,
  };
  const n = without.length;
  const center = meanOf(without);
  const influence = without.map((value) => center - value);
  const squares = influence.reduce((sum, value) => sum + value * value, 0);
  const standardError = Math.sqrt(varianceOf(replicates));
  const bias = meanOf(replicates) - estimate;
  const width = normalQuantile(1 - outer) * standardError;
  const notes: string[] = [];
  const bca = bcaOf(estimate, sorted, influence, squares, confidence, notes);
  const best = bca ?? percentile;
  const result = {
    estimate,
    replicates,
    standardError,
    bias,
    percentile,
    basic: { lower: 2 * estimate - percentile.upper, upper: 2 * estimate - percentile.lower, confidence },
    normal: { lower: estimate - bias - width, upper: estimate - bias + width, confidence },
    bca,
    jackknifeError: Math.sqrt(((n - 1) / n) * squares),
    notes,
    sentence: `The estimate was ${brief(estimate)} (${formatInterval(best)}, ${bca === null ? "percentile" : "BCa"} bootstrap with ${replicates.length} draws).`,
  };
  return showAs(result, () => show(result));
}

function bcaOf(
  estimate: number,
  sorted: Float64Array,
  influence: Float64Array,
  squares: number,
  confidence: number,
  notes: string[],
): BcaInterval | null {
  let below = 0;
  for (const value of sorted) below += value < estimate ? 1 : value === estimate ? 0.5 : 0;
  if (below === 0 || below === sorted.length) {
    notes.push("no BCa interval: all replicates lie on one side of the estimate");
    return null;
  }
  if (squares === 0) {
    notes.push("no BCa interval: no row changes the statistic when it is left out");
    return null;
  }
  const cubes = influence.reduce((sum, value) => sum + value ** 3, 0);
  const acceleration = cubes / (6 * squares ** 1.5);
  const biasCorrection = normalQuantile(below / sorted.length);
  const level = (share: number): number => {
    const z = biasCorrection + normalQuantile(share);
    return normalCdf(biasCorrection + z / (1 - acceleration * z));
  };
  const levels = [level((1 - confidence) / 2), level((1 + confidence) / 2)] as const;
  if (!(levels[0] < levels[1])) {
    notes.push("no BCa interval: the acceleration is too large for this confidence");
    return null;
  }
  return {
    lower: quantileOfSorted(sorted, levels[0]),
    upper: quantileOfSorted(sorted, levels[1]),
    confidence,
    biasCorrection,
    acceleration,
    levels,
  };
}

function finite(value: number, where: string): number {
  if (Number.isFinite(value)) return value;
  throw new NumericalError(
    `the statistic of ${where} is ${value}: a bootstrap needs a finite number for any rows, also when they repeat.`,
  );
}

function checkRows(rows: ArrayLike<number>, n: number): Uint32Array {
  const bad = Array.from(rows).find((row) => !(Number.isInteger(row) && row >= 0 && row < n));
  if (bad === undefined) return Uint32Array.from(rows);
  throw new InputError(`the rows of a replicate must be whole numbers from 0 to ${n - 1}, found ${bad}.`);
}

function show(found: Bootstrap): MimeBundle {
  const { estimate, standardError, bias, percentile, basic, normal, bca, notes, sentence, replicates } =
    found;
  const intervals = { BCa: bca, percentile, basic, normal };
  return renderTable({
    title: `Bootstrap with ${replicates.length} draws`,
    header: ["", "value"],
    rows: [
      ["estimate", brief(estimate)],
      ["standard error", brief(standardError)],
      ["bias", brief(bias)],
      ...Object.entries(intervals).flatMap(([name, interval]) =>
        interval === null ? [] : [[name, formatInterval(interval)]],
      ),
    ],
    notes: [...notes, sentence],
  });
}
