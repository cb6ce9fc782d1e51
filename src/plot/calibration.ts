/**
 * Calibration: whether predicted probabilities come true, with what the predictions are beneath.
 *
 * Layer:  plot; imports core, model, table.
 */
import type { Json } from "../core/display.js";
import { type CalibrationPart, calibration as calibrationOf } from "../model/metrics/calibration.js";
import { calibrationCurve } from "../model/metrics/calibration-curve.js";
import { shareInterval } from "../model/statistics/binomial.js";
import { formatNumber } from "../table/render.js";
import type { Scores } from "../table/scores.js";
import { Figure } from "./figure.js";
import {
  checkCount,
  diagonal,
  drawn,
  fixed,
  groupColor,
  headed,
  shares,
  type TitleOptions,
  textAt,
  tip,
} from "./marks.js";
import { type NamedPrediction, namedPredictions, type Predictions } from "./predictions.js";
import { figureFrame, QUIET_INK } from "./theme.js";
import type { Spec } from "./vega.js";

export interface CalibrationFigureOptions extends TitleOptions {
  /** Groups of equal numbers of patients, default 10; fewer where patients share a prediction. */
  readonly groups?: number;
  /** Coverage of the intervals, default 0.95. */
  readonly confidence?: number;
}

const SIDE = 340;
/** Below the axes: bars that count the predictions. */
const BARS = 40;
const BAR_COUNT = 50;

/**
 * Draws the share of patients with the outcome against the mean predicted probability in groups of equal size, with Wilson's
 * interval, and calibration slope and calibration in the large.
 *
 * @throws InputError on mismatched ids, one class only, or a score outside (0, 1).
 *
 * @example
 * plot.calibration({ y: test.y, score: logistic.predict(test.x) })
 */
export function calibration(predictions: Predictions, options: CalibrationFigureOptions = {}): Figure {
  const { title = "", groups = 10, confidence = 0.95 } = options;
  checkCount("groups", groups, 2);
  const all = namedPredictions(predictions).map((one) => calibrated(one, groups, confidence));
  const labels = all.map(({ label }) => label);
  const percent = `${formatNumber(100 * confidence, 4)} %`;
  const x = shares("x", "Predicted probability");
  const y = shares("y", "Share with the outcome");
  const color = groupColor(labels);
  const alternative = headed(
    title,
    `calibration. ${all.map((one) => `${one.words} (${percent} intervals)`).join("; ")}.`,
  );
  const rows = all.flatMap((one) => one.rows);
  // Ids are many: once is enough.
  const plain = rows.map(({ ids: _ids, ...row }) => row);
  return new Figure("calibration", alternative, {
    ...figureFrame(title, alternative),
    width: SIDE,
    height: SIDE,
    layer: [
      diagonal(x, y),
      ...all.map((one, at) => barLayer(one.bars, x, color, at, all.length)),
      {
        data: { values: plain },
        mark: { type: "rule", strokeWidth: 1.3, opacity: 0.75 },
        encoding: { x, y: { field: "lower", type: "quantitative" }, y2: { field: "upper" }, color },
      },
      {
        data: { values: plain },
        mark: { type: "line", strokeWidth: 2 },
        encoding: { x, y, color },
      },
      {
        data: { values: rows },
        mark: { type: "circle", size: 52, opacity: 1 },
        encoding: {
          x,
          y,
          color,
          tooltip: [
            tip("x", "Mean prediction", ".3f"),
            tip("y", "Share with the outcome", ".3f"),
            tip("lower", "Lower limit", ".3f"),
            tip("upper", "Upper limit", ".3f"),
            tip("n", "Patients", "d"),
          ],
        },
      },
      ...(all.length === 1 ? lines(all[0].lines) : []),
    ],
  });
}

interface Calibrated {
  readonly label: string;
  readonly lines: readonly string[];
  readonly words: string;
  readonly rows: readonly Spec[];
  readonly bars: readonly Spec[];
}

function calibrated(one: NamedPrediction, bins: number, confidence: number): Calibrated {
  const { name, y, score } = one;
  const { slope, inTheLarge } = calibrationOf(y, score, { ...one, confidence });
  const curve = calibrationCurve(y, score, { ...one, bins, strategy: "quantile" });
  const slopeText = `slope ${limits(slope)}`;
  const largeText = `in the large ${limits(inTheLarge)}`;
  const label = name === "" ? slopeText : `${name}: ${slopeText}`;
  const rows = Array.from(curve.n, (n, at) => {
    const { lower, upper } = shareInterval(Math.round(curve.observed[at] * n), n, {
      method: "wilson",
      confidence,
    });
    return {
      group: label,
      x: drawn(curve.predicted[at]),
      y: drawn(curve.observed[at]),
      lower: drawn(lower),
      upper: drawn(upper),
      n,
      ids: curve.patients[at],
    };
  });
  return {
    label,
    lines: [slopeText, largeText],
    words: `${name === "" ? "" : `${name}: `}${score.length} patients, calibration ${slopeText}, ${largeText}`,
    rows,
    bars: countBars(score, label),
  };
}

function limits({ value, interval: { lower, upper } }: CalibrationPart): string {
  return `${fixed(value, 2)} (${fixed(lower, 2)} to ${fixed(upper, 2)})`;
}

/** How many predictions lie in each fiftieth of the axis, as heights in CSS pixels. */
function countBars({ values, ids }: Scores, group: string): Spec[] {
  const bars: string[][] = Array.from({ length: BAR_COUNT }, () => []);
  values.forEach((value, row) => {
    bars[Math.min(BAR_COUNT - 1, Math.floor(value * BAR_COUNT))].push(ids[row]);
  });
  const most = bars.reduce((largest, bar) => Math.max(largest, bar.length), 1);
  return bars
    .map((bar, at) => ({
      group,
      from: at / BAR_COUNT,
      to: (at + 1) / BAR_COUNT,
      height: drawn(bar.length / most),
      count: bar.length,
      ids: bar,
    }))
    .filter(({ count }) => count > 0);
}

/** The bars of several models stand side by side. */
function barLayer(bars: readonly Spec[], x: Json, color: Json, at: number, of: number): Spec {
  const share = (bar: Spec, part: number): number =>
    drawn(Number(bar.from) + ((at + part) / of) * (Number(bar.to) - Number(bar.from)));
  const rows = bars.map((bar) => ({
    ...bar,
    x: share(bar, 0.05),
    until: share(bar, 0.95),
    y: 0,
    top: drawn((Number(bar.height) * BARS) / SIDE),
  }));
  return {
    data: { values: rows },
    mark: { type: "rect", opacity: 0.35 },
    encoding: {
      x,
      x2: { field: "until" },
      y: { field: "y", type: "quantitative" },
      y2: { field: "top" },
      color,
      tooltip: [tip("count", "Predictions", "d"), tip("from", "from", ".2f"), tip("to", "to", ".2f")],
    },
  };
}

/** Upper left, where a calibrated model has no patients. */
function lines(texts: readonly string[]): Spec[] {
  return texts.map((line, at) =>
    textAt(`${line.charAt(0).toUpperCase()}${line.slice(1)}`, { x: 10, y: 12 + 17 * at, color: QUIET_INK }),
  );
}
