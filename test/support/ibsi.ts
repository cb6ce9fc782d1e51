/** The IBSI phantoms and their published values, read where RADBOOK_DATA says. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { readDicom, readNifti, readNiftiMask, readRtstruct } from "../../src/io/index.js";
import type { ExtractorOptions, FeatureSet } from "../../src/radiomics/index.js";
import type { Mask } from "../../src/volume/mask.js";
import type { Volume } from "../../src/volume/volume.js";

export interface Phantom {
  readonly volume: Volume;
  readonly mask: Mask;
}

export interface Reference {
  readonly config: string;
  readonly family: string;
  /** IBSI's name of the value, which is Radbook's column name. */
  readonly tag: string;
  readonly code: string;
  readonly value: number;
  readonly tolerance: number;
}

export const IN_SLICES = ["2D averaged", "2D slice-merged", "2.5D direction-merged", "2.5D merged"] as const;
export const IN_VOLUME = ["3D averaged", "3D merged"] as const;

/** Settings of IBSI's digital phantom and of its configurations of the CT phantom. */
export const CONFIGURATIONS = {
  "digital phantom": { discretize: { binWidth: 1 }, aggregation: [...IN_SLICES, ...IN_VOLUME] },
  A: { resegment: { range: [-500, 400] }, discretize: { binWidth: 25 }, aggregation: IN_SLICES },
  B: {
    resample: { spacing: [2, 2, 3] },
    resegment: { range: [-500, 400] },
    discretize: { binCount: 32 },
    aggregation: IN_SLICES,
  },
  C: {
    resample: { spacing: 2 },
    resegment: { range: [-1000, 400] },
    discretize: { binWidth: 25 },
    volumeHistogram: { binWidth: 2.5 },
    aggregation: IN_VOLUME,
  },
  D: {
    resample: { spacing: 2 },
    resegment: { sigma: 3 },
    discretize: { binCount: 32 },
    aggregation: IN_VOLUME,
  },
  E: {
    resample: { spacing: 2, interpolation: "cubic" },
    resegment: { range: [-1000, 400], sigma: 3 },
    discretize: { binCount: 32 },
    volumeHistogram: { binCount: 1000 },
    aggregation: IN_VOLUME,
  },
} as const satisfies Record<string, ExtractorOptions>;

/** The folder of the radiomics data, or undefined when there is none. */
export function radiomicsData(): string | undefined {
  const data = process.env.RADBOOK_DATA;
  return data === undefined || data === "" ? undefined : path.join(data, "radiomics");
}

/** Skips the suite, saying why, when the data are not there; else gives their folder. */
export function needData(suite: Mocha.Context): string {
  const data = radiomicsData();
  if (data !== undefined) return data;
  console.log(
    "      skipped: RADBOOK_DATA is not set; the IBSI phantoms and reference tables are read from there",
  );
  return suite.skip();
}

export async function digitalPhantom(data: string): Promise<Phantom> {
  const folder = path.join(data, "ibsi_1_digital_phantom/nifti");
  return {
    volume: await readNifti(path.join(folder, "image/phantom.nii.gz")),
    mask: await readNiftiMask(path.join(folder, "mask/mask.nii.gz")),
  };
}

/** The chest CT and its tumour from DICOM and RTSTRUCT, as the reference values were made. */
export async function chestCt(data: string): Promise<Phantom> {
  const folder = path.join(data, "ibsi_1_ct_radiomics_phantom/dicom");
  const volume = await readDicom(path.join(folder, "image"));
  const [contour] = readdirSync(path.join(folder, "mask"));
  assert.ok(contour !== undefined);
  return { volume, mask: (await readRtstruct(path.join(folder, "mask", contour))).mask("GTV-1", volume) };
}

/** IBSI's consensus values; rows without a value are not standardized and left out. */
export function consensusValues(data: string): Reference[] {
  return rows(data, "ibsi1_reference_values.csv", "value");
}

/** The same features at full precision, by MIRP 2.7.0. */
export function peerValues(data: string): Reference[] {
  return rows(data, "ibsi1_fullprecision_mirp.csv", "mirp_2_7_0");
}

/** The value of a column; a column that is not there fails the test. */
export function columnValue(features: FeatureSet, tag: string): number {
  const found = features.features.find(({ name }) => name === tag);
  assert.ok(found !== undefined, `no column ${tag}`);
  return found.value;
}

function rows(data: string, file: string, valueColumn: string): Reference[] {
  const text = readFileSync(path.join(data, "reference", file), "utf8").trim();
  const [head = "", ...lines] = text.split(/\r?\n/);
  const columns = head.split(",");
  return (
    lines
      .map((line) => {
        const cells = splitCsv(line);
        const cell = (name: string): string => cells[columns.indexOf(name)] ?? "";
        return {
          config: cell("config"),
          family: cell("family"),
          tag: cell("tag"),
          code: cell("ibsi_code"),
          value: cell(valueColumn) === "" ? Number.NaN : Number(cell(valueColumn)),
          tolerance: Number(cell("tolerance")),
        };
      })
      // Diagnostics are about the image, not about a feature.
      .filter((row) => !row.family.startsWith("Diagnostics") && !Number.isNaN(row.value))
  );
}

/** Cells of a line whose quoted cells may hold commas. */
function splitCsv(line: string): string[] {
  return [...line.matchAll(/("[^"]*"|[^,]*)(?:,|$)/g)].map((match) => (match[1] ?? "").replace(/^"|"$/g, ""));
}
