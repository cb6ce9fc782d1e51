/**
 * The search for a cut: the values of both groups, and the log-rank statistic of every cut that was tried.
 *
 * Layer:  plot; imports core, model, table.
 */
import { InputError } from "../core/errors.js";
import type { SelectedCut } from "../model/select-cut.js";
import { formatNumber, formatP } from "../table/render.js";
import type { Scores } from "../table/scores.js";
import { membersOfBins } from "./bins.js";
import { binEdges } from "./distribution.js";
import { Figure } from "./figure.js";
import { drawn, groupColor, headed, numbers, onPaper, shorten, type TitleOptions, tip } from "./marks.js";
import { figureFrame, PAPER, QUIET_INK } from "./theme.js";
import { roomyEnds } from "./trend-panel.js";
import type { Spec } from "./vega.js";

const WIDTH = 460;
const TOP = 150;
const BOTTOM = 190;

/**
 * Draws how the values of both groups are distributed, and below, on the same axis, the standardized statistic of each cut.
 *
 * @param scores  Those that the cut was selected from.
 * @throws InputError if the cut leaves all these scores on one side.
 *
 * @example
 * const volume = train.x.scores("Volume");
 * plot.cutPoint(model.selectCut(volume, train.y), volume)
 */
export function cutPoint(found: SelectedCut, scores: Scores, { title = "" }: TitleOptions = {}): Figure {
  const { cut, cuts, statistics, statistic, p } = found;
  const at = formatNumber(cut, 4);
  const groups = [`at most ${at}`, `above ${at}`] as const;
  const sorted = scores.values.slice().sort();
  const sides = groups.map((_, g) =>
    scores.ids.filter((_id, row) => scores.values[row] <= cut === (g === 0)),
  );
  const [low, high] = sides;
  if (low.length === 0 || high.length === 0) {
    throw new InputError(
      `all values of "${scores.name}" lie on one side of the cut ${at}. Give the scores that it was selected from.`,
    );
  }
  const edges = binEdges([...sorted], undefined);
  const ends = roomyEnds(edges);
  const label = shorten(scores.name, 50);
  const x = (named: boolean): Spec => numbers("x", { title: named ? label : "", domain: ends }) as Spec;
  const color = groupColor(groups, { symbol: "square", columns: 2 });
  const line: Spec = {
    data: { values: [{ x: drawn(cut) }] },
    mark: { type: "rule", strokeDash: [4, 4], color: QUIET_INK },
    encoding: { x: x(false) },
  };
  // A bin may lie on both sides of the cut: each group is counted on its own.
  const bars = sides.flatMap((ids, g) =>
    membersOfBins(scores.pick(ids).values, edges).map((members, bin) => ({
      group: groups[g],
      x: drawn(edges[bin]),
      x2: drawn(edges[bin + 1]),
      zero: 0,
      count: members.length,
      ids: members.map((i) => ids[i]),
    })),
  );
  const tries = Array.from(cuts, (value, i) => ({
    side: groups[value <= cut ? 0 : 1],
    x: drawn(value),
    statistic: drawn(statistics[i]),
    low: sorted.findIndex((score) => score > value),
  }));
  const alternative = describe(found, scores, low.length, high.length, title);
  const spec: Spec = {
    ...figureFrame(title, alternative),
    spacing: 14,
    resolve: { scale: { color: "independent" } },
    vconcat: [
      {
        width: WIDTH,
        height: TOP,
        layer: [
          {
            data: { values: bars.filter(({ count }) => count > 0) },
            mark: { type: "rect", opacity: 0.55, stroke: PAPER, strokeWidth: 0.8 },
            encoding: {
              x: x(false),
              x2: { field: "x2" },
              y: { ...(numbers("count", { title: "Patients" }) as Spec), scale: { zero: true } },
              y2: { field: "zero" },
              color,
              tooltip: [
                tip("group", "Value"),
                tip("x", "from", ".4~r"),
                tip("x2", "to", ".4~r"),
                tip("count", "Patients", "d"),
              ],
            },
          },
          line,
        ],
      },
      {
        width: WIDTH,
        height: BOTTOM,
        layer: [
          line,
          {
            data: { values: tries },
            mark: { type: "circle", size: 34, opacity: 0.9 },
            encoding: {
              x: x(true),
              y: {
                ...(numbers("statistic", { title: "Standardized log-rank statistic" }) as Spec),
                scale: { zero: true },
              },
              // Not field "group": a cut is not its group.
              color: { ...(color as Spec), field: "side", legend: null },
              tooltip: [
                tip("x", "Cut", ".4~r"),
                tip("statistic", "Statistic", ".3f"),
                tip("low", "Patients at most", "d"),
              ],
            },
          },
          ...onPaper(`Cut ${at}: statistic ${statistic.toFixed(2)}, ${formatP(p)} corrected`, {
            x: WIDTH - 6,
            y: BOTTOM - 14,
            align: "right",
          }),
        ],
      },
    ],
  };
  return new Figure(
    "cut-point",
    alternative,
    spec,
    Object.fromEntries(groups.map((group, g) => [group, sides[g]])),
  );
}

/** The result in words, for those who do not see the figure. */
function describe(
  { cut, cuts, statistic, p, naiveP }: SelectedCut,
  { name }: Scores,
  low: number,
  high: number,
  title: string,
): string {
  return headed(
    title,
    `selection of a cut of ${name}: of ${cuts.length} cuts, ${formatNumber(cut, 4)} has the largest standardized log-rank ` +
      `statistic, ${statistic.toFixed(2)} (${formatP(p)} corrected for the selection, ${formatP(naiveP)} without); ${low} ` +
      `patients have at most this value, ${high} more.`,
  );
}
