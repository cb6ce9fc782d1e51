/**
 * Writes NRRD files: scans and masks, packed with gzip.
 *
 * Source: NRRD file format definition, teem.sourceforge.net/nrrd/format.html.
 * Layer:  io; imports core, volume.
 */
import { InputError } from "../core/errors.js";
import type { Vec3 } from "../core/geometry.js";
import type { Mask } from "../volume/mask.js";
import type { Volume } from "../volume/volume.js";
import { gzipBytes, writeAtomically } from "./file-write.js";

/**
 * Writes a scan or mask. Voxels and grid read back bit for bit; the format keeps no modality or unit. A reader sees the old file or
 * the whole new one, never a part.
 *
 * @param file  Ends with `.nrrd`.
 * @throws InputError if the name has another ending or the file cannot be written.
 */
export async function writeNrrd(image: Volume | Mask, file: string): Promise<void> {
  if (!/\.nrrd$/i.test(file)) throw new InputError("an NRRD file is named .nrrd. Change the name.", { file });
  const { voxels, geometry } = image;
  const { size, spacing, origin, direction: d } = geometry;
  const type = voxels instanceof Uint8Array ? "uint8" : voxels instanceof Float32Array ? "float" : "double";
  const vector = (v: Vec3): string => `(${v.join(",")})`;
  const step = (axis: 0 | 1 | 2): Vec3 => {
    const s = spacing[axis];
    return [d[axis] * s, d[(axis + 3) as 3 | 4 | 5] * s, d[(axis + 6) as 6 | 7 | 8] * s];
  };
  const header = [
    "NRRD0004",
    `type: ${type}`,
    "dimension: 3",
    "space: left-posterior-superior",
    `sizes: ${size.join(" ")}`,
    `space directions: ${vector(step(0))} ${vector(step(1))} ${vector(step(2))}`,
    "kinds: domain domain domain",
    "endian: little",
    "encoding: gzip",
    `space origin: ${vector(origin)}`,
    "",
    "",
  ].join("\n");
  const data = Buffer.from(voxels.buffer, voxels.byteOffset, voxels.byteLength);
  await writeAtomically(file, Buffer.concat([Buffer.from(header), await gzipBytes(data)]));
}
