/**
 * Fourier transform of many lines at once (Stockham autosort), fast for lengths that are products of 2, 3 and 5.
 *
 * Layer:  radiomics; imports nothing.
 */

/** Lines of complex numbers, element-major: element k of line l is at k·lines + l. */
export interface ComplexLines {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Radices and the unit circle for one length. */
export interface FftPlan {
  readonly length: number;
  readonly radices: readonly number[];
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

/** The smallest even product of 2, 3 and 5 that is at least n. */
export function goodLength(n: number): number {
  for (let length = Math.max(2, n + (n % 2)); ; length += 2) {
    let rest = length;
    for (const factor of [2, 3, 5]) while (rest % factor === 0) rest /= factor;
    if (rest === 1) return length;
  }
}

/** @param length  Best a product of 2, 3 and 5, as `goodLength` gives: another prime factor p takes p steps per number. */
export function planFft(length: number): FftPlan {
  const radices: number[] = [];
  let rest = length;
  for (const factor of [4, 2, 3, 5]) {
    while (rest % factor === 0) {
      radices.push(factor);
      rest /= factor;
    }
  }
  for (let factor = 7; rest > 1; factor += 2) {
    while (rest % factor === 0) {
      radices.push(factor);
      rest /= factor;
    }
  }
  const cos = new Float64Array(length);
  const sin = new Float64Array(length);
  for (let k = 0; k < length; k++) {
    cos[k] = Math.cos((2 * Math.PI * k) / length);
    sin[k] = -Math.sin((2 * Math.PI * k) / length);
  }
  return { length, radices, cos, sin };
}

/**
 * Transforms `lines` lines forward. Both buffers are overwritten.
 *
 * @param input  length·lines numbers.
 * @param spare  As long as the input.
 * @returns Whichever of the two buffers holds the result.
 */
export function transform(
  plan: FftPlan,
  lines: number,
  input: ComplexLines,
  spare: ComplexLines,
): ComplexLines {
  let from = input;
  let to = spare;
  let stride = lines;
  let rest = plan.length;
  for (const radix of plan.radices) {
    rest /= radix;
    const twist = stride / lines;
    if (radix === 2) pass2(plan, from, to, stride, rest, twist);
    else if (radix === 4) pass4(plan, from, to, stride, rest, twist);
    else if (radix === 3) pass3(plan, from, to, stride, rest, twist);
    else if (radix === 5) pass5(plan, from, to, stride, rest, twist);
    else passAny(plan, radix, from, to, stride, rest, twist);
    stride *= radix;
    [from, to] = [to, from];
  }
  return from;
}

function pass2(
  { cos, sin }: FftPlan,
  { re: ar, im: ai }: ComplexLines,
  { re: br, im: bi }: ComplexLines,
  stride: number,
  count: number,
  twist: number,
): void {
  const half = stride * count;
  for (let p = 0; p < count; p++) {
    const c = cos[p * twist];
    const s = sin[p * twist];
    const into = 2 * p * stride;
    for (let q = 0; q < stride; q++) {
      const i = p * stride + q;
      const j = i + half;
      br[into + q] = ar[i] + ar[j];
      bi[into + q] = ai[i] + ai[j];
      const dr = ar[i] - ar[j];
      const di = ai[i] - ai[j];
      br[into + stride + q] = dr * c - di * s;
      bi[into + stride + q] = dr * s + di * c;
    }
  }
}

function pass4(
  { cos, sin }: FftPlan,
  { re: ar, im: ai }: ComplexLines,
  { re: br, im: bi }: ComplexLines,
  stride: number,
  count: number,
  twist: number,
): void {
  const quarter = stride * count;
  for (let p = 0; p < count; p++) {
    const c1 = cos[p * twist];
    const s1 = sin[p * twist];
    const c2 = cos[2 * p * twist];
    const s2 = sin[2 * p * twist];
    const c3 = cos[3 * p * twist];
    const s3 = sin[3 * p * twist];
    for (let q = 0; q < stride; q++) {
      const i0 = p * stride + q;
      const i1 = i0 + quarter;
      const i2 = i1 + quarter;
      const i3 = i2 + quarter;
      const sr = ar[i0] + ar[i2];
      const si = ai[i0] + ai[i2];
      const dr = ar[i0] - ar[i2];
      const di = ai[i0] - ai[i2];
      const tr = ar[i1] + ar[i3];
      const ti = ai[i1] + ai[i3];
      // −i times the difference of the odd pair
      const ur = ai[i1] - ai[i3];
      const ui = ar[i3] - ar[i1];
      const o = 4 * p * stride + q;
      br[o] = sr + tr;
      bi[o] = si + ti;
      br[o + stride] = (dr + ur) * c1 - (di + ui) * s1;
      bi[o + stride] = (dr + ur) * s1 + (di + ui) * c1;
      br[o + 2 * stride] = (sr - tr) * c2 - (si - ti) * s2;
      bi[o + 2 * stride] = (sr - tr) * s2 + (si - ti) * c2;
      br[o + 3 * stride] = (dr - ur) * c3 - (di - ui) * s3;
      bi[o + 3 * stride] = (dr - ur) * s3 + (di - ui) * c3;
    }
  }
}

function pass3(
  { cos, sin }: FftPlan,
  { re: ar, im: ai }: ComplexLines,
  { re: br, im: bi }: ComplexLines,
  stride: number,
  count: number,
  twist: number,
): void {
  const third = stride * count;
  const root = Math.sqrt(3) / 2;
  for (let p = 0; p < count; p++) {
    const c1 = cos[p * twist];
    const s1 = sin[p * twist];
    const c2 = cos[2 * p * twist];
    const s2 = sin[2 * p * twist];
    for (let q = 0; q < stride; q++) {
      const i0 = p * stride + q;
      const i1 = i0 + third;
      const i2 = i1 + third;
      const tr = ar[i1] + ar[i2];
      const ti = ai[i1] + ai[i2];
      const mr = ar[i0] - tr / 2;
      const mi = ai[i0] - ti / 2;
      const nr = root * (ar[i1] - ar[i2]);
      const ni = root * (ai[i1] - ai[i2]);
      const o = 3 * p * stride + q;
      br[o] = ar[i0] + tr;
      bi[o] = ai[i0] + ti;
      br[o + stride] = (mr + ni) * c1 - (mi - nr) * s1;
      bi[o + stride] = (mr + ni) * s1 + (mi - nr) * c1;
      br[o + 2 * stride] = (mr - ni) * c2 - (mi + nr) * s2;
      bi[o + 2 * stride] = (mr - ni) * s2 + (mi + nr) * c2;
    }
  }
}

const COS72 = Math.cos((2 * Math.PI) / 5);
const COS144 = Math.cos((4 * Math.PI) / 5);
const SIN72 = Math.sin((2 * Math.PI) / 5);
const SIN144 = Math.sin((4 * Math.PI) / 5);

function pass5(
  { cos, sin }: FftPlan,
  { re: ar, im: ai }: ComplexLines,
  { re: br, im: bi }: ComplexLines,
  stride: number,
  count: number,
  twist: number,
): void {
  const fifth = stride * count;
  for (let p = 0; p < count; p++) {
    const c1 = cos[p * twist];
    const s1 = sin[p * twist];
    const c2 = cos[2 * p * twist];
    const s2 = sin[2 * p * twist];
    const c3 = cos[3 * p * twist];
    const s3 = sin[3 * p * twist];
    const c4 = cos[4 * p * twist];
    const s4 = sin[4 * p * twist];
    for (let q = 0; q < stride; q++) {
      const i0 = p * stride + q;
      const i1 = i0 + fifth;
      const i2 = i1 + fifth;
      const i3 = i2 + fifth;
      const i4 = i3 + fifth;
      const tr = ar[i1] + ar[i4];
      const ti = ai[i1] + ai[i4];
      const ur = ar[i2] + ar[i3];
      const ui = ai[i2] + ai[i3];
      const vr = ar[i1] - ar[i4];
      const vi = ai[i1] - ai[i4];
      const wr = ar[i2] - ar[i3];
      const wi = ai[i2] - ai[i3];
      const mr = ar[i0] + COS72 * tr + COS144 * ur;
      const mi = ai[i0] + COS72 * ti + COS144 * ui;
      const kr = ar[i0] + COS144 * tr + COS72 * ur;
      const ki = ai[i0] + COS144 * ti + COS72 * ui;
      const nr = SIN72 * vr + SIN144 * wr;
      const ni = SIN72 * vi + SIN144 * wi;
      const lr = SIN144 * vr - SIN72 * wr;
      const li = SIN144 * vi - SIN72 * wi;
      const o = 5 * p * stride + q;
      br[o] = ar[i0] + tr + ur;
      bi[o] = ai[i0] + ti + ui;
      br[o + stride] = (mr + ni) * c1 - (mi - nr) * s1;
      bi[o + stride] = (mr + ni) * s1 + (mi - nr) * c1;
      br[o + 2 * stride] = (kr + li) * c2 - (ki - lr) * s2;
      bi[o + 2 * stride] = (kr + li) * s2 + (ki - lr) * c2;
      br[o + 3 * stride] = (kr - li) * c3 - (ki + lr) * s3;
      bi[o + 3 * stride] = (kr - li) * s3 + (ki + lr) * c3;
      br[o + 4 * stride] = (mr - ni) * c4 - (mi + nr) * s4;
      bi[o + 4 * stride] = (mr - ni) * s4 + (mi + nr) * c4;
    }
  }
}

/** Any other radix, by the definition: the butterfly and the twist are one rotation. */
function passAny(
  { cos, sin, length }: FftPlan,
  radix: number,
  { re: ar, im: ai }: ComplexLines,
  { re: br, im: bi }: ComplexLines,
  stride: number,
  count: number,
  twist: number,
): void {
  const part = stride * count;
  const step = length / radix;
  for (let p = 0; p < count; p++) {
    for (let m = 0; m < radix; m++) {
      const into = (radix * p + m) * stride;
      br.fill(0, into, into + stride);
      bi.fill(0, into, into + stride);
      for (let r = 0; r < radix; r++) {
        const turn = (m * (p * twist + r * step)) % length;
        const c = cos[turn];
        const s = sin[turn];
        const from = r * part + p * stride;
        for (let q = 0; q < stride; q++) {
          br[into + q] += ar[from + q] * c - ai[from + q] * s;
          bi[into + q] += ar[from + q] * s + ai[from + q] * c;
        }
      }
    }
  }
}
