/** What image filters refuse, and how they name their maps. */
import assert from "node:assert/strict";
import { InputError } from "../../src/core/errors.js";
import { IDENTITY } from "../../src/core/geometry.js";
import { extractor, type Filter, filter, type PyradiomicsParameters } from "../../src/radiomics/index.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";

const geometry = { size: [8, 8, 8], spacing: [1, 1, 1], origin: [0, 0, 0], direction: IDENTITY } as const;
const volume = new Volume(
  Float64Array.from({ length: 512 }, (_, p) => (p * 37) % 101),
  geometry,
);
const mask = new Mask(
  Uint8Array.from({ length: 512 }, (_, p) => (p % 3 === 0 ? 1 : 0)),
  geometry,
);

function refuses(action: () => unknown, ...patterns: readonly RegExp[]): void {
  assert.throws(action, (error: unknown) => {
    assert.ok(error instanceof InputError, String(error));
    for (const pattern of patterns) assert.match(error.message, pattern);
    return true;
  });
}

function refusesFilter(given: object, ...patterns: readonly RegExp[]): void {
  refuses(() => filter(volume, given as Filter), ...patterns);
  refuses(() => extractor({ filters: [given as Filter] }), ...patterns);
}

describe("filter options", () => {
  it("are refused by name when they are unknown", () => {
    refusesFilter({ median: { support: 3 } }, /"median"/, /mean, log/);
    refusesFilter({}, /filter is one of/);
    refusesFilter({ mean: { support: 3 }, log: { sigmaMm: 1 } }, /filter is one of/);
    refusesFilter({ log: { sigma: 3 } }, /"sigma"/, /sigmaMm/);
    refusesFilter({ mean: { support: 3, boundary: "wrap" } }, /boundary/, /"wrap"/, /periodic/);
    refusesFilter({ mean: { support: 3, dimensions: 1 } }, /dimensions/, /1/);
    refusesFilter({ wavelet: "db99" }, /"db99"/, /coif1/);
    refusesFilter({ wavelet: { name: "haar", map: "LLX" } }, /map/, /"LLX"/, /LLH/);
    refusesFilter({ wavelet: { name: "haar", map: "LLH", dimensions: 2 } }, /map/, /"LLH"/);
    refusesFilter({ wavelet: { name: "haar", rotationInvariant: "mean" } }, /rotationInvariant/, /average/);
  });

  it("are refused with what is possible when they make no sense", () => {
    refusesFilter({ log: { sigmaMm: -1 } }, /sigmaMm/, /positive/, /-1/);
    refusesFilter({ log: { sigmaMm: [] } }, /sigmaMm/);
    refusesFilter({ log: { sigmaMm: Number.NaN } }, /sigmaMm/, /NaN/);
    refusesFilter({ log: { sigmaMm: 1, riesz: [0, 0, 0] } }, /riesz/);
    refusesFilter({ log: { sigmaMm: 1, riesz: [0, 0, 1], dimensions: 2 } }, /riesz/, /slice/);
    refusesFilter({ mean: { support: 4 } }, /support/, /odd/, /4/);
    refusesFilter({ mean: {} }, /support/, /undefined/);
    refusesFilter({ laws: { kernels: "E5L5" } }, /kernels/, /3/, /"E5L5"/);
    refusesFilter({ laws: { kernels: "E5L5S4" } }, /"S4"/, /R5/);
    refusesFilter({ laws: { kernels: "E5L5S5", energyRadius: 1.5 } }, /energyRadius/, /1.5/);
    refusesFilter({ wavelet: { name: "haar", level: 0 } }, /level/, /from 1/, /0/);
    refusesFilter({ simoncelli: { level: 2.5 } }, /level/, /2.5/);
    refusesFilter({ gabor: { sigmaMm: 0, wavelengthMm: 2 } }, /sigmaMm/);
    refusesFilter(
      { gabor: { sigmaMm: 1, wavelengthMm: 2, thetaStepDegrees: 50 } },
      /thetaStepDegrees/,
      /360/,
    );
    refusesFilter({ gabor: { sigmaMm: 1, wavelengthMm: 2, thetaDegrees: 0, thetaStepDegrees: 45 } }, /both/);
  });

  it("of a decimated wavelet are refused by the extractor, whose mask lies on the scan's grid", () => {
    refuses(() => extractor({ filters: [{ wavelet: { name: "haar", decimated: true } }] }), /coarser grid/);
  });

  it("refuse a scan with voxels that are not finite, naming the first", () => {
    const broken = new Volume(
      volume.voxels.map((v, p) => (p === 8 * 8 * 2 + 8 * 3 + 4 ? Number.NaN : v)),
      geometry,
    );
    refuses(() => filter(broken, { mean: { support: 3 } }), /\(4, 3, 2\)/, /NaN/);
  });
});

