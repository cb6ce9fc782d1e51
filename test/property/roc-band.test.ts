/** The bootstrapped band of a ROC curve: limits in order, and the sensitivity of each replicate by its definition. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { InputError } from "../../src/core/errors.js";
import { randomStream } from "../../src/core/random.js";
import { roc } from "../../src/model/metrics/roc.js";
import { rocBand } from "../../src/model/metrics/roc-band.js";
import { Labels } from "../../src/table/labels.js";
import { Scores } from "../../src/table/scores.js";
import { labelsOf, rowIds, scoresOf } from "../support/outcomes.js";

const cohort = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.boolean()), { minLength: 4, maxLength: 30 })
  .filter((rows) => rows.some(([, sick]) => sick) && rows.some(([, sick]) => !sick))
  .map((rows) => ({
    y: labelsOf(
      rows.map(([, sick]) => Number(sick)),
      ["0", "1"],
    ),
    score: scoresOf(rows.map(([score]) => score)),
  }));

describe("ROC band", () => {
  it("never falls from left to right, its limits are shares in order", () => {
    fc.assert(
      fc.property(cohort, ({ y, score }) => {
        const { lower, upper, specificity } = rocBand(y, score, { draws: 50 });
        assert.deepEqual([specificity[0], specificity[100]], [1, 0]);
        for (let k = 0; k <= 100; k++) {
          assert.ok(lower[k] >= 0 && lower[k] <= upper[k] && upper[k] <= 1);
          if (k > 0) assert.ok(lower[k] >= lower[k - 1] && upper[k] >= upper[k - 1]);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("is made of the curves of the replicates", () => {
    fc.assert(
      fc.property(cohort, fc.integer({ min: 0, max: 9 }), ({ y, score }, seed) => {
        const band = rocBand(y, score, { draws: 2, seed, confidence: 1 - 1e-12 });
        const curves = replicates(y, score, seed).map((rows) => sensitivityByDefinition(y, score, rows));
        for (let k = 0; k <= 100; k++) {
          const both = curves.map((curve) => curve(k / 100));
          assert.ok(Math.abs(band.lower[k] - Math.min(...both)) < 1e-9, `${k}: ${band.lower[k]} and ${both}`);
          assert.ok(Math.abs(band.upper[k] - Math.max(...both)) < 1e-9, `${k}: ${band.upper[k]} and ${both}`);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("refuses fewer than two draws", () => {
    assert.throws(() => rocBand(labelsOf([0, 1]), scoresOf([1, 2]), { draws: 1 }), InputError);
  });
});

/** Rows of two replicates, drawn as the band draws them: those without the outcome first, by falling score. */
function replicates(y: Labels, score: Scores, seed: number): readonly (readonly number[])[] {
  const order = Uint32Array.from(y.ids, (_, row) => row).sort((a, b) => score.values[b] - score.values[a]);
  const random = randomStream(`${seed}/roc-band`);
  return [0, 1].map(() =>
    ["0", "1"].flatMap((name) => {
      const own = [...order].filter((row) => y.values[row] === name);
      return own.map(() => own[random.uint32() % own.length]);
    }),
  );
}

/** Straight between the points of the replicate's ROC curve; the upper end where the curve rises. */
function sensitivityByDefinition(
  y: Labels,
  score: Scores,
  rows: readonly number[],
): (falseAlarms: number) => number {
  const ids = rowIds(rows.length);
  const curve = roc(
    new Labels(
      ids,
      rows.map((row) => y.values[row]),
      { classes: ["0", "1"], name: "y" },
    ),
    new Scores(
      ids,
      Float64Array.from(rows, (row) => score.values[row]),
    ),
  );
  const points = Array.from(curve.sensitivity, (value, at) => [1 - curve.specificity[at], value] as const);
  return (x) => {
    const upTo = points.filter(([at]) => at <= x + 1e-9);
    const [left, low] = upTo[upTo.length - 1];
    const next = points.find(([at]) => at > x + 1e-9);
    return next === undefined ? low : low + ((next[1] - low) * (x - left)) / (next[0] - left);
  };
}
