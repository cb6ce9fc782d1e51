/**
 * Survival curves in panels: one for each class of a covariate, on the same axes.
 *
 * Layer:  plot; imports core, model, table.
 */
import { InputError, NumericalError } from "../core/errors.js";
import { kaplanMeier as estimate, type KaplanMeierOptions } from "../model/kaplan-meier.js";
import { logRank } from "../model/log-rank.js";
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";
import type { SurvivalData } from "../table/survival-data.js";
import { drawnCurves, lastTime } from "./drawn-curves.js";
import type { Figure } from "./figure.js";
import { grid } from "./grid.js";
import { kaplanMeier } from "./kaplan-meier.js";
import type { KaplanMeierFigureOptions } from "./kaplan-meier-options.js";

export interface SurvivalFacetsOptions
  extends Omit<KaplanMeierFigureOptions, "p">,
    Pick<KaplanMeierOptions, "by" | "confidence" | "interval"> {
  /** Writes the log-rank test of `by` into each panel, default true. */
  readonly p?: boolean;
  /** Panels beside each other, default 2. */
  readonly columns?: number;
}

/**
 * Draws Kaplan–Meier curves by group, separately for the patients of each class.
 *
 * @throws InputError if ids differ, no class has a patient, or as `plot.kaplanMeier`.
 *
 * @example
 * plot.survivalFacets(os, cohort.labels("center"), { by: risk })
 */
export function survivalFacets(y: SurvivalData, facet: Labels, options: SurvivalFacetsOptions = {}): Figure {
  const { by, confidence = 0.95, interval = "log-log", p = true, columns = 2, title = "", ...look } = options;
  checkSameIds(y.ids, facet.ids, "the follow-up", `"${facet.name}"`);
  const whole = estimate(y, { confidence, interval });
  const until =
    look.until ??
    lastTime(drawnCurves(whole, look.timeUnit === undefined ? {} : { timeUnit: look.timeUnit }));
  const figures = facet.classes.flatMap((name) => {
    const ids = y.ids.filter((_, row) => facet.values[row] === name);
    if (ids.length === 0) return [];
    const follow = y.pick(ids);
    const groups = by?.pick(ids);
    const km = estimate(follow, { confidence, interval, ...(groups === undefined ? {} : { by: groups }) });
    const test = p && groups !== undefined ? pOf(follow, groups) : {};
    return [
      kaplanMeier(km, { ...look, until, ...test, title: `${facet.name}: ${name} (n = ${ids.length})` }),
    ];
  });
  return grid(figures, { columns, title });
}

/** A class in which the groups cannot be compared has no test. */
function pOf(y: SurvivalData, by: Labels): Pick<KaplanMeierFigureOptions, "p"> {
  try {
    return { p: logRank(y, by) };
  } catch (error) {
    if (error instanceof InputError || error instanceof NumericalError) return {};
    throw error;
  }
}
