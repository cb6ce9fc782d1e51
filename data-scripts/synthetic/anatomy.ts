/**
 * A chest in Hounsfield units: body, lungs, heart, great vessels, bones, airways and the vessels of the lungs.
 *
 * Solids are signed distances (mm, negative inside) painted one over the other with an edge of logistic shape, so that a voxel that is
 * cut by a surface holds a mixture.
 */
import type { Geometry, Vec3 } from "../../src/core/geometry.js";
import type { RandomStream } from "../../src/core/random.js";
import { smoothField } from "./field.js";
import { add, addCapsule, type Capsule, REACH, unit } from "./grid.js";
import { logistic } from "./patient.js";

/** Softness of every surface, mm. */
const SOFTNESS = 0.45;
const LUNG_RADII: Vec3 = [62, 82, 130];
const LUNG_X = 72;
const SHELL: readonly [number, number] = [157.5, 103.5]; // between the fat's and the muscle's ellipse
const FAR = 1e9;

export type Side = -1 | 1;

/** Paints everything but the lesion. */
export function paintAnatomy(
  grid: Geometry,
  scale: number,
  texture: RandomStream,
  vessels: RandomStream,
): Float32Array {
  const hu = new Float32Array(grid.size[0] * grid.size[1] * grid.size[2]).fill(-1000);
  paintSolid(hu, grid, scale, (x, y) => ellipse(x, y, 165, 110), -95);
  paintSolid(hu, grid, scale, (x, y) => ellipse(x, y, 150, 97), 45);

  const lungs = distanceOf(grid, scale, (x, y, z) =>
    Math.min(lungDistance(-1, [x, y, z]), lungDistance(1, [x, y, z])),
  );
  const sigma: Vec3 = [8 / grid.spacing[0], 8 / grid.spacing[1], 8 / grid.spacing[2]];
  const lungHu = smoothField(texture, grid.size, sigma, 25);
  addLungGradient(lungHu, grid, scale);
  paint(hu, lungs, (p) => lungHu[p]);

  paintSolid(hu, grid, scale, (x, y, z) => mediastinum([x, y, z]), 40);
  paintSolid(hu, grid, scale, (x, y, z) => heart([x, y, z]), 45);
  paint(hu, tubes(grid, scale, AORTA), () => 48);
  paintSpine(hu, grid, scale);
  paint(hu, tubes(grid, scale, ribs()), () => 480);
  paint(hu, tubes(grid, scale, AIRWAYS), () => -985);

  const inLung = (distance: Float32Array): Float32Array => distance.map((d, p) => Math.max(d, lungs[p])); // what lies beyond the lung is dropped
  paint(hu, inLung(tubes(grid, scale, vesselTrees(vessels))), () => 40);
  return hu;
}

/** Distance from the surface of one lung, mm, in unscaled coordinates. */
export function lungDistance(side: Side, [x, y, z]: Vec3): number {
  return ellipsoid(x - side * LUNG_X, y, z, LUNG_RADII);
}

/** A random point of one lung. */
export function pointInLung(stream: RandomStream, side: Side): Vec3 {
  for (;;) {
    const [u, v, w] = [stream.uniform(), stream.uniform(), stream.uniform()].map((t) => 2 * t - 1);
    if (u * u + v * v + w * w < 1)
      return [side * LUNG_X + u * LUNG_RADII[0], v * LUNG_RADII[1], w * LUNG_RADII[2]];
  }
}

/** Outward normal of the lung's surface nearest to a point inside. */
export function lungNormal(side: Side, [x, y, z]: Vec3): Vec3 {
  const [a, b, c] = LUNG_RADII;
  return unit([(x - side * LUNG_X) / (a * a), y / (b * b), z / (c * c)]);
}

/** Distance from the soft tissue between the lungs, mm: mediastinum and heart. */
export function middleDistance(point: Vec3): number {
  return Math.min(mediastinum(point), heart(point));
}

function mediastinum([x, y, z]: Vec3): number {
  return ellipsoid(x, y, z, [38, 55, 130]);
}

function heart([x, y, z]: Vec3): number {
  return ellipsoid(x - 25, y + 15, z + 55, [45, 40, 45]);
}

/** Distance to an ellipsoid's surface to first order, exact on the surface. */
function ellipsoid(x: number, y: number, z: number, [a, b, c]: Vec3): number {
  const k0 = Math.sqrt((x / a) ** 2 + (y / b) ** 2 + (z / c) ** 2);
  const k1 = Math.sqrt((x / (a * a)) ** 2 + (y / (b * b)) ** 2 + (z / (c * c)) ** 2);
  return k1 === 0 ? -Math.min(a, b, c) : (k0 * (k0 - 1)) / k1;
}

function ellipse(x: number, y: number, a: number, b: number): number {
  return ellipsoid(x, y, 0, [a, b, 1]);
}

type Distance = (x: number, y: number, z: number) => number;

/** Distance of every voxel centre, mm. */
function distanceOf({ size, spacing, origin }: Geometry, scale: number, distance: Distance): Float32Array {
  const out = new Float32Array(size[0] * size[1] * size[2]);
  for (let z = 0, p = 0; z < size[2]; z++) {
    const wz = (origin[2] + z * spacing[2]) / scale;
    for (let y = 0; y < size[1]; y++) {
      const wy = (origin[1] + y * spacing[1]) / scale;
      for (let x = 0; x < size[0]; x++, p++) {
        out[p] = scale * distance((origin[0] + x * spacing[0]) / scale, wy, wz);
      }
    }
  }
  return out;
}

