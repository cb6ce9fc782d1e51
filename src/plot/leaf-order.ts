/**
 * The order of a tree's leaves that puts like beside like: of all orders in which no branch crosses another, one with the least
 * sum of distances between neighbours.
 *
 * Source: Bar-Joseph, Gifford & Jaakkola 2001, doi:10.1093/bioinformatics/17.suppl_1.S22.
 * Layer:  plot.
 */
import type { Merge } from "./cluster.js";

/** A subtree: its leaves, and those of its two branches. */
interface Node {
  readonly leaves: readonly number[];
  /** Null for a leaf. */
  readonly branches: readonly [Node, Node] | null;
}

/**
 * @param merges  n − 1, of a clustering of n leaves.
 * @param distances  n × n, symmetric, row-major.
 * @returns Leaves from left to right.
 */
export function optimalOrder(
  merges: readonly Merge[],
  distances: Float64Array,
  n: number,
): readonly number[] {
  const nodes: Node[] = Array.from({ length: n }, (_, leaf) => ({ leaves: [leaf], branches: null }));
  // Least length of the smallest subtree that holds both leaves, laid out from one to the other.
  const length = new Float64Array(n * n);
  for (const { first, second } of merges) {
    const [left, right] = [nodes[first], nodes[second]];
    for (const u of left.leaves) joinFrom(u, left, right, distances, length, n);
    nodes.push({ leaves: [...left.leaves, ...right.leaves], branches: [left, right] });
  }
  const root = nodes[nodes.length - 1];
  if (root.branches === null) return root.leaves;
  let [from, to, least] = [-1, -1, Number.POSITIVE_INFINITY];
  for (const u of root.branches[0].leaves) {
    for (const w of root.branches[1].leaves) {
      if (length[u * n + w] < least) [from, to, least] = [u, w, length[u * n + w]];
    }
  }
  return layOut(root, from, to, distances, length, n);
}

/** Writes the lengths from leaf `u` of the left branch to each leaf of the right one. */
function joinFrom(
  u: number,
  left: Node,
  right: Node,
  distances: Float64Array,
  length: Float64Array,
  n: number,
): void {
  const ends = otherEnds(left, u);
  const reach = new Map<number, number>();
  for (const k of right.leaves) {
    let least = Number.POSITIVE_INFINITY;
    for (const m of ends) least = Math.min(least, length[u * n + m] + distances[m * n + k]);
    reach.set(k, least);
  }
  for (const w of right.leaves) {
    let least = Number.POSITIVE_INFINITY;
    for (const k of otherEnds(right, w)) {
      least = Math.min(least, (reach.get(k) as number) + length[k * n + w]);
    }
    length[u * n + w] = length[w * n + u] = least;
  }
}

/** Where a layout can end that begins at `u`: in the other branch. */
function otherEnds({ branches }: Node, u: number): readonly number[] {
  if (branches === null) return [u];
  return branches[0].leaves.includes(u) ? branches[1].leaves : branches[0].leaves;
}

/** Leaves of the subtree from `u` to `w`, which lie in different branches. */
function layOut(
  { branches, leaves }: Node,
  u: number,
  w: number,
  distances: Float64Array,
  length: Float64Array,
  n: number,
): readonly number[] {
  if (branches === null) return leaves;
  const [left, right] = branches[0].leaves.includes(u) ? branches : [branches[1], branches[0]];
  let [m, k, least] = [u, w, Number.POSITIVE_INFINITY];
  for (const end of otherEnds(left, u)) {
    for (const start of otherEnds(right, w)) {
      const total = length[u * n + end] + distances[end * n + start] + length[start * n + w];
      if (total < least) [m, k, least] = [end, start, total];
    }
  }
  return [...layOut(left, u, m, distances, length, n), ...layOut(right, k, w, distances, length, n)];
}
