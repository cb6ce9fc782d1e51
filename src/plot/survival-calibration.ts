/**
 * Calibration of predicted survival at a horizon: predicted against observed risk, in groups and as a smooth curve.
 *
 * Layer:  plot; imports core, model (types), table.
 */
import type { SurvivalCalibration } from "../model/survival-calibration.js";
import { formatNumber } from "../table/render.js";
import { Figure } from "./figure.js";
import {
  diagonal,
  drawn,
  drawnOrNull,
  fixed,
  headed,
  shares,
  type TitleOptions,
  textAt,
  tip,
} from "./marks.js";
import { GROUP_COLORS } from "./palette.js";
import { figureFrame, QUIET_INK } from "./theme.js";

const SIDE = 340;
/** More points than this are finer than the picture. */
const MOST_POINTS = 300;

/**
 * Draws the observed risk of each group with its interval, the smooth curve, and its integrated calibration index.
 *
 * @example
 * plot.survivalCalibration(model.survivalCalibration(test.y, model.coxSurvival(cox, test.x), 24))
 */
export function survivalCalibration(found: SurvivalCalibration, { title = "" }: TitleOptions = {}): Figure {
  const { horizon, unit, groups, curve, slope, ici, observedToExpected } = found;
  const x = shares("x", `Predicted risk at ${formatNumber(horizon)} ${unit}`);
  const y = shares("y", "Observed risk");
  const step = Math.max(1, Math.ceil(curve.predicted.length / MOST_POINTS));
  const smooth = Array.from(curve.predicted, (value, at) => ({
    x: drawn(value),
    y: drawn(curve.observed[at]),
  })).filter((_, at) => at % step === 0 || at === curve.predicted.length - 1);
  const rows = groups.map(({ n, predicted, observed, lower, upper }) => ({
    x: drawn(predicted),
    y: drawn(observed),
    lower: drawnOrNull(lower),
    upper: drawnOrNull(upper),
    n,
  }));
  const lines = [
    `Slope ${fixed(slope, 2)}`,
    `Observed / expected ${fixed(observedToExpected, 2)}`,
    `Calibration index ${fixed(ici, 3)}`,
  ];
  const parts = groups.map(
    ({ n, predicted, observed }) =>
      `${n} patients predicted ${fixed(predicted, 2)}, observed ${fixed(observed, 2)}`,
  );
  const alternative = headed(
    title,
    `calibration of the risk at ${formatNumber(horizon)} ${unit}: slope ${fixed(slope, 2)}, observed over expected ` +
      `${fixed(observedToExpected, 2)}, integrated calibration index ${fixed(ici, 3)}. ${parts.join("; ")}.`,
  );
  return new Figure("calibration", alternative, {
    ...figureFrame(title, alternative),
    width: SIDE,
    height: SIDE,
    layer: [
      diagonal(x, y),
      {
        data: { values: smooth },
        mark: { type: "line", strokeWidth: 2, color: GROUP_COLORS[1] },
        encoding: { x, y },
      },
      {
        // A group in which all or nobody had the event has no interval.
        data: { values: rows.filter(({ lower, upper }) => lower !== null && upper !== null) },
        mark: { type: "rule", strokeWidth: 1.3, color: GROUP_COLORS[0] },
        encoding: { x, y: { field: "lower", type: "quantitative" }, y2: { field: "upper" } },
      },
      {
        data: { values: rows },
        mark: { type: "circle", size: 60, opacity: 1, color: GROUP_COLORS[0] },
        encoding: {
          x,
          y,
          tooltip: [
            tip("x", "Predicted risk", ".3f"),
            tip("y", "Observed risk", ".3f"),
            tip("lower", "Lower limit", ".3f"),
            tip("upper", "Upper limit", ".3f"),
            tip("n", "Patients", "d"),
          ],
        },
      },
      ...lines.map((line, at) => textAt(line, { x: 10, y: 12 + 17 * at, color: QUIET_INK })),
    ],
  });
}
