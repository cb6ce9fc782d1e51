/**
 * When patients had the event and when they were censored: how mature a follow-up is.
 *
 * Layer:  plot; imports core, table.
 */

import { formatNumber } from "../table/render.js";
import type { SurvivalData } from "../table/survival-data.js";
import { membersOfBins } from "./bins.js";
import { binEdges } from "./distribution.js";
import { Figure } from "./figure.js";
import { checkCount, drawn, groupColor, headed, numbers, type TitleOptions, tip } from "./marks.js";
import { figureFrame, PAPER } from "./theme.js";
import type { Spec } from "./vega.js";

export interface EventTimesOptions extends TitleOptions {
  /** About how many bars, default 15; their width is round. */
  readonly bins?: number;
}

const WIDTH = 460;
const HEIGHT = 260;
const KINDS = ["Event", "Censored"] as const;

/**
 * Draws how many patients had the event and how many were censored in each piece of time, one on top of the other.
 *
 * @throws InputError if bins is no count, or there is no patient.
 *
 * @example
 * plot.eventTimes(os)
 */
export function eventTimes(y: SurvivalData, { title = "", bins = 15 }: EventTimesOptions = {}): Figure {
  checkCount("bins", bins);
  const sorted = y.time.slice().sort();
  const edges = binEdges([...sorted], bins);
  const rows = membersOfBins(y.time, edges).flatMap((inside, bin): Spec[] => {
    const to = edges[bin + 1];
    const events = inside.filter((row) => y.event[row] === 1);
    const censored = inside.filter((row) => y.event[row] === 0);
    const bar = (group: string, from: number, whom: readonly number[]): Spec[] =>
      whom.length === 0
        ? []
        : [
            {
              group,
              x: drawn(edges[bin]),
              x2: drawn(to),
              from,
              to: from + whom.length,
              count: whom.length,
              ids: whom.map((row) => y.ids[row]),
            },
          ];
    return [...bar(KINDS[0], 0, events), ...bar(KINDS[1], events.length, censored)];
  });
  const x = numbers("x", { title: `Time (${y.unit})`, domain: [edges[0], edges[edges.length - 1]] });
  const alternative = describe(y, sorted, title);
  return new Figure("event-times", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: [
      {
        data: { values: rows },
        mark: { type: "rect", stroke: PAPER, strokeWidth: 0.8 },
        encoding: {
          x,
          x2: { field: "x2" },
          y: { ...(numbers("to", { title: "Patients" }) as Spec), scale: { zero: true } },
          y2: { field: "from" },
          color: groupColor(KINDS, { symbol: "square", columns: 2 }),
          tooltip: [
            tip("group", "Left with"),
            tip("x", "from", ".4~r"),
            tip("x2", "to", ".4~r"),
            tip("count", "Patients", "d"),
          ],
        },
      },
    ],
  });
}

function describe(y: SurvivalData, sorted: Float64Array, title: string): string {
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  return headed(
    title,
    `times of ${y.events} events and ${y.length - y.events} censorings of ${y.length} patients, from ` +
      `${formatNumber(sorted[0], 4)} to ${formatNumber(sorted[sorted.length - 1], 4)} ${y.unit}, half by ${formatNumber(middle, 4)}.`,
  );
}