function paintSolid(
  hu: Float32Array,
  grid: Geometry,
  scale: number,
  distance: Distance,
  value: number,
): void {
  paint(hu, distanceOf(grid, scale, distance), () => value);
}

function paint(hu: Float32Array, distance: Float32Array, value: (p: number) => number): void {
  for (let p = 0; p < hu.length; p++) {
    if (distance[p] > REACH) continue;
    hu[p] += (value(p) - hu[p]) * logistic(-distance[p] / SOFTNESS);
  }
}

/** −860 HU, 40 HU denser at the back, where blood sinks. */
function addLungGradient(lung: Float32Array, { size, spacing, origin }: Geometry, scale: number): void {
  for (let z = 0, p = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      const depth = ((origin[1] + y * spacing[1]) / scale + LUNG_RADII[1]) / (2 * LUNG_RADII[1]);
      for (let x = 0; x < size[0]; x++, p++) lung[p] += -860 + 40 * depth;
    }
  }
}

/** Vertebrae of 320 HU with discs of 90 HU, one every 28 mm. */
function paintSpine(hu: Float32Array, grid: Geometry, scale: number): void {
  const { size, spacing, origin } = grid;
  const column = distanceOf(grid, scale, (x, y) => Math.hypot(x, y - 70) - 17);
  const plane = size[0] * size[1];
  paint(hu, column, (p) => {
    const z = (origin[2] + Math.floor(p / plane) * spacing[2]) / scale;
    const fromDisc = Math.abs(z / 28 - Math.round(z / 28)) * 28;
    return 320 - 230 * logistic((3 - fromDisc) / 0.6);
  });
}

function tubes(grid: Geometry, scale: number, capsules: readonly Capsule[]): Float32Array {
  const distance = new Float32Array(grid.size[0] * grid.size[1] * grid.size[2]).fill(FAR);
  const grown = (v: Vec3): Vec3 => [v[0] * scale, v[1] * scale, v[2] * scale];
  for (const { start, end, startRadius, endRadius } of capsules) {
    addCapsule(distance, grid, {
      start: grown(start),
      end: grown(end),
      startRadius: startRadius * scale,
      endRadius: endRadius * scale,
    });
  }
  return distance;
}

function path(radius: number, points: readonly Vec3[]): Capsule[] {
  return points.slice(1).map((end, i) => ({ start: points[i], end, startRadius: radius, endRadius: radius }));
}

/** Up from the heart, an arch to the left and back, down before the spine. */
const AORTA: readonly Capsule[] = path(13, [
  [4, -12, -30],
  [-8, -14, 20],
  [-6, -10, 45],
  [0, 0, 60],
  [8, 14, 66],
  [16, 28, 62],
  [21, 39, 48],
  [22, 42, 20],
  [20, 44, -60],
  [14, 45, -200],
]);

const CARINA: Vec3 = [0, 16, 34];
const AIRWAYS: readonly Capsule[] = [
  ...path(8, [[0, 2, 200], [0, 10, 90], CARINA]),
  ...path(6, [CARINA, [-22, 15, 16], [-42, 13, 4]]),
  ...path(6, [CARINA, [26, 17, 12], [46, 16, 0]]),
];

/** Ten pairs on the shell, from beside the spine forwards and down. */
function ribs(): Capsule[] {
  const found: Capsule[] = [];
  for (let pair = 0; pair < 10; pair++) {
    for (const side of [-1, 1]) {
      const points: Vec3[] = [];
      for (let degrees = 10; degrees <= 145; degrees += 7.5) {
        const angle = (degrees * Math.PI) / 180;
        const top = 145 - 25 * pair;
        const drop = 50 * ((1 - Math.cos(angle)) / 2) ** 0.8;
        points.push([side * SHELL[0] * Math.sin(angle), SHELL[1] * Math.cos(angle), top - drop]);
      }
      found.push(...path(4.5, points));
    }
  }
  return found;
}

/** Three trees a lung, each splitting in two six times. */
function vesselTrees(stream: RandomStream): Capsule[] {
  const found: Capsule[] = [];
  for (const side of [-1, 1] as const) {
    const hilum: Vec3 = [side * 38, 12, 4];
    const roots: Vec3[] = [
      [side * 0.7, -0.3, 0.7],
      [side, 0.1, -0.1],
      [side * 0.6, 0.35, -0.75],
    ];
    for (const root of roots) {
      const jitter: Vec3 = [stream.normal(), stream.normal(), stream.normal()];
      grow(found, stream, hilum, unit(add(root, jitter, 0.12)), 3.4, 28, 6);
    }
  }
  return found;
}

function grow(
  found: Capsule[],
  stream: RandomStream,
  start: Vec3,
  direction: Vec3,
  radius: number,
  length: number,
  splits: number,
): void {
  const end = add(start, direction, length);
  const thinner = Math.max(0.5, radius * 0.72);
  found.push({ start, end, startRadius: radius, endRadius: thinner });
  if (splits === 0) return;
  const across = unit(crossed(direction, randomDirection(stream)));
  for (const sign of [-1, 1]) {
    const angle = ((25 + 20 * stream.uniform()) * Math.PI) / 180;
    const turned = add(scaled(direction, Math.cos(angle)), across, sign * Math.sin(angle));
    grow(found, stream, end, unit(turned), thinner, Math.max(8, length * 0.8), splits - 1);
  }
}

export function randomDirection(stream: RandomStream): Vec3 {
  return unit([stream.normal(), stream.normal(), stream.normal()]);
}

function crossed(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function scaled(v: Vec3, by: number): Vec3 {
  return [v[0] * by, v[1] * by, v[2] * by];
}
