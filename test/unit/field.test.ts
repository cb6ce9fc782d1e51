/** Blurring and random fields of the synthetic scans, against the definition. */
import assert from "node:assert/strict";
import { blur, boxAlongZ, smoothField } from "../../data-scripts/synthetic/field.js";
import { randomStream } from "../../src/core/random.js";

describe("blurring", () => {
  it("spreads a point as the Gaussian and keeps its sum", () => {
    const field = new Float32Array(21 * 21);
    field[10 + 21 * 10] = 1;
    blur(field, [21, 21, 1], [1.5, 1.5, 0]);
    const at = (x: number, y: number): number => field[10 + x + 21 * (10 + y)];
    assert.ok(Math.abs(field.reduce((a, b) => a + b, 0) - 1) < 1e-5);
    for (const [x, y] of [
      [1, 0],
      [0, 2],
      [2, 3],
    ]) {
      const expected = Math.exp(-(x * x + y * y) / (2 * 1.5 * 1.5));
      assert.ok(Math.abs(at(x, y) / at(0, 0) - expected) < 1e-5);
    }
  });

  it("mirrors the border, so that a constant stays constant even on a short axis", () => {
    const field = new Float32Array(3 * 2 * 2).fill(7);
    blur(field, [3, 2, 2], [4, 4, 4]);
    for (const value of field) assert.ok(Math.abs(value - 7) < 1e-5);
  });

  it("averages over a slice's thickness with fractions of voxels", () => {
    const field = Float32Array.from([0, 0, 1, 0, 0]);
    boxAlongZ(field, [1, 1, 5], 2);
    assert.deepEqual(Array.from(field), [0, 0.25, 0.5, 0.25, 0]);
    const thin = Float32Array.from([0, 0, 1, 0, 0]);
    boxAlongZ(thin, [1, 1, 5], 0.8);
    assert.deepEqual(Array.from(thin), [0, 0, 1, 0, 0]);
  });

  it("gives fields of mean 0 and the standard deviation asked for", () => {
    const field = smoothField(randomStream("1/0/field"), [16, 16, 16], [2, 2, 2], 25);
    const mean = field.reduce((a, b) => a + b, 0) / field.length;
    const variance = field.reduce((a, b) => a + (b - mean) ** 2, 0) / field.length;
    assert.ok(Math.abs(mean) < 1e-4);
    assert.ok(Math.abs(Math.sqrt(variance) - 25) < 1e-3);
  });
});
