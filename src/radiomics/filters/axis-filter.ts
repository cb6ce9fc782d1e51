/**
 * Convolution along one axis, the building block of separable filters.
 *
 * Source: IBSI reference manual on convolutional filters, arXiv:2006.05470, sections 2.3 and 2.4.
 * Layer:  radiomics; imports core (types), field.
 */
import type { Vec3 } from "../../core/geometry.js";
import { type Boundary, continued, type Field, reachedSpan, type Span, sizeOf } from "./field.js";

/** One convolution: y[i] = Σ kernel[j] · x[i + (center − j) · step]. */
export interface Stage {
  readonly kernel: Float64Array;
  readonly center: number;
  /** Distance of the kernel's taps in voxels; negative for the mirrored kernel. */
  readonly step: number;
}

/** Convolutions along one axis, one after the other, the image continued anew before each. */
export type Chain = readonly Stage[];

/** Filters along an axis; @param wanted  Part of the axis, inside the image, that the result is to cover. */
export function filterAxis(
  field: Field,
  axis: 0 | 1 | 2,
  chain: Chain,
  wanted: Span,
  boundary: Boundary,
): Field {
  const n = field.imageSize[axis];
  const spans: Span[] = [wanted];
  for (const stage of chain.slice(1).reverse()) spans.unshift(neededSpan(stage, spans[0], n, boundary));
  return chain.reduce((input, stage, s) => convolve(input, axis, stage, spans[s], boundary), field);
}

/** The span of an axis of n voxels that a chain needs. */
export function chainSpan(chain: Chain, wanted: Span, n: number, boundary: Boundary): Span {
  return [...chain].reverse().reduce((span, stage) => neededSpan(stage, span, n, boundary), wanted);
}

function neededSpan({ kernel, center, step }: Stage, [low, high]: Span, n: number, boundary: Boundary): Span {
  const ends = [center * step, (center - kernel.length + 1) * step];
  return reachedSpan([low + Math.min(...ends), high + Math.max(...ends)], n, boundary);
}

function convolve(field: Field, axis: 0 | 1 | 2, stage: Stage, [low, high]: Span, boundary: Boundary): Field {
  const { kernel, center, step } = stage;
  const size = sizeOf(field.box);
  const inner = size.slice(0, axis).reduce((product, m) => product * m, 1);
  const outer = size.slice(axis + 1).reduce((product, m) => product * m, 1);
  const count = high - low + 1;
  const first = low + Math.min(center * step, (center - kernel.length + 1) * step);
  const span = Math.abs(step) * (kernel.length - 1);
  // Where the continued axis is in the field; −1 is 0.
  const at = Int32Array.from({ length: count + span }, (_, i) => {
    const index = continued(first + i, field.imageSize[axis], boundary);
    return index < 0 ? -1 : index - field.box.low[axis];
  });
  // Taps from the lowest index up.
  const taps = step > 0 ? kernel.slice().reverse() : kernel;
  const result = new Float64Array(inner * count * outer);
  const shape = { inner, length: size[axis], outer, count };
  if (inner === 1) convolveRows(field.voxels, shape, at, taps, Math.abs(step), result);
  else convolveSlabs(field.voxels, shape, at, taps, Math.abs(step), result);
  const replaced = (from: Vec3, value: number): Vec3 => [
    axis === 0 ? value : from[0],
    axis === 1 ? value : from[1],
    axis === 2 ? value : from[2],
  ];
  const box = { low: replaced(field.box.low, low), high: replaced(field.box.high, high) };
  return { voxels: result, box, imageSize: field.imageSize };
}

interface Shape {
  readonly inner: number;
  readonly length: number;
  readonly outer: number;
  readonly count: number;
}

/** Taps that one pass over a line takes; written out, because a loop over taps takes three times as long. */
const TAPS_AT_ONCE = 6;

function convolveRows(
  source: Float64Array,
  { length, outer, count }: Shape,
  at: Int32Array,
  taps: Float64Array,
  step: number,
  result: Float64Array,
): void {
  const row = new Float64Array(at.length);
  const from = Int32Array.from(taps, (_, j) => j * step);
  for (let o = 0; o < outer; o++) {
    const start = o * length;
    for (let i = 0; i < at.length; i++) row[i] = at[i] < 0 ? 0 : source[start + at[i]];
    addTaps(row, from, taps, count, result, o * count);
  }
}

function convolveSlabs(
  source: Float64Array,
  { inner, length, outer, count }: Shape,
  at: Int32Array,
  taps: Float64Array,
  step: number,
  result: Float64Array,
): void {
  const from = new Int32Array(taps.length);
  const weights = new Float64Array(taps.length);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < taps.length; j++) {
        const line = at[i + j * step];
        // What lies outside is 0, whatever its tap.
        weights[j] = line < 0 ? 0 : taps[j];
        from[j] = line < 0 ? 0 : (o * length + line) * inner;
      }
      addTaps(source, from, weights, inner, result, (o * count + i) * inner);
    }
  }
}

/** Adds `count` numbers of the source from each of several places, weighted, to the result. */
function addTaps(
  source: Float64Array,
  from: Int32Array,
  weights: Float64Array,
  count: number,
  result: Float64Array,
  into: number,
): void {
  let j = 0;
  for (; j + TAPS_AT_ONCE <= weights.length; j += TAPS_AT_ONCE) {
    addSix(source, from, weights, j, count, result, into);
  }
  for (; j < weights.length; j++) {
    const weight = weights[j];
    const start = from[j];
    for (let q = 0; q < count; q++) result[into + q] += weight * source[start + q];
  }
}

function addSix(
  source: Float64Array,
  from: Int32Array,
  weights: Float64Array,
  first: number,
  count: number,
  result: Float64Array,
  into: number,
): void {
  const [w0, w1, w2] = [weights[first], weights[first + 1], weights[first + 2]];
  const [w3, w4, w5] = [weights[first + 3], weights[first + 4], weights[first + 5]];
  const [a, b, c] = [from[first], from[first + 1], from[first + 2]];
  const [d, e, f] = [from[first + 3], from[first + 4], from[first + 5]];
  for (let q = 0; q < count; q++) {
    result[into + q] =
      result[into + q] +
      w0 * source[a + q] +
      w1 * source[b + q] +
      w2 * source[c + q] +
      w3 * source[d + q] +
      w4 * source[e + q] +
      w5 * source[f + q];
  }
}
