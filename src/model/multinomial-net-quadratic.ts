/**
 * The minimum of a quadratic model plus a penalty on blocks of coefficients: one coefficient a block for the lasso, the
 * coefficients of a column in all classes for the group lasso.
 *
 * Source: Tseng & Yun 2009, doi:10.1007/s10107-007-0170-0 (block coordinate descent); Newton's method once it is known which
 *         blocks are not 0.
 * Layer:  model; imports its own folder.
 */
import { cholesky, solveCholesky } from "./cholesky.js";

/** Coefficients that are penalised by l1 · length + l2 · length² / 2. */
export interface Block {
  readonly start: number;
  readonly size: number;
  readonly l1: number;
  readonly l2: number;
}

const MAX_ROUNDS = 1000;
const SWEEPS = 2;
/** Share of the largest curvature that is added where there may be none. */
const DAMPING = 1e-11;

/**
 * Moves `beta` to the minimum of −gᵀ d + ½ dᵀ H d + penalty, d = beta − beta at the call.
 *
 * @param hessian  H, d × d, row-major.
 * @param rest     g at the call; minus the slope of the model at the minimum after it.
 * @param tolerance  Largest slope that may be left.
 */
export function minimizeBlocks(
  hessian: Float64Array,
  rest: Float64Array,
  blocks: readonly Block[],
  beta: Float64Array,
  tolerance: number,
): void {
  const bounds = blocks.map(({ start, size }) => curvatureOf(hessian, rest.length, start, size));
  for (let round = 0; round < MAX_ROUNDS; round++) {
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      blocks.forEach((block, at) => {
        moveBlock(hessian, rest, block, bounds[at], beta);
      });
    }
    if (violationOf(rest, blocks, beta) <= tolerance) return;
    polish(hessian, rest, blocks, beta);
    if (violationOf(rest, blocks, beta) <= tolerance) return;
  }
}

/** How far the conditions of the minimum are missed. @param rest  Minus the slope of the loss. */
export function violationOf(rest: Float64Array, blocks: readonly Block[], beta: Float64Array): number {
  let most = 0;
  for (const { start, size, l1, l2 } of blocks) {
    const length = lengthOf(beta, start, size);
    let square = 0;
    for (let at = start; at < start + size; at++) {
      const slope = rest[at] - l2 * beta[at] - (length > 0 ? (l1 * beta[at]) / length : 0);
      square += slope * slope;
    }
    const miss = length > 0 ? Math.sqrt(square) : Math.sqrt(square) - l1;
    if (!(miss <= most)) most = miss;
  }
  return most;
}

function lengthOf(beta: Float64Array, start: number, size: number): number {
  if (size === 1) return Math.abs(beta[start]);
  let square = 0;
  for (let at = start; at < start + size; at++) square += beta[at] * beta[at];
  return Math.sqrt(square);
}

/** At least the largest curvature inside a block. */
function curvatureOf(hessian: Float64Array, d: number, start: number, size: number): number {
  let most = 0;
  for (let i = start; i < start + size; i++) {
    let sum = 0;
    for (let j = start; j < start + size; j++) sum += Math.abs(hessian[i * d + j]);
    most = Math.max(most, sum);
  }
  return most;
}

/** Moves one block to the minimum of a model that bends at least as much as this one. */
function moveBlock(
  hessian: Float64Array,
  rest: Float64Array,
  { start, size, l1, l2 }: Block,
  bound: number,
  beta: Float64Array,
): void {
  if (!(bound + l2 > 0)) return;
  let square = 0;
  for (let at = start; at < start + size; at++) square += (rest[at] + bound * beta[at]) ** 2;
  const length = Math.sqrt(square);
  const shrink = length > l1 ? (1 - l1 / length) / (bound + l2) : 0;
  for (let at = start; at < start + size; at++) {
    move(hessian, rest, beta, at, shrink * (rest[at] + bound * beta[at]) - beta[at]);
  }
}

