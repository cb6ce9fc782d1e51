/**
 * Agreement of two measurements of the same thing: Bland and Altman's limits, Lin's concordance.
 *
 * Source: Bland & Altman 1999, doi:10.1177/096228029900800204; Lin 1989, doi:10.2307/2532051.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { normalQuantile, tQuantile } from "../../core/distributions.js";
import { InputError, NumericalError } from "../../core/errors.js";
import { renderTable } from "../../table/render.js";
import { checkConfidence, checkPairs, meanOf, type Sample, squaresAround } from "./sample.js";
import { brief, type ConfidenceInterval, checkFinite, formatInterval } from "./test-result.js";

export interface BlandAltmanOptions {
  /** Of the limits and of all intervals, default 0.95. */
  readonly confidence?: number;
  /** Standard deviations between bias and limits; default the quantile of the normal distribution (1.959964). */
  readonly multiple?: number;
}

/** Agreement of two measurements; differences are first minus second. */
export interface BlandAltman {
  readonly n: number;
  /** Mean difference. */
  readonly bias: number;
  readonly sd: number;
  /** Limits of agreement: most differences lie between them. */
  readonly limits: ConfidenceInterval;
  readonly biasInterval: ConfidenceInterval;
  /** Interval of the lower limit, and of the upper limit (approximate, Bland & Altman 1999). */
  readonly lowerInterval: ConfidenceInterval;
  readonly upperInterval: ConfidenceInterval;
  /** Change of the difference per unit of the mean of both; 0 if all means are equal. */
  readonly slope: number;
  /** Mean of both measurements, and their difference, one per pair: the points of the plot. */
  readonly mean: Float64Array;
  readonly difference: Float64Array;
  readonly sentence: string;
}

/**
 * @throws InputError on unequal lengths, fewer than 2 pairs or missing values.
 *
 * @example
 * const agreement = model.statistics.blandAltman(volumeByReaderA, volumeByReaderB);
 */
export function blandAltman(x: Sample, y: Sample, options: BlandAltmanOptions = {}): BlandAltman {
  const { confidence = 0.95 } = options;
  checkConfidence(confidence);
  const [first, second] = checkPairs(x, y, 2);
  const n = first.length;
  const z = normalQuantile((1 + confidence) / 2);
  const multiple = options.multiple ?? z;
  if (!(multiple > 0 && Number.isFinite(multiple))) {
    throw new InputError(`the multiple of the standard deviation must be positive, found ${multiple}.`);
  }
  const difference = first.map((value, at) => value - second[at]);
  const mean = first.map((value, at) => (value + second[at]) / 2);
  const bias = meanOf(difference);
  const sd = Math.sqrt(squaresAround(difference, bias) / (n - 1));
  const t = tQuantile((1 + confidence) / 2, n - 1);
  const around = (center: number, width: number): ConfidenceInterval => ({
    lower: center - width,
    upper: center + width,
    confidence,
  });
  const limitWidth = t * sd * Math.sqrt(1 / n + (z * z) / (2 * (n - 1)));
  const limits = around(bias, multiple * sd);
  const slope = slopeOf(difference, bias, mean);
  checkFinite("the Bland–Altman analysis", limits.lower, limits.upper, slope, limitWidth);
  const biasInterval = around(bias, (t * sd) / Math.sqrt(n));
  const result = {
    n,
    bias,
    sd,
    limits,
    biasInterval,
    lowerInterval: around(bias - z * sd, limitWidth),
    upperInterval: around(bias + z * sd, limitWidth),
    slope,
    mean,
    difference,
    sentence:
      `The mean difference of ${n} pairs was ${brief(bias)} (${formatInterval(biasInterval)}), ` +
      `the limits of agreement ${brief(limits.lower)} to ${brief(limits.upper)}.`,
  };
  return showAs(result, () => show(result));
}

/** Lin's concordance correlation, in [-1, 1]: how near pairs lie to the line x = y. Variances with n, as Lin has them. */
export function linConcordance(x: Sample, y: Sample): number {
  const [first, second] = checkPairs(x, y, 2);
  const [a, b] = [meanOf(first), meanOf(second)];
  let covariance = 0;
  for (let i = 0; i < first.length; i++) covariance += (first[i] - a) * (second[i] - b);
  const spread = squaresAround(first, a) + squaresAround(second, b) + first.length * (a - b) ** 2;
  if (spread === 0) {
    throw new NumericalError("all values are the same in both samples: there is no concordance to measure.");
  }
  const concordance = (2 * covariance) / spread;
  checkFinite("Lin's concordance", concordance);
  return concordance;
}

/** Least squares slope of the differences on the means. */
function slopeOf(difference: Float64Array, bias: number, mean: Float64Array): number {
  const center = meanOf(mean);
  const spread = squaresAround(mean, center);
  if (spread === 0) return 0;
  let product = 0;
  for (let i = 0; i < mean.length; i++) product += (mean[i] - center) * (difference[i] - bias);
  return product / spread;
}

function show(agreement: BlandAltman): MimeBundle {
  const { n, bias, limits, biasInterval, lowerInterval, upperInterval, slope, sentence } = agreement;
  return renderTable({
    title: `Bland–Altman analysis of ${n} pairs`,
    header: ["", "value", "interval"],
    rows: [
      ["bias", brief(bias), formatInterval(biasInterval)],
      ["lower limit", brief(limits.lower), formatInterval(lowerInterval)],
      ["upper limit", brief(limits.upper), formatInterval(upperInterval)],
      ["slope on the mean", brief(slope), ""],
    ],
    notes: [sentence],
  });
}
