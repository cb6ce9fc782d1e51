/**
 * Writes NIfTI-1 files, packed with gzip: the same bytes for the same voxels.
 */
import { gzipSync } from "node:zlib";
import type { Geometry } from "../../src/core/geometry.js";

const OFFSET = 352;

/** A scan or mask on an axis-aligned LPS+ grid. */
export function niftiGz(voxels: Int16Array | Uint8Array, { size, spacing, origin }: Geometry): Buffer {
  const bytesEach = voxels.BYTES_PER_ELEMENT;
  const file = Buffer.alloc(OFFSET + voxels.length * bytesEach);
  file.writeInt32LE(348, 0);
  file.writeInt16LE(3, 40);
  for (let axis = 0; axis < 7; axis++) file.writeInt16LE(axis < 3 ? size[axis] : 1, 42 + 2 * axis);
  file.writeInt16LE(bytesEach === 2 ? 4 : 2, 70);
  file.writeInt16LE(8 * bytesEach, 72);
  file.writeFloatLE(1, 76);
  spacing.forEach((s, axis) => {
    file.writeFloatLE(s, 80 + 4 * axis);
  });
  file.writeFloatLE(OFFSET, 108);
  file.writeFloatLE(1, 112);
  file.writeUInt8(2, 123); // millimetres
  file.writeInt16LE(1, 252);
  file.writeInt16LE(1, 254);
  // NIfTI's world is RAS+: x and y change sign; as a rotation this is half a turn about z.
  file.writeFloatLE(1, 264);
  const world = [-origin[0], -origin[1], origin[2]];
  const steps = [-spacing[0], -spacing[1], spacing[2]];
  for (let row = 0; row < 3; row++) {
    file.writeFloatLE(world[row], 268 + 4 * row);
    file.writeFloatLE(steps[row], 280 + 16 * row + 4 * row);
    file.writeFloatLE(world[row], 280 + 16 * row + 12);
  }
  file.write("n+1\0", 344, "latin1");
  for (let p = 0; p < voxels.length; p++) {
    if (bytesEach === 2) file.writeInt16LE(voxels[p], OFFSET + 2 * p);
    else file[OFFSET + p] = voxels[p];
  }
  return gzipSync(file, { level: 6 });
}
