/** Feature maps against extraction from each kernel alone. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { InputError } from "../../src/core/errors.js";
import { catalogue, extractor, filter, map, maps, pyradiomicsCatalogue } from "../../src/radiomics/index.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";
import { asMask, asVolume, grid, LEVELS, randomScan, type Scan, shape } from "../support/regions.js";

/** Maps are in single precision. */
const TOLERANCE = 1e-7;

/** The part of the region in a kernel; the region's lowest and highest level keep the same grey levels by `from`. */
function kernelMask({ size, spacing, inside }: Scan, center: number, radius: number): Mask {
  const [nx, ny] = size;
  const at = (p: number): number[] => [p % nx, Math.floor(p / nx) % ny, Math.floor(p / (nx * ny))];
  const c = at(center);
  const near = (p: number): boolean => at(p).every((i, axis) => Math.abs(i - (c[axis] ?? 0)) <= radius);
  return new Mask(
    inside.map((v, p) => (v !== 0 && near(p) ? 1 : 0)),
    grid(size, spacing),
  );
}

describe("a feature map", () => {
  it("has at each voxel what extraction gives of its kernel", async () => {
    const families = ["intensity statistics", "GLCM", "GLRLM", "GLSZM", "NGTDM", "NGLDM"] as const;
    // Normalised by Ng, which is the region's in a map and the kernel's in an extraction.
    const byLevels = ["cm_inv_diff_norm", "cm_inv_diff_mom_norm"];
    const features = families
      .flatMap((family) => catalogue.of(family))
      .map(({ name }) => name)
      .filter((name) => !byLevels.includes(name));
    const discretize = { binWidth: 1, from: 1 };
    const aggregation = fc.constantFrom("3D merged" as const, "3D averaged" as const);
    await fc.assert(
      fc.asyncProperty(
        randomScan(),
        fc.integer({ min: 1, max: 2 }),
        aggregation,
        async (scan, radius, how) => {
          const volume = asVolume(scan);
          const found = await maps(volume, asMask(scan), { features, radius, discretize, aggregation: how });
          // Every feature again, on its own way.
          const pairs = await maps(volume, asMask(scan), {
            features: features.filter((name) => name.startsWith("cm_")),
            radius,
            discretize,
            aggregation: how,
          });
          const extract = extractor({ families, discretize, aggregation: how });
          for (let p = 0; p < scan.inside.length; p++) {
            if (scan.inside[p] === 0) {
              assert.ok(Number.isNaN(found.get("stat_mean")?.voxels[p] ?? 0));
              continue;
            }
            const expected = extract(volume, kernelMask(scan, p, radius));
            for (const name of features) {
              same(found.get(name)?.voxels[p], expected.value(name), `${name} at ${p}`);
              if (pairs.has(name))
                same(pairs.get(name)?.voxels[p], expected.value(name), `${name}, pairs, at ${p}`);
            }
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it("of filtered images is that of the image that the filter makes, under both names", async () => {
    const scan = shape([9, 8, 7], [1, 1, 1.5], (x, y, z) => Math.hypot(x, y, z) < 3.2);
    scan.voxels.forEach((_, p) => {
      scan.voxels[p] = (p * 37) % 101;
    });
    const volume = asVolume(scan);
    const mask = asMask(scan);
    const chosen = { log: { sigmaMm: [1.5, 3] } } as const;
    const options = { features: ["stat_mean", "cm_contrast"], masked: false } as const;
    const shares: number[] = [];
    const found = await maps(volume, mask, {
      ...options,
      filters: ["original", chosen],
      onProgress: (share) => shares.push(share),
    });
    assert.deepEqual(
      [...found.keys()],
      ["", "log-1.5mm_", "log-3mm_"].flatMap((image) => options.features.map((name) => `${image}${name}`)),
    );
    assert.equal(shares.at(-1), 1);
    assert.ok(shares.every((share, n) => n === 0 || share >= (shares[n - 1] ?? 0)));
    for (const [n, image] of filter(volume, chosen).entries()) {
      const alone = await maps(image, mask, options);
      for (const [name, { voxels }] of alone) {
        assert.deepEqual(found.get(`log-${n === 0 ? "1.5" : "3"}mm_${name}`)?.voxels, voxels);
      }
    }
    assert.equal(
      (await map(volume, mask, { feature: "stat_mean", filters: [{ log: { sigmaMm: 3 } }] })).name,
      "log-3mm_stat_mean",
    );
    await assert.rejects(
      map(volume, mask, { feature: "stat_mean", filters: [chosen] }),
      /make 2 images.*radiomics\.maps/,
    );
    const decimated = { wavelet: { name: "haar", decimated: true } } as const;
    await assert.rejects(maps(volume, mask, { ...options, filters: [decimated] }), /coarser grid/);
  });

  it("by PyRadiomics' definitions is the same from lists of pairs as from matrices, MCC too", async () => {
    const glcm = pyradiomicsCatalogue.features
      .map(({ name }) => name)
      .filter((name) => name.startsWith("glcm_"));
    await fc.assert(
      fc.asyncProperty(randomScan(2), fc.boolean(), fc.boolean(), async (scan, maskedKernel, force2D) => {
        const options = {
          convention: "pyradiomics",
          parameters: {
            setting: { binWidth: 1, force2D, minimumROIDimensions: 1 },
            voxelSetting: { maskedKernel },
          },
        } as const;
        const lists = await maps(asVolume(scan), asMask(scan), { ...options, features: glcm });
        const tables = await maps(asVolume(scan), asMask(scan), {
          ...options,
          features: [...glcm, "firstorder_Mean"],
        });
        for (const [name, { voxels }] of lists) {
          voxels.forEach((value, p) => {
            same(value, tables.get(name)?.voxels[p] ?? Number.NaN, `${name} at ${p}`);
          });
        }
      }),
      { numRuns: 40 },
    );
  });

  it("is a scan on the same grid with the feature's unit, and can be cancelled", async () => {
    const voxels = Float64Array.from({ length: 1000 }, (_, p) => (p * 7) % LEVELS);
    const ct = new Volume(voxels, grid([10, 10, 10], [1, 1, 2.5]), { modality: "CT", unit: "HU" });
    const all = new Mask(new Uint8Array(1000).fill(1), ct.geometry);
    const shares: number[] = [];
    const mean = await map(ct, all, { feature: "Q4LE", onProgress: (share) => shares.push(share) });
    assert.deepEqual([mean.name, mean.quantity.unit, mean.geometry], ["stat_mean", "HU", ct.geometry]);
    assert.equal(shares.at(-1), 1);
    // 2.5 mm reach two voxels in the slice and one across.
    const wide = await map(ct, all, { feature: "stat_max", radiusMm: 2.5 });
    assert.equal(wide.at([5, 5, 5]), LEVELS - 1);
    const signal = AbortSignal.abort(new Error("enough"));
    await assert.rejects(map(ct, all, { feature: "cm_contrast", signal }), /enough/);
  });

  it("refuses what has no map, and options that make no sense", async () => {
    const ct = new Volume(new Float64Array(27), grid([3, 3, 3]), { modality: "CT", unit: "HU" });
    const all = new Mask(new Uint8Array(27).fill(1), ct.geometry);
    const wrong = [
      { feature: "morph_volume" },
      { feature: "nonsense" },
      { feature: "cm_contrast", radius: 0 },
      { feature: "cm_contrast", radius: 1.5 },
      { feature: "cm_contrast", radiusMm: 0.2 },
      { feature: "cm_contrast", radius: 1, radiusMm: 3 },
      { feature: "cm_contrast", kernel: 3 },
      { feature: "cm_contrast", convention: "pyradiomics" },
      { feature: "shape_Elongation", convention: "pyradiomics" },
      { feature: "glcm_Contrast", convention: "pyradiomics", parameters: { imageType: { Square: {} } } },
      {
        feature: "glcm_Contrast",
        convention: "pyradiomics",
        parameters: { voxelSetting: { kernelSize: 3 } },
      },
    ] as const;
    for (const options of wrong) {
      await assert.rejects(map(ct, all, options as never), InputError, JSON.stringify(options));
    }
    await assert.rejects(
      map(ct, new Mask(new Uint8Array(27), ct.geometry), { feature: "cm_contrast" }),
      InputError,
    );
    const elsewhere = new Mask(new Uint8Array(27).fill(1), grid([3, 3, 3], [2, 2, 2]));
    await assert.rejects(map(ct, elsewhere, { feature: "cm_contrast" }), /different grids/);
  });
});

function same(found: number | undefined, expected: number, what: string): void {
  const agree = Number.isNaN(expected)
    ? Number.isNaN(found)
    : Math.abs((found ?? Number.NaN) - expected) <= TOLERANCE * Math.max(1, Math.abs(expected));
  // Roots of what should be 0 are off by the root of a rounding error.
  const root = /info_corr2|Imc2/.test(what) && Math.abs((found ?? 9) - expected) < 1e-7;
  assert.ok(agree || root, `${what}: ${found} and ${expected}`);
}