function move(
  hessian: Float64Array,
  rest: Float64Array,
  beta: Float64Array,
  at: number,
  change: number,
): void {
  if (change === 0) return;
  beta[at] += change;
  const d = rest.length;
  const row = at * d;
  for (let i = 0; i < d; i++) rest[i] -= change * hessian[row + i];
}

/** A Newton step of the coefficients that are not 0, up to where the first single one of them becomes 0. */
function polish(
  hessian: Float64Array,
  rest: Float64Array,
  blocks: readonly Block[],
  beta: Float64Array,
): void {
  const d = rest.length;
  const free = blocks.filter(({ start, size, l1 }) => l1 === 0 || lengthOf(beta, start, size) > 0);
  const index = free.flatMap(({ start, size }) => Array.from({ length: size }, (_, at) => start + at));
  const s = index.length;
  const bend = new Float64Array(s * s);
  const pull = new Float64Array(s);
  let largest = 0;
  for (let i = 0; i < s; i++) {
    for (let j = 0; j < s; j++) bend[i * s + j] = hessian[index[i] * d + index[j]];
    largest = Math.max(largest, bend[i * s + i]);
  }
  let from = 0;
  for (const { start, size, l1, l2 } of free) {
    const length = lengthOf(beta, start, size);
    for (let i = 0; i < size; i++) {
      const b = beta[start + i];
      pull[from + i] = rest[start + i] - l2 * b - (l1 > 0 ? (l1 * b) / length : 0);
      bend[(from + i) * (s + 1)] += l2 + DAMPING * largest;
      if (size === 1 || l1 === 0) continue;
      for (let j = 0; j < size; j++) {
        const own = (i === j ? 1 : 0) - (b * beta[start + j]) / length / length;
        bend[(from + i) * s + from + j] += (l1 * own) / length;
      }
    }
    from += size;
  }
  const { factor, singular } = cholesky(bend, s, 0);
  if (singular >= 0) return;
  const step = solveCholesky(factor, s, pull);
  let reach = 1;
  let blocked = -1;
  from = 0;
  for (const { start, size, l1 } of free) {
    const part = size === 1 && l1 > 0 && beta[start] * step[from] < 0 ? -beta[start] / step[from] : reach;
    if (part < reach) {
      reach = part;
      blocked = start;
    }
    from += size;
  }
  const full = new Float64Array(d);
  index.forEach((at, i) => {
    full[at] = step[i];
  });
  const part = reach * shareThatHelps(hessian, rest, free, beta, full, reach);
  if (part === 0) return;
  for (const at of index) move(hessian, rest, beta, at, part * full[at]);
  if (part === reach && blocked >= 0) move(hessian, rest, beta, blocked, -beta[blocked]);
}

/** 1, ½, ¼ … : the first share of the way on which the model falls; 0 if none does. */
function shareThatHelps(
  hessian: Float64Array,
  rest: Float64Array,
  free: readonly Block[],
  beta: Float64Array,
  step: Float64Array,
  reach: number,
): number {
  const d = rest.length;
  let slope = 0;
  let bend = 0;
  for (let i = 0; i < d; i++) {
    if (step[i] === 0) continue;
    let sum = 0;
    for (let j = 0; j < d; j++) sum += hessian[i * d + j] * step[j];
    bend += step[i] * sum;
    slope -= step[i] * rest[i];
  }
  const moved = new Float64Array(d);
  const before = penaltyOf(free, beta);
  for (let share = 1; share > 1e-6; share /= 2) {
    const part = share * reach;
    for (let i = 0; i < d; i++) moved[i] = beta[i] + part * step[i];
    const gained = part * slope + 0.5 * part * part * bend + penaltyOf(free, moved) - before;
    if (gained <= 1e-15 * Math.abs(before)) return share;
  }
  return 0;
}

/** Of all blocks. */
export function penaltyOf(blocks: readonly Block[], beta: Float64Array): number {
  let sum = 0;
  for (const { start, size, l1, l2 } of blocks) {
    const length = lengthOf(beta, start, size);
    sum += l1 * length + 0.5 * l2 * length * length;
  }
  return sum;
}
