/**
 * Losses that boosting makes smaller: of two classes, of several, and squares.
 *
 * Source: Friedman 2001, doi:10.1214/aos/1013203451.
 * Layer:  model; imports nothing.
 */

/** A loss of scores; n × outputs, row-major. */
export interface BoostLoss {
  readonly outputs: number;
  /** Scores before the first tree. */
  readonly base: Float64Array;
  /** Gradient and curvature of the loss by one output's score. */
  derivatives(scores: Float64Array, output: number, gradient: Float32Array, curvature: Float32Array): void;
}

/**
 * Negative log-likelihood of classes. Two classes have one output, the log odds of the second; others one each.
 *
 * @param codes  Class of each patient.
 * @param weights  Weight of each patient.
 */
export function classLoss(codes: Uint32Array, classes: number, weights: Float64Array): BoostLoss {
  const shares = new Float64Array(classes);
  codes.forEach((code, row) => {
    shares[code] += weights[row];
  });
  return classes === 2 ? binaryLoss(codes, shares, weights) : severalLoss(codes, shares, weights);
}

function binaryLoss(codes: Uint32Array, shares: Float64Array, weights: Float64Array): BoostLoss {
  return {
    outputs: 1,
    base: Float64Array.of(Math.log(shares[1] / shares[0])),
    derivatives: (scores, _, gradient, curvature) => {
      for (let row = 0; row < codes.length; row++) {
        const p = 1 / (1 + Math.exp(-scores[row]));
        gradient[row] = weights[row] * (p - codes[row]);
        curvature[row] = weights[row] * p * (1 - p);
      }
    },
  };
}

function severalLoss(codes: Uint32Array, shares: Float64Array, weights: Float64Array): BoostLoss {
  const k = shares.length;
  const logs = shares.map(Math.log);
  const mean = logs.reduce((sum, value) => sum + value / k, 0);
  const probability = new Float64Array(codes.length * k);
  return {
    outputs: k,
    base: logs.map((value) => value - mean),
    derivatives: (scores, output, gradient, curvature) => {
      // All outputs of a round start from the same scores.
      if (output === 0) writeSoftmax(scores, k, probability);
      for (let row = 0; row < codes.length; row++) {
        const p = probability[row * k + output];
        gradient[row] = weights[row] * (p - (codes[row] === output ? 1 : 0));
        curvature[row] = weights[row] * p * (1 - p);
      }
    },
  };
}

function writeSoftmax(scores: Float64Array, k: number, probability: Float64Array): void {
  for (let start = 0; start < scores.length; start += k) {
    let most = scores[start];
    for (let c = 1; c < k; c++) most = Math.max(most, scores[start + c]);
    let total = 0;
    for (let c = 0; c < k; c++) total += probability[start + c] = Math.exp(scores[start + c] - most);
    for (let c = 0; c < k; c++) probability[start + c] /= total;
  }
}

/** Half the squared distance to a value of each patient. */
export function squareLoss(target: Float64Array): BoostLoss {
  let mean = 0;
  for (const value of target) mean += value / target.length;
  return {
    outputs: 1,
    base: Float64Array.of(mean),
    derivatives: (scores, _, gradient, curvature) => {
      for (let row = 0; row < target.length; row++) {
        gradient[row] = scores[row] - target[row];
        curvature[row] = 1;
      }
    },
  };
}
