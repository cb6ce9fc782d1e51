/** Scans of the gallery: the synthetic thorax, with the contour of its tumor and a map of its local contrast. */
import path from "node:path";
import { readDicom, readRtstruct } from "../../src/io/index.js";
import { type VolumeView, volume } from "../../src/plot/volume-view.js";
import { Volume } from "../../src/volume/volume.js";

/** @param folder  What `npm run data -- synthetic` wrote. */
export async function scanExamples(folder: string): Promise<Readonly<Record<string, VolumeView>>> {
  const thorax = path.join(folder, "thorax");
  const ct = await readDicom(path.join(thorax, "ct"));
  const contours = await readRtstruct(path.join(thorax, "rtstruct.dcm"));
  const gtv = contours.mask(contours.names[0], ct);
  const map = new Volume(localSpread(ct), ct.geometry, { name: "Local spread", unit: "HU" });
  const center = gtv.centroidMm;
  return {
    scan: volume(ct, { overlay: gtv, window: "lung", center, title: "Synthetic thorax" }),
    "scan-heat": volume(ct, {
      overlay: gtv,
      heat: { map, within: gtv },
      center,
      title: "Local spread of grey values",
    }),
  };
}

/** Standard deviation of the 27 voxels around each; 0 at the border. */
function localSpread({ voxels, geometry: { size } }: Volume): Float32Array {
  const [nx, ny, nz] = size;
  const spread = new Float32Array(voxels.length);
  for (let z = 1; z < nz - 1; z++) {
    for (let y = 1; y < ny - 1; y++) {
      for (let x = 1; x < nx - 1; x++) {
        const at = x + nx * (y + ny * z);
        let [sum, squares] = [0, 0];
        for (let dz = -1; dz <= 1; dz++) {
          for (let dy = -1; dy <= 1; dy++) {
            for (let dx = -1; dx <= 1; dx++) {
              const value = voxels[at + dx + nx * (dy + ny * dz)];
              sum += value;
              squares += value * value;
            }
          }
        }
        spread[at] = Math.sqrt(Math.max(0, squares / 27 - (sum / 27) ** 2));
      }
    }
  }
  return spread;
}
