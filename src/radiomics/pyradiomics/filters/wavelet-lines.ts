/**
 * One axis of a wavelet transform: low-pass and high-pass in one walk.
 *
 * Layer:  radiomics; imports nothing.
 */

/** An array seen from one axis. */
export interface AxisShape {
  /** Values before the axis, which is also the axis's step. */
  readonly inner: number;
  readonly length: number;
  /** Values after the axis. */
  readonly outer: number;
}

type Numbers = Float32Array | Float64Array;

/**
 * Convolves where the kernels fit: out[o] = Σ kernel[j] · source[o + taps − 1 − j], summed in this order.
 *
 * @param lows   Written: `length − taps + 1` values along the axis.
 * @param highs  Written likewise.
 */
export function analyze(
  source: Numbers,
  { inner, length, outer }: AxisShape,
  low: Numbers,
  high: Numbers,
  lows: Numbers,
  highs: Numbers,
): void {
  const taps = low.length;
  const run = (length - taps + 1) * inner;
  for (let o = 0, p = 0; o < outer; o++) {
    const start = o * length * inner + (taps - 1) * inner;
    for (let r = start; r < start + run; r++, p++) {
      let a = 0;
      let d = 0;
      for (let j = 0, q = r; j < taps; j++, q -= inner) {
        a += low[j] * source[q];
        d += high[j] * source[q];
      }
      lows[p] = a;
      highs[p] = d;
    }
  }
}

/** As `analyze`, every product and every sum rounded to single precision. */
export function analyzeSingle(
  source: Numbers,
  { inner, length, outer }: AxisShape,
  low: Numbers,
  high: Numbers,
  lows: Numbers,
  highs: Numbers,
): void {
  const taps = low.length;
  const run = (length - taps + 1) * inner;
  for (let o = 0, p = 0; o < outer; o++) {
    const start = o * length * inner + (taps - 1) * inner;
    for (let r = start; r < start + run; r++, p++) {
      let a = 0;
      let d = 0;
      for (let j = 0, q = r; j < taps; j++, q -= inner) {
        a = Math.fround(a + Math.fround(low[j] * source[q]));
        d = Math.fround(d + Math.fround(high[j] * source[q]));
      }
      lows[p] = a;
      highs[p] = d;
    }
  }
}
