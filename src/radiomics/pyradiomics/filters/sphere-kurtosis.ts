/**
 * Kurtosis of a few values as SciPy computes it, in the precision of the image.
 *
 * Layer:  radiomics; imports nothing.
 */

/**
 * m₄ / m₂² − 3; NaN if the values are all alike but for rounding.
 *
 * @param isSingle  Every step rounded to single precision.
 */
export function kurtosis(values: Float64Array, isSingle: boolean): number {
  const round = isSingle ? Math.fround : identity;
  const n = values.length;
  const mean = round(pairwiseSum(values, round) / n);
  const squares = values.map((v) => {
    const d = round(v - mean);
    return round(d * d);
  });
  const m2 = round(pairwiseSum(squares, round) / n);
  const limit = round((isSingle ? Math.fround(1e-6) : 1e-15) * mean);
  if (m2 <= round(limit * limit)) return Number.NaN;
  const m4 = round(
    pairwiseSum(
      squares.map((s) => round(s * s)),
      round,
    ) / n,
  );
  return round(round(m4 / round(m2 * m2)) - 3);
}

function identity(v: number): number {
  return v;
}

/** NumPy's sum of up to 128 values: eight interleaved sums, then the rest. Longer ones are halved. */
function pairwiseSum(values: Float64Array, round: (v: number) => number): number {
  const n = values.length;
  if (n > 128) {
    const half = Math.floor(n / 2);
    const cut = half - (half % 8);
    return round(pairwiseSum(values.subarray(0, cut), round) + pairwiseSum(values.subarray(cut), round));
  }
  let sum = 0;
  let k = 0;
  if (n >= 8) {
    const r = values.slice(0, 8);
    for (k = 8; k + 8 <= n; k += 8) for (let j = 0; j < 8; j++) r[j] = round(r[j] + values[k + j]);
    sum = round(
      round(round(r[0] + r[1]) + round(r[2] + r[3])) + round(round(r[4] + r[5]) + round(r[6] + r[7])),
    );
  }
  for (; k < n; k++) sum = round(sum + values[k]);
  return sum;
}
