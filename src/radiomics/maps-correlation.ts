/**
 * The maximal correlation coefficient of a short list of pairs.
 *
 * Levels are the nodes and pairs the edges of a graph. If it falls into parts, or if its levels can be split in two sets such
 * that every pair joins one to the other, the second eigenvalue is 1: few pairs mostly do, and no eigenvalue is computed.
 * Source: Chung, Spectral Graph Theory (1997), lemma 1.7.
 * Layer:  radiomics; imports pyradiomics/maximal-correlation.
 */
import { maximalCorrelation } from "./pyradiomics/maximal-correlation.js";

/** Levels of neighbouring voxels, in one sense. */
interface Pairs {
  readonly first: Uint16Array;
  readonly second: Uint16Array;
  readonly count: number;
}

/** @returns What `maximalCorrelation` gives of the table of the pairs, for a kernel with more than one level. */
export function listedCorrelations(levelCount: number): (pairs: Pairs) => number {
  // Nodes count from 1 in the order of appearance; 0 again between calls.
  const nodeOf = new Uint16Array(levelCount + 1);
  return (pairs) => {
    const { first, second, count } = pairs;
    let nodes = 0;
    for (let n = 0; n < count; n++) {
      if (nodeOf[first[n]] === 0) nodeOf[first[n]] = ++nodes;
      if (nodeOf[second[n]] === 0) nodeOf[second[n]] = ++nodes;
    }
    const correlation = nodes === 1 ? 0 : correlationOf(pairs, nodeOf, nodes);
    for (let n = 0; n < count; n++) {
      nodeOf[first[n]] = 0;
      nodeOf[second[n]] = 0;
    }
    return correlation;
  };
}

function correlationOf({ first, second, count }: Pairs, nodeOf: Uint16Array, nodes: number): number {
  if (nodes <= MOST_BITS) {
    const neighbours = new Int32Array(nodes);
    for (let n = 0; n < count; n++) {
      const a = nodeOf[first[n]] - 1;
      const b = nodeOf[second[n]] - 1;
      neighbours[a] |= 1 << b;
      neighbours[b] |= 1 << a;
    }
    if (isSplit(neighbours, nodes)) return 1;
  }
  const edges = new Float64Array(nodes * nodes);
  for (let n = 0; n < count; n++) edges[(nodeOf[first[n]] - 1) * nodes + nodeOf[second[n]] - 1]++;
  return maximalCorrelation(edges, nodes, nodes);
}

/** Nodes that fit in the bits of one number. */
const MOST_BITS = 31;

/**
 * Whether the graph has more than one part, or two sets of nodes with all edges between them.
 *
 * @param neighbours  Bits of the nodes that each node has an edge to.
 */
function isSplit(neighbours: Int32Array, nodes: number): boolean {
  // Sets of nodes an even and an odd number of edges away from node 0.
  let even = 1;
  let odd = 0;
  for (let grown = true; grown; ) {
    grown = false;
    for (let a = 0; a < nodes; a++) {
      const bit = 1 << a;
      const newOdd = (even & bit) === 0 ? odd : odd | neighbours[a];
      const newEven = (odd & bit) === 0 ? even : even | neighbours[a];
      if (newOdd !== odd || newEven !== even) grown = true;
      odd = newOdd;
      even = newEven;
    }
  }
  const everyNode = nodes === MOST_BITS ? 0x7fffffff : (1 << nodes) - 1;
  return (even | odd) !== everyNode || (even & odd) === 0;
}
