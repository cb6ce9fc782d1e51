/**
 * Partial dependence on two columns: the model's mean answer as a map with lines of equal answer, and where the patients are.
 *
 * Source: Friedman 2001, doi:10.1214/aos/1013203451; shap 0.48, `shap.plots.partial_dependence` of two features (there a surface).
 * Layer:  plot; imports core, explain (types), table.
 */
import { InputError } from "../core/errors.js";
import type { PartialDependencePair } from "../explain/partial-pair.js";
import { formatNumber } from "../table/render.js";
import { type ContourPiece, contourPieces } from "./contours.js";
import { Figure } from "./figure.js";
import { drawn, headed, numbers, onPaper, type TitleOptions, textAt, tip, withUnit } from "./marks.js";
import { GROUP_COLORS } from "./palette.js";
import { roundStep } from "./survival-rows.js";
import { figureFrame, INK, QUIET_INK } from "./theme.js";
import type { Spec } from "./vega.js";

export interface PartialPairFigureOptions extends TitleOptions {
  /** A dot for each patient whose values lie on the map, default true. */
  readonly patients?: boolean;
  /** A patient whose place stands out. */
  readonly patient?: string;
}

const WIDTH = 380;
const HEIGHT = 320;
const MOST_DOTS = 2000;
/** Lines of equal answer, about. */
const LINES = 6;
/** Between fewer values, as of grades, there is nothing to draw a line through. */
const FEWEST_VALUES = 4;
/** What a number on a line takes, and how far it stays from the edges. */
const LABEL = { width: 40, height: 16 };
const LIGHT = "#f7f7f7";

/** @throws InputError if there is no such patient, or it lies beyond the map. */
export function partialPairFigure(
  found: PartialDependencePair,
  { title = "", patients = true, patient }: PartialPairFigureOptions,
): Figure {
  const { features, units, outputUnit, grids, mean, ids, values } = found;
  const edges = [edgesOf(grids[0]), edgesOf(grids[1])] as const;
  const isInside = (i: number): boolean =>
    [0, 1].every((at) => values[at][i] >= edges[at][0] && values[at][i] <= edges[at][edges[at].length - 1]);
  const chosen = patient === undefined ? -1 : ids.indexOf(patient);
  if (patient !== undefined && (chosen < 0 || !isInside(chosen))) {
    throw new InputError(
      chosen < 0
        ? `there is no patient "${patient}" in the partial dependence of ${ids.length} patients.`
        : `patient "${patient}" lies beyond the map. Give a grid that holds the patient's values.`,
    );
  }
  const [x, y] = [0, 1].map((at) =>
    numbers(["x", "y"][at], {
      title: withUnit(features[at], units[at]),
      domain: [edges[at][0], edges[at][edges[at].length - 1]],
    }),
  );
  const h = grids[1].length;
  const cells = Array.from(mean, (value, at) => {
    const [i, j] = [Math.floor(at / h), at % h];
    return {
      x: drawn(edges[0][i]),
      x2: drawn(overNext(edges[0], i, WIDTH)),
      y: drawn(edges[1][j]),
      y2: drawn(overNext(edges[1], j, HEIGHT)),
      first: drawn(grids[0][i]),
      second: drawn(grids[1][j]),
      mean: drawn(value),
    };
  });
  const [low, high] = [mean.reduce(smaller), mean.reduce(larger)];
  const levels = levelsBetween(low, high);
  const isMap = grids.every(({ length }) => length >= FEWEST_VALUES);
  const lines = isMap
    ? levels.map((level) => ({ level, pieces: contourPieces(grids[0], grids[1], mean, level) }))
    : [];
  const inside = ids.flatMap((_, i) => (isInside(i) ? [i] : []));
  const every = Math.ceil(inside.length / MOST_DOTS);
  const dot = (i: number): Spec => ({ id: ids[i], x: drawn(values[0][i]), y: drawn(values[1][i]) });
  const dots = patients ? inside.filter((_, at) => at % every === 0) : [];
  const tips = [tip("id", "Patient"), tip("x", features[0], ".4~r"), tip("y", features[1], ".4~r")];
  const note =
    patients && dots.length < ids.length ? `${dots.length} of ${ids.length} patients are drawn` : "";
  const alternative = headed(title, describe(found, note));
  return new Figure("partial-dependence", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: [
      {
        data: { values: cells },
        mark: { type: "rect", opacity: 1 },
        encoding: {
          x,
          x2: { field: "x2" },
          y,
          y2: { field: "y2" },
          color: {
            field: "mean",
            type: "quantitative",
            scale: {
              domain: [low, high > low ? high : low + 1],
              range: [LIGHT, GROUP_COLORS[0]],
              interpolate: "lab",
            },
            legend: {
              title: withUnit("Mean answer", outputUnit),
              titleOrient: "right",
              titleAnchor: "middle",
              gradientLength: { expr: "height" },
              gradientThickness: 10,
              values: levels,
              offset: 16,
            },
          },
          tooltip: [
            tip("first", features[0], ".4~r"),
            tip("second", features[1], ".4~r"),
            tip("mean", "Mean answer", ".4~r"),
          ],
        },
      },
      ...(lines.length === 0
        ? []
        : [
            {
              data: { values: lines.flatMap(({ pieces }) => pieces.map(drawnPiece)) },
              mark: { type: "rule", color: INK, strokeWidth: 1, strokeCap: "round" },
              encoding: { x, x2: { field: "x2" }, y, y2: { field: "y2" } },
            },
          ]),
      {
        data: { values: dots.map(dot) },
        mark: { type: "circle", size: 14, color: INK, opacity: dots.length > 300 ? 0.3 : 0.5 },
        encoding: { x, y, tooltip: tips },
      },
      ...labelsOf(lines, edges).flatMap(({ level, px, py }) =>
        onPaper(formatNumber(level, 3).replace("-", "−"), { x: px, y: py, align: "center", fontSize: 10.5 }),
      ),
      ...(chosen < 0
        ? []
        : [
            {
              data: { values: [dot(chosen)] },
              mark: {
                type: "circle",
                size: 110,
                color: GROUP_COLORS[1],
                stroke: INK,
                strokeWidth: 1,
                opacity: 1,
              },
              encoding: { x, y, tooltip: tips },
            },
          ]),
      ...(note === "" ? [] : [textAt(note, { x: 0, y: HEIGHT + 58, color: QUIET_INK, fontSize: 11 })]),
    ],
  });
}

