/**
 * Writes NIfTI-1 files: scans and masks, packed with gzip or not.
 *
 * Source: nifti1.h, nifti.nimh.nih.gov/pub/dist/src/niftilib. World coordinates there are RAS+.
 * Layer:  io; imports core, volume.
 */
import { InputError } from "../core/errors.js";
import type { Geometry, Mat3 } from "../core/geometry.js";
import type { Mask } from "../volume/mask.js";
import type { Volume } from "../volume/volume.js";
import { gzipBytes, writeAtomically } from "./file-write.js";

const OFFSET = 352;
const MILLIMETRES = 2;
const SCANNER_SPACE = 1;
const LARGEST_SIDE = 32_767;

/** Code and bits of the types that scans and masks have. */
const TYPES = { Uint8Array: [2, 8], Float32Array: [16, 32], Float64Array: [64, 64] } as const;

/**
 * Writes a scan or mask. Voxels read back bit for bit (float32 or float64 as in memory; masks as uint8); the format keeps the grid in
 * single precision, and no modality or unit. A reader sees the old file or the whole new one, never a part.
 *
 * @param file  Ends with `.nii` or `.nii.gz`.
 * @throws InputError if the name has another ending, a side is longer than 32,767 voxels, or the file cannot be written.
 */
export async function writeNifti(image: Volume | Mask, file: string): Promise<void> {
  if (!/\.nii(\.gz)?$/i.test(file)) {
    throw new InputError("a NIfTI file is named .nii or .nii.gz. Change the name.", { file });
  }
  if (image.geometry.size.some((n) => n > LARGEST_SIDE)) {
    throw new InputError(
      `NIfTI-1 has sides of up to ${LARGEST_SIDE} voxels, this image ${image.geometry.size.join("×")}. Write it as NRRD.`,
      { file },
    );
  }
  const { voxels, geometry } = image;
  const head = header(geometry, voxels);
  const data = Buffer.from(voxels.buffer, voxels.byteOffset, voxels.byteLength);
  const whole = Buffer.concat([head, data]);
  await writeAtomically(file, /\.gz$/i.test(file) ? await gzipBytes(whole) : whole);
}

function header(geometry: Geometry, voxels: Volume["voxels"] | Mask["voxels"]): Buffer {
  const head = Buffer.alloc(OFFSET);
  const [code, bits] =
    voxels instanceof Uint8Array
      ? TYPES.Uint8Array
      : voxels instanceof Float32Array
        ? TYPES.Float32Array
        : TYPES.Float64Array;
  const { size, spacing, origin, direction } = geometry;
  head.writeInt32LE(348, 0);
  [3, ...size, 1, 1, 1, 1].forEach((n, i) => {
    head.writeInt16LE(n, 40 + 2 * i);
  });
  head.writeInt16LE(code, 70);
  head.writeInt16LE(bits, 72);
  const ras: Mat3 = direction.map((cosine, i) => (i < 6 ? -cosine + 0 : cosine)) as unknown as Mat3;
  const { quaternion, qfac } = quaternionOf(ras);
  [qfac, ...spacing].forEach((n, i) => {
    head.writeFloatLE(n, 76 + 4 * i);
  });
  head.writeFloatLE(OFFSET, 108);
  head.writeFloatLE(1, 112);
  head.writeUInt8(MILLIMETRES, 123);
  head.writeInt16LE(SCANNER_SPACE, 252);
  head.writeInt16LE(SCANNER_SPACE, 254);
  const world = [-origin[0] + 0, -origin[1] + 0, origin[2]];
  [...quaternion, ...world].forEach((n, i) => {
    head.writeFloatLE(n, 256 + 4 * i);
  });
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      const step = (ras[3 * row + column] as number) * (spacing[column] as number);
      head.writeFloatLE(step, 280 + 16 * row + 4 * column);
    }
    head.writeFloatLE(world[row] as number, 280 + 16 * row + 12);
  }
  head.write("n+1\0", 344, "latin1");
  return head;
}

/** The rotation as a quaternion (b, c, d) with a ≥ 0; `qfac` −1 flips the third axis of a left-handed grid. */
function quaternionOf(m: Mat3): { quaternion: [number, number, number]; qfac: 1 | -1 } {
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = m;
  const determinant = m0 * (m4 * m8 - m5 * m7) - m1 * (m3 * m8 - m5 * m6) + m2 * (m3 * m7 - m4 * m6);
  const qfac = determinant < 0 ? -1 : 1;
  const [r02, r12, r22] = [m2 * qfac, m5 * qfac, m8 * qfac];
  // The largest of the four is found from the diagonal, the others from it: no division by a small number.
  const squares = [1 + m0 + m4 + r22, 1 + m0 - m4 - r22, 1 - m0 + m4 - r22, 1 - m0 - m4 + r22];
  const largest = squares.indexOf(Math.max(...squares));
  const t = 2 * Math.sqrt(squares[largest] as number);
  const [a, b, c, d] = [
    [t / 4, (m7 - r12) / t, (r02 - m6) / t, (m3 - m1) / t],
    [(m7 - r12) / t, t / 4, (m1 + m3) / t, (r02 + m6) / t],
    [(r02 - m6) / t, (m1 + m3) / t, t / 4, (r12 + m7) / t],
    [(m3 - m1) / t, (r02 + m6) / t, (r12 + m7) / t, t / 4],
  ][largest] as [number, number, number, number];
  const sign = a < 0 ? -1 : 1;
  return { quaternion: [b * sign, c * sign, d * sign], qfac };
}
