/**
 * Fourier transform of a block of complex numbers along any of its axes.
 *
 * Layer:  radiomics; imports core (types), fft.
 */
import type { Vec3 } from "../../core/geometry.js";
import { type ComplexLines, planFft, transform } from "../fft.js";

/** Complex numbers on a grid, x fastest. */
export interface ComplexBlock extends ComplexLines {
  readonly size: Vec3;
}

/** Lines that are transformed together: enough to walk memory in rows, few enough to stay in the cache. */
const BATCH = 32;

export function complexBlock(real: Float64Array, size: Vec3): ComplexBlock {
  return { re: real, im: new Float64Array(real.length), size };
}

/** Transforms forward in place along the axes. The inverse is the conjugate of the forward transform of the conjugate, over N. */
export function fourier(block: ComplexBlock, axes: readonly (0 | 1 | 2)[]): void {
  for (const axis of axes) transformAxis(block, axis);
}

function transformAxis({ re, im, size }: ComplexBlock, axis: 0 | 1 | 2): void {
  const n = size[axis];
  if (n === 1) return;
  const plan = planFft(n);
  const inner = size.slice(0, axis).reduce((product, m) => product * m, 1);
  const total = re.length / n;
  const newLines = (): ComplexLines => ({
    re: new Float64Array(n * BATCH),
    im: new Float64Array(n * BATCH),
  });
  const a = newLines();
  const b = newLines();
  const starts = new Int32Array(BATCH);
  for (let first = 0; first < total; first += BATCH) {
    const lines = Math.min(BATCH, total - first);
    for (let l = 0; l < lines; l++) {
      const line = first + l;
      starts[l] = (line % inner) + Math.floor(line / inner) * inner * n;
    }
    for (let k = 0; k < n; k++) {
      for (let l = 0; l < lines; l++) {
        a.re[k * lines + l] = re[starts[l] + k * inner];
        a.im[k * lines + l] = im[starts[l] + k * inner];
      }
    }
    const done = transform(plan, lines, a, b);
    for (let k = 0; k < n; k++) {
      for (let l = 0; l < lines; l++) {
        re[starts[l] + k * inner] = done.re[k * lines + l];
        im[starts[l] + k * inner] = done.im[k * lines + l];
      }
    }
  }
}

/** Multiplies by a spectrum and transforms back: the block becomes the conjugate of the convolution, its real part that of it. */
export function multiplyAndReturn(
  block: ComplexBlock,
  spectrum: { readonly re: Float64Array; readonly im: Float64Array | null },
  axes: readonly (0 | 1 | 2)[],
): void {
  const { re, im, size } = block;
  const scale = 1 / axes.reduce<number>((product, axis) => product * size[axis], 1);
  const { re: hr, im: hi } = spectrum;
  // By slice, all share the spectrum of one.
  const period = hr.length;
  for (let start = 0; start < re.length; start += period) {
    for (let q = 0; q < period; q++) {
      const p = start + q;
      const r = hr[q] * scale;
      const i = hi === null ? 0 : hi[q] * scale;
      const value = re[p] * r - im[p] * i;
      im[p] = -(re[p] * i + im[p] * r);
      re[p] = value;
    }
  }
  fourier(block, axes);
}
