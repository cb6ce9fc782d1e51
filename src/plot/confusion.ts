/**
 * The confusion matrix: true against predicted classes, counts and shares of each true class.
 *
 * Layer:  plot; imports core, model (types), table.
 */
import { InputError } from "../core/errors.js";
import type { Confusion } from "../model/metrics/confusion.js";
import { formatNumber } from "../table/render.js";
import { Figure } from "./figure.js";
import { headed, shorten, type TitleOptions, textAt } from "./marks.js";
import { GROUP_COLORS } from "./palette.js";
import { figureFrame, INK, PAPER, QUIET_INK } from "./theme.js";
import type { Spec } from "./vega.js";

const CELL = 74;
const MOST_CLASSES = 12;
const LONGEST_NAME = 24;
/** Beside each other below the columns. */
const LONGEST_UNTURNED = 10;

/**
 * Draws a confusion matrix; the color is the share of the true class.
 *
 * @throws InputError if there are more than 12 classes.
 *
 * @example
 * plot.confusion(model.metrics.confusion(test.y, predicted))
 */
export function confusion(found: Confusion, { title = "" }: TitleOptions = {}): Figure {
  const { classes, counts, n, patients } = found;
  const k = classes.length;
  if (k > MOST_CLASSES) {
    throw new InputError(`the figure shows up to ${MOST_CLASSES} classes, found ${k}. Merge rare classes.`);
  }
  const size = CELL * k;
  const totals = classes.map((_, i) => classes.reduce((sum, _name, j) => sum + counts[i * k + j], 0));
  const cells = classes.flatMap((truth, i) =>
    classes.map((predicted, j) => ({
      truth,
      predicted,
      count: counts[i * k + j],
      ids: patients[i * k + j],
      share: totals[i] === 0 ? 0 : counts[i * k + j] / totals[i],
      percent: totals[i] === 0 ? "" : `${formatNumber((100 * counts[i * k + j]) / totals[i], 3)} %`,
    })),
  );
  const band = { domain: classes, paddingInner: 0.03, paddingOuter: 0 } as const;
  const x = { field: "predicted", type: "nominal", scale: band, axis: null } as const;
  const y = { field: "truth", type: "nominal", scale: band, axis: null } as const;
  const onCell = { condition: { test: "datum.share > 0.7", value: PAPER }, value: INK } as const;
  const text = (field: string, dy: number, fontSize: number): Spec => ({
    data: { values: cells.map(({ ids: _ids, ...cell }) => cell) },
    mark: { type: "text", baseline: "middle", dy, fontSize },
    encoding: { x, y, text: { field, type: "nominal" }, color: onCell },
  });
  const turned = classes.some((name) => name.length > LONGEST_UNTURNED);
  const longest = Math.max(...classes.map((name) => Math.min(LONGEST_NAME, name.length)));
  const alternative = headed(title, describe(found));
  return new Figure("confusion-matrix", alternative, {
    ...figureFrame(title, alternative),
    width: size,
    height: size,
    layer: [
      {
        data: { values: cells },
        mark: { type: "rect", stroke: QUIET_INK, strokeWidth: 0.5 },
        encoding: {
          x,
          y,
          color: {
            field: "share",
            type: "quantitative",
            scale: { domain: [0, 1], range: [PAPER, GROUP_COLORS[0]], interpolate: "lab" },
            legend: null,
          },
          tooltip: [
            { field: "truth", type: "nominal", title: "True class" },
            { field: "predicted", type: "nominal", title: "Predicted" },
            { field: "count", type: "quantitative", title: "Patients" },
            { field: "percent", type: "nominal", title: "Of the true class" },
          ],
        },
      },
      text("count", -7, 17),
      text("percent", 13, 11),
      ...classes.flatMap((name, i) => [
        textAt(shorten(name, LONGEST_NAME), { x: 0, y: CELL * (i + 0.5), dx: -10, align: "right" }),
        textAt(
          shorten(name, LONGEST_NAME),
          turned
            ? { x: CELL * (i + 0.5), y: size + 10, angle: 270, align: "right" }
            : { x: CELL * (i + 0.5), y: size + 16, align: "center" },
        ),
      ]),
      textAt("Predicted class", {
        x: size / 2,
        y: size + (turned ? 28 + 6.6 * longest : 42),
        align: "center",
        fontSize: 13,
      }),
      textAt("True class", {
        x: -28 - 6.8 * longest,
        y: size / 2,
        angle: 270,
        align: "center",
        fontSize: 13,
      }),
      textAt(`n = ${n}, accuracy ${formatNumber(100 * found.accuracy, 3)} %, κ = ${found.kappa.toFixed(2)}`, {
        x: 0,
        y: -14,
        fontSize: 12,
        color: QUIET_INK,
      }),
    ],
  });
}

function describe({ classes, n, accuracy, balancedAccuracy, kappa, perClass }: Confusion): string {
  const recalls = perClass.map(
    ({ name, n: size, recall }) => `${name} ${Math.round(recall * size)} of ${size}`,
  );
  return (
    `confusion matrix of ${n} patients and ${classes.length} classes: accuracy ${formatNumber(100 * accuracy, 3)} %, ` +
    `balanced accuracy ${formatNumber(100 * balancedAccuracy, 3)} %, kappa ${kappa.toFixed(2)}. ` +
    `Recognized: ${recalls.join("; ")}.`
  );
}
