/** What every result must be, whatever the data: numbers or a typed error, never a silent NaN. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { InputError, NumericalError } from "../../src/core/errors.js";

/** The result, or null after a typed error. Any other error fails the test. */
export function soundOrNull<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError || error instanceof NumericalError) return null;
    throw error;
  }
}

/** No NaN anywhere in a result, no infinity but under the names given, and p inside [0, 1]. */
export function assertSound(result: unknown, infinite: readonly string[] = [], name = "result"): void {
  if (typeof result === "number") {
    const key = name.split(".").at(-1) ?? "";
    assert.ok(!Number.isNaN(result), `${name} is NaN`);
    assert.ok(Number.isFinite(result) || infinite.includes(key), `${name} is ${result}`);
    if (["p", "pExact", "nullP", "adjusted"].includes(key))
      assert.ok(result >= 0 && result <= 1, `${name} is ${result}`);
    return;
  }
  if (result === null || typeof result !== "object") return;
  for (const [key, value] of Object.entries(result)) assertSound(value, infinite, `${name}.${key}`);
}

/** Values that data sets should not have, but do. */
const odd: fc.Arbitrary<number> = fc.constantFrom(
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -0,
  1e308,
  -1e308,
  5e-324,
  1e-160,
  1e149,
);

/** Mostly small whole numbers, so that ties and constant samples are frequent, and now and then an odd one. */
export const anyValue: fc.Arbitrary<number> = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 20, arbitrary: fc.double({ min: -9, max: 9, noNaN: true }) },
  { weight: 1, arbitrary: odd },
);

export const anySample: fc.Arbitrary<readonly number[]> = fc.array(anyValue, { maxLength: 9 });

/** Two samples of the same length. */
export const anyPairs: fc.Arbitrary<readonly [readonly number[], readonly number[]]> = fc
  .array(fc.tuple(anyValue, anyValue), { maxLength: 9 })
  .map((pairs) => [pairs.map(([x]) => x), pairs.map(([, y]) => y)]);
