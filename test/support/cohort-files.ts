/** Small patients for cohort extraction, as objects and as NRRD files. */
import path from "node:path";
import { writeNrrd } from "../../src/io/index.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";
import { grid } from "./regions.js";

const SIZE = [9, 8, 7] as const;

/** A scan of whole intensities that differ by seed, with a box in it. */
export function patient(seed: number): { readonly image: Volume; readonly mask: Mask; readonly ring: Mask } {
  const geometry = grid(SIZE, [1, 1.5, 2]);
  const [nx, ny, nz] = SIZE;
  const voxels = new Float32Array(nx * ny * nz);
  const box = new Uint8Array(voxels.length);
  const ring = new Uint8Array(voxels.length);
  for (let p = 0; p < voxels.length; p++) {
    voxels[p] = (p * (31 + seed) + seed * seed) % 97;
    const [x, y, z] = [p % nx, Math.floor(p / nx) % ny, Math.floor(p / (nx * ny))];
    const far = Math.max(Math.abs(x - 4), Math.abs(y - 4), Math.abs(z - 3));
    box[p] = far <= 2 ? 1 : 0;
    ring[p] = far === 3 ? 1 : 0;
  }
  return {
    image: new Volume(voxels, geometry),
    mask: new Mask(box, geometry, "box"),
    ring: new Mask(ring, geometry, "ring"),
  };
}

/** Writes patients "P0", "P1", … and gives their file names, relative to the folder. */
export async function patientFiles(
  folder: string,
  count: number,
): Promise<{ id: string; image: string; mask: string }[]> {
  const rows: { id: string; image: string; mask: string }[] = [];
  for (let n = 0; n < count; n++) {
    const { image, mask } = patient(n);
    await writeNrrd(image, path.join(folder, `ct${n}.nrrd`));
    await writeNrrd(mask, path.join(folder, `gtv${n}.nrrd`));
    rows.push({ id: `P${n}`, image: `ct${n}.nrrd`, mask: `gtv${n}.nrrd` });
  }
  return rows;
}
