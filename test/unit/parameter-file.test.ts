/** Parameter files: PyRadiomics' shapes in YAML and JSON, words of YAML 1.1, and what is refused. */
import assert from "node:assert/strict";
import { InputError, ParameterFile } from "../../src/index.js";
import { readParameters } from "../../src/io/index.js";
import { extractor } from "../../src/radiomics/index.js";
import { patient } from "../support/cohort-files.js";
import { freshFolder, put, refuses } from "../support/files.js";

/** Laid out as PyRadiomics' examples are: comments, empty values for "all" and "off", flow lists, an override per image. */
const LIKE_AN_EXAMPLE = `# Settings of a made-up study of MR
imageType:
  Original: {}
  LoG:
    sigma: [1.0, 2.0]  # If an image type has no options, write {}
    binWidth: 3
  Wavelet:
    binWidth: 10
    wavelet: 'haar'

featureClass:
  shape:  # no names: all features of the class
  firstorder: []
  glcm:
    - 'JointEnergy'
    - Contrast

setting:
  # resampledPixelSpacing: [2, 2, 2]
  normalize: true
  normalizeScale: 100
  removeOutliers: None
  interpolator: 'sitkBSpline'
  binWidth: 5
  label: 1
  weightingNorm:  # no value: off
  geometryTolerance: 1e-6
  additionalInfo: yes
  correctMask: False
  voxelArrayShift: 300

voxelSetting:
  kernelRadius: 2
  maskedKernel: true
  initValue: nan
  voxelBatch: 10000
`;

