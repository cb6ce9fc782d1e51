/**
 * The best cuts of the nodes of boosted trees.
 *
 * What the bins of a node hold is added up over its patients; of two large siblings only for the smaller one, and the other is what
 * that leaves of their parent. For small nodes, adding up beats subtracting.
 *
 * Source: Ke et al. 2017, LightGBM; rules as scikit-learn's.
 * Layer:  model; imports its own folders.
 */
import { HISTOGRAM_BYTES, type Histograms, NODE_LENGTH, withHistograms } from "../wasm/histograms.js";
import { binColumns } from "./boost-bins.js";

export interface BoostRules {
  readonly maxLeaves: number;
  readonly maxDepth: number;
  readonly minLeaf: number;
  readonly l2: number;
  readonly learningRate: number;
}

/** A leaf, and the best cut of it. */
export interface BoostNode {
  readonly at: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly gradient: number;
  readonly curvature: number;
  gain: number;
  feature: number;
  bin: number;
  leftGradient: number;
  leftCurvature: number;
  /** Of a large node: where the histograms of its columns are. */
  histogram: number | null;
}

/** Patients in bins, and memory for all trees. */
export interface BoostSpace {
  readonly n: number;
  readonly p: number;
  /** p × n, column by column. */
  readonly bins: Uint8Array;
  /** A value is in the first bin whose threshold it is at most; one threshold fewer than bins. */
  readonly thresholds: readonly Float64Array[];
  /** Patients, node by node. */
  readonly rows: Int32Array;
  readonly aside: Int32Array;
  /** Gradient and curvature of some patients, in the order of `rows`. */
  readonly pairs: Float64Array;
  /** What `scan` works on. */
  readonly small: Float64Array;
  readonly large: Float64Array;
  readonly kernels: Histograms;
  readonly at: Readonly<Record<"bins" | "rows" | "pairs" | "small" | "large" | "histogram", number>>;
  /** Histograms of all columns that no node uses any more. */
  readonly free: number[];
}

/** Leaves with less curvature than this are not made. */
const LEAST_CURVATURE = 1e-3;
/** Keeps a division by no curvature finite. */
export const TINY = 1e-15;
/** Smaller nodes do not keep their histogram. */
const LARGE = 300;
/** Nodes whose histograms have no room in this are added up again. */
const KEPT_BYTES = 512 << 20;

/**
 * Puts patients in bins, and calls `use` with memory for growing trees on them.
 *
 * @param matrix  n × p, row-major, finite.
 * @param most  Bins of a column, 2 to 255.
 */
export function withBoostSpace<T>(
  matrix: Float64Array,
  n: number,
  p: number,
  most: number,
  { maxLeaves }: BoostRules,
  use: (space: BoostSpace) => T,
): T {
  const width = p * HISTOGRAM_BYTES;
  // A node that keeps its parent's may be half as large.
  const wanted = n < LARGE ? 0 : Math.min(maxLeaves, Math.floor((2 * n) / LARGE)) + 1;
  const kept = Math.min(wanted, Math.floor(KEPT_BYTES / width));
  const bytes = {
    bins: n * p,
    rows: 4 * n,
    pairs: 16 * n,
    small: 8 * NODE_LENGTH,
    large: 8 * NODE_LENGTH,
    histogram: HISTOGRAM_BYTES,
    kept: kept * width,
  };
  return withHistograms(bytes, [], ({ kernels, buffer, at }) => {
    const bins = new Uint8Array(buffer, at.bins, n * p);
    return use({
      n,
      p,
      bins,
      thresholds: binColumns(matrix, n, p, most, bins),
      rows: new Int32Array(buffer, at.rows, n),
      aside: new Int32Array(n),
      pairs: new Float64Array(buffer, at.pairs, 2 * n),
      small: new Float64Array(buffer, at.small, NODE_LENGTH),
      large: new Float64Array(buffer, at.large, NODE_LENGTH),
      kernels,
      at,
      free: Array.from({ length: kept }, (_, slot) => at.kept + slot * width),
    });
  });
}

/** Gradient and curvature of the loss by the score of each patient. */
export interface Derivatives {
  readonly gradient: Float32Array;
  readonly curvature: Float32Array;
}

/**
 * Writes the best cuts of two siblings into them, or that of the root; gains stay 0 where there is none.
 *
 * @param small  That with fewer patients, or the root.
 * @param parent  The histograms of their parent, which become those of the larger one.
 */
export function findCuts(
  space: BoostSpace,
  rules: BoostRules,
  derivatives: Derivatives,
  small: BoostNode,
  large: BoostNode | null,
  parent: number | null,
): void {
  const rest =
    large !== null && parent !== null && mayBeCut(large, rules) ? { node: large, at: parent } : null;
  if (rest === null) {
    if (parent !== null) space.free.push(parent);
    if (large !== null) findCuts(space, rules, derivatives, large, null, null);
  } else rest.node.histogram = rest.at;
  const isSought = mayBeCut(small, rules);
  if (!isSought && rest === null) return;

  const { n, p, thresholds, kernels, at } = space;
  const { minLeaf, l2 } = rules;
  const many = small.end - small.start;
  if (isSought && many >= LARGE) small.histogram = space.free.pop() ?? null;
  gather(space, derivatives, small);
  if (isSought) describe(space.small, small, rules);
  if (rest !== null) describe(space.large, rest.node, rules);
  for (let j = 0; j < p; j++) {
    const cuts = thresholds[j].length;
    if (cuts === 0) continue;
    const place = j * HISTOGRAM_BYTES;
    const own = small.histogram === null ? at.histogram : small.histogram + place;
    kernels.addUp(at.bins + j * n, at.rows + 4 * small.start, many, at.pairs, own, cuts + 1);
    if (isSought) kernels.scan(own, cuts, j, minLeaf, l2, at.small);
    if (rest === null) continue;
    kernels.takeOut(rest.at + place, own, cuts + 1);
    kernels.scan(rest.at + place, cuts, j, minLeaf, l2, at.large);
  }
  if (isSought) take(space.small, small);
  if (rest !== null) take(space.large, rest.node);
}

function mayBeCut({ depth, start, end, curvature }: BoostNode, { maxDepth, minLeaf }: BoostRules): boolean {
  return depth < maxDepth && end - start >= 2 * minLeaf && curvature >= LEAST_CURVATURE;
}

/** Moves the derivatives of a node's patients together. */
function gather(
  { rows, pairs }: BoostSpace,
  { gradient, curvature }: Derivatives,
  { start, end }: BoostNode,
): void {
  for (let at = start; at < end; at++) {
    pairs[2 * (at - start)] = gradient[rows[at]];
    pairs[2 * (at - start) + 1] = curvature[rows[at]];
  }
}

/** What `scan` knows of a node, and that no cut is found yet. */
function describe(
  out: Float64Array,
  { gradient, curvature, start, end }: BoostNode,
  { l2 }: BoostRules,
): void {
  const worth = (gradient * gradient) / (curvature + l2 + TINY);
  out.set([gradient, curvature, end - start, worth, 0, -1]);
}

/** What `scan` found. */
function take(found: Float64Array, node: BoostNode): void {
  [, , , , node.gain, node.feature, node.bin, node.leftGradient, node.leftCurvature] = found;
}
