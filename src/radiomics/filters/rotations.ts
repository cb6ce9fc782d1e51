/**
 * Separable filters in all orientations at right angles, pooled voxel by voxel.
 *
 * Source: IBSI reference manual on convolutional filters, arXiv:2006.05470, section 2.6 (rotation invariance, pooling).
 * Layer:  radiomics; imports volume (types), axis-filter, field.
 */
import type { IndexBox } from "../../volume/mask.js";
import { type Chain, chainSpan, filterAxis } from "./axis-filter.js";
import { type Boundary, type Field, reachedBox } from "./field.js";

/** How responses in several orientations become one. */
export type Pooling = "max" | "min" | "average";

/** A filter along each axis; null along z filters slice by slice. */
export type SeparableFilter = readonly [Chain, Chain, Chain | null];

/** The voxels of an image in a box that lies in it. */
export type FieldOf = (box: IndexBox) => Field;

/** What filters of one image that are computed one after the other have in common: the image and the first axes filtered. */
export interface SharedSteps {
  fieldOf?: FieldOf;
  /** By number of axes filtered. */
  readonly steps: { readonly key: string; readonly field: Field }[];
}

/** Larger fields are not kept for the next filter. */
const MAX_SHARED_VOXELS = 1 << 22;

/**
 * As `filterSeparably` without pooling.
 *
 * @param shared  Kept from filter to filter; those that begin alike are then filtered along the first axes once.
 */
export function filterShared(
  fieldOf: FieldOf,
  imageSize: Field["imageSize"],
  box: IndexBox,
  filter: SeparableFilter,
  boundary: Boundary,
  shared: SharedSteps,
): Float64Array {
  const needed = neededBox([filter], imageSize, box, boundary);
  const { steps } = shared;
  const rootKey = JSON.stringify([box, needed, boundary]);
  if (shared.fieldOf !== fieldOf || steps[0]?.key !== rootKey) {
    steps.length = 0;
    shared.fieldOf = fieldOf;
  }
  let field = steps[0]?.field ?? fieldOf(needed);
  if (steps.length === 0 && field.voxels.length <= MAX_SHARED_VOXELS) steps.push({ key: rootKey, field });
  for (const axis of [0, 1, 2] as const) {
    const chain = filter[axis];
    const key = keyOf(chain);
    const known = steps[axis + 1];
    if (known?.key === key) {
      field = known.field;
      continue;
    }
    steps.length = Math.min(steps.length, axis + 1);
    if (chain !== null) field = filterAxis(field, axis, chain, [box.low[axis], box.high[axis]], boundary);
    if (axis < 2 && steps.length === axis + 1) steps.push({ key, field });
  }
  return field.voxels;
}

/**
 * @param pooling  Null: the filter as it is. Else the 24 right-handed rotations (4 by slice) are pooled.
 * @returns Response in the box, x fastest.
 */
export function filterSeparably(
  fieldOf: FieldOf,
  imageSize: Field["imageSize"],
  box: IndexBox,
  filter: SeparableFilter,
  boundary: Boundary,
  pooling: Pooling | null,
): Float64Array {
  const oriented = pooling === null ? [filter] : distinct(rotated(filter));
  const needed = neededBox(oriented, imageSize, box, boundary);
  const field = fieldOf(needed);
  let pooled: Float64Array | undefined;
  for (const response of responses(field, oriented, 0, box, boundary)) {
    if (pooled === undefined) pooled = response.slice();
    else pool(pooled, response, pooling ?? "average");
  }
  if (pooled === undefined) return new Float64Array(0);
  if (pooling === "average") for (let p = 0; p < pooled.length; p++) pooled[p] /= oriented.length;
  return pooled;
}

