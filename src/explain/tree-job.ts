/**
 * The work of explaining trees as plain data, which can be sent to a thread: each thread takes some of the patients.
 *
 * Layer:  explain; imports model (types), its own files.
 */
import type { TreeSum } from "../model/classification/trees.js";
import { addInterventionalShap } from "./tree-interventional.js";
import { addShap } from "./tree-path-dependent.js";
import { treePaths } from "./tree-paths.js";
import { probabilityShap } from "./tree-probability.js";

export interface TreeShapJob {
  readonly trees: TreeSum;
  /** Which output. */
  readonly output: number;
  /** n × p, row-major, rounded as the trees ask for. */
  readonly matrix: Float64Array;
  readonly p: number;
  /** The same for the background; null: path-dependent values. */
  readonly background: Float64Array | null;
  /** Whether the trees add up to log odds and the probability is explained; takes a background. */
  readonly isProbability: boolean;
}

/** SHAP values of the sum of the trees, n × p, row-major. */
export function treeShap(job: TreeShapJob): Float64Array {
  const { trees: sum, output, matrix, p, background } = job;
  if (job.isProbability && background !== null) return probabilityShap(sum, matrix, p, background);
  const phi = new Float64Array(matrix.length);
  sum.trees.forEach((tree, t) => {
    const paths = treePaths(tree, sum.rule, sum.outputs, output, background === null, t);
    if (background === null) addShap(paths, matrix, p, phi);
    else addInterventionalShap(paths, matrix, background, p, phi);
  });
  const { divisor = 1 } = sum;
  for (let at = 0; at < phi.length; at++) phi[at] /= divisor;
  return phi;
}
