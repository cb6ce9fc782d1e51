/**
 * Harrell's concordance: how often the patient with the higher risk has the event first. O(n log n).
 *
 * Source: Harrell et al. 1982; Therneau & Watson 2015 for counts with ties and the infinitesimal jackknife error.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError, NumericalError } from "../core/errors.js";
import { checkSameIds } from "../table/ids.js";
import type { Labels } from "../table/labels.js";
import { formatNumber } from "../table/render.js";
import type { Scores } from "../table/scores.js";
import type { SurvivalData } from "../table/survival-data.js";
import { type WeightOptions, weightsOf } from "./case-weights.js";
import { type CensoringCurve, censoringCurve, checkWatched, watchedAt, watchedBefore } from "./censoring.js";
import { countPairs, newPairs, type PairData } from "./concordance-pairs.js";
import { countByTime, indexOfTime } from "./event-times.js";
import { type Group, groupRows } from "./groups.js";
import { type Bootstrap, type BootstrapOptions, bootstrap } from "./statistics/bootstrap.js";

/** Concordance with the pairs that it counts. A pair counts if it is known who had the event first. */
export interface Concordance {
  /** (concordant + tiedRisk / 2) / (concordant + discordant + tiedRisk), in [0, 1]. */
  readonly c: number;
  /** Standard error by the infinitesimal jackknife. */
  readonly standardError: number;
  readonly concordant: number;
  readonly discordant: number;
  /** Pairs of equal risk. */
  readonly tiedRisk: number;
  /** Pairs of events at the same time and of different risk; they do not count. */
  readonly tiedTime: number;
  /** Pairs of events at the same time and of equal risk; they do not count. */
  readonly tiedBoth: number;
}

export interface ConcordanceOptions extends WeightOptions {
  /** Only pairs within a class count. */
  readonly strata?: Labels;
}

/**
 * @param y  n patients. At equal times, an event comes before a censoring.
 * @param risk  A score per patient; a higher one predicts an earlier event.
 * @param options.weights  A pair counts the product of both weights, as in R's `concordance`; the error is robust anyway.
 * @throws InputError on mismatched ids or weights; NumericalError if no pair can be compared.
 *
 * @example
 * const { c } = model.concordance(test.y, cox.predict(test.x));
 */
export function concordance(
  y: SurvivalData,
  risk: Scores,
  { strata, weights }: ConcordanceOptions = {},
): Concordance {
  checkSameIds(y.ids, risk.ids, "the follow-up", risk.name);
  const cases = weightsOf(y.ids, weights)?.values ?? ones(y.length);
  const weight = ones(y.length);
  return concordanceOf(
    { time: y.time, event: y.event, risk: risk.values, weight, cases },
    groupRows(y.ids, strata),
  );
}

function ones(n: number): Float64Array {
  return new Float64Array(n).fill(1);
}

export interface UnoOptions {
  /** Events after this time do not count; default all events. */
  readonly until?: number;
  /** Patients whose censoring weighs the pairs, e.g. those that the model was fitted on; default `y`. */
  readonly train?: SurvivalData;
  /**
   * Whether the chance of being watched is taken just before the event (default, as R's survival; `until` then counts) or
   * at it, censorings at the same time included (as scikit-survival; only events before `until` then count).
   */
  readonly watched?: "before" | "at";
}

/**
 * Uno's concordance: each pair weighs 1 / G², where G is the chance of being watched until its earlier event. It estimates
 * the concordance up to `until` whatever the censoring (Uno et al. 2011, doi:10.1002/sim.4154).
 *
 * @throws InputError on mismatched ids; NumericalError if no pair can be compared, or nobody of `train` is watched until an event.
 *
 * @example
 * model.unoConcordance(test.y, cox.predict(test.x), { until: 60, train: train.y });
 */
export function unoConcordance(
  y: SurvivalData,
  risk: Scores,
  { until = Number.POSITIVE_INFINITY, train = y, watched = "before" }: UnoOptions = {},
): Concordance {
  checkSameIds(y.ids, risk.ids, "the follow-up", risk.name);
  if (!(until > 0)) throw new InputError(`until must be a positive time, found ${until}.`);
  if (watched !== "before" && watched !== "at") {
    throw new InputError(`watched must be "before" or "at", found "${String(watched)}".`);
  }
  const curve: CensoringCurve = censoringCurve(train);
  const weight = y.time.map((time, row) => {
    const counts = watched === "before" ? time <= until : time < until;
    if (y.event[row] === 0 || !counts) return 0;
    const g = watched === "before" ? watchedBefore(curve, time) : watchedAt(curve, time);
    return 1 / checkWatched(g, time, y.unit) ** 2;
  });
  return concordanceOf(
    { time: y.time, event: y.event, risk: risk.values, weight, cases: ones(y.length) },
    groupRows(y.ids, undefined),
  );
}