function neededBox(
  filters: readonly SeparableFilter[],
  imageSize: Field["imageSize"],
  box: IndexBox,
  boundary: Boundary,
): IndexBox {
  const spans = ([0, 1, 2] as const).map((axis) => {
    let low = box.low[axis];
    let high = box.high[axis];
    for (const filter of filters) {
      const chain = filter[axis];
      if (chain === null) continue;
      const span = chainSpan(chain, [box.low[axis], box.high[axis]], imageSize[axis], boundary);
      low = Math.min(low, span[0]);
      high = Math.max(high, span[1]);
    }
    return [low, high] as const;
  });
  return reachedBox(
    { low: [spans[0][0], spans[1][0], spans[2][0]], high: [spans[0][1], spans[1][1], spans[2][1]] },
    [0, 0, 0],
    imageSize,
    boundary,
  );
}

/** Filters that begin alike share what they have in common. */
function* responses(
  field: Field,
  filters: readonly SeparableFilter[],
  axis: 0 | 1 | 2 | 3,
  box: IndexBox,
  boundary: Boundary,
): Generator<Float64Array> {
  if (axis === 3) {
    for (const _ of filters) yield field.voxels;
    return;
  }
  const groups = new Map<string, SeparableFilter[]>();
  for (const filter of filters) {
    const key = keyOf(filter[axis]);
    groups.set(key, [...(groups.get(key) ?? []), filter]);
  }
  for (const group of groups.values()) {
    const chain = group[0][axis];
    const next =
      chain === null ? field : filterAxis(field, axis, chain, [box.low[axis], box.high[axis]], boundary);
    yield* responses(next, group, (axis + 1) as 1 | 2 | 3, box, boundary);
  }
}

function pool(pooled: Float64Array, response: Float64Array, pooling: Pooling): void {
  switch (pooling) {
    case "max":
      for (let p = 0; p < pooled.length; p++) if (response[p] > pooled[p]) pooled[p] = response[p];
      return;
    case "min":
      for (let p = 0; p < pooled.length; p++) if (response[p] < pooled[p]) pooled[p] = response[p];
      return;
    case "average":
      for (let p = 0; p < pooled.length; p++) pooled[p] += response[p];
  }
}

/** Signed permutations of the axes with determinant 1. */
function rotated([x, y, z]: SeparableFilter): SeparableFilter[] {
  if (z === null) {
    return [
      [x, y, null],
      [flipped(y), x, null],
      [flipped(x), flipped(y), null],
      [y, flipped(x), null],
    ];
  }
  const chains = [x, y, z];
  const all: SeparableFilter[] = [];
  for (const [a, b, c, parity] of PERMUTATIONS) {
    for (const [fa, fb, fc] of FLIPS) {
      if (parity * fa * fb * fc < 0) continue;
      const turn = (chain: Chain, sign: number): Chain => (sign < 0 ? flipped(chain) : chain);
      all.push([turn(chains[a], fa), turn(chains[b], fb), turn(chains[c], fc)]);
    }
  }
  return all;
}

const PERMUTATIONS = [
  [0, 1, 2, 1],
  [1, 2, 0, 1],
  [2, 0, 1, 1],
  [0, 2, 1, -1],
  [2, 1, 0, -1],
  [1, 0, 2, -1],
] as const;

const FLIPS = [1, -1].flatMap((a) => [1, -1].flatMap((b) => [1, -1].map((c) => [a, b, c] as const)));

function flipped(chain: Chain): Chain {
  return chain.map((stage) => ({ ...stage, step: -stage.step }));
}

function distinct(filters: readonly SeparableFilter[]): SeparableFilter[] {
  return [...new Map(filters.map((filter) => [filter.map(keyOf).join(" | "), filter])).values()];
}

/** Alike for chains that do the same: a symmetric kernel is its own mirror image. */
function keyOf(chain: Chain | null): string {
  if (chain === null) return "";
  return chain
    .map(({ kernel, center, step }) => {
      const forward = step > 0 ? kernel : kernel.slice().reverse();
      const middle = step > 0 ? center : kernel.length - 1 - center;
      return `${Math.abs(step)} ${middle} ${forward.map((k) => k + 0).join(",")}`;
    })
    .join(" ; ");
}
