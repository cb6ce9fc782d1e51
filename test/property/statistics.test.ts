/** Statistics against slow, obvious definitions: all orders, all pairs, all cuts. */
import assert from "node:assert/strict";
import fc from "fast-check";
import * as statistics from "../../src/model/statistics/index.js";
import { differenceAt } from "../../src/model/statistics/shift.js";
import { assertClose } from "../support/modelling-references.js";
import { soundOrNull } from "../support/sound-results.js";

/** Rounding of sums of a few dozen terms. */
const ROUNDING = 1e-9;

const value = fc.integer({ min: -3, max: 3 });
const sample = fc.array(value, { minLength: 1, maxLength: 4 });
const decimal = fc.double({ min: -9, max: 9, noNaN: true });

describe("statistics by their definitions", () => {
  it("exact rank sum and distance tests count all ways to choose the first group", () => {
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        const all = [...x, ...y];
        fc.pre(new Set(all).size > 1);
        const ways = subsets(all.length, x.length).map((chosen) => ({
          first: all.filter((_, at) => chosen.has(at)),
          second: all.filter((_, at) => !chosen.has(at)),
        }));
        const middle = (x.length * y.length) / 2;
        const u = superiority(x, y);
        const share = (holds: (first: number[], second: number[]) => boolean): number =>
          ways.filter(({ first, second }) => holds(first, second)).length / ways.length;
        const found = statistics.mannWhitney(x, y);
        assert.equal(found.statistic, u);
        const twoSided = share((a, b) => Math.abs(superiority(a, b) - middle) >= Math.abs(u - middle));
        assertClose(found.p, twoSided, ROUNDING, "two-sided p");
        const less = statistics.mannWhitney(x, y, { alternative: "less" }).p;
        assertClose(
          less,
          share((a, b) => superiority(a, b) <= u),
          ROUNDING,
          "p of less",
        );
        const distance = distributionDistance(x, y);
        const ks = statistics.kolmogorovSmirnov(x, y);
        assertClose(ks.statistic, distance, ROUNDING, "D");
        const farther = share((a, b) => distributionDistance(a, b) >= distance - 1e-12);
        assertClose(ks.p, farther, ROUNDING, "p of D");
      }),
    );
  });

  it("the exact signed rank test counts all signs", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 7 }), (differences) => {
        const known = differences.filter((d) => d !== 0);
        fc.pre(known.length > 0);
        const ranks = known.map((d) => midrank(known.map(Math.abs), Math.abs(d)));
        const sums = Array.from({ length: 2 ** known.length }, (_, signs) =>
          ranks.reduce((sum, rank, at) => sum + (signs & (1 << at) ? rank : 0), 0),
        );
        const v = ranks.reduce((sum, rank, at) => sum + ((known[at] as number) > 0 ? rank : 0), 0);
        const middle = ranks.reduce((sum, rank) => sum + rank, 0) / 2;
        const zeros = differences.map(() => 0);
        const found = statistics.wilcoxonSignedRank(differences, zeros);
        assert.equal(found.statistic, v);
        const extreme = sums.filter((s) => Math.abs(s - middle) >= Math.abs(v - middle)).length;
        assertClose(found.p, extreme / sums.length, ROUNDING, "p");
      }),
    );
  });

  it("exact correlations of ranks count all orders", () => {
    fc.assert(
      fc.property(fc.uniqueArray(decimal, { minLength: 3, maxLength: 6 }), fc.integer(), (x, seed) => {
        const order = shuffled(x.length, seed);
        const orders = permutations(x.length);
        const sorted = x.toSorted((a, b) => a - b);
        const squares = (of: readonly number[]): number =>
          of.reduce((sum, rank, at) => sum + (rank - at) ** 2, 0);
        const concordant = (of: readonly number[]): number =>
          of.reduce((sum, a, i) => sum + of.filter((b, j) => j > i && b > a).length, 0);
        const tails = (of: (order: readonly number[]) => number): number => {
          const at = of(order);
          const below = orders.filter((other) => of(other) <= at).length;
          const above = orders.filter((other) => of(other) >= at).length;
          return Math.min(1, (2 * Math.min(below, above)) / orders.length);
        };
        assertClose(statistics.spearman(sorted, order).p, tails(squares), ROUNDING, "Spearman");
        assertClose(statistics.kendall(sorted, order).p, tails(concordant), ROUNDING, "Kendall");
      }),
    );
  });

  it("Fisher's test of any table counts all ways to label the patients", () => {
    const patients = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })), {
      minLength: 4,
      maxLength: 7,
    });
    fc.assert(
      fc.property(patients, (pairs) => {
        const rows = [...new Set(pairs.map(([row]) => row))];
        const columns = [...new Set(pairs.map(([, column]) => column))];
        fc.pre(rows.length > 1 && columns.length > 1);
        const tableOf = (order: readonly number[]): number[][] => {
          const table = rows.map(() => columns.map(() => 0));
          pairs.forEach(([row], at) => {
            const [, column] = pairs[order[at] as number] as [number, number];
            (table[rows.indexOf(row)] as number[])[columns.indexOf(column)]++;
          });
          return table;
        };
        const observed = tableOf(pairs.map((_, at) => at));
        const counts = new Map<string, number>();
        const orders = permutations(pairs.length);
        for (const order of orders) {
          const key = JSON.stringify(tableOf(order));
          counts.set(key, (counts.get(key) ?? 0) + 1);
        }
        const own = counts.get(JSON.stringify(observed)) as number;
        const rare = [...counts.values()]
          .filter((count) => count <= own)
          .reduce((sum, count) => sum + count, 0);
        assertClose(statistics.fisher(observed).p, rare / orders.length, ROUNDING, "p");
        const turned = columns.map((_, j) => observed.map((row) => row[j] as number));
        assertClose(statistics.fisher(turned).p, rare / orders.length, ROUNDING, "p of the turned table");
      }),
      { numRuns: 60 },
    );
  });

  it("differences in order are those of all pairs", () => {
    fc.assert(
      fc.property(
        fc.array(decimal, { minLength: 1, maxLength: 6 }),
        fc.array(decimal, { minLength: 1, maxLength: 6 }),
        (x, y) => {
          const all = x.flatMap((a) => y.map((b) => a - b)).sort((a, b) => a - b);
          const [a, b] = [Float64Array.from(x).sort(), Float64Array.from(y).sort()];
          all.forEach((difference, at) => {
            assert.ok(differenceAt(a, b, at) === difference, `difference ${at}`);
          });
        },
      ),
    );
  });

  it("clusters of one variable are the best of all", () => {
    fc.assert(
      fc.property(
        fc.array(decimal, { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 1, max: 4 }),
        (values, k) => {
          fc.pre(new Set(values.map((v) => v + 0)).size >= k);
          const sorted = values.toSorted((a, b) => a - b);
          const best = Math.min(
            ...subsets(sorted.length - 1, k - 1).map((cuts) => {
              const ends = [...cuts].map((cut) => cut + 1).sort((a, b) => a - b);
              return [...ends, sorted.length].reduce(
                (sum, end, at) => sum + spread(sorted.slice(at === 0 ? 0 : ends[at - 1], end)),
                0,
              );
            }),
          );
          const found = statistics.kMeans(values, k);
          assert.ok(Math.abs(found.withinSquares - best) < ROUNDING, `${found.withinSquares} is not ${best}`);
          assert.deepEqual(
            found.sizes,
            found.sizes.map((_, at) => found.cluster.filter((cluster) => cluster === at).length),
          );
        },
      ),
    );
  });

  it("Hommel's p is that of the closed test, and no adjustment is below p or breaks its order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 }),
        (p) => {
          const hommel = statistics.adjust(p, "hommel");
          const sets = Array.from({ length: 2 ** p.length - 1 }, (_, bits) =>
            p.filter((__, at) => (bits + 1) & (1 << at)),
          );
          p.forEach((own, at) => {
            const with_ = Array.from({ length: 2 ** p.length - 1 }, (_, bits) => bits).filter(
              (bits) => (bits + 1) & (1 << at),
            );
            const closed = Math.max(...with_.map((bits) => simes(sets[bits] as number[])));
            assertClose(hommel[at] as number, closed, ROUNDING, `Hommel's p of ${own}`);
          });
          for (const method of [
            "bonferroni",
            "holm",
            "hochberg",
            "benjamini-hochberg",
            "benjamini-yekutieli",
          ] as const) {
            const adjusted = statistics.adjust(p, method);
            p.forEach((a, i) => {
              assert.ok((adjusted[i] as number) >= a && (adjusted[i] as number) <= 1, method);
              p.forEach((b, j) => {
                if (a < b) assert.ok((adjusted[i] as number) <= (adjusted[j] as number), method);
              });
            });
          }
        },
      ),
    );
  });

  it("intraclass correlations do not change with unit and origin; ICC3 not with the level of a rater", () => {
    const ratings = fc.array(fc.tuple(decimal, decimal, decimal), { minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(ratings, decimal, (rows, shift) => {
        const raters = [0, 1, 2].map((at) => rows.map((row) => row[at] as number));
        let found: statistics.Icc;
        try {
          found = statistics.icc(raters);
        } catch {
          return;
        }
        fc.pre(found.meanSquares.rest > 1e-3 && found.meanSquares.subjects > 1e-3);
        // Near a pole of a form rounding decides, also whether it has an interval.
        fc.pre(found.all.every((form) => Math.abs(form.value) < 10));
        const scaled = soundOrNull(() =>
          statistics.icc(raters.map((values) => values.map((v) => 3 * v + shift))),
        );
        fc.pre(scaled !== null);
        found.all.forEach(({ value: own }, at) => {
          // Forms for the mean of raters have a pole, near which rounding grows with the square of the value.
          const distance = Math.abs(own - (scaled?.all[at]?.value ?? Number.NaN));
          assert.ok(distance < 1e-6 * Math.max(1, own * own), `form ${at}`);
        });
        const [first = [], ...others] = raters;
        const moved = soundOrNull(() => statistics.icc([first.map((v) => v + shift), ...others]));
        if (moved !== null) assert.ok(Math.abs(found.ICC3.value - moved.ICC3.value) < 1e-6);
      }),
    );
  });

  it("resampling repeats itself by its seed, and only by it", () => {
    const x = [1, 2, 4, 8, 16, 32];
    const mean = (rows: Uint32Array): number =>
      rows.reduce((sum, row) => sum + (x[row] as number), 0) / rows.length;
    const draw = (seed: number): Float64Array =>
      statistics.bootstrap(6, mean, { draws: 50, seed }).replicates;
    assert.deepEqual(draw(3), draw(3));
    assert.notDeepEqual(draw(3), draw(4));
    const permute = (seed: number): Float64Array =>
      statistics.permutationTest(x, [3, 5, 9], { draws: 50, seed }).permuted;
    assert.deepEqual(permute(3), permute(3));
    assert.notDeepEqual(permute(3), permute(4));
  });

  it("a permutation test of many draws comes near the share of all orders", () => {
    const [x, y] = [
      [1, 5, 6, 9],
      [2, 3, 4, 4.5],
    ] as const;
    const all = [...x, ...y];
    const difference = (first: number[], second: number[]): number => average(first) - average(second);
    const own = Math.abs(difference([...x], [...y]));
    const ways = subsets(8, 4).map((chosen) =>
      difference(
        all.filter((_, at) => chosen.has(at)),
        all.filter((_, at) => !chosen.has(at)),
      ),
    );
    const exact = ways.filter((d) => Math.abs(d) >= own - 1e-9).length / ways.length;
    const { p } = statistics.permutationTest(x, y, { draws: 20_000, seed: 1 });
    // Four standard errors of 20,000 draws.
    assert.ok(
      Math.abs(p - exact) < 4 * Math.sqrt((exact * (1 - exact)) / 20_000),
      `${p} is not near ${exact}`,
    );
  });
});

