/**
 * The learning curve: how good a recipe is with more and more training patients.
 *
 * Layer:  plot; imports core, model (types), table.
 */
import type { LearningCurve } from "../model/validation/learning-curve.js";
import { formatNumber } from "../table/render.js";
import { Figure } from "./figure.js";
import { drawn, groupColor, headed, numbers, type TitleOptions, tip } from "./marks.js";
import { bandLayer } from "./roc.js";
import { figureFrame } from "./theme.js";

const WIDTH = 440;
const HEIGHT = 280;
const TRAINING = "Training patients";
const HELD = "Patients not seen";

/**
 * Draws the metric on the training patients and on patients that the models did not see, the latter with its interval.
 *
 * @example
 * plot.learningCurve(await model.learningCurve(train.x, train.y, recipe, { seed: 7 }))
 */
export function learningCurve(found: LearningCurve, { title = "" }: TitleOptions = {}): Figure {
  const { points, metric, sentence } = found;
  const rows = points.flatMap(({ size, training, held }) => [
    { group: HELD, x: size, y: drawn(held.value) },
    { group: TRAINING, x: size, y: drawn(training) },
  ]);
  const band = points
    .filter(({ held: { interval } }) => Number.isFinite(interval.lower) && Number.isFinite(interval.upper))
    .map(({ size, held: { interval } }) => ({
      group: HELD,
      x: size,
      lower: drawn(interval.lower),
      upper: drawn(interval.upper),
    }));
  const sizes = points.map(({ size }) => size);
  const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
  const room = high > low ? 0.04 * (high - low) : 1;
  const x = numbers("x", { title: "Training patients", domain: [low - room, high + room] });
  const y = numbers("y", {
    title: metric === "auc" ? "AUC" : `${metric.charAt(0).toUpperCase()}${metric.slice(1)}`,
  });
  const color = groupColor([HELD, TRAINING], { columns: 2 });
  const alternative = headed(
    title,
    `learning curve of the ${metric}. ${points
      .map(
        ({ size, training, held }) =>
          `${size} patients: ${formatNumber(held.value, 3)} on others, ${formatNumber(training, 3)} on themselves`,
      )
      .join("; ")}. ${sentence}`,
  );
  return new Figure("learning-curve", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: [
      bandLayer(band, x, color),
      { data: { values: rows }, mark: { type: "line", strokeWidth: 2 }, encoding: { x, y, color } },
      {
        data: { values: rows },
        mark: { type: "circle", size: 46, opacity: 1 },
        encoding: {
          x,
          y,
          color,
          tooltip: [tip("group", "Measured on"), tip("x", "Training patients", "d"), tip("y", metric, ".3f")],
        },
      },
    ],
  });
}
