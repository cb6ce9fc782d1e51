/** Histograms of boosting in WebAssembly against plain loops: the same bits. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { HISTOGRAM_BYTES, NODE_LENGTH, withHistograms } from "../../src/model/wasm/histograms.js";

interface Bin {
  gradient: number;
  curvature: number;
  count: number;
}

interface Patient {
  readonly bin: number;
  readonly gradient: number;
  readonly curvature: number;
  /** Whether the patient is in the smaller node. */
  readonly isIn: boolean;
}

const LEAST_CURVATURE = 1e-3;
const TINY = 1e-15;

const patients = (used: number): fc.Arbitrary<Patient[]> =>
  fc.array(
    fc.record({
      bin: fc.nat(used - 1),
      // Most doubles are all but 0: these are of a size, and are rounded.
      gradient: fc.integer({ min: -30, max: 30 }).map((many) => many / 30),
      curvature: fc.integer({ min: 0, max: 30 }).map((many) => many / 120),
      isIn: fc.boolean(),
    }),
    { minLength: 1, maxLength: 60 },
  );
const problems = fc.integer({ min: 2, max: 255 }).chain((used) =>
  fc.record({
    used: fc.constant(used),
    all: patients(used),
    minLeaf: fc.integer({ min: 1, max: 8 }),
    l2: fc.constantFrom(0, 0.5),
  }),
);

function plainHistogram(used: number, some: readonly Patient[]): Bin[] {
  const bins = Array.from({ length: used }, () => ({ gradient: 0, curvature: 0, count: 0 }));
  for (const { bin, gradient, curvature } of some) {
    const own = bins[bin] as Bin;
    own.gradient += gradient;
    own.curvature += curvature;
    own.count++;
  }
  return bins;
}

/** Gain, column, bin, gradient and curvature left of the best cut. */
function plainScan(bins: readonly Bin[], node: Bin, minLeaf: number, l2: number): number[] {
  const worth = node.gradient ** 2 / (node.curvature + l2 + TINY);
  let best = [0, -1, 0, 0, 0];
  const left = { gradient: 0, curvature: 0, count: 0 };
  bins.slice(0, -1).forEach(({ gradient, curvature, count }, bin) => {
    if (count === 0) return;
    left.gradient += gradient;
    left.curvature += curvature;
    left.count += count;
    const right = { gradient: node.gradient - left.gradient, curvature: node.curvature - left.curvature };
    const isTooSmall = left.count < minLeaf || node.count - left.count < minLeaf;
    if (isTooSmall || left.curvature < LEAST_CURVATURE || right.curvature < LEAST_CURVATURE) return;
    const gain =
      left.gradient ** 2 / (left.curvature + l2 + TINY) +
      right.gradient ** 2 / (right.curvature + l2 + TINY) -
      worth;
    if (gain > (best[0] ?? 0)) best = [gain, 7, bin, left.gradient, left.curvature];
  });
  return best;
}

const sum = (bins: readonly Bin[]): Bin =>
  bins.reduce((all, { gradient, curvature, count }) => ({
    gradient: all.gradient + gradient,
    curvature: all.curvature + curvature,
    count: all.count + count,
  }));

describe("histograms of boosting", () => {
  it("of a node and of what it leaves of its parent, and their best cuts, are those of plain loops", () => {
    fc.assert(
      fc.property(problems, ({ used, all, minLeaf, l2 }) => {
        const parent = plainHistogram(used, all);
        const part = plainHistogram(
          used,
          all.filter(({ isIn }) => isIn),
        );
        const rest = parent.map((bin, at) => {
          const { gradient, curvature, count } = part[at] as Bin;
          return {
            gradient: bin.gradient - gradient,
            curvature: bin.curvature - curvature,
            count: bin.count - count,
          };
        });
        const expected = [part, rest].map((bins) => plainScan(bins, sum(bins), minLeaf, l2));
        const [ofPart, ofRest] = foundIn(used, all, minLeaf, l2, [sum(part), sum(rest)]);
        assert.deepEqual(ofPart?.bins, part);
        assert.deepEqual(ofRest?.bins, rest);
        assert.deepEqual([ofPart?.cut, ofRest?.cut], expected);
      }),
      { numRuns: 500 },
    );
  });
});

interface Found {
  readonly bins: Bin[];
  readonly cut: number[];
}

/** The smaller node, and what it leaves. */
function foundIn(
  used: number,
  all: readonly Patient[],
  minLeaf: number,
  l2: number,
  nodes: readonly Bin[],
): Found[] {
  const n = all.length;
  const bytes = {
    bins: n,
    rows: 4 * n,
    pairs: 16 * n,
    parent: HISTOGRAM_BYTES,
    own: HISTOGRAM_BYTES,
    node: 8 * NODE_LENGTH,
  };
  return withHistograms(bytes, [], ({ kernels, buffer, at }) => {
    new Uint8Array(buffer, at.bins, n).set(all.map(({ bin }) => bin));
    const fill = (histogram: number, isWanted: (patient: Patient) => boolean): void => {
      // What lay there before must not matter.
      new Float64Array(buffer, histogram, HISTOGRAM_BYTES / 8).fill(Number.NaN);
      const rows = [...all.keys()].filter((row) => isWanted(all[row] as Patient));
      new Int32Array(buffer, at.rows, n).set(rows);
      const pairs = rows.flatMap((row) => [all[row]?.gradient ?? 0, all[row]?.curvature ?? 0]);
      new Float64Array(buffer, at.pairs, 2 * n).set(pairs);
      kernels.addUp(at.bins, at.rows, rows.length, at.pairs, histogram, used);
    };
    fill(at.parent, () => true);
    fill(at.own, ({ isIn }) => isIn);
    kernels.takeOut(at.parent, at.own, used);
    return [at.own, at.parent].map((histogram, which): Found => {
      const { gradient, curvature, count } = nodes[which] as Bin;
      const node = new Float64Array(buffer, at.node, NODE_LENGTH);
      node.set([gradient, curvature, count, gradient ** 2 / (curvature + l2 + TINY), 0, -1, 0, 0, 0]);
      kernels.scan(histogram, used - 1, 7, minLeaf, l2, at.node);
      const pairs = new Float64Array(buffer, histogram, 2 * used);
      const counts = new Int32Array(buffer, histogram + 256 * 16, used);
      const bins = Array.from({ length: used }, (_, bin) => ({
        gradient: pairs[2 * bin] ?? 0,
        curvature: pairs[2 * bin + 1] ?? 0,
        count: counts[bin] ?? 0,
      }));
      return { bins, cut: Array.from(node.subarray(4)) };
    });
  });
}
