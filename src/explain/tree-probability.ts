/**
 * Interventional SHAP values of the probability that boosted trees give, instead of its log odds: against each background
 * patient the values of the log odds are rescaled so that they add up to the difference of the probabilities.
 *
 * Source: Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9; `model_output="probability"` of the shap package.
 * Layer:  explain; imports model, its own files.
 */
import { evaluateTrees, type TreeSum } from "../model/classification/trees.js";
import { addInterventionalShap } from "./tree-interventional.js";
import { treePaths } from "./tree-paths.js";

/**
 * @param sum  Trees with one output, the log odds.
 * @param matrix  Explained patients, n × p, row-major.
 * @param background  m × p, row-major.
 * @returns n × p, row-major.
 */
export function probabilityShap(
  sum: TreeSum,
  matrix: Float64Array,
  p: number,
  background: Float64Array,
): Float64Array {
  const paths = sum.trees.map((one, t) => treePaths(one, sum.rule, sum.outputs, 0, false, t));
  const own = evaluateTrees(sum, matrix, p);
  const others = evaluateTrees(sum, background, p);
  const { divisor = 1 } = sum;
  const phi = new Float64Array(matrix.length);
  const part = new Float64Array(matrix.length);
  others.forEach((logOdds, at) => {
    part.fill(0);
    const patient = background.subarray(at * p, at * p + p);
    for (const one of paths) addInterventionalShap(one, matrix, patient, p, part);
    own.forEach((answer, row) => {
      const factor = meanSlope(answer, logOdds) / (divisor * others.length);
      for (let cell = row * p; cell < row * p + p; cell++) phi[cell] += factor * part[cell];
    });
  });
  return phi;
}

export function probabilityOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

/** Difference of the probabilities over that of the log odds; where these are equal, the slope. */
function meanSlope(a: number, b: number): number {
  const half = (a - b) / 2;
  // Far apart the difference loses no digits; near each other the hyperbolic sine has them.
  if (Math.abs(half) > 0.5) return (probabilityOf(a) - probabilityOf(b)) / (a - b);
  const ratio = half === 0 ? 1 : Math.sinh(half) / half;
  // 1 / (4 cosh(a / 2) cosh(b / 2)) without an overflow.
  const size = Math.exp(-(Math.abs(a) + Math.abs(b)) / 2);
  return (ratio * size) / ((1 + Math.exp(-Math.abs(a))) * (1 + Math.exp(-Math.abs(b))));
}
