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
  shape: AxisShape,
  low: Numbers,
  high: Numbers,
  lows: Numbers,
  highs: Numbers,
): void {
  if (low.length === 6) {
    analyzeSixSingle(source, shape, low, high, lows, highs);
    return;
  }
  const { inner, length, outer } = shape;
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

/** PyRadiomics' own wavelet, coif1, has six taps: written out, it takes half of the time. */
function analyzeSixSingle(
  source: Numbers,
  { inner, length, outer }: AxisShape,
  low: Numbers,
  high: Numbers,
  lows: Numbers,
  highs: Numbers,
): void {
  const [l0, l1, l2, l3, l4, l5] = low;
  const [h0, h1, h2, h3, h4, h5] = high;
  const round = Math.fround;
  const run = (length - 5) * inner;
  for (let o = 0, p = 0; o < outer; o++) {
    const start = o * length * inner + 5 * inner;
    for (let r = start; r < start + run; r++, p++) {
      const x0 = source[r];
      const x1 = source[r - inner];
      const x2 = source[r - 2 * inner];
      const x3 = source[r - 3 * inner];
      const x4 = source[r - 4 * inner];
      const x5 = source[r - 5 * inner];
      const a = round(round(round(l0 * x0) + round(l1 * x1)) + round(l2 * x2));
      lows[p] = round(round(a + round(l3 * x3)) + round(l4 * x4)) + round(l5 * x5);
      const d = round(round(round(h0 * x0) + round(h1 * x1)) + round(h2 * x2));
      highs[p] = round(round(d + round(h3 * x3)) + round(h4 * x4)) + round(h5 * x5);
    }
  }
}
