/**
 * All pairs of groups compared by log-rank tests, with p adjusted for their number.
 *
 * Layer:  model; imports table.
 */
import { Labels } from "../table/labels.js";
import type { SurvivalData } from "../table/survival-data.js";
import { groupRows } from "./groups.js";
import { type LogRankOptions, logRank } from "./log-rank.js";
import { logRankWeight } from "./log-rank-weight.js";
import type { Adjustment } from "./statistics/adjust.js";
import { comparePairs, type PairwiseComparison } from "./statistics/pairwise.js";

export interface PairwiseLogRankOptions extends LogRankOptions {
  /** Default "holm". */
  readonly adjustment?: Adjustment;
}

/**
 * Each pair is tested on its own patients, as by survminer's `pairwise_survdiff`.
 *
 * @throws InputError and NumericalError as the log-rank test of each pair.
 *
 * @example
 * model.pairwiseLogRank(os, cohort.labels("stage"), { adjustment: "benjamini-hochberg" })
 */
export function pairwiseLogRank(
  y: SurvivalData,
  by: Labels,
  { adjustment = "holm", ...options }: PairwiseLogRankOptions = {},
): PairwiseComparison {
  const groups = groupRows(y.ids, by).map(({ label, rows }) => ({
    label,
    ids: Array.from(rows, (row) => y.ids[row]),
  }));
  const { strata } = options;
  const compare = (i: number, j: number): number => {
    const ids = [...groups[i].ids, ...groups[j].ids];
    const pair = new Labels(
      ids,
      ids.map((_, at) => groups[at < groups[i].ids.length ? i : j].label),
      { name: by.name },
    );
    return logRank(y.pick(ids), pair, {
      ...options,
      ...(strata === undefined ? {} : { strata: strata.pick(ids) }),
    }).p;
  };
  const names = groups.map(({ label }) => label);
  return comparePairs(names, compare, `${logRankWeight(options).test} tests`, adjustment);
}
