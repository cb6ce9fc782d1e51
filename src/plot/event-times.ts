/**
 * When patients had the event and when they were censored: how mature a follow-up is.
 *
 * Layer:  plot; imports core, model, table.
 */
import { InputError } from "../core/errors.js";
import { countByTime } from "../model/event-times.js";
import { rowsOf } from "../model/groups.js";
import { formatNumber } from "../table/render.js";
import type { SurvivalData } from "../table/survival-data.js";
import { membersOfBins } from "./bins.js";
import { binEdges } from "./distribution.js";
import { Figure } from "./figure.js";
import { checkCount, drawn, groupColor, headed, numbers, shares, type TitleOptions, tip } from "./marks.js";
import { figureFrame, PAPER } from "./theme.js";
import type { Spec } from "./vega.js";

const VIEWS = ["count", "fraction", "cumulative"] as const;

export interface EventTimesOptions extends TitleOptions {
  /**
   * Default "count": how many left in each piece of time. "fraction" makes all bars equally high: how many of those who left
   * had the event. "cumulative": how many have left so far, exactly at each time.
   */
  readonly show?: (typeof VIEWS)[number];
  /** About how many bars, default 15; their width is round. */
  readonly bins?: number;
}

const WIDTH = 460;
const HEIGHT = 260;
const KINDS = ["Event", "Censored"] as const;

/**
 * Draws how many patients had the event and how many were censored over time, one on top of the other.
 *
 * @throws InputError if there is no such view, bins is no count, or there is no patient.
 *
 * @example
 * plot.eventTimes(os, { show: "cumulative" })
 */
export function eventTimes(
  y: SurvivalData,
  { title = "", show = "count", bins = 15 }: EventTimesOptions = {},
): Figure {
  checkCount("bins", bins);
  if (!VIEWS.includes(show)) {
    throw new InputError(`show must be one of ${VIEWS.join(", ")}, found "${String(show)}".`);
  }
  if (y.length === 0) throw new InputError("there is no patient to draw. Check the filter before.");
  const sorted = y.time.slice().sort();
  const alternative = describe(y, sorted, title);
  const patients = KINDS.map((kind, k) => [kind, y.ids.filter((_, row) => y.event[row] === 1 - k)] as const);
  return new Figure(
    "event-times",
    alternative,
    {
      ...figureFrame(title, alternative),
      width: WIDTH,
      height: HEIGHT,
      layer: show === "cumulative" ? cumulativeLayers(y) : [barLayer(y, sorted, show, bins)],
    },
    Object.fromEntries(patients),
  );
}

const color = groupColor(KINDS, { symbol: "square", columns: 2 });

function barLayer(y: SurvivalData, sorted: Float64Array, show: "count" | "fraction", bins: number): Spec {
  const edges = binEdges([...sorted], bins);
  const rows = membersOfBins(y.time, edges).flatMap((inside, bin) => {
    const whole = show === "fraction" ? inside.length : 1;
    let from = 0;
    return KINDS.flatMap((group, k): Spec[] => {
      const whom = inside.filter((row) => y.event[row] === 1 - k);
      if (whom.length === 0) return [];
      const row = {
        group,
        x: drawn(edges[bin]),
        x2: drawn(edges[bin + 1]),
        from: drawn(from / whole),
        to: drawn((from + whom.length) / whole),
        count: whom.length,
        ids: whom.map((at) => y.ids[at]),
      };
      from += whom.length;
      return [row];
    });
  });
  return {
    data: { values: rows },
    mark: { type: "rect", stroke: PAPER, strokeWidth: 0.8 },
    encoding: {
      x: numbers("x", { title: `Time (${y.unit})`, domain: [edges[0], edges[edges.length - 1]] }),
      x2: { field: "x2" },
      y: show === "fraction" ? shares("to", "Share of those who left") : patientsAxis("to"),
      y2: { field: "from" },
      color,
      tooltip: [
        tip("group", "Left with"),
        tip("x", "from", ".4~r"),
        tip("x2", "to", ".4~r"),
        tip("count", "Patients", "d"),
      ],
    },
  };
}

/** Two areas that rise at each time at which somebody left, and unseen points where the pointer finds the numbers. */
function cumulativeLayers(y: SurvivalData): Spec[] {
  const { time, event, censored } = countByTime(y.time, y.event, rowsOf(y.length));
  let [events, lost] = [0, 0];
  const corners = [{ time: 0, events, censored: lost }];
  time.forEach((at, k) => {
    events += event[k];
    lost += censored[k];
    corners.push({ time: drawn(at), events, censored: lost });
  });
  // Room for the step at the last time, at which many are censored when a study ends.
  const latest = corners[corners.length - 1];
  const end = latest.time > 0 ? drawn(1.03 * latest.time) : 1;
  const rows = [...corners, { ...latest, time: end }].flatMap((corner) => [
    { group: KINDS[0], time: corner.time, from: 0, to: corner.events },
    { group: KINDS[1], time: corner.time, from: corner.events, to: corner.events + corner.censored },
  ]);
  const x = numbers("time", { title: `Time (${y.unit})`, domain: [0, end] });
  return [
    {
      data: { values: rows },
      mark: { type: "area", interpolate: "step-after", opacity: 0.9 },
      encoding: { x, y: patientsAxis("to", "Patients so far"), y2: { field: "from" }, color },
    },
    {
      data: { values: corners.map((corner) => ({ ...corner, to: corner.events + corner.censored })) },
      mark: { type: "circle", size: 50, opacity: 0 },
      encoding: {
        x,
        y: patientsAxis("to", "Patients so far"),
        tooltip: [
          tip("time", `By (${y.unit})`, ".4~r"),
          tip("events", "Events", "d"),
          tip("censored", "Censored", "d"),
        ],
      },
    },
  ];
}

function patientsAxis(field: string, title = "Patients"): Spec {
  return { ...(numbers(field, { title }) as Spec), scale: { zero: true } };
}

function describe(y: SurvivalData, sorted: Float64Array, title: string): string {
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  return headed(
    title,
    `times of ${y.events} events and ${y.length - y.events} censorings of ${y.length} patients, from ` +
      `${formatNumber(sorted[0], 4)} to ${formatNumber(sorted[sorted.length - 1], 4)} ${y.unit}, half by ${formatNumber(middle, 4)}.`,
  );
}
