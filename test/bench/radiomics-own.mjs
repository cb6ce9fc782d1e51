/**
 * Times Radbook in a process of its own: IMAGE MASK WORK REPEATS THREADS CONVENTION → JSON with times in seconds.
 * WORK is "original", "all" for the image and its eight wavelet maps, or "map" for maps of all GLCM features.
 */
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { io, Mask, radiomics, Volume } from "radbook";

const [imageFile = "", maskFile = "", work, repeats = "1", threads = "1", convention] = process.argv.slice(2);
const [image, mask] = await Promise.all([io.readVolume(imageFile), io.readMask(maskFile)]);
const extract = work === "map" ? mapGlcm : features();
const seconds = [];
// Of all threads: on a machine that does other work too, only this can be compared.
const cpu = [];
let count = 0;
for (let i = 0; i < Number(repeats); i++) {
  const volume = new Volume(image.voxels.slice(), image.geometry, image.quantity);
  const region = new Mask(mask.voxels.slice(), mask.geometry, mask.name);
  const before = process.cpuUsage();
  const start = performance.now();
  count = await extract(volume, region);
  seconds.push((performance.now() - start) / 1_000);
  const { user, system } = process.cpuUsage(before);
  cpu.push((user + system) / 1e6);
  // Side threads become ready between two turns.
  await new Promise((resolve) => setTimeout(resolve, i === 0 ? 200 : 0));
}
const peakMb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? 0) / 1024;
process.stdout.write(`${JSON.stringify({ seconds, cpu, features: count, peakMb })}\n`);

function features() {
  const extract = radiomics.extractor(
    convention === "pyradiomics"
      ? {
          convention,
          parameters: { imageType: work === "all" ? { Original: null, Wavelet: null } : { Original: null } },
        }
      : {
          discretize: { binWidth: 25 },
          // Not among the work of the peers either.
          omit: ["morph_moran_i", "morph_geary_c"],
          filters: work === "all" ? ["original", { wavelet: "coif1" }] : ["original"],
        },
  );
  return (volume, region) => extract(volume, region, { workers: Number(threads) }).features.length;
}

/** All that PyRadiomics maps: it gives up on MCC. */
async function mapGlcm(volume, region) {
  const names = [...radiomics.pyradiomicsCatalogue.of("GLCM")].map(({ name }) => name);
  const wanted = names.filter((name) => name.startsWith("glcm_") && name !== "glcm_MCC");
  const maps = await radiomics.maps(volume, region, { convention, features: wanted });
  return maps.size;
}