/** Bounds of the cells around the values of a grid: in the middle between neighbours. */
function edgesOf(grid: Float64Array): readonly number[] {
  const last = grid.length - 1;
  if (last === 0) return [grid[0] - 0.5, grid[0] + 0.5];
  const between = Array.from({ length: last }, (_, at) => (grid[at] + grid[at + 1]) / 2);
  return [1.5 * grid[0] - 0.5 * grid[1], ...between, 1.5 * grid[last] - 0.5 * grid[last - 1]];
}

/** End of a cell, a little over the next one, so that no seam shows. @param length  Of the axis in CSS pixels. */
function overNext(edges: readonly number[], cell: number, length: number): number {
  const last = edges.length - 1;
  return cell + 1 === last ? edges[last] : edges[cell + 1] + (0.7 * (edges[last] - edges[0])) / length;
}

function levelsBetween(low: number, high: number): readonly number[] {
  if (!(high > low)) return [low];
  const step = roundStep((high - low) / LINES);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

function drawnPiece({ x, y, x2, y2 }: ContourPiece): Spec {
  return { x: drawn(x), y: drawn(y), x2: drawn(x2), y2: drawn(y2) };
}

interface Label {
  readonly level: number;
  readonly px: number;
  readonly py: number;
}

/** One number on each line, as near to the middle of the map as it can stand without covering another. */
function labelsOf(
  lines: readonly { readonly level: number; readonly pieces: readonly ContourPiece[] }[],
  [across, up]: readonly [readonly number[], readonly number[]],
): readonly Label[] {
  const share = (value: number, edges: readonly number[]): number =>
    (value - edges[0]) / (edges[edges.length - 1] - edges[0]);
  const labels: Label[] = [];
  for (const { level, pieces } of lines) {
    const places = pieces
      .map(({ x, y, x2, y2 }) => ({
        level,
        px: WIDTH * share((x + x2) / 2, across),
        py: HEIGHT * (1 - share((y + y2) / 2, up)),
      }))
      .filter(
        ({ px, py }) =>
          px > LABEL.width && px < WIDTH - LABEL.width && py > LABEL.height && py < HEIGHT - LABEL.height,
      )
      .sort((a, b) => fromMiddle(a) - fromMiddle(b));
    const free = places.find(({ px, py }) =>
      labels.every((one) => Math.abs(one.px - px) > LABEL.width || Math.abs(one.py - py) > LABEL.height),
    );
    if (free !== undefined) labels.push(free);
  }
  return labels;
}

function fromMiddle({ px, py }: Label): number {
  return Math.hypot(px - WIDTH / 2, py - HEIGHT / 2);
}

function describe(
  { features, outputUnit, grids, mean, ids, answer }: PartialDependencePair,
  note: string,
): string {
  const text = (value: number): string => formatNumber(value, 3).replace("-", "−");
  const h = grids[1].length;
  const place = (at: number): string =>
    `${text(mean[at])} at ${features[0]} ${text(grids[0][Math.floor(at / h)])} and ${features[1]} ${text(grids[1][at % h])}`;
  const [low, high] = [mean.indexOf(mean.reduce(smaller)), mean.indexOf(mean.reduce(larger))];
  const together = (100 * shareTogether(mean, h)).toFixed(0);
  return (
    `partial dependence of the ${outputUnit === "" ? "answer" : outputUnit} on ${features[0]} and ${features[1]} in ` +
    `${ids.length} patients: lowest mean answer ${place(low)}, highest ${place(high)}. ` +
    `${together} % of its variance over the map is of both together, the rest of one or the other alone. ` +
    `Mean answer of all as they are: ${text(answer)}.${note === "" ? "" : ` ${note}.`}`
  );
}

/** Share of the variance over the map that no sum of two curves explains; 0 if nothing varies. */
function shareTogether(mean: Float64Array, h: number): number {
  const g = mean.length / h;
  const all = mean.reduce((sum, value) => sum + value, 0) / mean.length;
  const rows = new Float64Array(g);
  const columns = new Float64Array(h);
  mean.forEach((value, at) => {
    rows[Math.floor(at / h)] += value / h;
    columns[at % h] += value / g;
  });
  let [total, left] = [0, 0];
  mean.forEach((value, at) => {
    total += (value - all) ** 2;
    left += (value - rows[Math.floor(at / h)] - columns[at % h] + all) ** 2;
  });
  return total > 1e-24 * Math.max(1, all * all) ? left / total : 0;
}

const smaller = (one: number, other: number): number => Math.min(one, other);
const larger = (one: number, other: number): number => Math.max(one, other);
