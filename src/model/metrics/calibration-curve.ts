/**
 * Calibration curve, expected calibration error, and isotonic recalibration.
 *
 * Source: Barlow et al. 1972 (pool adjacent violators); Naeini et al. 2015 (expected calibration error).
 * Layer:  model; imports core, table.
 */
import { showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import type { Labels } from "../../table/labels.js";
import { formatNumber, renderTable } from "../../table/render.js";
import { Scores } from "../../table/scores.js";
import { quantileOfSorted } from "../../table/summarize.js";
import { type PositiveClass, probableOutcome } from "./outcome.js";

export interface CalibrationCurveOptions extends PositiveClass {
  /** Default 10. */
  readonly bins?: number;
  /** "uniform" (default): bins of equal width; "quantile": of equal numbers of patients. */
  readonly strategy?: "uniform" | "quantile";
}

/** Mean prediction and share of outcomes in each bin that has patients. */
export interface CalibrationCurve {
  readonly predicted: Float64Array;
  readonly observed: Float64Array;
  readonly n: Uint32Array;
  /** Who is in each bin. */
  readonly patients: readonly (readonly string[])[];
}

/** @throws InputError on mismatched ids or no probabilities. Bins are closed on the right, as scikit-learn's. */
export function calibrationCurve(
  y: Labels,
  probability: Scores,
  options: CalibrationCurveOptions = {},
): CalibrationCurve {
  const { bins = 10, strategy = "uniform" } = options;
  checkBins(bins);
  if (strategy !== "uniform" && strategy !== "quantile") {
    throw new InputError(`the strategy must be "uniform" or "quantile", found "${String(strategy)}".`);
  }
  const { isPositive } = probableOutcome(y, probability, options);
  const sorted = probability.values.slice().sort();
  const edges = Array.from({ length: bins - 1 }, (_, at) =>
    strategy === "uniform" ? (at + 1) * (1 / bins) : quantileOfSorted(sorted, (at + 1) / bins),
  );
  const binOf = (p: number): number => edges.filter((edge) => edge < p).length;
  const sums = sumBins(isPositive, probability.values, bins, binOf);
  const members: string[][] = Array.from({ length: bins }, () => []);
  probability.values.forEach((p, row) => void members[binOf(p)].push(probability.ids[row]));
  const used = Array.from(sums.n.keys()).filter((bin) => sums.n[bin] > 0);
  const curve = {
    predicted: Float64Array.from(used, (bin) => sums.predicted[bin] / sums.n[bin]),
    observed: Float64Array.from(used, (bin) => sums.observed[bin] / sums.n[bin]),
    n: Uint32Array.from(used, (bin) => sums.n[bin]),
    patients: used.map((bin) => members[bin]),
  };
  return showAs(curve, () =>
    renderTable({
      title: `Calibration curve of ${y.length} patients`,
      header: ["mean prediction", "share of outcomes", "n"],
      rows: used.map((_, at) => [
        formatNumber(curve.predicted[at], 3),
        formatNumber(curve.observed[at], 3),
        String(curve.n[at]),
      ]),
    }),
  );
}

/** Mean distance of prediction and share of outcomes over bins of equal width (closed on the left). Errors as `calibrationCurve`. */
export function expectedCalibrationError(
  y: Labels,
  probability: Scores,
  options: PositiveClass & { readonly bins?: number } = {},
): number {
  const { bins = 10 } = options;
  checkBins(bins);
  const { isPositive } = probableOutcome(y, probability, options);
  const sums = sumBins(isPositive, probability.values, bins, (p) => Math.min(bins - 1, Math.floor(p * bins)));
  let error = 0;
  for (let bin = 0; bin < bins; bin++) error += Math.abs(sums.predicted[bin] - sums.observed[bin]);
  return error / y.length;
}

/** A rising step curve from prediction to probability, straight between its points. */
export interface IsotonicCalibration {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Recalibrates predictions; beyond the ends the curve is flat. */
  predict(scores: Scores): Scores;
}

/**
 * The rising curve from scores to probabilities that is nearest to the outcomes (least squares). Fit it on patients that
 * the model was not fitted on.
 *
 * @throws InputError on mismatched ids or one class only.
 */
export function isotonic(y: Labels, score: Scores, options: PositiveClass = {}): IsotonicCalibration {
  const { isPositive } = probableOutcome(y, score, options);
  const order = Uint32Array.from(score.values, (_, at) => at).sort(
    (a, b) => score.values[a] - score.values[b],
  );
  // Blocks of rising mean; a new one swallows those before it that are not lower.
  const blocks: { from: number; to: number; sum: number; n: number }[] = [];
  for (let at = 0; at < order.length; ) {
    const value = score.values[order[at]];
    const block = { from: value, to: value, sum: 0, n: 0 };
    for (; at < order.length && score.values[order[at]] === value; at++) {
      block.sum += isPositive[order[at]];
      block.n++;
    }
    for (;;) {
      const last = blocks.at(-1);
      if (last === undefined || last.sum * block.n < block.sum * last.n) break;
      blocks.pop();
      block.from = last.from;
      block.sum += last.sum;
      block.n += last.n;
    }
    blocks.push(block);
  }
  const points = blocks.flatMap(({ from, to, sum, n }) =>
    (from === to ? [from] : [from, to]).map((at) => [at, sum / n] as const),
  );
  const [xs, ys] = [Float64Array.from(points, ([at]) => at), Float64Array.from(points, ([, mean]) => mean)];
  return {
    x: xs,
    y: ys,
    predict: (scores) =>
      new Scores(
        scores.ids,
        scores.values.map((value) => interpolate(xs, ys, value)),
        `calibrated ${scores.name}`,
      ),
  };
}

function interpolate(x: Float64Array, y: Float64Array, at: number): number {
  const next = x.findIndex((value) => value >= at);
  if (next < 0) return y[y.length - 1];
  if (next === 0 || x[next] === at) return y[next];
  return y[next - 1] + ((y[next] - y[next - 1]) * (at - x[next - 1])) / (x[next] - x[next - 1]);
}

interface BinSums {
  readonly n: Uint32Array;
  readonly predicted: Float64Array;
  readonly observed: Float64Array;
}

function sumBins(
  isPositive: Uint8Array,
  probability: Float64Array,
  bins: number,
  binOf: (p: number) => number,
): BinSums {
  const sums = {
    n: new Uint32Array(bins),
    predicted: new Float64Array(bins),
    observed: new Float64Array(bins),
  };
  probability.forEach((p, row) => {
    const bin = binOf(p);
    sums.n[bin]++;
    sums.predicted[bin] += p;
    sums.observed[bin] += isPositive[row];
  });
  return sums;
}

function checkBins(bins: number): void {
  if (Number.isInteger(bins) && bins >= 1 && bins <= 1e6) return;
  throw new InputError(`the number of bins must be whole and positive, found ${bins}.`);
}
