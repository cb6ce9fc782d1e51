/**
 * The Bland–Altman plot: differences of two measurements against their mean, with limits of agreement.
 *
 * Source: Bland & Altman 1999, doi:10.1177/096228029900800204.
 * Layer:  plot; imports core, model (types), table.
 */
import { InputError } from "../core/errors.js";
import type { BlandAltman } from "../model/statistics/bland-altman.js";
import type { ConfidenceInterval } from "../model/statistics/test-result.js";
import { formatNumber } from "../table/render.js";
import { Figure } from "./figure.js";
import { drawn, headed, numbers, type TitleOptions, textAt, tip, withUnit } from "./marks.js";
import { GROUP_COLORS } from "./palette.js";
import { figureFrame, INK, QUIET_INK } from "./theme.js";

export interface BlandAltmanFigureOptions extends TitleOptions {
  /** Of both measurements, default none. */
  readonly unit?: string;
  /** Patient of each pair, so that choosing a dot chooses the patient; default none. */
  readonly ids?: readonly string[];
}

const WIDTH = 420;
const HEIGHT = 320;
/** Lines of text closer than this would touch. */
const TEXT_ROW = 30;

/**
 * Draws one dot per pair; lines are the mean difference and the limits of agreement, bands their confidence intervals.
 *
 * @throws InputError unless `ids` has one id for each pair.
 *
 * @example
 * plot.blandAltman(model.statistics.blandAltman(readerA, readerB), { unit: "mL" })
 */
export function blandAltman(agreement: BlandAltman, options: BlandAltmanFigureOptions = {}): Figure {
  const { title = "", unit = "", ids } = options;
  const { n, bias, limits, biasInterval, lowerInterval, upperInterval, mean, difference } = agreement;
  if (ids !== undefined && ids.length !== n) {
    throw new InputError(
      `there are ${n} pairs but ${ids.length} ids. Give one id for each pair, in their order.`,
    );
  }
  const lines = [
    { name: "Upper limit", value: limits.upper, interval: upperInterval, color: GROUP_COLORS[1] },
    { name: "Mean difference", value: bias, interval: biasInterval, color: GROUP_COLORS[0] },
    { name: "Lower limit", value: limits.lower, interval: lowerInterval, color: GROUP_COLORS[1] },
  ];
  const ends = [...lines.flatMap(({ interval }) => [interval.lower, interval.upper]), 0];
  for (const value of difference) ends.push(value);
  const domain = spread(ends);
  const y = numbers("y", { title: withUnit("Difference", unit), domain });
  const x = numbers("x", { title: withUnit("Mean of both", unit), domain: spread([...mean]) });
  const place = (value: number): number => ((domain[1] - value) / (domain[1] - domain[0])) * HEIGHT;
  const texts = apart(lines.map(({ value }) => place(value)));
  const percent = `${formatNumber(100 * limits.confidence, 4)} %`;
  const alternative = headed(title, describe(agreement, unit, percent));
  return new Figure("bland-altman", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: [
      {
        data: { values: [{ y: 0 }] },
        mark: { type: "rule", color: QUIET_INK, strokeWidth: 0.7 },
        encoding: { y },
      },
      ...lines.flatMap(({ value, interval, color }) => [
        {
          data: { values: [{ lower: drawn(interval.lower), upper: drawn(interval.upper) }] },
          mark: { type: "rect", color, opacity: 0.13 },
          encoding: { y: { field: "lower", type: "quantitative" }, y2: { field: "upper" } },
        },
        {
          data: { values: [{ y: drawn(value) }] },
          mark: {
            type: "rule",
            color,
            strokeWidth: 1.5,
            ...(color === GROUP_COLORS[0] ? {} : { strokeDash: [5, 4] }),
          },
          encoding: { y },
        },
      ]),
      {
        data: {
          values: Array.from(mean, (value, at) => ({
            ...(ids === undefined ? { pair: at + 1 } : { id: ids[at] }),
            x: drawn(value),
            y: drawn(difference[at]),
          })),
        },
        mark: { type: "circle", size: n > 1000 ? 14 : 34, opacity: n > 200 ? 0.5 : 0.85, color: INK },
        encoding: {
          x,
          y,
          tooltip: [
            ids === undefined ? tip("pair", "Pair") : tip("id", "Patient"),
            tip("x", "Mean", ".4~r"),
            tip("y", "Difference", ".4~r"),
          ],
        },
      },
      ...lines.flatMap(({ name, value, interval, color }, at) => [
        textAt(`${name} ${short(value)}`, { x: WIDTH, y: texts[at] - 7, dx: 8, color }),
        textAt(`${percent} ${range(interval)}`, {
          x: WIDTH,
          y: texts[at] + 8,
          dx: 8,
          fontSize: 11,
          color: QUIET_INK,
        }),
      ]),
    ],
  });
}

/** All values, with room at both ends. */
function spread(values: readonly number[]): readonly [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const room = high > low ? 0.05 * (high - low) : Math.abs(high) || 1;
  return [low - room, high + room];
}

/** Falling places moved apart until no two lines of text touch; the middle one stays. */
function apart([upper, middle, lower]: readonly number[]): readonly number[] {
  return [Math.min(upper, middle - TEXT_ROW), middle, Math.max(lower, middle + TEXT_ROW)];
}

function short(value: number): string {
  return formatNumber(value, 3).replace("-", "−");
}

function range({ lower, upper }: ConfidenceInterval): string {
  return `${short(lower)} to ${short(upper)}`;
}

function describe(agreement: BlandAltman, unit: string, percent: string): string {
  const { n, bias, limits, biasInterval, difference, slope } = agreement;
  const inside = difference.reduce(
    (count, value) => count + Number(value >= limits.lower && value <= limits.upper),
    0,
  );
  const of = unit === "" ? "" : ` ${unit}`;
  return (
    `Bland–Altman plot of ${n} pairs: mean difference ${short(bias)}${of} (${percent} interval ${range(biasInterval)}), ` +
    `limits of agreement ${short(limits.lower)} to ${short(limits.upper)}${of}; ${inside} of ${n} differences lie between them. ` +
    `The difference changes by ${short(slope)} per unit of the mean.`
  );
}
