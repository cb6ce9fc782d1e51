/**
 * Slightly other versions of a scan and its region: as if the patient lay differently, the scanner had more noise, or another
 * person had drawn the contour.
 *
 * Source: Zwanenburg et al., Scientific Reports 9:614 (2019), doi:10.1038/s41598-018-36938-4. The contour is moved by a smooth
 * random field instead of supervoxels. Noise: Donoho & Johnstone 1994, doi:10.1093/biomet/81.3.425.
 * Layer:  radiomics; imports core, volume.
 */
import { InputError } from "../core/errors.js";
import {
  type Geometry,
  indexToWorld,
  type Mat3,
  type Vec3,
  voxelVolume,
  worldToIndex,
} from "../core/geometry.js";
import { type RandomStream, randomStream } from "../core/random.js";
import { clipBox, growBox, tightBox } from "../volume/crop.js";
import { boxSize, type IndexBox } from "../volume/index-box.js";
import { Mask } from "../volume/mask.js";
import { pasteBox, reach, signedDistances } from "../volume/morphology.js";
import { interpolateAt } from "../volume/resample.js";
import { Volume } from "../volume/volume.js";

/** What is changed, in this order. An empty one changes nothing. */
export interface Perturbation {
  /** Standard deviation of normal noise, in the scan's unit; "estimated": as much as the scan has. Default 0. */
  readonly noise?: number | "estimated";
  /** Degrees by which the grid is turned about the region's centre, around the scan's z axis. Default 0. */
  readonly rotate?: number;
  /** Shift of the grid along its axes, in voxels, e.g. [0.25, 0.25, 0.25]. Default none. */
  readonly translate?: Vec3;
  /** Share of its volume by which the region grows (shrinks if negative), evenly all around. Default 0. */
  readonly grow?: number;
  /** Standard deviation in mm by which the contour is moved, here out and there in, smoothly over some 10 mm. Default 0. */
  readonly contour?: number;
}

/** Distance in mm of the independent offsets between which the contour's are interpolated. */
const CONTOUR_LATTICE_MM = 10;

/** Offsets beyond so many standard deviations are cut, so that the region's neighbourhood is bounded. */
const MOST_DEVIATIONS = 3;

/**
 * @param options.seed  The same seed gives the same bits. Default 0.
 * @returns Scan and region; the very same objects where nothing changes.
 * @throws InputError if grids differ, the region is empty, or a number is out of range or not finite.
 *
 * @example
 * const other = radiomics.perturb(ct, gtv, { rotate: 4, grow: -0.1, contour: 1 }, { seed: 7 });
 */
export function perturb(
  volume: Volume,
  mask: Mask,
  perturbation: Perturbation,
  { seed = 0 }: { readonly seed?: number | string } = {},
): { readonly volume: Volume; readonly mask: Mask } {
  mask.checkGrid(volume.geometry, `volume "${volume.name}"`);
  checkPerturbation(perturbation);
  const { noise = 0, rotate = 0, translate = [0, 0, 0], grow = 0, contour = 0 } = perturbation;
  let scan = volume;
  let region = mask;
  const deviation = noise === "estimated" ? noiseOf(volume) : noise;
  if (deviation > 0) scan = noisy(volume, deviation, randomStream(`${seed}/noise`));
  if (rotate !== 0 || translate.some((shift) => shift !== 0)) {
    const grid = movedGrid(mask, rotate, translate);
    scan = scan.resampleTo(grid);
    region = region.resampleTo(grid, "linear");
  }
  if (grow !== 0) region = grown(region, grow);
  if (contour > 0) region = redrawn(region, contour, randomStream(`${seed}/contour`));
  return { volume: scan, mask: region };
}

/** @throws InputError naming the number at fault. */
export function checkPerturbation(perturbation: Perturbation): void {
  const { noise = 0, rotate = 0, translate = [0, 0, 0], grow = 0, contour = 0 } = perturbation;
  const refuse = (what: string, found: unknown, possible: string): never => {
    throw new InputError(
      `perturbation: ${what} must be ${possible}, found ${JSON.stringify(found) ?? String(found)}.`,
    );
  };
  for (const key of Object.keys(perturbation)) {
    if (!["noise", "rotate", "translate", "grow", "contour"].includes(key)) {
      throw new InputError(
        `a perturbation has no "${key}". It has noise, rotate, translate, grow and contour.`,
      );
    }
  }
  if (noise !== "estimated" && !(noise >= 0 && Number.isFinite(noise)))
    refuse("noise", noise, 'from 0, or "estimated"');
  if (!Number.isFinite(rotate)) refuse("rotate", rotate, "degrees");
  if (translate.length !== 3 || !translate.every(Number.isFinite))
    refuse("translate", translate, "three numbers");
  if (!(grow > -1 && Number.isFinite(grow))) refuse("grow", grow, "above −1, e.g. 0.1 for a tenth");
  if (!(contour >= 0 && Number.isFinite(contour))) refuse("contour", contour, "0 mm or more");
}

