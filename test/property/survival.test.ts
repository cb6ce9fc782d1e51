/** Survival statistics against slow, obvious definitions, and under changes that must not matter. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { concordance } from "../../src/model/concordance.js";
import { cox } from "../../src/model/cox.js";
import { coxLikelihood, riskOrder } from "../../src/model/cox-likelihood.js";
import { groupRows } from "../../src/model/groups.js";
import { kaplanMeier } from "../../src/model/kaplan-meier.js";
import { logRank } from "../../src/model/log-rank.js";
import { Labels } from "../../src/table/labels.js";
import { Scores } from "../../src/table/scores.js";
import {
  featuresOf,
  groupsOf,
  idsOf,
  type Patient,
  patients,
  survivalOf,
} from "../support/survival-generators.js";

const RUNS = 2000;

describe("survival statistics by definition", () => {
  it("Kaplan–Meier is the product of the shares that survive each event time", () => {
    fc.assert(
      fc.property(patients, (rows) => {
        fc.pre(rows.length > 0);
        const [curve] = kaplanMeier(survivalOf(rows)).groups;
        assert.ok(curve !== undefined);
        for (const { time, survival, atRisk } of curve.at([...rows.map((row) => row.time), 3.5, 200])) {
          assertNear(survival, survivalByDefinition(rows, time));
          assert.equal(atRisk, rows.filter((row) => row.time >= time).length);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it("the restricted mean is the area under the curve", () => {
    fc.assert(
      fc.property(patients, fc.double({ min: 0.1, max: 150, noNaN: true }), (rows, until) => {
        fc.pre(rows.length > 0);
        const [curve] = kaplanMeier(survivalOf(rows)).groups;
        assert.ok(curve !== undefined);
        const edges = [0, ...rows.map((row) => row.time).filter((time) => time < until), until];
        edges.sort((a, b) => a - b);
        const area = edges
          .slice(1)
          .reduce(
            (sum, edge, at) =>
              sum + (edge - (edges[at] as number)) * survivalByDefinition(rows, edges[at] as number),
            0,
          );
        assertNear(curve.restrictedMean(until).mean, area);
      }),
      { numRuns: RUNS },
    );
  });

  it("concordance counts pair by pair", () => {
    fc.assert(
      fc.property(patients, (rows) => {
        const expected = pairsByDefinition(rows);
        const total = expected.concordant + expected.discordant + expected.tiedRisk;
        fc.pre(total > 0);
        const risk = Float64Array.from(rows, (row) => row.values[0] as number);
        const found = concordance(survivalOf(rows), new Scores(idsOf(rows), risk));
        const { concordant, discordant, tiedRisk, tiedTime, tiedBoth } = found;
        assert.deepEqual({ concordant, discordant, tiedRisk, tiedTime, tiedBoth }, expected);
        assertNear(found.c, (concordant + tiedRisk / 2) / total);
      }),
      { numRuns: RUNS },
    );
  });

  it("the Cox likelihood, its slope and its curvature are those of the definition", () => {
    const point = fc.tuple(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(
        patients,
        point,
        fc.constantFrom("efron" as const, "breslow" as const),
        (rows, beta, ties) => {
          fc.pre(rows.length > 0);
          const x = featuresOf(rows, 2).toMatrix();
          const y = survivalOf(rows);
          const order = riskOrder(y.time, groupRows(y.ids, undefined));
          const at = (b: readonly number[]): ReturnType<typeof coxLikelihood> =>
            coxLikelihood(x, y.event, order, ties, new Float64Array(y.length).fill(1), Float64Array.from(b));
          const found = at(beta);
          assertNear(found.logLikelihood, likelihoodByDefinition(rows, beta, ties));
          const h = 1e-4;
          for (const j of [0, 1] as const) {
            const up = at(beta.map((value, k) => (k === j ? value + h : value)));
            const down = at(beta.map((value, k) => (k === j ? value - h : value)));
            // Central differences are good to h² times the third derivative, which the data here keep below 1e4.
            assertNear(found.gradient[j] as number, (up.logLikelihood - down.logLikelihood) / (2 * h), 1e-4);
            for (const k of [0, 1] as const) {
              const slope = ((up.gradient[k] as number) - (down.gradient[k] as number)) / (2 * h);
              assertNear(found.information[j * 2 + k] as number, -slope, 1e-3);
            }
          }
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe("survival statistics do not depend on", () => {
  it("the order of the classes in a log-rank test", () => {
    fc.assert(
      fc.property(patients, (rows) => {
        const y = survivalOf(rows);
        const by = groupsOf(rows);
        const forward = attempt(() => logRank(y, by));
        const turned = new Labels(by.ids, by.values, { classes: [...by.classes].reverse() });
        const backward = attempt(() => logRank(y, turned));
        assert.equal(forward === null, backward === null);
        if (forward === null || backward === null) return;
        assert.equal(forward.degreesOfFreedom, backward.degreesOfFreedom);
        assertNear(forward.chiSquare, backward.chiSquare, 1e-7);
      }),
      { numRuns: RUNS },
    );
  });

  it("the order of the patients", () => {
    const shuffled = patients.chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(idsOf(rows), { minLength: rows.length })),
    );
    fc.assert(
      fc.property(shuffled, ([rows, order]) => {
        fc.pre(rows.length > 0);
        const y = survivalOf(rows);
        const x = featuresOf(rows, 2);
        const by = groupsOf(rows);
        assert.deepEqual(
          kaplanMeier(y, { by }).groups.map((curve) => [curve.label, curve.survival, curve.lower]),
          kaplanMeier(y.pick(order), { by: by.pick(order) }).groups.map((c) => [
            c.label,
            c.survival,
            c.lower,
          ]),
        );
        const first = attempt(() => cox().fit(x, y));
        const second = attempt(() => cox().fit(x.pick(order), y.pick(order)));
        // Data on the edge of separation may fall on either side of it by rounding.
        if (first === null || second === null) return;
        first.coefficients.forEach((value, j) => {
          const error = (first.covariates[j]?.standardError ?? 0) * 1e-5;
          assertNear(value, second.coefficients[j] as number, 1e-8 + error);
        });
      }),
      { numRuns: RUNS },
    );
  });

  it("the scale of a covariate or its origin, but for the coefficient's own scale", () => {
    const change = fc.tuple(fc.constantFrom(1e-6, 0.5, 3, 1e7), fc.constantFrom(-100, 0, 7));
    fc.assert(
      fc.property(patients, change, (rows, [scale, origin]) => {
        const y = survivalOf(rows);
        const moved = rows.map((row) => ({
          ...row,
          values: row.values.map((value) => origin * scale + value * scale),
        }));
        const first = attempt(() => cox().fit(featuresOf(rows, 1), y));
        const second = attempt(() => cox().fit(featuresOf(moved, 1), y));
        assert.equal(first === null, second === null);
        if (first === null || second === null) return;
        assertNear(second.coefficients[0] as number, (first.coefficients[0] as number) / scale, 1e-6);
        assertNear(second.logLikelihood, first.logLikelihood, 1e-9);
      }),
      { numRuns: RUNS },
    );
  });
});

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

function assertNear(actual: number, expected: number, tolerance = 1e-10): void {
  const near = Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected));
  assert.ok(near, `${actual} is not ${expected} within ${tolerance}`);
}

function survivalByDefinition(rows: readonly Patient[], until: number): number {
  const times = new Set(rows.filter((row) => row.event === 1 && row.time <= until).map((row) => row.time));
  let survival = 1;
  for (const time of times) {
    const atRisk = rows.filter((row) => row.time >= time).length;
    const events = rows.filter((row) => row.time === time && row.event === 1).length;
    survival *= 1 - events / atRisk;
  }
  return survival;
}

function pairsByDefinition(rows: readonly Patient[]): Record<string, number> {
  const count = { concordant: 0, discordant: 0, tiedRisk: 0, tiedTime: 0, tiedBoth: 0 };
  for (const [a, first] of rows.entries()) {
    for (const [b, second] of rows.entries()) {
      const difference = (first.values[0] as number) - (second.values[0] as number);
      if (first.event === 0) continue;
      if (first.time === second.time && second.event === 1) {
        if (a < b) count[difference === 0 ? "tiedBoth" : "tiedTime"]++;
      } else if (first.time < second.time || (first.time === second.time && a !== b)) {
        count[difference === 0 ? "tiedRisk" : difference > 0 ? "concordant" : "discordant"]++;
      }
    }
  }
  return count;
}

function likelihoodByDefinition(
  rows: readonly Patient[],
  beta: readonly number[],
  ties: "efron" | "breslow",
): number {
  const eta = (row: Patient): number => beta.reduce((sum, b, j) => sum + b * (row.values[j] as number), 0);
  const risk = (set: readonly Patient[]): number => set.reduce((sum, row) => sum + Math.exp(eta(row)), 0);
  let sum = 0;
  for (const time of new Set(rows.map((row) => row.time))) {
    const dead = rows.filter((row) => row.time === time && row.event === 1);
    const atRisk = rows.filter((row) => row.time >= time);
    dead.forEach((row, k) => {
      const part = ties === "efron" ? (k / dead.length) * risk(dead) : 0;
      sum += eta(row) - Math.log(risk(atRisk) - part);
    });
  }
  return sum;
}
