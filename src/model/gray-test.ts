/**
 * Gray's test: whether groups have the same cumulative incidence of one kind of event.
 *
 * Source: Gray 1988, doi:10.1214/aos/1176350951, with the variance of R's cmprsk.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { chiSquareTail, logChiSquareTail } from "../core/distributions.js";
import { InputError, NumericalError } from "../core/errors.js";
import type { Labels } from "../table/labels.js";
import { formatNumber, formatPCell, renderTable } from "../table/render.js";
import type { SurvivalData } from "../table/survival-data.js";
import { cholesky, solveCholesky } from "./cholesky.js";
import { type CauseCounts, causesOf, countCauses, distinctTimes } from "./competing.js";
import { groupRows } from "./groups.js";

/** The test of one kind of event. */
export interface GrayTest {
  readonly cause: string;
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
  readonly p: number;
  /** Natural logarithm of p, for p below the smallest double. */
  readonly logP: number;
}

/**
 * Tests each kind of event.
 *
 * @param y  n patients; an event is any of the kinds.
 * @param cause  Kind of each patient's event; that of censored patients is not looked at.
 * @param by  Their groups; at least 2 classes with patients.
 * @throws InputError on mismatched ids, fewer than 2 groups or no event; NumericalError if the groups cannot be compared.
 *
 * @example
 * const [relapse, death] = model.grayTest(y, cohort.labels("status"), cohort.labels("arm"));
 */
export function grayTest(y: SurvivalData, cause: Labels, by: Labels): readonly GrayTest[] {
  const causes = causesOf(y, cause);
  const groups = groupRows(y.ids, by);
  if (groups.length < 2) {
    throw new InputError(
      `Gray's test compares at least 2 groups, but "${by.name}" has patients in ${groups.length}.`,
    );
  }
  const times = distinctTimes(
    y.time,
    Uint32Array.from(y.ids, (_, row) => row),
  );
  const counts = groups.map(({ rows }) => countCauses(y.time, causes, rows, times));
  const result = causes.names.map((name, c): GrayTest => {
    const { score, variance } = new GraySums(counts, causes.names.length, c).run();
    const size = score.length;
    const largest = score.reduce((most, _, i) => Math.max(most, variance[i * size + i]), 0);
    const { factor, singular } = cholesky(variance, size, 1e-12 * largest);
    if (singular >= 0 || !(largest > 0)) {
      throw new NumericalError(
        `the groups of "${by.name}" cannot be compared for "${name}": they are not at risk together at the times of these events. ` +
          "Merge groups.",
      );
    }
    const solved = solveCholesky(factor, size, score);
    const chiSquare = score.reduce((sum, value, i) => sum + value * solved[i], 0);
    return {
      cause: name,
      chiSquare,
      degreesOfFreedom: size,
      p: chiSquareTail(chiSquare, size),
      logP: logChiSquareTail(chiSquare, size),
    };
  });
  return showAs(result, () => show(result));
}

/** The score of all groups but the last and its variance, summed from time to time. */
class GraySums {
  readonly #counts: readonly CauseCounts[];
  readonly #causes: number;
  readonly #cause: number;
  readonly #groups: number;
  readonly #score: Float64Array;
  readonly #variance: Float64Array;
  /** Groups × groups: what the weights of each group owe to the events of each so far, now and in all. */
  readonly #now: Float64Array;
  readonly #sofar: Float64Array;
  readonly #mixed: Float64Array;
  readonly #own: Float64Array;
  /** Survival from any event, and incidence of the cause, just before the current time. */
  readonly #survival: Float64Array;
  readonly #incidence: Float64Array;
  #common = 0;

  constructor(counts: readonly CauseCounts[], causes: number, cause: number) {
    const g = counts.length;
    this.#counts = counts;
    this.#causes = causes;
    this.#cause = cause;
    this.#groups = g;
    this.#score = new Float64Array(g);
    this.#variance = new Float64Array(g * g);
    this.#now = new Float64Array(g * g);
    this.#sofar = new Float64Array(g * g);
    this.#mixed = new Float64Array(g * g);
    this.#own = new Float64Array(g);
    this.#survival = new Float64Array(g).fill(1);
    this.#incidence = new Float64Array(g);
  }

