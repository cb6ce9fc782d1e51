/**
 * Connected components of regions.
 *
 * Source: Rosenfeld & Pfaltz, Journal of the ACM 13 (1966), doi:10.1145/321356.321357.
 * Layer:  volume; imports core, crop, index-box, morphology.
 */
import { InputError } from "../core/errors.js";
import type { Vec3 } from "../core/geometry.js";
import { copyBox, growBox, tightBox } from "./crop.js";
import { boxSize, type IndexBox } from "./index-box.js";

/** Neighbours that count as connected: 6 share a face, 18 also an edge, 26 also a corner. */
export type Connectivity = 6 | 18 | 26;

/** The largest component; of equally large ones the first in the order of voxels. Empty stays empty. */
export function largestComponentOf(inside: Uint8Array, size: Vec3, connectivity: Connectivity): Uint8Array {
  checkConnectivity(connectivity);
  const tight = tightBox(inside, size);
  if (tight === null) return new Uint8Array(inside.length);
  const { labels, counts, box } = labelled(inside, size, tight, connectivity, 1);
  let largest = 1;
  for (let label = 2; label < counts.length; label++) if (counts[label] > counts[largest]) largest = label;
  return unbordered(labels, box, size, (label) => label === largest, new Uint8Array(inside.length));
}

/**
 * The region with its holes: what is outside and has no way to the scan's border. `connectivity` is that of the region;
 * its outside is then connected by faces (18, 26) or by corners too (6).
 */
export function filledHoles(inside: Uint8Array, size: Vec3, connectivity: Connectivity): Uint8Array {
  checkConnectivity(connectivity);
  const tight = tightBox(inside, size);
  if (tight === null) return new Uint8Array(inside.length);
  const around = growBox(tight, [1, 1, 1]);
  const { labels, box } = labelled(inside, size, around, connectivity === 6 ? 26 : 6, 0);
  // The first voxel of the box is in its empty margin.
  const [nx, ny] = boxSize(box);
  const open = labels[1 + nx * (1 + ny)];
  return unbordered(labels, box, size, (label) => label !== open, new Uint8Array(inside.length));
}

interface Labelled {
  /** 1 … for the components, 0 for other voxels and for the border. */
  readonly labels: Int32Array;
  /** Voxels by label. */
  readonly counts: readonly number[];
  /** The box with its border of one voxel. */
  readonly box: IndexBox;
}

/** Labels the voxels of a box that are inside (`value` 1) or outside (0), in the order of their first voxel. */
function labelled(
  inside: Uint8Array,
  size: Vec3,
  core: IndexBox,
  connectivity: Connectivity,
  value: 0 | 1,
): Labelled {
  const coreSize = boxSize(core);
  const part = copyBox(inside, size, core, new Uint8Array(coreSize[0] * coreSize[1] * coreSize[2]));
  const box = growBox(core, [1, 1, 1]);
  const [nx, ny, nz] = boxSize(box);
  // −1: to be labelled. The border is never, so that neighbours need no bounds test.
  const labels = new Int32Array(nx * ny * nz);
  for (let z = 0, q = 0; z < coreSize[2]; z++) {
    for (let y = 0; y < coreSize[1]; y++) {
      const row = 1 + nx * (y + 1 + ny * (z + 1));
      for (let x = 0; x < coreSize[0]; x++, q++) if ((part[q] !== 0) === (value === 1)) labels[row + x] = -1;
    }
  }
  const steps = neighbourSteps(nx, ny, connectivity);
  const stack = new Int32Array(part.length);
  const counts = [0];
  for (let seed = 0; seed < labels.length; seed++) {
    if (labels[seed] !== -1) continue;
    const label = counts.length;
    let count = 0;
    let top = 0;
    stack[top++] = seed;
    labels[seed] = label;
    while (top > 0) {
      const p = stack[--top];
      count++;
      for (let s = 0; s < steps.length; s++) {
        const q = p + steps[s];
        if (labels[q] !== -1) continue;
        labels[q] = label;
        stack[top++] = q;
      }
    }
    counts.push(count);
  }
  return { labels, counts, box };
}

function neighbourSteps(nx: number, ny: number, connectivity: Connectivity): Int32Array {
  const most = { 6: 1, 18: 2, 26: 3 }[connectivity];
  const steps: number[] = [];
  for (let dz = -1; dz <= 1; dz++) {
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const moved = Math.abs(dx) + Math.abs(dy) + Math.abs(dz);
        if (moved > 0 && moved <= most) steps.push(dx + nx * (dy + ny * dz));
      }
    }
  }
  return Int32Array.from(steps);
}

/** Writes the labels that are wanted into the whole grid, without the border and what lies beyond the grid. */
function unbordered(
  labels: Int32Array,
  { low, high }: IndexBox,
  [nx, ny, nz]: Vec3,
  wanted: (label: number) => boolean,
  target: Uint8Array,
): Uint8Array {
  const [width, height] = boxSize({ low, high });
  for (let z = Math.max(0, low[2] + 1); z < Math.min(nz, high[2]); z++) {
    for (let y = Math.max(0, low[1] + 1); y < Math.min(ny, high[1]); y++) {
      const row = width * (y - low[1] + height * (z - low[2])) - low[0];
      for (let x = Math.max(0, low[0] + 1); x < Math.min(nx, high[0]); x++) {
        if (wanted(labels[row + x])) target[x + nx * (y + ny * z)] = 1;
      }
    }
  }
  return target;
}

function checkConnectivity(connectivity: number): void {
  if ([6, 18, 26].includes(connectivity)) return;
  throw new InputError(
    `connectivity must be 6, 18 or 26, found ${connectivity}. 26 counts corners as connected.`,
  );
}
