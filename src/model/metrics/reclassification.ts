/**
 * Two predictions of the same patients compared: McNemar's test, net reclassification, integrated discrimination.
 *
 * Source: McNemar 1947; Pencina et al. 2008, doi:10.1002/sim.2929, and 2011, doi:10.1002/sim.4085.
 * Layer:  model; imports core, table.
 */
import { chiSquareTail, normalTwoSided } from "../../core/distributions.js";
import { InputError, NumericalError } from "../../core/errors.js";
import { checkSameIds } from "../../table/ids.js";
import type { Labels } from "../../table/labels.js";
import { formatP } from "../../table/render.js";
import type { Scores } from "../../table/scores.js";
import { binomialTest } from "../statistics/binomial.js";
import { meanOf, varianceOf } from "../statistics/sample.js";
import { brief, shown, type TestResult } from "../statistics/test-result.js";
import { type Outcome, type PositiveClass, probableOutcome } from "./outcome.js";

/** McNemar's test. `statistic` is χ², 1 degree of freedom. */
export interface McNemar extends TestResult {
  /** Patients whom only the second predicts rightly, and only the first. */
  readonly onlySecondRight: number;
  readonly onlyFirstRight: number;
  /** Exact, by the binomial distribution: to be preferred with fewer than 25 discordant patients. */
  readonly pExact: number;
}

/**
 * Tests whether two predictions are right equally often.
 *
 * @param options.correct  Continuity correction, default true, as R's mcnemar.test.
 * @throws InputError on mismatched ids; NumericalError if both are right for the same patients.
 *
 * @example
 * const test = model.metrics.mcnemar(y, predictedByRadiomics, predictedByReader);
 */
export function mcnemar(
  y: Labels,
  first: Labels,
  second: Labels,
  { correct = true }: { readonly correct?: boolean } = {},
): McNemar {
  checkSameIds(y.ids, first.ids, `"${y.name}"`, "the first prediction");
  checkSameIds(y.ids, second.ids, `"${y.name}"`, "the second prediction");
  let onlySecondRight = 0;
  let onlyFirstRight = 0;
  y.values.forEach((value, row) => {
    const [a, b] = [first.values[row] === value, second.values[row] === value];
    if (b && !a) onlySecondRight++;
    if (a && !b) onlyFirstRight++;
  });
  const discordant = onlySecondRight + onlyFirstRight;
  if (discordant === 0) {
    throw new NumericalError(
      `both predictions are right for the same of ${y.length} patients: McNemar's test has nothing to compare.`,
    );
  }
  const distance = Math.abs(onlySecondRight - onlyFirstRight);
  // R corrects by 1 unless both counts are equal.
  const statistic = (correct && distance > 0 ? distance - 1 : distance) ** 2 / discordant;
  const p = chiSquareTail(statistic, 1);
  const pExact = binomialTest(onlySecondRight, discordant).p;
  const result = {
    method: `McNemar's test${correct ? " with continuity correction" : ""}`,
    statistic,
    p,
    onlySecondRight,
    onlyFirstRight,
    pExact,
    sentence: `Only the first prediction was right for ${onlyFirstRight} patients, only the second for ${onlySecondRight} (McNemar's test, ${formatP(p)}; exact ${formatP(pExact)}).`,
  };
  return shown(result, [
    ["only the first is right", onlyFirstRight],
    ["only the second is right", onlySecondRight],
    ["χ²", statistic],
    ["p", p],
    ["p, exact", pExact],
  ]);
}

/** Net reclassification improvement. `statistic` is z. */
export interface NetReclassification extends TestResult {
  /** Events + non-events, in [-2, 2]. */
  readonly nri: number;
  readonly standardError: number;
  /** Share of patients with the outcome that move up, less those that move down. */
  readonly events: number;
  /** Share of patients without it that move down, less those that move up. */
  readonly nonevents: number;
  /** Shares that move: with the outcome up and down, without it up and down. */
  readonly eventsUp: number;
  readonly eventsDown: number;
  readonly noneventsUp: number;
  readonly noneventsDown: number;
  /** Error under the null hypothesis (Pencina 2008), its z and p; `statistic` and `p` use the error of the estimate. */
  readonly nullStandardError: number;
  readonly nullZ: number;
  readonly nullP: number;
}

export interface NetReclassificationOptions extends PositiveClass {
  /** Rising limits of the risk categories, e.g. [0.2, 0.6]; a risk at a limit counts to the upper one. Default: any change counts. */
  readonly cuts?: readonly number[];
}

/**
 * How many patients the second prediction moves the right way. It rewards badly calibrated models: report it with a
 * calibration curve, if at all (Kerr 2014, doi:10.1097/EDE.0000000000000018).
 *
 * @param first  Probabilities by the old model.
 * @param second  Probabilities by the new one.
 * @throws InputError on mismatched ids or no probabilities; NumericalError if nobody moves.
 */
