/** Numbers behind explanation figures against those of shap 0.48's own plots (data-scripts/reference/shap-plots.py). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { InputError } from "../../src/core/errors.js";
import * as explain from "../../src/explain/index.js";
import { averageLinkage, completeLinkage } from "../../src/plot/cluster.js";
import { optimalOrder } from "../../src/plot/leaf-order.js";
import { orderPatients, similarityOrder } from "../../src/plot/shap-order.js";
import { Labels } from "../../src/table/labels.js";

interface Reference {
  readonly names: readonly string[];
  readonly X: readonly (readonly (number | null)[])[];
  readonly phi: readonly (readonly number[])[];
  readonly group: readonly number[];
  readonly partners: readonly (readonly number[])[];
  readonly differences: readonly number[];
  readonly embedding: readonly (readonly [number, number])[];
  readonly shifts: readonly { readonly at: number | null; readonly p: number }[];
  readonly similarity: readonly number[];
}

const reference = JSON.parse(
  readFileSync(new URL("../support/shap-plots.json", import.meta.url), "utf8"),
) as Reference;
const { names, X, phi } = reference;
const ids = phi.map((_, i) => `p${i}`);
const explanation = new explain.Explanation({
  ids,
  features: names.map((name) => ({ name, unit: "" })),
  values: Float64Array.from(phi.flat()),
  data: Float64Array.from(X.flat(), (value) => value ?? Number.NaN),
  base: 0.1,
  outputUnit: "log odds of yes",
});
const group = new Labels(
  ids,
  reference.group.map((one) => (one === 1 ? "a" : "b")),
);
/** Sums of 130 numbers of size 1 in double precision; shap's text has 9 digits or more. */
const CLOSE = 1e-8;

describe("numbers of shap's plots", () => {
  it("interaction partners come in the order of shap's approximate_interactions, missing values among them", () => {
    for (const [j, order] of reference.partners.entries()) {
      // Where the feature itself is missing, the windows depend on how NumPy happens to sort its NaNs.
      if (names[j] === "Contrast") continue;
      const found = explain.interactionPartners(explanation, names[j]).map(({ name }) => name);
      assert.deepEqual(
        found,
        order.map((k) => names[k]),
        names[j],
      );
    }
  });

  it("group differences are the bars of shap's group_difference, and add up to the answers' difference", () => {
    const found = explain.groupDifference(explanation, group, { group: "a", seed: 1 });
    found.features.forEach(({ difference }, j) => {
      assert.ok(Math.abs(difference - reference.differences[j]) < CLOSE, names[j]);
    });
    const sum = found.features.reduce((total, { difference }) => total + difference, 0);
    assert.ok(Math.abs(found.answer.difference - sum) < 1e-12);
    assert.deepEqual(found.sizes, [
      reference.group.filter((one) => one === 1).length,
      reference.group.filter((one) => one === 0).length,
    ]);
  });

  it("the bands of a group difference are near those of the normal distribution", () => {
    const found = explain.groupDifference(explanation, group, { group: "a", draws: 4000, seed: 3 });
    const [m, n] = found.sizes;
    names.forEach((name, j) => {
      const side = (flag: number): number[] =>
        phi.filter((_, i) => reference.group[i] === flag).map((row) => row[j]);
      const error = Math.sqrt(varianceOf(side(1)) / m + varianceOf(side(0)) / n);
      const pooled = Math.sqrt(varianceOf(phi.map((row) => row[j])) * (1 / m + 1 / n));
      const { interval, chance, difference } = found.features[j];
      // 4,000 draws know a percentile of the normal distribution to about 4 % of its standard error.
      for (const [bound, expected, unit] of [
        [interval[0], difference - 1.96 * error, error],
        [interval[1], difference + 1.96 * error, error],
        [chance[0], -1.645 * pooled, pooled],
        [chance[1], 1.645 * pooled, pooled],
      ]) {
        assert.ok(Math.abs(bound - expected) < 0.25 * unit, `${name}: ${bound} instead of ${expected}`);
      }
    });
  });

  it("the embedding is that of shap, up to the sign of an axis", () => {
    const { x, y, shares } = explain.embedding(explanation);
    for (const [axis, found] of [x, y].entries()) {
      const sign = Math.sign(reference.embedding[0][axis] * found[0]);
      found.forEach((value, i) => {
        assert.ok(Math.abs(sign * value - reference.embedding[i][axis]) < CLOSE, `${ids[i]}, axis ${axis}`);
      });
    }
    assert.ok(shares[0] >= shares[1] && shares[0] + shares[1] <= 1 + 1e-12);
  });

  it("a shift is found where shap's monitoring draws its line, with its p", () => {
    for (const [j, { at, p }] of reference.shifts.entries()) {
      const found = explain.shift(explanation, names[j], { step: 50 });
      assert.equal(found.isClear, at !== null, names[j]);
      if (at !== null) assert.equal(found.at, at);
      assert.ok(Math.abs(found.p / p - 1) < 1e-8, `${names[j]}: ${found.p} instead of ${p}`);
      assert.equal(found.id, ids[found.at]);
    }
  });

  it("patients stand in an order of the tree of shap's heat map, and neighbours are at least as alike", () => {
    const [n, p] = [ids.length, names.length];
    const distances = Float64Array.from({ length: n * n }, (_, at) => {
      const [a, b] = [phi[Math.floor(at / n)], phi[at % n]];
      return a.reduce((sum, value, j) => sum + (value - b[j]) ** 2, 0);
    });
    const order = similarityOrder(explanation.values, n, p);
    assert.deepEqual(orderPatients(explanation, "similarity"), order);
    const places = [order, reference.similarity].map((one) => ids.map((_, i) => one.indexOf(i)));
    const leaves: number[][] = ids.map((_, i) => [i]);
    for (const { first, second } of completeLinkage(distances, n).merges) {
      const cluster = [...leaves[first], ...leaves[second]];
      leaves.push(cluster);
      for (const place of places) {
        const at = cluster.map((i) => place[i]);
        assert.equal(Math.max(...at) - Math.min(...at) + 1, cluster.length, "a cluster is torn apart");
      }
    }
    // SciPy 1.17 does not find the shortest order of this tree; ours is 29.2 long, shap's 42.2.
    assert.ok(lengthOf(order, distances, n) <= lengthOf(reference.similarity, distances, n));
  });
});