describe("a parameter file", () => {
  const folder = freshFolder();

  it("of PyRadiomics is taken as it is", async () => {
    const file = await readParameters(put(folder(), "Params.yaml", LIKE_AN_EXAMPLE));
    assert.ok(file instanceof ParameterFile);
    assert.deepEqual(file.content.setting, {
      normalize: true,
      normalizeScale: 100,
      removeOutliers: null,
      interpolator: "sitkBSpline",
      binWidth: 5,
      label: 1,
      weightingNorm: null,
      geometryTolerance: 1e-6,
      additionalInfo: true,
      correctMask: false,
      voxelArrayShift: 300,
    });
    assert.ok(Number.isNaN((file.content.voxelSetting as { initValue: number }).initValue));
    const { image, mask } = patient(1);
    const byHand = {
      imageType: {
        Original: {},
        LoG: { sigma: [1, 2], binWidth: 3 },
        Wavelet: { binWidth: 10, wavelet: "haar" },
      },
      featureClass: { shape: null, firstorder: [], glcm: ["JointEnergy", "Contrast"] },
      setting: { normalize: true, normalizeScale: 100, binWidth: 5, voxelArrayShift: 300 },
    };
    const values = (parameters: typeof byHand | ParameterFile): (string | number)[][] =>
      extractor({ convention: "pyradiomics", parameters })(image, mask).features.map(({ name, value }) => [
        name,
        value,
      ]);
    assert.deepEqual(values(file), values(byHand));
    assert.equal(values(file).length, 14 + 11 * 20);
  });

  it("may be JSON", async () => {
    const text = '{\n\t"setting": {"binWidth": 5, "force2D": true},\n\t"featureClass": {"shape": null}\n}';
    const file = await readParameters(put(folder(), "Params.json", text));
    assert.deepEqual(file.content, {
      setting: { binWidth: 5, force2D: true },
      featureClass: { shape: null },
    });
  });

  it("reads plain words as YAML 1.1 and Python mean them, and quoted ones as text", async () => {
    const text =
      "a: Yes\nb: off\nc: None\nd: NaN\ne: -inf\nf: 'no'\ng: \"None\"\nh: [on, no]\non: 1\ni: ~\nj: TRUE\n";
    const { content } = await readParameters(put(folder(), "words.yaml", text));
    assert.deepEqual(content, {
      a: true,
      b: false,
      c: null,
      d: Number.NaN,
      e: Number.NEGATIVE_INFINITY,
      f: "no",
      g: "None",
      h: [true, false],
      on: 1,
      i: null,
      j: true,
    });
  });

  it("is refused by file and line when it is no YAML, or something else", async () => {
    const cases: [name: string, content: string | Uint8Array, pattern: RegExp][] = [
      ["open.yaml", "setting: [1, 2\nbinWidth: 3\n", /not a parameter file:.*line/],
      ["twice.yaml", "setting:\n  binWidth: 3\n  binWidth: 4\n", /Map keys must be unique at line 3/],
      ["tab.yaml", "setting:\n\tbinWidth: 3\n", /not a parameter file:.*line/],
      ["text.yaml", "just text", /holds keys and values/],
      ["list.yaml", "- 1\n", /holds keys and values/],
      ["empty.yaml", "", /holds keys and values/],
      ["bytes.yaml", new Uint8Array([0xff, 0xfe, 0x00]), /not text in UTF-8/],
      ["large.yaml", new Uint8Array(1_000_001), /no parameter file/],
      [
        "bomb.yaml",
        `a: &a [x,x,x,x,x,x,x,x,x]\n${[..."bcdefgh"].map((k, n) => `${k}: &${k} [${Array(9).fill(`*${"abcdefg"[n]}`)}]`).join("\n")}\n`,
        /cannot be resolved/,
      ],
    ];
    for (const [name, content, pattern] of cases) {
      const file = put(folder(), name, content);
      await refuses(() => readParameters(file), file, pattern);
    }
    const gone = `${folder()}/gone.yaml`;
    await refuses(() => readParameters(gone), gone, /no such file/);
  });

  it("is refused with its name, the key at fault and the nearest key that is known", async () => {
    const cases: [content: string, pattern: RegExp][] = [
      ["setting: {binWidht: 5}", /setting: "binWidht".*Did you mean "binWidth"\?/],
      ["settings: {}", /"settings".*Did you mean "setting"\?/],
      ["imageType: {wavelet: {}}", /"wavelet".*Did you mean "Wavelet"\?/],
      ["imageType: {Wavelet: {binwidth: 3}}", /imageType.Wavelet: "binwidth".*Did you mean "binWidth"\?/],
      ["featureClass: {GLCM: }", /"GLCM".*Did you mean "glcm"\?/],
      ["voxelSetting: {kernelradius: 2}", /"kernelradius".*Did you mean "kernelRadius"\?/],
      ["setting: {binWidth: wide}", /binWidth cannot be "wide"/],
      ["setting: 25", /setting cannot be 25/],
      ["featureClass: [glcm]", /featureClass cannot be/],
      ["featureClass: {glcm: Contrast}", /featureClass.glcm cannot be "Contrast"/],
      ["imageType: {Wavelet: coif1}", /imageType.Wavelet cannot be "coif1"/],
      ["setting: {resampledPixelSpacing: 1}", /resampledPixelSpacing cannot be 1/],
      ["setting: {resegmentRange: [a, b]}", /resegmentRange cannot be/],
    ];
    for (const [content, pattern] of cases) {
      const file = put(folder(), "Params.yaml", content);
      const parameters = await readParameters(file);
      await refuses(async () => extractor({ convention: "pyradiomics", parameters }), file, pattern);
    }
  });

  it("of the IBSI's convention holds the options of an extractor, and no convention of its own", async () => {
    const { image, mask } = patient(1);
    const text =
      "resample: {spacing: 2}\ndiscretize: {binCount: 8}\nfamilies: [GLCM]\naggregation: 3D averaged\n";
    const file = await readParameters(put(folder(), "ibsi.yaml", text));
    const byHand = extractor({
      resample: { spacing: 2 },
      discretize: { binCount: 8 },
      families: ["GLCM"],
      aggregation: "3D averaged",
    });
    assert.deepEqual(extractor(file)(image, mask).features, byHand(image, mask).features);
    const typo = put(folder(), "typo.yaml", "resampel: {spacing: 2}");
    const wrong = await readParameters(typo);
    await refuses(async () => extractor(wrong), typo, /"resampel"\. Did you mean "resample"\?/);
    const both = await readParameters(put(folder(), "both.yaml", "convention: pyradiomics"));
    assert.throws(() => extractor(both), InputError);
  });
});
