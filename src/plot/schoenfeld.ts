/**
 * Scaled Schoenfeld residuals over time: whether the coefficients of a Cox model change.
 *
 * Layer:  plot; imports core, model (types), table.
 */
import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import type { CoefficientTrend, CoefficientTrends } from "../model/coefficient-trend.js";
import { formatNumber, formatP } from "../table/render.js";
import type { Figure } from "./figure.js";
import { panels } from "./grid.js";
import { drawn, fixed, headed, numbers, shorten, type TitleOptions, tip } from "./marks.js";
import { logTicks, timeTicks } from "./survival-rows.js";
import { roomyEnds, trendPanel } from "./trend-panel.js";

export interface SchoenfeldFigureOptions extends TitleOptions {
  /** Which covariates, default all. */
  readonly covariates?: readonly string[];
}

/**
 * Draws the coefficient of each covariate over time: a dot for each event, the smooth trend with its interval, and a level
 * line at the coefficient of the model. A trend that leaves the line speaks against proportional hazards.
 *
 * @throws InputError if a covariate is not of the model.
 *
 * @example
 * plot.schoenfeld(model.coefficientTrends(fitted))
 */
export function schoenfeld(
  found: CoefficientTrends,
  { title = "", covariates }: SchoenfeldFigureOptions = {},
): Figure {
  const trends = (covariates ?? found.covariates.map(({ name }) => name)).map((name) => trendOf(found, name));
  const ends = roomyEnds(found.scaled);
  const x = timeAxis(found, ends);
  const views = trends.map((trend) =>
    trendPanel({
      heading: `${shorten(trend.name, 34)}, ${formatP(trend.p)}`,
      x,
      y: numbers("y", { title: "Coefficient over time" }),
      dots: found.ids.map((id, i) => ({
        id,
        x: drawn(found.scaled[i]),
        y: drawn(trend.residuals[i]),
        time: drawn(found.time[i]),
      })),
      ends,
      level: drawn(trend.coefficient),
      line: { x: found.at, y: trend.value },
      band: trend,
      tooltip: [
        tip("id", "Patient"),
        tip("time", `Time (${found.unit})`, ".4~r"),
        tip("y", "Scaled residual", ".3f"),
      ],
    }),
  );
  return panels("schoenfeld", describe(found, trends, title), views, {
    title,
    columns: trends.length < 2 ? 1 : 2,
  });
}

function trendOf({ covariates }: CoefficientTrends, name: string): CoefficientTrend {
  const found = covariates.find((trend) => trend.name === name);
  if (found !== undefined) return found;
  throw new InputError(
    `the model has no covariate "${name}"; it has ${covariates.map((trend) => trend.name).join(", ")}.`,
  );
}

/** Round times where they lie on the scale of the test. */
function timeAxis(found: CoefficientTrends, ends: readonly [number, number]): Json {
  const ticks = ticksOf(found).map((time) => ({ time, at: scaledAt(found, time) }));
  const near = 1e-9 * (ends[1] - ends[0]);
  const cases = ticks.map(
    ({ time, at }) => `abs(datum.value - ${at}) < ${near} ? '${formatNumber(time)}' : `,
  );
  return {
    field: "x",
    type: "quantitative",
    scale: { domain: ends, nice: false, zero: false },
    axis: {
      title: `Time (${found.unit})`,
      grid: false,
      values: ticks.map(({ at }) => at),
      labelExpr: `${cases.join("")}''`,
    },
  };
}

const TICKS = 6;

function ticksOf({ scale, time, scaled, unit }: CoefficientTrends): readonly number[] {
  const [first, last] = [time.reduce((a, b) => Math.min(a, b)), time.reduce((a, b) => Math.max(a, b))];
  if (scale === "identity") return timeTicks(last, unit).filter((tick) => tick >= first);
  if (scale === "log") return logTicks(first, last);
  // Round times near even places of the scale.
  const places = evenPlaces(scaled);
  const rounded = places.map((place) => Number(timeAt({ time, scaled }, place).toPrecision(2)));
  return [...new Set(rounded)].filter((tick) => tick >= first && tick <= last);
}

function evenPlaces(scaled: Float64Array): readonly number[] {
  const [low, high] = [scaled.reduce((a, b) => Math.min(a, b)), scaled.reduce((a, b) => Math.max(a, b))];
  return Array.from({ length: TICKS }, (_, i) => low + ((high - low) * (i + 0.5)) / TICKS);
}

type TimeMap = Pick<CoefficientTrends, "time" | "scaled">;

/** Between the events around it, straight. */
function scaledAt({ scale, time, scaled }: CoefficientTrends, at: number): number {
  if (scale === "identity") return at;
  return scale === "log" ? Math.log(at) : between(time, scaled, at);
}

function timeAt({ time, scaled }: TimeMap, place: number): number {
  return between(scaled, time, place);
}

function between(from: Float64Array, to: Float64Array, at: number): number {
  const order = [...from.keys()].sort((a, b) => from[a] - from[b]);
  const next = order.findIndex((i) => from[i] >= at);
  if (next < 0) return to[order[order.length - 1]];
  if (next === 0 || from[order[next]] === at) return to[order[next]];
  const [before, after] = [order[next - 1], order[next]];
  return to[before] + ((at - from[before]) / (from[after] - from[before])) * (to[after] - to[before]);
}

/** The result in words, for those who do not see the figure. */
function describe(
  { scale, test, unit, time }: CoefficientTrends,
  trends: readonly CoefficientTrend[],
  title: string,
): string {
  const parts = trends.map(({ name, p, coefficient, value }) => {
    const [start, end] = [fixed(value[0], 2), fixed(value[value.length - 1], 2)];
    return `${name}: coefficient ${fixed(coefficient, 2)}, trend from ${start} to ${end}, ${formatP(p)}`;
  });
  const last = formatNumber(
    time.reduce((a, b) => Math.max(a, b)),
    4,
  );
  return headed(
    title,
    `scaled Schoenfeld residuals of ${time.length} events up to ${last} ${unit} (time scale ${scale}), test of proportional ` +
      `hazards ${formatP(test.global.p)} for all covariates. ${parts.join("; ")}.`,
  );
}
