/** Products of matrices in WebAssembly against plain loops: the same bits. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { PANEL, packPanels, panelLength, withProducts } from "../../src/model/wasm/products.js";

const size = fc.integer({ min: 1, max: 11 });
const number = fc.double({ min: -1e3, max: 1e3, noNaN: true });
const numbers = (length: number): fc.Arbitrary<Float64Array> =>
  fc.array(number, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values));

describe("products of matrices", () => {
  it("are sums over the terms in their order, transposed or not", () => {
    const problem = fc
      .tuple(size, size, fc.integer({ min: 1, max: 3 }), fc.boolean())
      .chain(([m, k, blocks, isTransposed]) =>
        fc.record({
          m: fc.constant(m),
          k: fc.constant(k),
          n: fc.constant(4 * blocks),
          isTransposed: fc.constant(isTransposed),
          a: numbers(m * k),
          b: numbers(k * 4 * blocks),
        }),
      );
    fc.assert(
      fc.property(problem, ({ m, k, n, isTransposed, a, b }) => {
        const found = withProducts(
          { a: 8 * m * k, b: 8 * k * n, c: 8 * m * n },
          [],
          ({ kernels, buffer, at }) => {
            new Float64Array(buffer, at.a, m * k).set(a);
            new Float64Array(buffer, at.b, k * n).set(b);
            const [aRow, aStep] = isTransposed ? [8, 8 * m] : [8 * k, 8];
            kernels.multiply(at.a, aRow, aStep, at.b, at.c, m, k, n);
            return new Float64Array(buffer, at.c, m * n).slice();
          },
        );
        const expected = Float64Array.from({ length: m * n }, (_, cell) => {
          const [i, j] = [Math.floor(cell / n), cell % n];
          let sum = 0;
          for (let t = 0; t < k; t++)
            sum += (a[isTransposed ? t * m + i : i * k + t] ?? 0) * (b[t * n + j] ?? 0);
          return sum;
        });
        assert.deepEqual(found, expected);
      }),
    );
  });

  it("of rows of two matrices are cut to [-1, 1], whatever lies beyond the last of them", () => {
    const problem = fc.tuple(size, size, size).chain(([rows, n, columns]) =>
      fc.record({
        rows: fc.constant(rows),
        n: fc.constant(n),
        columns: fc.constant(columns),
        x: numbers(rows * n).map((values) => values.map((value) => value / 1e3)),
        y: numbers(columns * n).map((values) => values.map((value) => value / 1e3)),
      }),
    );
    fc.assert(
      fc.property(problem, ({ rows, n, columns, x, y }) => {
        const panels = Math.ceil(columns / 4) * 4;
        const m = Math.ceil(rows / 4) * 4;
        const found = withProducts(
          { x: 8 * m * n, y: 8 * panels * n, out: 8 * (m * columns + 4) },
          [],
          ({ kernels, buffer, at }) => {
            new Float64Array(buffer, at.x, m * n).fill(Number.NaN).set(x);
            const laid = new Float64Array(buffer, at.y, panels * n).fill(Number.NaN);
            for (let j = 0; j < columns; j++)
              for (let t = 0; t < n; t++) laid[4 * ((j >> 2) * n + t) + (j & 3)] = y[j * n + t] ?? 0;
            kernels.correlate(at.x, at.y, at.out, m, n, columns);
            return new Float64Array(buffer, at.out, rows * columns).slice();
          },
        );
        const expected = Float64Array.from({ length: rows * columns }, (_, cell) => {
          const [i, j] = [Math.floor(cell / columns), cell % columns];
          let sum = 0;
          for (let t = 0; t < n; t++) sum += (x[i * n + t] ?? 0) * (y[j * n + t] ?? 0);
          return Math.max(-1, Math.min(1, sum));
        });
        assert.deepEqual(found, expected);
      }),
    );
  });

  it("with themselves are 1 for rows that were centered and scaled, unless their squares leave the range", () => {
    const lines = fc.integer({ min: 2, max: 40 }).chain((n) => fc.array(numbers(n), { minLength: 1 }));
    fc.assert(
      fc.property(lines, fc.constantFrom(0, 1e5), (rows, smallest) => {
        const n = rows[0]?.length ?? 0;
        const bytes = { values: 8 * n * rows.length, stats: 16 * rows.length };
        withProducts(bytes, [], ({ kernels, buffer, at }) => {
          const values = new Float64Array(buffer, at.values, n * rows.length);
          rows.forEach((row, i) => {
            values.set(row, i * n);
          });
          kernels.unitRows(at.values, rows.length, n, smallest, 1e250, at.stats);
          rows.forEach((row, i) => {
            const mean = row.reduce((sum, value) => sum + value / n, 0);
            const centered = row.map((value) => value - mean);
            const expected = centered.reduce((sum, value) => sum + value * value, 0);
            const [squares = 0, largest = 0] = new Float64Array(buffer, at.stats + 16 * i, 2);
            assert.ok(Math.abs(squares - expected) <= 1e-9 * Math.max(1, expected));
            assert.equal(largest, Math.max(...row.map(Math.abs)));
            const share = squares > smallest ? 1 / Math.sqrt(squares) : 1;
            centered.forEach((value, t) => {
              const found = (values[i * n + t] ?? 0) - value * share;
              assert.ok(Math.abs(found) <= 1e-12 * Math.max(1, largest) * share);
            });
          });
        });
      }),
    );
  });

  it("with one vector are the inner products of all rows", () => {
    const problem = fc
      .tuple(fc.integer({ min: 1, max: 20 }), size)
      .chain(([rows, p]) =>
        fc.record({ rows: fc.constant(rows), p: fc.constant(p), matrix: numbers(rows * p), x: numbers(p) }),
      );
    fc.assert(
      fc.property(problem, ({ rows, p, matrix, x }) => {
        const length = panelLength(rows, p);
        const found = withProducts(
          { panels: 8 * length, x: 8 * p, out: 8 * PANEL * Math.ceil(rows / PANEL) },
          [],
          ({ kernels, buffer, at }) => {
            packPanels(matrix, rows, p, new Float64Array(buffer, at.panels, length));
            new Float64Array(buffer, at.x, p).set(x);
            kernels.dotPanels(at.panels, Math.ceil(rows / PANEL), p, at.x, at.out);
            return new Float64Array(buffer, at.out, rows).slice();
          },
        );
        const expected = Float64Array.from({ length: rows }, (_, row) =>
          x.reduce((sum, value, t) => sum + value * (matrix[row * p + t] ?? 0), 0),
        );
        assert.deepEqual(found, expected);
      }),
    );
  });

  it("steps of Adam are those of its definition", () => {
    const [rate, first, second, epsilon] = [0.1, 0.9, 0.999, 1e-8];
    fc.assert(
      fc.property(numbers(6), numbers(6), numbers(6), numbers(6), (params, gradient, mean, root) => {
        const square = root.map((value) => value * value);
        const bytes = { params: 48, gradient: 48, mean: 48, square: 48 };
        const found = withProducts(bytes, [], ({ kernels, buffer, at }) => {
          new Float64Array(buffer, at.params, 6).set(params);
          new Float64Array(buffer, at.gradient, 6).set(gradient);
          new Float64Array(buffer, at.mean, 6).set(mean);
          new Float64Array(buffer, at.square, 6).set(square);
          kernels.adam(at.params, at.gradient, at.mean, at.square, 6, rate, first, second, epsilon);
          return new Float64Array(buffer, at.params, 6).slice();
        });
        const expected = params.map((value, at) => {
          const g = gradient[at] ?? 0;
          const m = first * (mean[at] ?? 0) + (1 - first) * g;
          const v = second * (square[at] ?? 0) + (1 - second) * g * g;
          return value - (rate * m) / (Math.sqrt(v) + epsilon);
        });
        assert.deepEqual(found, expected);
      }),
    );
  });
});
