/**
 * A lung lesion drawn from its traits: lobulated body, spicules, soft edge, halo, texture and a necrotic core.
 */
import type { Geometry, Vec3 } from "../../src/core/geometry.js";
import type { RandomStream } from "../../src/core/random.js";
import {
  lungDistance,
  lungNormal,
  middleDistance,
  pointInLung,
  randomDirection,
  type Side,
} from "./anatomy.js";
import { smoothField } from "./field.js";
import { add, addCapsule, type Box, boxNear } from "./grid.js";
import { logistic, type Patient, radiusOfVolume, type Traits } from "./patient.js";

/** Where a lesion lies and its outer form. */
export interface LesionShape {
  /** mm from the middle of the chest. */
  readonly center: Vec3;
  /** Radius of the ball of the same volume, mm. */
  readonly radius: number;
  /** Rows are the lesion's own axes. */
  readonly rotation: readonly [Vec3, Vec3, Vec3];
  readonly lobes: readonly { readonly direction: Vec3; readonly height: number }[];
  readonly spicules: readonly { readonly direction: Vec3; readonly length: number; readonly base: number }[];
}

/** Draws the place and form: stream `shape`. */
export function drawShape(stream: RandomStream, { traits, bodyScale }: Patient): LesionShape {
  const radius = radiusOfVolume(traits.logVolume);
  const center = drawCenter(stream, radius / bodyScale, traits.pleuralDistance / bodyScale);
  const rotation = randomRotation(stream);
  const lobes = Array.from({ length: 6 }, () => ({
    direction: randomDirection(stream),
    height: 3 * traits.lobulation * (0.6 + 0.8 * stream.uniform()),
  }));
  const spicules = Array.from({ length: traits.spicules }, () => ({
    direction: randomDirection(stream),
    length: radius * (0.3 + 0.25 + 0.5 * stream.uniform()),
    base: 1.1 + 0.7 * stream.uniform(),
  }));
  const grown: Vec3 = [center[0] * bodyScale, center[1] * bodyScale, center[2] * bodyScale];
  return { center: grown, radius, rotation, lobes, spicules };
}

/**
 * Paints the lesion over the anatomy.
 *
 * @returns Signed distance from the lesion's surface at every voxel, mm: the truth is where it is 0 or less.
 */
export function paintLesion(
  hu: Float32Array,
  grid: Geometry,
  shape: LesionShape,
  traits: Traits,
  texture: RandomStream,
): Float32Array {
  const { distance, relative } = lesionDistance(grid, shape, traits.axisRatios);
  const reach = 1.8 * shape.radius + traits.halo + 12;
  const box = boxNear(grid, shape.center, shape.center, reach);
  const inBox = (length: number): Vec3 => [
    length / grid.spacing[0],
    length / grid.spacing[1],
    length / grid.spacing[2],
  ];
  const boxSize: Vec3 = [box.to[0] - box.from[0], box.to[1] - box.from[1], box.to[2] - box.from[2]];
  const grain = smoothField(texture, boxSize, inBox(traits.textureLength), traits.textureSd);
  const ragged = smoothField(texture, boxSize, inBox(4), 0.12);
  const coreRadius = Math.cbrt(traits.necroticFraction);
  forEachVoxel(grid, box, (p, inside) => {
    const d = distance[p];
    const solid = logistic(-d / (traits.edge / 4.394));
    const halo = Math.max(solid, logistic(-(d - traits.halo) / 0.5));
    if (halo < 1e-4) return;
    const necrotic = logistic(-(relative[p] + ragged[inside] - coreRadius) / 0.04);
    hu[p] += -halo * hu[p] - 620 * (halo - solid) + (traits.solidHu + grain[inside] - 28 * necrotic) * solid;
  });
  return distance;
}

