/**
 * `radbook features`: features of a region of a scan to standard output, or of a cohort to a file.
 *
 * Layer:  beside index; imports core, table, io, radiomics, cli-options, extract-case.
 */
import path from "node:path";
import { type CommandOptions, readOptions, type ValueName } from "./cli-options.js";
import { InputError } from "./core/errors.js";
import { nearest } from "./core/nearest.js";
import { type CaseFeature, extractCase } from "./extract-case.js";
import { readCohort, writeCsv } from "./io/read-cohort.js";
import { readParameters } from "./io/read-parameters.js";
import { writeParquet } from "./io/write-parquet.js";
import { caseOf, type PatientImages } from "./radiomics/cohort-case.js";
import type { PlainOptions } from "./radiomics/cohort-job.js";
import { extractor } from "./radiomics/extractor.js";
import { startImageThreads } from "./radiomics/image-work.js";
import { plainOptions } from "./radiomics/plain-options.js";
import type { PyradiomicsParameters } from "./radiomics/pyradiomics/settings.js";
import { asText, formatNumber } from "./table/render.js";

const HELP = `Features of a region of a scan
  radbook features --image FILE --mask FILE [--label N | --roi NAME] [--convention NAME] [--params FILE] [--json]

  --image FILE       NIfTI or NRRD file, DICOM file or folder of a series
  --mask FILE        label image (NIfTI, NRRD), contours (RTSTRUCT) or segmentation (DICOM SEG)
  --label N          label of the region in a label image, or number of a segment; default: the only one
  --roi NAME         name of the contour or segment; default: the only one
  --json             print one JSON object, feature name to value (null: missing); default: a table

Features of a cohort, a row for each patient
  radbook features --cohort FILE.csv --out FILE.csv|FILE.parquet [--convention NAME] [--params FILE]

  --cohort FILE.csv  a line for each patient; paths are relative to this file
  --out FILE         CSV (with units and provenance in FILE.csv.json) or Parquet
  --id COLUMN        column of patient ids; default: id
  --image COLUMN     column of scans; default: image
  --mask COLUMN      column of regions; default: mask. Columns "label" and "roi" choose the region
  --workers N        threads; default: one for each core
  --journal FILE     remembers finished patients: run again, and only the others are computed

Both
  --convention NAME  ibsi (default) or pyradiomics, whose names are as original_glcm_Contrast
  --params FILE      parameter file of PyRadiomics (YAML or JSON); with ibsi, the options of radiomics.extractor
  --modality NAME    what a NIfTI or NRRD file measures: CT, MR, PT. With CT, intensities are HU

Exit status: 0 done, 2 bad input (also: a patient failed; the others are written), 1 internal error.
`;

const CONVENTIONS = ["ibsi", "pyradiomics"];

const ONE_ONLY: readonly ValueName[] = ["label", "roi"];
const COHORT_ONLY: readonly ValueName[] = ["out", "id", "workers", "journal"];

/** @returns The exit status. @throws InputError saying which option or file is at fault. */
export async function features(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const isCohort = options.value("cohort") !== undefined;
  for (const name of isCohort ? ONE_ONLY : COHORT_ONLY) {
    if (options.value(name) === undefined) continue;
    throw new InputError(
      isCohort
        ? `--${name} is for a single region. In a cohort, a column "${name}" says it for each patient.`
        : `--${name} is for a cohort: give --cohort FILE.csv as well.`,
    );
  }
  return isCohort ? cohortFeatures(options) : regionFeatures(options);
}

async function regionFeatures(options: CommandOptions): Promise<number> {
  const image = required(options, "image");
  const file = required(options, "mask");
  const label = options.whole("label", 1);
  const roi = options.value("roi");
  const modality = options.value("modality");
  const extraction = await extractionOptions(options);
  // They start while the scan is read.
  if (makesImages(extraction)) void startImageThreads();
  const patient: PatientImages = {
    id: "region",
    image: { file: image, ...(modality !== undefined && { modality }) },
    mask: { file, ...(label !== undefined && { label }), ...(roi !== undefined && { roi }) },
  };
  const found = await extractCase(extraction, caseOf(patient), ".");
  process.stdout.write(options.json ? asJson(found) : asTable(found));
  return 0;
}

async function cohortFeatures(options: CommandOptions): Promise<number> {
  const file = required(options, "cohort");
  const out = required(options, "out");
  const ending = path.extname(out).toLowerCase();
  if (ending !== ".csv" && ending !== ".parquet") {
    throw new InputError(`--out must end in .csv or .parquet, found "${out}".`);
  }
  const workers = options.whole("workers", 1);
  const journal = options.value("journal");
  const modality = options.value("modality");
  const extraction = await extractionOptions(options);
  const id = options.value("id");
  const cohort = await readCohort(file, id === undefined ? {} : { id });
  const columns = { image: options.value("image") ?? "image", mask: options.value("mask") ?? "mask" };
  const table = await extractor(extraction)(cohort, {
    columns,
    folder: path.dirname(path.resolve(file)),
    ...(workers !== undefined && { workers }),
    ...(journal !== undefined && { journal: path.resolve(journal) }),
    ...(modality !== undefined && { modality }),
    onProgress: ({ done, total }) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${total}${done === total ? "\n" : ""}`);
    },
  });
  for (const failure of table.failures) {
    process.stderr.write(`radbook: patient ${failure.id} failed: ${oneLine(failure.reason)}\n`);
  }
  if (table.length === 0) throw new InputError("no patient could be computed: nothing is written.");
  if (ending === ".csv") await writeCsv(table, out);
  else await writeParquet(table, out);
  process.stdout.write(`${out}: ${table.length} patients, ${table.columns.length} features\n`);
  return table.failures.length === 0 ? 0 : 2;
}

/** Convention and parameter file as checked options. */
async function extractionOptions(options: CommandOptions): Promise<PlainOptions> {
  const convention = options.value("convention") ?? "ibsi";
  if (!CONVENTIONS.includes(convention)) {
    const near = nearest(convention, CONVENTIONS);
    const hint = near === null ? "" : ` Did you mean ${near}?`;
    throw new InputError(`--convention must be ibsi or pyradiomics, found "${convention}".${hint}`);
  }
  const params = options.value("params");
  if (params === undefined) return convention === "ibsi" ? {} : { convention: "pyradiomics" };
  const parameters = await readParameters(params);
  return plainOptions(convention === "ibsi" ? parameters : { convention: "pyradiomics", parameters });
}

function makesImages(extraction: PlainOptions): boolean {
  if (extraction.convention !== "pyradiomics")
    return extraction.filters?.some((f) => f !== "original") ?? false;
  const { imageType } = (extraction.parameters ?? {}) as PyradiomicsParameters;
  return Object.keys(imageType ?? {}).some((type) => type !== "Original");
}

function required(options: CommandOptions, name: ValueName): string {
  const value = options.value(name);
  if (value !== undefined) return value;
  throw new InputError(`--${name} is missing. See radbook features --help.`);
}

function asJson(found: readonly CaseFeature[]): string {
  return `${JSON.stringify(Object.fromEntries(found.map(({ name, value }) => [name, value])), null, 2)}\n`;
}

function asTable(found: readonly CaseFeature[]): string {
  const rows = found.map(({ name, value, unit }) => [name, formatNumber(value, 8), unit]);
  return `${asText({ title: `${found.length} features`, header: ["feature", "value", "unit"], rows })}\n`;
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, " ");
}