function superiority(x: readonly number[], y: readonly number[]): number {
  return x.reduce((sum, a) => sum + y.reduce((part, b) => part + (a > b ? 1 : a === b ? 0.5 : 0), 0), 0);
}

function distributionDistance(x: readonly number[], y: readonly number[]): number {
  const share = (values: readonly number[], at: number): number =>
    values.filter((v) => v <= at).length / values.length;
  return Math.max(...[...x, ...y].map((at) => Math.abs(share(x, at) - share(y, at))));
}

function midrank(values: readonly number[], of: number): number {
  return values.filter((v) => v < of).length + (values.filter((v) => v === of).length + 1) / 2;
}

function simes(p: readonly number[]): number {
  return Math.min(...p.toSorted((a, b) => a - b).map((value, at) => (value * p.length) / (at + 1)));
}

function average(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}

function spread(values: readonly number[]): number {
  const mean = average(values);
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
}

/** All sets of `size` of the numbers below n. */
function subsets(n: number, size: number, from = 0): Set<number>[] {
  if (size === 0) return [new Set()];
  const found: Set<number>[] = [];
  for (let first = from; first <= n - size; first++) {
    for (const rest of subsets(n, size - 1, first + 1)) found.push(new Set([first, ...rest]));
  }
  return found;
}

function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((order) =>
    Array.from({ length: n }, (_, at) => [...order.slice(0, at), n - 1, ...order.slice(at)]),
  );
}

/** Some order of the numbers below n. */
function shuffled(n: number, seed: number): number[] {
  const orders = permutations(n);
  return orders[Math.abs(seed) % orders.length] as number[];
}