/** Signed distance from the surface, and distance from the centre relative to the surface's in that direction. */
function lesionDistance(
  grid: Geometry,
  shape: LesionShape,
  ratios: readonly [number, number, number],
): { distance: Float32Array; relative: Float32Array } {
  const { size, spacing, origin } = grid;
  const [cx, cy, cz] = shape.center;
  const count = size[0] * size[1] * size[2];
  const distance = new Float32Array(count).fill(1e9);
  const relative = new Float32Array(count).fill(1e9);
  const reach = 2.5 * shape.radius + 12;
  forEachVoxel(grid, boxNear(grid, shape.center, shape.center, reach), (p, _inside, x, y, z) => {
    const v: Vec3 = [
      origin[0] + x * spacing[0] - cx,
      origin[1] + y * spacing[1] - cy,
      origin[2] + z * spacing[2] - cz,
    ];
    const length = Math.hypot(v[0], v[1], v[2]);
    const u: Vec3 = length === 0 ? [0, 0, 1] : [v[0] / length, v[1] / length, v[2] / length];
    const rho = surfaceRadius(u, shape, ratios);
    distance[p] = length - rho;
    relative[p] = length / rho;
  });
  for (const { direction, length, base } of shape.spicules) {
    const start = add(shape.center, direction, 0.7 * shape.radius);
    addCapsule(distance, grid, {
      start,
      end: add(start, direction, length),
      startRadius: base,
      endRadius: 0.5,
    });
  }
  return { distance, relative };
}

/** Distance of the surface from the centre in direction u, mm. */
function surfaceRadius(
  u: Vec3,
  { radius, rotation, lobes }: LesionShape,
  ratios: readonly [number, number, number],
): number {
  let squares = 0;
  for (let axis = 0; axis < 3; axis++) {
    const own = rotation[axis];
    squares += ((own[0] * u[0] + own[1] * u[1] + own[2] * u[2]) / ratios[axis]) ** 2;
  }
  let bulge = 1;
  for (const { direction: d, height } of lobes) {
    bulge += height * Math.exp(12 * (u[0] * d[0] + u[1] * d[1] + u[2] * d[2] - 1));
  }
  return (radius / Math.sqrt(squares)) * bulge;
}

/**
 * A point of the lung whose lesion keeps its distance from the pleura: drawn in one lung, then moved along the outward normal. Points
 * where the lesion would lie in the heart or the mediastinum are drawn again. Unscaled mm.
 */
function drawCenter(stream: RandomStream, radius: number, pleuralDistance: number): Vec3 {
  for (let attempt = 0; ; attempt++) {
    const side: Side = stream.uniform() < 0.5 ? -1 : 1;
    const point = pointInLung(stream, side);
    const normal = lungNormal(side, point);
    const depth = radius + pleuralDistance;
    let low = -130;
    let high = 130;
    for (let step = 0; step < 40; step++) {
      const middle = (low + high) / 2;
      if (lungDistance(side, add(point, normal, middle)) < -depth) low = middle;
      else high = middle;
    }
    const center = add(point, normal, low);
    const keepsDistance = Math.abs(lungDistance(side, center) + depth) < 0.5;
    if ((keepsDistance && middleDistance(center) > 0.8 * radius) || attempt === 500) return center;
  }
}

function randomRotation(stream: RandomStream): [Vec3, Vec3, Vec3] {
  const q = [stream.normal(), stream.normal(), stream.normal(), stream.normal()];
  const norm = Math.hypot(...q);
  const [w, x, y, z] = q.map((part) => part / norm);
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
}

/** Visits a box: index in the grid, index in the box, and the voxel. */
function forEachVoxel(
  { size }: Geometry,
  { from, to }: Box,
  visit: (p: number, inside: number, x: number, y: number, z: number) => void,
): void {
  let inside = 0;
  for (let z = from[2]; z < to[2]; z++) {
    for (let y = from[1]; y < to[1]; y++) {
      for (let x = from[0]; x < to[0]; x++, inside++) visit(x + size[0] * (y + size[1] * z), inside, x, y, z);
    }
  }
}