  run(): { readonly score: Float64Array; readonly variance: Float64Array } {
    const g = this.#groups;
    for (let at = 0; at < this.#counts[0].time.length; at++) this.#step(at);
    const size = g - 1;
    const variance = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        let sum = this.#variance[i * g + j];
        for (let k = 0; k < g; k++) {
          const [ci, cj] = [this.#sofar[i * g + k], this.#sofar[j * g + k]];
          sum += ci * cj * this.#own[k] + ci * this.#mixed[j * g + k] + cj * this.#mixed[i * g + k];
        }
        variance[i * size + j] = sum;
      }
    }
    return { score: this.#score.slice(0, size), variance };
  }

  #step(at: number): void {
    const g = this.#groups;
    const atRisk = this.#counts.map((counts) => counts.atRisk[at]);
    const own = this.#counts.map((counts) => counts.events[at * this.#causes + this.#cause]);
    const all = this.#counts.map((counts) => {
      let sum = 0;
      for (let c = 0; c < this.#causes; c++) sum += counts.events[at * this.#causes + c];
      return sum;
    });
    const owns = own.reduce((sum, d) => sum + d, 0);
    const others = all.reduce((sum, d) => sum + d, 0) - owns;
    if (owns + others === 0) return;
    const survival = this.#survival.slice();
    const incidence = this.#incidence.slice();
    // Everybody counts who could still have the event: those at risk, and in their place those censored or lost to others.
    let risk = 0;
    let expected = 0;
    for (let i = 0; i < g; i++) {
      if (atRisk[i] === 0) continue;
      survival[i] = (this.#survival[i] * (atRisk[i] - all[i])) / atRisk[i];
      incidence[i] += (this.#survival[i] * own[i]) / atRisk[i];
      risk += atRisk[i] / this.#survival[i];
      expected += (atRisk[i] * (1 - this.#incidence[i])) / this.#survival[i];
    }
    const common = this.#common + owns / risk;
    this.#now.fill(0);
    for (let i = 0; i < g; i++) {
      if (atRisk[i] === 0) continue;
      const size = atRisk[i] / this.#survival[i];
      for (let j = 0; j < g; j++) {
        if (atRisk[j] === 0) continue;
        const share = atRisk[j] / (this.#survival[j] * risk);
        this.#now[i * g + j] = i === j ? size * (1 - share) : -size * share;
        this.#sofar[i * g + j] += (this.#now[i * g + j] * owns) / (risk * (1 - this.#common));
      }
      this.#score[i] += own[i] - (owns * size * (1 - this.#incidence[i])) / expected;
    }
    for (let k = 0; k < g; k++) {
      if (atRisk[k] === 0) continue;
      const before = this.#survival[k];
      if (owns > 0) {
        const drift = survival[k] > 0 ? 1 - (1 - common) / survival[k] : 1;
        const ties = owns > 1 ? 1 - (owns - 1) / (risk * before - 1) : 1;
        this.#add(k, drift, (ties * before * owns) / (risk * atRisk[k]), true);
      }
      const other = all[k] - own[k];
      if (other > 0 && survival[k] > 0) {
        const drift = (1 - common) / survival[k];
        const ties = other > 1 ? 1 - (other - 1) / (atRisk[k] - 1) : 1;
        this.#add(k, drift, (ties * before * before * other) / (atRisk[k] * atRisk[k]), false);
      }
    }
    this.#survival.set(survival);
    this.#incidence.set(incidence);
    this.#common = common;
  }

  /** Variance from the events of group `k`: of the cause itself, or of others. */
  #add(k: number, drift: number, unit: number, isCause: boolean): void {
    const g = this.#groups;
    const part = (i: number): number =>
      isCause ? this.#now[i * g + k] - drift * this.#sofar[i * g + k] : drift * this.#sofar[i * g + k];
    for (let i = 0; i < g; i++) {
      const own = part(i);
      this.#mixed[i * g + k] += (isCause ? 1 : -1) * own * drift * unit;
      for (let j = 0; j < g; j++) this.#variance[i * g + j] += own * part(j) * unit;
    }
    this.#own[k] += drift * drift * unit;
  }
}

function show(tests: readonly GrayTest[]): MimeBundle {
  return renderTable({
    title: "Gray's test of equal cumulative incidence",
    header: ["event", "χ²", "df", "p"],
    rows: tests.map(({ cause, chiSquare, degreesOfFreedom, p }) => [
      cause,
      formatNumber(chiSquare, 4),
      String(degreesOfFreedom),
      formatPCell(p),
    ]),
  });
}
