/**
 * The maximal correlation coefficient of a short list of pairs.
 *
 * Levels are the nodes and pairs the edges of a graph. If it falls into parts, or if its levels can be split in two sets such
 * that every pair joins one to the other, the second eigenvalue is 1: few pairs mostly do, and no eigenvalue is computed.
 * Source: Chung, Spectral Graph Theory (1997), lemma 1.7.
 * Layer:  radiomics; imports pyradiomics/maximal-correlation.
 */
import { maximalCorrelation } from "./pyradiomics/maximal-correlation.js";

/** What `maximalCorrelation` gives of the table of the pairs. @param oneLevel  The kernel has one level, so that it is 1. */
export function listedCorrelation(
  {
    first,
    second,
    count,
  }: { readonly first: Uint16Array; readonly second: Uint16Array; readonly count: number },
  oneLevel: boolean,
): number {
  if (oneLevel) return 1;
  const present: number[] = [];
  for (let n = 0; n < count; n++) {
    if (!present.includes(first[n])) present.push(first[n]);
    if (!present.includes(second[n])) present.push(second[n]);
  }
  const nodes = present.length;
  if (nodes === 1) return 0;
  const edges = new Float64Array(nodes * nodes);
  for (let n = 0; n < count; n++) edges[present.indexOf(first[n]) * nodes + present.indexOf(second[n])]++;
  if (isSplit(edges, nodes)) return 1;
  return maximalCorrelation(edges, nodes, nodes);
}

/** Whether the graph has more than one part, or two sets of nodes with all edges between them. */
function isSplit(edges: Float64Array, nodes: number): boolean {
  const side = new Int8Array(nodes);
  const stack = [0];
  side[0] = 1;
  let reached = 1;
  let twoSets = true;
  while (stack.length > 0) {
    const a = stack.pop() as number;
    for (let b = 0; b < nodes; b++) {
      if (edges[a * nodes + b] === 0 && edges[b * nodes + a] === 0) continue;
      if (side[b] === 0) {
        side[b] = -side[a];
        reached++;
        stack.push(b);
      } else if (side[b] === side[a]) twoSets = false;
    }
  }
  return reached < nodes || twoSets;
}
