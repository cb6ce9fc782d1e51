/** Cubic B-spline interpolation against its definition: the mirrored spline through every voxel, solved as equations. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { InputError } from "../../src/core/errors.js";
import { type Coordinates, interpolateCubic } from "../../src/volume/bspline.js";

const voxels = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 80 });

describe("cubic B-spline interpolation", () => {
  it("is the mirrored spline through the voxels, along every axis", () => {
    fc.assert(
      fc.property(
        voxels,
        fc.constantFrom(0, 1, 2),
        fc.array(fc.double({ min: -0.5, max: 1, noNaN: true })),
        (row, axis, shares) => {
          const n = row.length;
          const at = Float64Array.from(shares, (share) => share * (n - 0.5)).sort();
          const size = [1, 1, 1].map((one, k) => (k === axis ? n : one)) as [number, number, number];
          const coordinates = [0, 1, 2].map((k) => (k === axis ? at : Float64Array.of(0)));
          const found = interpolateCubic(Float64Array.from(row), size, coordinates as unknown as Coordinates);
          const coefficients = coefficientsByDefinition(row);
          at.forEach((x, i) => {
            const expected = valueByDefinition(coefficients, x);
            assert.ok(
              Math.abs((found[i] ?? Number.NaN) - expected) < 1e-9,
              `${x}: ${found[i]}, not ${expected}`,
            );
          });
        },
      ),
    );
  });

  it("gives back a box of a scan, whatever lies around it", () => {
    const size = [70, 3, 4] as const;
    const scan = Float64Array.from({ length: 840 }, (_, p) => Math.sin(p * p) * 500);
    const whole = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => i);
    const x = Float64Array.of(33, 34, 35.25);
    const all = interpolateCubic(scan, size, [whole(70), whole(3), whole(4)]);
    all.forEach((value, p) => {
      assert.ok(Math.abs(value - (scan[p] ?? 0)) < 1e-9);
    });
    const part = interpolateCubic(scan, size, [x, Float64Array.of(1), Float64Array.of(2)]);
    assert.ok(Math.abs((part[0] ?? 0) - (scan[33 + 70 * (1 + 3 * 2)] ?? 0)) < 1e-9);
    const far = scan.slice();
    far[0] = 1e6;
    const same = interpolateCubic(far, size, [x, Float64Array.of(1), Float64Array.of(2)]);
    assert.ok(Math.abs((same[2] ?? 0) - (part[2] ?? 0)) < 1e-9);
  });

  it("refuses voxels that are not finite, which it would spread", () => {
    const scan = Float64Array.of(1, Number.NaN, 3);
    const at = [Float64Array.of(0.5), Float64Array.of(0), Float64Array.of(0)] as const;
    assert.throws(() => interpolateCubic(scan, [3, 1, 1], at), InputError);
  });
});

function mirrored(k: number, n: number): number {
  if (n === 1) return 0;
  const folded = Math.abs(k) % (2 * (n - 1));
  return folded < n ? folded : 2 * (n - 1) - folded;
}

/** c with (c[k−1] + 4 c[k] + c[k+1]) / 6 = voxel k, by Gauss–Seidel sweeps until nothing moves. */
function coefficientsByDefinition(row: readonly number[]): number[] {
  const n = row.length;
  const c = row.slice();
  for (let sweep = 0; sweep < 200; sweep++) {
    for (let k = 0; k < n; k++) {
      const around = (c[mirrored(k - 1, n)] ?? 0) + (c[mirrored(k + 1, n)] ?? 0);
      c[k] = n === 1 ? (row[0] ?? 0) : (6 * (row[k] ?? 0) - around) / 4;
    }
  }
  return c;
}

/** Σ c[k] β³(x − k). */
function valueByDefinition(c: readonly number[], x: number): number {
  let sum = 0;
  for (let k = Math.floor(x) - 3; k <= Math.floor(x) + 4; k++) {
    const d = Math.abs(x - k);
    const weight = d < 1 ? 2 / 3 - d * d + (d * d * d) / 2 : d < 2 ? (2 - d) ** 3 / 6 : 0;
    sum += (c[mirrored(k, c.length)] ?? 0) * weight;
  }
  return sum;
}
