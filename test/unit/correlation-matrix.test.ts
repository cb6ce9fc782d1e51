/** The matrix of correlations against single correlations, and its fast tails against the t distribution. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { tTwoSided } from "../../src/core/distributions.js";
import { InputError, NumericalError } from "../../src/core/errors.js";
import { randomStream } from "../../src/core/random.js";
import { pearson, spearman } from "../../src/model/statistics/correlation.js";
import { correlationMatrix } from "../../src/model/statistics/correlation-matrix.js";
import { correlationTail } from "../../src/model/statistics/correlation-tail.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { startSideThreads } from "../../src/workers/side-threads.js";
import { threadEntry } from "../../src/workers/thread-entry.js";
import { assertClose } from "../support/modelling-references.js";
import { anyValue } from "../support/sound-results.js";

/** Statistics and p as the references of modelling ask for them. */
const P = 1e-10;

describe("the matrix of correlations", () => {
  for (const n of [3, 4, 5, 12, 78, 300, 1001, 50_000]) {
    it(`has the tails of the t distribution for ${n} pairs, to ${P} however small`, () => {
      const tail = correlationTail(n);
      for (let k = 0; k <= 4000; k++) {
        const r = k <= 2000 ? k / 2000 : 3 / 10 ** ((k - 2000) / 100);
        if (r > 1) continue;
        const t = (r * Math.sqrt(n - 2)) / Math.sqrt((1 - r) * (1 + r));
        const expected = r === 1 ? 0 : tTwoSided(t, n - 2);
        if (expected > 1e-300 || expected === 0) assertClose(tail(-r), expected, P, `p of ${r}`);
      }
    });
  }

  it("holds what single correlations give, whatever the values", () => {
    const tables = fc.integer({ min: 3, max: 9 }).chain((n) => {
      const column = fc.array(anyValue, { minLength: n, maxLength: n });
      return fc.tuple(
        fc.array(column, { minLength: 1, maxLength: 5 }),
        fc.array(column, { minLength: 1, maxLength: 3 }),
      );
    });
    let compared = 0;
    fc.assert(
      fc.property(tables, fc.constantFrom("pearson" as const, "spearman" as const), ([a, b], method) => {
        const [x, y] = [tableOf(a, "x"), tableOf(b, "y")];
        const { r, p, untested } = correlationMatrix(x, y, { method, p: true });
        x.columns.forEach((first, i) => {
          y.columns.forEach((second, j) => {
            const at = i * y.columns.length + j;
            const single = singleOf(method, first.values, second.values);
            // Alone, values at the ends of what doubles hold are refused or lose digits; among many they are scaled.
            if ([...first.values, ...second.values].some(isExtreme)) return;
            if (single === null) {
              assert.ok(Number.isNaN(r[at]) && Number.isNaN(p?.[at]));
              assert.ok(untested.includes(first.name) || untested.includes(second.name));
              return;
            }
            compared++;
            assert.ok(Math.abs((r[at] as number) - single.r) <= 1e-12, `${r[at]} is not ${single.r}`);
            assert.ok((p?.[at] as number) >= 0 && (p?.[at] as number) <= 1);
          });
        });
      }),
      { numRuns: 700 },
    );
    assert.ok(compared > 2000);
  });

  it("is symmetric with ones on the diagonal for one table, of more features than a block", () => {
    const n = 11;
    const columns = Array.from({ length: 301 }, (_, j) =>
      Array.from({ length: n }, (_, row) => Math.sin(j * 7 + row * (1 + (j % 5)))),
    );
    const x = tableOf(columns, "x");
    const { r, p, rows } = correlationMatrix(x, undefined, { p: true });
    assert.equal(p?.length, rows.length ** 2);
    for (const i of [0, 1, 127, 128, 255, 256, 300]) {
      assertClose(r[i * 301 + i] as number, 1, 1e-14, "diagonal");
      for (const j of [3, 130, 299]) {
        const expected = pearson(x.column(`x${i}`), x.column(`x${j}`));
        assertClose(r[i * 301 + j] as number, expected.r, 1e-12, "r");
        assertClose(p?.[i * 301 + j] as number, expected.p, P, "p");
        assertClose(r[j * 301 + i] as number, expected.r, 1e-12, "transposed");
      }
    }
  });

  for (const method of ["pearson", "spearman"] as const) {
    it(`has the same bits in one thread, in two and in three, ${method}`, async () => {
      const random = randomStream("correlations in threads");
      const draw = (): number[] => Array.from({ length: 21 }, () => random.normal());
      const columns = Array.from({ length: 2_500 }, draw);
      columns[1_500] = Array.from({ length: 21 }, () => 3);
      (columns[2_049] as number[])[4] = Number.NaN;
      const [x, y] = [tableOf(columns, "x"), tableOf(Array.from({ length: 7 }, draw), "y")];
      const alone = correlationMatrix(x, y, { method, p: true, workers: 1 });
      assert.deepEqual(alone.untested, ["x1500", "x2049"]);
      for (const workers of [2, 3]) {
        await startSideThreads(threadEntry("../correlation-thread"), workers);
        const found = correlationMatrix(x, y, { method, p: true, workers });
        assert.deepEqual(found.r, alone.r);
        assert.deepEqual(found.p, alone.p);
        assert.deepEqual(found.untested, alone.untested);
      }
    });
  }

  it("is refused for other patients, too few, and a number of threads that is none", () => {
    const x = tableOf([[1, 2, 4]], "x");
    assert.throws(() => correlationMatrix(x, x.pick(["P2", "P1", "P0"])), InputError);
    assert.throws(() => correlationMatrix(x.pick(["P0", "P1"])), /at least 3 patients/);
    assert.throws(() => correlationMatrix(x, x, { workers: 0 }), /workers must be a whole number/);
  });
});

function tableOf(columns: readonly (readonly number[])[], prefix: string): FeatureTable {
  return new FeatureTable(
    (columns[0] ?? []).map((_, row) => `P${row}`),
    columns.map((values, j) => ({ name: `${prefix}${j}`, unit: "", values: Float64Array.from(values) })),
  );
}

function isExtreme(value: number): boolean {
  const size = Math.abs(value);
  return size > 1e300 || (size > 0 && size < 1e-300);
}

/** Null where there is none. */
function singleOf(
  method: "pearson" | "spearman",
  x: Float64Array,
  y: Float64Array,
): { readonly r: number } | null {
  try {
    return { r: method === "pearson" ? pearson(x, y).r : spearman(x, y).rho };
  } catch (error) {
    if (error instanceof InputError || error instanceof NumericalError) return null;
    throw error;
  }
}