/** The scan's noise: median |diagonal difference of four neighbours in a slice| / 2 / 0.6745 (Haar's finest scale). */
function noiseOf({ voxels, geometry }: Volume): number {
  const [nx, ny, nz] = geometry.size;
  const details = new Float64Array(Math.floor(nx / 2) * Math.floor(ny / 2) * nz);
  let n = 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y + 1 < ny; y += 2) {
      for (let x = 0; x + 1 < nx; x += 2) {
        const p = x + nx * (y + ny * z);
        const detail = Math.abs(voxels[p] - voxels[p + 1] - voxels[p + nx] + voxels[p + nx + 1]) / 2;
        // Air outside the field of view is filled with one value and has no noise.
        if (detail > 0) details[n++] = detail;
      }
    }
  }
  if (n === 0) return 0;
  return details.subarray(0, n).sort()[n >> 1] / 0.6745;
}

function noisy(volume: Volume, deviation: number, random: RandomStream): Volume {
  const voxels = Float64Array.from(volume.voxels, (v) => v + deviation * random.normal());
  const { quantity, name, frameOfReference } = volume;
  return new Volume(voxels, volume.geometry, { ...quantity, name, frameOfReference });
}

/** The grid turned about the region's centre in its slices, then shifted. */
function movedGrid(mask: Mask, degrees: number, translate: Vec3): Geometry {
  const { geometry } = mask;
  const { direction: d, spacing, size } = geometry;
  const angle = (degrees * Math.PI) / 180;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const turned = (row: number): [number, number, number] => [
    c * d[3 * row] + s * d[3 * row + 1],
    c * d[3 * row + 1] - s * d[3 * row],
    d[3 * row + 2],
  ];
  const direction: Mat3 = [...turned(0), ...turned(1), ...turned(2)];
  const center = mask.centroidMm;
  const middle = worldToIndex(geometry, center);
  const around: Geometry = { size, spacing, origin: [0, 0, 0], direction };
  const back = indexToWorld(around, [
    middle[0] - translate[0],
    middle[1] - translate[1],
    middle[2] - translate[2],
  ]);
  // Without a rotation the origin must not move by a rounding error.
  const origin: Vec3 =
    degrees === 0
      ? indexToWorld(geometry, translate)
      : [center[0] - back[0], center[1] - back[1], center[2] - back[2]];
  return { size, spacing, origin, direction };
}

/** The region with the voxels nearest to its edge added or removed until its volume has changed by a share. */
function grown(mask: Mask, share: number): Mask {
  const { count } = mask;
  const wanted = Math.round(count * (1 + share));
  if (wanted < 1)
    throw new InputError(
      `region "${mask.name}" of ${count} voxels shrunk by ${-share} is empty. Shrink it less.`,
    );
  // A ball of the region's volume grows by less than this; a thinner region by less still.
  const radius = Math.cbrt((3 * count * voxelVolume(mask.geometry)) / (4 * Math.PI));
  const box = around(
    mask,
    share > 0 ? radius * (Math.cbrt(1 + share) - 1) + 2 * Math.max(...mask.geometry.spacing) : 0,
  );
  const distances = signedDistances(mask.voxels, mask.geometry, box);
  const order = Float64Array.from(distances).sort();
  const limit = order[Math.min(wanted, order.length) - 1];
  // Voxels at the limit are taken in their order until the volume is right.
  let missing = wanted;
  for (let p = 0; p < distances.length; p++) if (distances[p] < limit) missing--;
  const inside = Uint8Array.from(distances, (distance) => {
    if (distance < limit) return 1;
    return distance === limit && missing-- > 0 ? 1 : 0;
  });
  return withBox(mask, inside, box);
}

/** The region with its edge moved by a smooth random field. */
function redrawn(mask: Mask, deviation: number, random: RandomStream): Mask {
  const { geometry } = mask;
  const box = around(mask, MOST_DEVIATIONS * deviation);
  const size = boxSize(box);
  const distances = signedDistances(mask.voxels, geometry, box);
  const offsets = smoothField(size, geometry.spacing, random);
  // The edge lies half a voxel from the centres on either side.
  const half = Math.min(...geometry.spacing) / 2;
  const inside = Uint8Array.from(distances, (distance, p) => {
    const offset = Math.min(Math.max(offsets[p], -MOST_DEVIATIONS), MOST_DEVIATIONS) * deviation;
    const edge = distance > 0 ? distance - half : distance + half;
    return edge < offset ? 1 : 0;
  });
  return withBox(mask, inside, box);
}

/** Standard normal numbers on a coarse lattice, interpolated between. */
function smoothField(size: Vec3, spacing: Vec3, random: RandomStream): Float64Array {
  const nodes = size.map((n, axis) => 2 + Math.floor(((n - 1) * spacing[axis]) / CONTOUR_LATTICE_MM));
  const lattice: Vec3 = [nodes[0], nodes[1], nodes[2]];
  const normals = Float64Array.from({ length: lattice[0] * lattice[1] * lattice[2] }, () => random.normal());
  const at = (axis: 0 | 1 | 2): Float64Array =>
    Float64Array.from({ length: size[axis] }, (_, i) => (i * spacing[axis]) / CONTOUR_LATTICE_MM);
  return interpolateAt(normals, lattice, [at(0), at(1), at(2)], "linear");
}

function around(mask: Mask, mm: number): IndexBox {
  const { geometry, voxels } = mask;
  const tight = tightBox(voxels, geometry.size) ?? mask.box;
  return clipBox(growBox(tight, reach(geometry.spacing, mm)), geometry);
}

function withBox(mask: Mask, inside: Uint8Array, box: IndexBox): Mask {
  const voxels = pasteBox(inside, box, mask.geometry.size, new Uint8Array(mask.voxels.length));
  return new Mask(voxels, mask.geometry, mask.name);
}
