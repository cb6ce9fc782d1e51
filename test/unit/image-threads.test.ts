/** Extraction with side threads: the same bits whatever their number, and the same errors. */
import assert from "node:assert/strict";
import { randomStream } from "../../src/core/random.js";
import { startImageThreads } from "../../src/radiomics/image-work.js";
import { type ExtractorOptions, extractor, type PyradiomicsOptions } from "../../src/radiomics/index.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";
import { grid } from "../support/regions.js";

const SIZE = [34, 30, 26] as const;

/** Noise and an ellipsoid of about 11,000 voxels. */
function scan(): { readonly image: Volume; readonly mask: Mask } {
  const [nx, ny, nz] = SIZE;
  const random = randomStream("side threads 5");
  const voxels = new Float32Array(nx * ny * nz);
  const inside = new Uint8Array(voxels.length);
  for (let p = 0; p < voxels.length; p++) {
    const [x, y, z] = [p % nx, Math.floor(p / nx) % ny, Math.floor(p / (nx * ny))];
    voxels[p] = Math.round(40 * Math.sin(x / 5) + 3 * y + 60 * random.uniform());
    if (((x - 16) / 15.5) ** 2 + ((y - 14) / 14) ** 2 + ((z - 12) / 12) ** 2 < 1) inside[p] = 1;
  }
  const geometry = grid(SIZE, [1, 1.5, 2]);
  return {
    image: new Volume(voxels, geometry, { modality: "CT" }),
    mask: new Mask(inside, geometry, "mass"),
  };
}

const OPTIONS: readonly (ExtractorOptions | PyradiomicsOptions)[] = [
  {
    filters: ["original", { wavelet: "coif1" }, { log: { sigmaMm: 2 } }],
    aggregation: ["2D averaged", "3D merged"],
    omit: ["morph_moran_i", "morph_geary_c"],
    resegment: { range: [-100, 150] },
    discretize: { binCount: 16 },
  },
  {
    convention: "pyradiomics",
    parameters: {
      setting: { resegmentRange: [-100, 150] },
      imageType: { Original: { binWidth: 5 }, Wavelet: { binWidth: 3 }, LoG: { sigma: [2] } },
    },
  },
];

describe("images of a region in several threads", function () {
  this.timeout(120_000);

  for (const options of OPTIONS) {
    it(`have the same features, bit for bit, in the ${options.convention ?? "ibsi"} convention`, async () => {
      const { image, mask } = scan();
      const extract = extractor(options);
      const alone = extract(image, mask, { workers: 1 });
      for (const workers of [2, 3]) {
        await startImageThreads(workers);
        const { features, provenance } = extract(image, mask, { workers });
        assert.deepEqual(features, alone.features);
        assert.ok(features.every(({ definition }, k) => definition === alone.features[k].definition));
        assert.deepEqual(provenance, alone.provenance);
      }
      await startImageThreads();
      assert.deepEqual(extract(image, mask).features, alone.features, "by default");
    });
  }

  it("fail with the same error", () => {
    const { image, mask } = scan();
    const extract = extractor({
      filters: ["original", { mean: { support: 3 } }],
      discretize: { binWidth: 25, from: 20 },
    });
    const messages = [1, 2].map((workers) => {
      try {
        return extract(image, mask, { workers }).id;
      } catch (error) {
        return `${(error as Error).name}: ${(error as Error).message}`;
      }
    });
    assert.match(messages[0], /^InputError: /);
    assert.equal(messages[1], messages[0]);
  });

  it("refuse what is no number of threads", () => {
    const { image, mask } = scan();
    for (const workers of [0, 1.5, -1, 65, Number.NaN]) {
      assert.throws(
        () => extractor()(image, mask, { workers }),
        /InputError: workers must be a whole number/,
      );
    }
  });
});
