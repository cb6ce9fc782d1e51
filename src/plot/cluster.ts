/**
 * Hierarchical clustering by average or complete linkage: which features lie beside each other in a heat map.
 *
 * Source: Sokal & Michener 1958 (average linkage); Murtagh 1983, doi:10.1093/comjnl/26.4.354 (nearest-neighbour chains).
 * Layer:  plot.
 */

/** Two clusters that become one. Leaves are 0 … n − 1; the cluster made by `merges[k]` is n + k. */
export interface Merge {
  readonly first: number;
  readonly second: number;
  readonly height: number;
}

export interface Clustering {
  /** By rising height. */
  readonly merges: readonly Merge[];
  /** Leaves from left to right, so that no branch crosses another; the tighter cluster comes first. */
  readonly order: readonly number[];
}

/** @param distances  n × n, symmetric, row-major. @returns n − 1 merges. */
export function averageLinkage(distances: Float64Array, n: number): Clustering {
  return linkage(
    distances,
    n,
    (one, other, sizeOne, sizeOther) => (sizeOne * one + sizeOther * other) / (sizeOne + sizeOther),
  );
}

/** @param distances  n × n, symmetric, row-major. @returns n − 1 merges; two clusters are as far apart as their farthest leaves. */
export function completeLinkage(distances: Float64Array, n: number): Clustering {
  return linkage(distances, n, (one, other) => Math.max(one, other));
}

/** Distance of a third cluster to two that become one, from its distances to both and their sizes. */
type Update = (one: number, other: number, sizeOne: number, sizeOther: number) => number;

function linkage(distances: Float64Array, n: number, update: Update): Clustering {
  const d = distances.slice();
  const size = new Float64Array(n).fill(1);
  const active = new Uint8Array(n).fill(1);
  const found: { a: number; b: number; height: number }[] = [];
  const chain: number[] = [];
  while (found.length < n - 1) {
    if (chain.length === 0) chain.push(active.indexOf(1));
    const tip = chain[chain.length - 1];
    const before = chain.length > 1 ? chain[chain.length - 2] : -1;
    // Of equals the one before wins, else the chain would not end.
    let near = before;
    for (let other = 0; other < n; other++) {
      if (other === tip || active[other] === 0) continue;
      if (near < 0 || d[tip * n + other] < d[tip * n + near]) near = other;
    }
    if (near !== before) {
      chain.push(near);
      continue;
    }
    chain.length -= 2;
    found.push({ a: tip, b: near, height: d[tip * n + near] });
    for (let other = 0; other < n; other++) {
      const apart = update(d[tip * n + other], d[near * n + other], size[tip], size[near]);
      d[near * n + other] = apart;
      d[other * n + near] = apart;
    }
    size[near] += size[tip];
    active[tip] = 0;
  }
  return arrange(found, n);
}

/** Merges by rising height with the numbers of their clusters, and the order of the leaves. */
function arrange(
  found: readonly { readonly a: number; readonly b: number; readonly height: number }[],
  n: number,
): Clustering {
  const sorted = [...found].sort((one, other) => one.height - other.height);
  const cluster = Int32Array.from({ length: n }, (_, leaf) => leaf);
  const leaves: number[][] = Array.from({ length: n }, (_, leaf) => [leaf]);
  const heights: number[] = new Array(n).fill(0);
  const parent = Int32Array.from({ length: n }, (_, leaf) => leaf);
  const root = (leaf: number): number => {
    let at = leaf;
    while (parent[at] !== at) at = parent[at];
    return at;
  };
  const merges = sorted.map(({ a, b, height }, k): Merge => {
    const [x, y] = [root(a), root(b)];
    const [p, q] = [cluster[x], cluster[y]];
    const [first, second] = heights[p] < heights[q] || (heights[p] === heights[q] && p < q) ? [p, q] : [q, p];
    leaves.push([...leaves[first], ...leaves[second]]);
    heights.push(height);
    parent[x] = y;
    cluster[y] = n + k;
    return { first, second, height };
  });
  return { merges, order: leaves[leaves.length - 1] };
}