/**
 * Harrell's concordance with each event weighed by n S(t−) / (number at risk), which undoes what censoring takes from later
 * pairs: Peto and Peto's weights of the log-rank test.
 *
 * @throws InputError on mismatched ids; NumericalError if no pair can be compared.
 */
export function survivalWeightedConcordance(y: SurvivalData, risk: Scores): Concordance {
  checkSameIds(y.ids, risk.ids, "the follow-up", risk.name);
  const [all] = groupRows(y.ids, undefined);
  const counts = countByTime(y.time, y.event, all.rows);
  let survival = 1;
  const weights = counts.time.map((_, at) => {
    const before = survival;
    survival *= 1 - counts.event[at] / counts.atRisk[at];
    return (y.length * before) / counts.atRisk[at];
  });
  const weight = y.time.map((time, row) =>
    y.event[row] === 1 ? weights[indexOfTime(counts.time, time)] : 0,
  );
  return concordanceOf({ time: y.time, event: y.event, risk: risk.values, weight, cases: ones(y.length) }, [
    all,
  ]);
}

/**
 * Harrell's concordance with bootstrap intervals: patients are drawn with replacement.
 *
 * @param options  `seed` and `draws`, or the rows of each replicate.
 * @throws InputError on mismatched ids; NumericalError if no pair of a replicate can be compared.
 *
 * @example
 * const { bca } = model.concordanceBootstrap(test.y, cox.predict(test.x), { draws: 1000, seed: 7 });
 */
export function concordanceBootstrap(
  y: SurvivalData,
  risk: Scores,
  options: BootstrapOptions = {},
): Bootstrap {
  checkSameIds(y.ids, risk.ids, "the follow-up", risk.name);
  const weight = ones(y.length);
  const data = { time: y.time, event: y.event, risk: risk.values, weight, cases: weight };
  return bootstrap(
    y.length,
    (rows) => {
      const { concordant, discordant, tiedRisk } = countAll(data, rows);
      return (concordant + tiedRisk / 2) / (concordant + discordant + tiedRisk);
    },
    options,
  );
}

function countAll(data: PairData, rows: Uint32Array): ReturnType<typeof newPairs> {
  const pairs = newPairs(data.time.length);
  countPairs(data, rows, pairs);
  return pairs;
}

function concordanceOf(data: PairData, strata: readonly Group[]): Concordance {
  const n = data.time.length;
  const pairs = newPairs(n);
  for (const { rows } of strata) countPairs(data, rows, pairs);
  const total = pairs.concordant + pairs.discordant + pairs.tiedRisk;
  if (total === 0) {
    throw new NumericalError(
      `no two of ${n} patients can be compared: it needs an event and a patient who was watched for longer. ` +
        "Check times and events, or use fewer strata.",
    );
  }
  const c = (pairs.concordant + pairs.tiedRisk / 2) / total;
  let variance = 0;
  for (let row = 0; row < n; row++) {
    // How c changes with the weight of one patient.
    const all = pairs.rowConcordant[row] + pairs.rowDiscordant[row] + pairs.rowTied[row];
    const influence = (pairs.rowConcordant[row] + pairs.rowTied[row] / 2 - c * all) / total;
    variance += (data.cases[row] * influence) ** 2;
  }
  const { concordant, discordant, tiedRisk, tiedTime, tiedBoth } = pairs;
  const standardError = Math.sqrt(variance);
  const result = { c, standardError, concordant, discordant, tiedRisk, tiedTime, tiedBoth };
  return showAs(result, () => show(result));
}

function show({ c, standardError, concordant, discordant, tiedRisk }: Concordance): MimeBundle {
  const pairs = `${concordant} concordant, ${discordant} discordant, ${tiedRisk} tied pairs`;
  return {
    "text/plain": `Concordance ${formatNumber(c, 4)} (standard error ${formatNumber(standardError, 2)}): ${pairs}`,
  };
}
