/**
 * The area under the ROC curve by time of one or several scores.
 *
 * Layer:  plot; imports core, model (types).
 */
import { InputError } from "../core/errors.js";
import type { TimeDependentAuc } from "../model/time-dependent-auc.js";
import { Figure } from "./figure.js";
import { drawn, groupColor, guide, headed, numbers, type TitleOptions, textAt, tip } from "./marks.js";
import { figureFrame } from "./theme.js";

const WIDTH = 440;
const HEIGHT = 280;

/**
 * Draws the area at each time; the dashed line is chance.
 *
 * @param found  One result, or several by name: `{ Radiomics: auc1, Clinical: auc2 }`.
 * @throws InputError if there is none, or their times have different units.
 *
 * @example
 * plot.timeDependentAuc(model.timeDependentAuc(test.y, cox.predict(test.x), [12, 24, 36]))
 */
export function timeDependentAuc(
  found: TimeDependentAuc | { readonly [name: string]: TimeDependentAuc },
  { title = "" }: TitleOptions = {},
): Figure {
  const curves = isOne(found) ? [["", found] as const] : Object.entries(found);
  if (curves.length === 0) {
    throw new InputError(
      "there is no area to draw. Give a result of model.timeDependentAuc, or several by name.",
    );
  }
  const [[, { unit }]] = curves;
  const other = curves.find(([, one]) => one.unit !== unit);
  if (other !== undefined) {
    throw new InputError(
      `times are in ${unit}, but those of "${other[0]}" in ${other[1].unit}. Convert one.`,
    );
  }
  const labels = curves.map(
    ([name, { mean }]) => `${name === "" ? "" : `${name}: `}mean AUC ${mean.toFixed(3)}`,
  );
  const rows = curves.flatMap(([, { times, auc, cases, controls }], c) =>
    Array.from(times, (time, at) => ({
      group: labels[c],
      x: drawn(time),
      y: drawn(auc[at]),
      cases: cases[at],
      controls: controls[at],
    })),
  );
  const ends = rows.map((row) => row.x);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const room = high > low ? 0.04 * (high - low) : 1;
  const x = numbers("x", { title: `Time (${unit})`, domain: [low - room, high + room] });
  const least = rows.reduce((most, row) => Math.min(most, row.y), 0.5);
  const y = numbers("y", {
    title: "AUC",
    domain: [least < 0.5 ? Math.max(0, Math.floor(10 * least) / 10) : 0.4, 1],
    format: ".1f",
  });
  const color = groupColor(labels);
  const alternative = headed(
    title,
    `time-dependent area under the ROC curve. ${curves
      .map(
        ([name, { times, auc, mean }]) =>
          `${name === "" ? "" : `${name}: `}mean ${mean.toFixed(3)}, from ${auc[0].toFixed(3)} at ${drawn(times[0])} ` +
          `to ${auc[auc.length - 1].toFixed(3)} at ${drawn(times[times.length - 1])} ${unit}`,
      )
      .join("; ")}.`,
  );
  return new Figure("time-dependent-auc", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: [
      guide(x, y, [
        { x: low - room, y: 0.5 },
        { x: high + room, y: 0.5 },
      ]),
      { data: { values: rows }, mark: { type: "line", strokeWidth: 2 }, encoding: { x, y, color } },
      {
        data: { values: rows },
        mark: { type: "circle", size: 46, opacity: 1 },
        encoding: {
          x,
          y,
          color,
          tooltip: [
            tip("x", `Time (${unit})`, ".4~r"),
            tip("y", "AUC", ".3f"),
            tip("cases", "Had the event", "d"),
            tip("controls", "Watched for longer", "d"),
          ],
        },
      },
      ...(labels.length === 1 ? [textAt(labels[0], { x: WIDTH - 8, y: HEIGHT - 16, align: "right" })] : []),
    ],
  });
}

function isOne(
  found: TimeDependentAuc | { readonly [name: string]: TimeDependentAuc },
): found is TimeDependentAuc {
  return found.times instanceof Float64Array;
}