export function netReclassification(
  y: Labels,
  first: Scores,
  second: Scores,
  options: NetReclassificationOptions = {},
): NetReclassification {
  const { cuts } = options;
  if (
    cuts !== undefined &&
    (cuts.length === 0 || cuts.some((cut, at) => !(cut > (cuts[at - 1] ?? 0) && cut < 1)))
  ) {
    throw new InputError(`the limits of risk must rise inside (0, 1), found [${cuts.join(", ")}].`);
  }
  const outcome = comparedOutcome(y, first, second, options);
  const category = (p: number): number => (cuts === undefined ? p : cuts.filter((cut) => p >= cut).length);
  const up = [0, 0];
  const down = [0, 0];
  outcome.isPositive.forEach((flag, row) => {
    const change = category(second.values[row]) - category(first.values[row]);
    if (change > 0) up[flag]++;
    if (change < 0) down[flag]++;
  });
  const { positives, negatives } = outcome;
  const [eventsUp, eventsDown] = [up[1] / positives, down[1] / positives];
  const [noneventsUp, noneventsDown] = [up[0] / negatives, down[0] / negatives];
  const events = eventsUp - eventsDown;
  const nonevents = noneventsDown - noneventsUp;
  const nri = events + nonevents;
  const movedEvents = (eventsUp + eventsDown) / positives;
  const movedNonevents = (noneventsUp + noneventsDown) / negatives;
  const standardError = Math.sqrt(
    Math.max(0, movedEvents - events ** 2 / positives + (movedNonevents - nonevents ** 2 / negatives)),
  );
  const nullStandardError = Math.sqrt(movedEvents + movedNonevents);
  if (!(standardError > 1e-12)) {
    throw new NumericalError(
      "the net reclassification has no error: nobody moves, or all patients of each class move the same way.",
    );
  }
  const statistic = nri / standardError;
  const p = normalTwoSided(statistic);
  const nullZ = nri / nullStandardError;
  const method = cuts === undefined ? "Continuous net reclassification" : "Categorical net reclassification";
  const result = {
    method,
    statistic,
    p,
    nri,
    standardError,
    events,
    nonevents,
    eventsUp,
    eventsDown,
    noneventsUp,
    noneventsDown,
    nullStandardError,
    nullZ,
    nullP: normalTwoSided(nullZ),
    sentence: `${method} was ${brief(nri)} (${brief(events)} with and ${brief(nonevents)} without the outcome; z = ${brief(statistic)}, ${formatP(p)}).`,
  };
  return shown(result, [
    ["net reclassification", nri],
    ["with the outcome", events],
    ["without the outcome", nonevents],
    ["standard error", standardError],
    ["z", statistic],
    ["p", p],
  ]);
}

/** Integrated discrimination improvement. `statistic` is z. */
export interface IntegratedDiscrimination extends TestResult {
  readonly idi: number;
  readonly standardError: number;
  /** Rise of the mean probability of patients with the outcome, and fall of that of patients without it. */
  readonly sensitivity: number;
  readonly specificity: number;
}

/** How much further apart the second prediction moves the mean probabilities of the classes. Errors as `netReclassification`. */
export function integratedDiscrimination(
  y: Labels,
  first: Scores,
  second: Scores,
  options: PositiveClass = {},
): IntegratedDiscrimination {
  const { isPositive, positives, negatives } = comparedOutcome(y, first, second, options);
  if (positives < 2 || negatives < 2) {
    throw new InputError(
      `its variance needs at least 2 patients with and 2 without the outcome, found ${positives} and ${negatives}.`,
    );
  }
  const change = second.values.map((value, row) => value - first.values[row]);
  const [rises, others] = [1, 0].map((flag) => change.filter((_, row) => isPositive[row] === flag));
  const sensitivity = meanOf(rises);
  const specificity = -meanOf(others);
  const idi = sensitivity + specificity;
  const standardError = Math.sqrt(varianceOf(rises) / positives + varianceOf(others) / negatives);
  if (!(standardError > 1e-12)) {
    throw new NumericalError(
      "the integrated discrimination has no error: all patients of each class change by the same amount.",
    );
  }
  const statistic = idi / standardError;
  const p = normalTwoSided(statistic);
  const method = "Integrated discrimination improvement";
  const result = {
    method,
    statistic,
    p,
    idi,
    standardError,
    sensitivity,
    specificity,
    sentence: `${method} was ${brief(idi)} (z = ${brief(statistic)}, ${formatP(p)}).`,
  };
  return shown(result, [
    ["improvement", idi],
    ["with the outcome", sensitivity],
    ["without the outcome", specificity],
    ["standard error", standardError],
    ["z", statistic],
    ["p", p],
  ]);
}

function comparedOutcome(y: Labels, first: Scores, second: Scores, options: PositiveClass): Outcome {
  probableOutcome(y, first, options);
  return probableOutcome(y, second, options);
}
