/**
 * Times Radbook in a process of its own: IMAGE MASK WORK REPEATS CONVENTION → JSON with the warm times in seconds.
 * WORK is "original", or "all" for the image and its eight wavelet maps.
 */
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { io, Mask, radiomics, Volume } from "radbook";

const [imageFile = "", maskFile = "", work, repeats = "1", convention] = process.argv.slice(2);
const [image, mask] = await Promise.all([io.readVolume(imageFile), io.readMask(maskFile)]);
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
const seconds = [];
// Of the processor: on a machine that does other work too, only this can be compared.
const cpu = [];
let features = 0;
for (let i = 0; i < Number(repeats); i++) {
  const volume = new Volume(image.voxels.slice(), image.geometry, image.quantity);
  const region = new Mask(mask.voxels.slice(), mask.geometry, mask.name);
  const used = process.cpuUsage();
  const start = performance.now();
  features = extract(volume, region).features.length;
  seconds.push((performance.now() - start) / 1_000);
  cpu.push(process.cpuUsage(used).user / 1e6);
}
const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? 0) / 1024;
process.stdout.write(`${JSON.stringify({ seconds, cpu, features, peakMb: peak })}\n`);
