/**
 * What may be chosen about a figure of survival curves.
 *
 * Layer:  plot; imports model, table (types).
 */
import type { LogRank } from "../model/log-rank.js";
import type { LogRankTrend } from "../model/log-rank-trend.js";
import type { ParametricSurvivalModel } from "../model/parametric-model.js";
import type { TimeUnit } from "../table/survival-data.js";
import type { SurvivalScale } from "./survival-scale.js";

/** What the table under the axis says beside each other at each tick. */
export type AtRiskTable = "count" | "percent" | "count and percent" | "with censored" | "with events";

/** Where curves are read: at a survival probability (0.5 is the median), at a time, or both. */
export interface CurveGuide {
  readonly survival?: number;
  /** In the unit of the axis. */
  readonly time?: number;
  /** Default "both". */
  readonly lines?: "both" | "horizontal" | "vertical";
}

export interface KaplanMeierFigureOptions {
  /** Numbers at risk under the axis, default true, which is "count". */
  readonly atRisk?: boolean | AtRiskTable;
  /** Those numbers between the curves and the time axis instead of under it, default false. */
  readonly atRiskInside?: boolean;
  /** Events so far, and patients censored so far, in more rows under the axis; default false. */
  readonly cumulativeEvents?: boolean;
  readonly cumulativeCensored?: boolean;
  /** Bars of how many were censored at each time, under the axis; default false. */
  readonly censorBars?: boolean;
  /**
   * Default "survival"; "events" draws 1 − survival, "hazard" the cumulative hazard −ln survival, "log-log"
   * ln(−ln survival) over the logarithm of time: curves of proportional hazards are parallel there.
   */
  readonly show?: SurvivalScale;
  /** Probabilities in percent on the axis, default false. */
  readonly percent?: boolean;
  /** Marks where patients were censored, default true, which is "plus". */
  readonly censorMarks?: boolean | "plus" | "tick" | "circle";
  /**
   * A parametric model of the same patients, drawn as smooth curves over the steps: its mean survival over the patients of
   * each group, up to the end of the axis, which may lie beyond the follow-up. Default none.
   */
  readonly parametric?: ParametricSurvivalModel;
  /** Interval band of the smooth curves, default true. */
  readonly parametricBand?: boolean;
  /** Interval band of the steps, default true without smooth curves; "lines" draws its edges only. */
  readonly band?: boolean | "lines";
  /** Of the bands, default 0.16. */
  readonly bandOpacity?: number;
  /** Dashed lines to where curves are read, default `{ survival: 0.5 }`, the medians; false for none. */
  readonly guide?: CurveGuide | false;
  /** Unit of the time axis, e.g. "years" of a follow-up in days; default that of the follow-up. */
  readonly timeUnit?: TimeUnit;
  /** Distance of the ticks of the time axis, in its unit; default a round one. */
  readonly timeStep?: number;
  /** End of the time axis, in its unit; default the last time that anybody was observed. */
  readonly until?: number;
  /** Ends of the other axis; default 0 to 1, or as high as the curves rise. */
  readonly range?: readonly [number, number];
  /** Default none. */
  readonly title?: string;
  /** Default "Time" with the unit. */
  readonly xLabel?: string;
  /** Default what is shown, e.g. "Survival probability". */
  readonly yLabel?: string;
  /** Written into the figure: a log-rank test or one for trend with its name, a p value of another test, or words. */
  readonly p?: LogRank | LogRankTrend | number | string;
  /** Where p is written: time and height on the axes. Default a corner that the curves leave free. */
  readonly pAt?: readonly [time: number, height: number];
  /** Hexadecimal colors, one per curve; the default is safe for every color vision. */
  readonly palette?: readonly string[];
  /** A line pattern of its own for each curve, for print without color; default false. */
  readonly dashes?: boolean;
  /** Default "top". */
  readonly legend?: "top" | "right" | "none";
  /** What the groups tell apart, e.g. "Risk"; default none. */
  readonly legendTitle?: string;
  /** Other names for groups, e.g. `{ "0": "no relapse" }`. */
  readonly labels?: Readonly<Record<string, string>>;
}