describe("the optimal order of leaves", () => {
  const places = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 6, maxLength: 14 });

  it("is the shortest of all orders that the tree allows", () => {
    fc.assert(
      fc.property(places, fc.boolean(), (values, complete) => {
        const n = values.length / 2 > 3 ? 7 : 3;
        const distances = distancesOf(values, n);
        const { merges } = complete ? completeLinkage(distances, n) : averageLinkage(distances, n);
        const order = optimalOrder(merges, distances, n);
        assert.deepEqual([...order].sort(byNumber), [...Array(n).keys()]);
        const shortest = Math.min(...allOrders(merges, n).map((one) => lengthOf(one, distances, n)));
        assert.ok(Math.abs(lengthOf(order, distances, n) - shortest) <= 1e-9 * Math.max(1, shortest));
      }),
    );
  });

  it("merges by complete linkage at the distance of the farthest leaves", () => {
    fc.assert(
      fc.property(places, (values) => {
        const n = Math.floor(values.length / 2);
        const distances = distancesOf(values, n);
        const leaves: number[][] = Array.from({ length: n }, (_, leaf) => [leaf]);
        for (const { first, second, height } of completeLinkage(distances, n).merges) {
          const farthest = Math.max(
            ...leaves[first].flatMap((a) => leaves[second].map((b) => distances[a * n + b])),
          );
          assert.equal(height, farthest);
          leaves.push([...leaves[first], ...leaves[second]]);
        }
      }),
    );
  });
});

describe("pairs of features", () => {
  it("add up to the same answers as the interaction values", () => {
    const values = Float64Array.of(1, 0.25, 0.25, 2, -1, 0.5, 0.5, 3);
    const columns = ["a", "b"].map((name) => ({ name, unit: "" }));
    const found = explain.pairs({ ids: ["x", "y"], features: columns, values, base: 4, outputUnit: "" });
    assert.deepEqual(
      found.features.map(({ name }) => name),
      ["a", "a × b", "b"],
    );
    assert.deepEqual([...found.values], [1, 0.5, 2, -1, 1, 3]);
  });
});

describe("explanations refuse", () => {
  for (const [what, make, words] of [
    ["a shift of an unknown feature", () => explain.shift(explanation, "x"), /no feature "x"/],
    [
      "a shift in steps too long",
      () => explain.shift(explanation, "Age", { step: 65 }),
      /more than 130 patients/,
    ],
    ["partners of an unknown feature", () => explain.interactionPartners(explanation, "x"), /no feature "x"/],
    ["an unknown group", () => explain.groupDifference(explanation, group, { group: "c" }), /"c" is not/],
    ["too few draws", () => explain.groupDifference(explanation, group, { draws: 3 }), /at least 20/],
  ] as const) {
    it(what, () => {
      assert.throws(make, (error) => error instanceof InputError && words.test(error.message));
    });
  }
});

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

/** Of n points in the plane. */
function distancesOf(values: readonly number[], n: number): Float64Array {
  const at = (i: number): readonly [number, number] => [values[i] ?? i, values[n + i] ?? -i];
  return Float64Array.from({ length: n * n }, (_, k) => {
    const [a, b] = [at(Math.floor(k / n)), at(k % n)];
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  });
}

/** Every layout of the tree: each branch turned or not. */
function allOrders(
  merges: readonly { readonly first: number; readonly second: number }[],
  n: number,
): readonly (readonly number[])[] {
  const orders: (readonly (readonly number[])[])[] = Array.from({ length: n }, (_, leaf) => [[leaf]]);
  for (const { first, second } of merges) {
    orders.push(
      orders[first].flatMap((a) =>
        orders[second].flatMap((b) => [
          [...a, ...b],
          [...b, ...a],
        ]),
      ),
    );
  }
  return orders[orders.length - 1];
}

function lengthOf(order: readonly number[], distances: Float64Array, n: number): number {
  let sum = 0;
  for (let at = 1; at < n; at++) sum += distances[order[at - 1] * n + order[at]];
  return sum;
}

const byNumber = (a: number, b: number): number => a - b;