describe("response maps", () => {
  it("are named after what made them", () => {
    const names = (given: Filter): string[] => filter(volume, given).map(({ name }) => name);
    assert.deepEqual(names({ log: { sigmaMm: [1, 2.5] } }), ["volume log-1mm", "volume log-2.5mm"]);
    assert.deepEqual(
      names({ wavelet: "haar" }),
      ["LLH", "LHL", "LHH", "HLL", "HLH", "HHL", "HHH", "LLL"].map((map) => `volume wavelet-haar-${map}`),
    );
    assert.deepEqual(
      names({ wavelet: { name: "db2", map: "HH", level: 2, rotationInvariant: "max", dimensions: 2 } }),
      ["volume wavelet-db2-HH-level2-max"],
    );
  });

  it("have every family of features but morphology, beside those of the scan", () => {
    const extract = extractor({
      families: ["morphology", "intensity statistics", "GLCM"],
      omit: ["morph_moran_i", "morph_geary_c"],
      discretize: { binCount: 8 },
      filters: ["original", { mean: { support: 3 } }],
    });
    const { features } = extract(volume, mask);
    const plain = features.filter(({ name }) => !name.startsWith("mean-3_"));
    assert.ok(plain.some(({ name }) => name === "morph_volume"));
    assert.deepEqual(
      features.filter(({ name }) => name.startsWith("mean-3_")).map(({ name }) => name),
      plain.filter(({ family }) => family !== "morphology").map(({ name }) => `mean-3_${name}`),
    );
  });
});

describe("PyRadiomics' image types", () => {
  const extract = (parameters: PyradiomicsParameters) =>
    extractor({ convention: "pyradiomics", parameters })(volume, mask);

  it("are refused with what is possible when their options make no sense", () => {
    const given = (imageType: PyradiomicsParameters["imageType"]) => () =>
      extractor({ convention: "pyradiomics", parameters: { imageType: imageType ?? null } });
    refuses(given({ LoG: {} }), /sigma/, /\[1, 3\]/);
    refuses(given({ LoG: { sigma: [-1] } }), /sigma/);
    refuses(given({ Wavelet: { wavelet: "db99" } }), /"db99"/);
    refuses(given({ Wavelet: { level: 0 } }), /level/);
    refuses(given({ Wavelet: { resampledPixelSpacing: [1, 1, 1] } }), /resampledPixelSpacing/, /binWidth/);
    refuses(given({ LBP2D: { lbp2DMethod: "var" } }), /lbp2DMethod/, /uniform/);
    refuses(() => extract({ imageType: { LoG: { sigma: [20] } } }), /sigma 20/, /smaller/);
  });

  it("keep their order after the shape, and may have a bin width of their own", () => {
    const features = extract({
      imageType: { Wavelet: { binWidth: 5 }, Original: null },
      featureClass: { shape: ["VoxelVolume"], firstorder: ["Mean", "Entropy"] },
    });
    const names = features.features.map(({ name }) => name);
    assert.equal(names.length, 8 * 2 + 3);
    assert.equal(names[0], "original_shape_VoxelVolume");
    assert.equal(names[1], "wavelet-LLH_firstorder_Entropy");
    assert.equal(names[17], "original_firstorder_Entropy");
    const wide = extract({ imageType: { Wavelet: null }, featureClass: { firstorder: ["Entropy"] } });
    assert.ok(
      features.value("wavelet-LLH_firstorder_Entropy") > wide.value("wavelet-LLH_firstorder_Entropy"),
    );
  });

  it("leave the shape of the region in, even without the original image", () => {
    // PyRadiomics 3.1.0, featureextractor.py: execute() calls computeShape() before it looks at image types.
    const { features } = extract({
      imageType: { Square: null },
      featureClass: { firstorder: ["Mean"], shape: ["VoxelVolume"] },
    });
    assert.deepEqual(
      features.map(({ name }) => name),
      ["original_shape_VoxelVolume", "square_firstorder_Mean"],
    );
    assert.equal(features[0].value, mask.volumeMm3);
  });

  it("make several levels of wavelets, each from the approximation before", () => {
    const features = extract({
      imageType: { Wavelet: { level: 2, wavelet: "haar" } },
      featureClass: { firstorder: ["Mean"] },
    });
    assert.deepEqual(
      features.features.map(({ name }) => name.split("_")[0]),
      [
        ...["LLH", "LHL", "LHH", "HLL", "HLH", "HHL", "HHH"].map((part) => `wavelet-${part}`),
        ...["LLH", "LHL", "LHH", "HLL", "HLH", "HHL", "HHH", "LLL"].map((part) => `wavelet2-${part}`),
      ],
    );
  });
});
