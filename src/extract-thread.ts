/**
 * A thread of a cohort extraction: reads the files of one patient after the other and extracts their features.
 *
 * Layer:  beside index; imports everything that it needs, is imported by nobody.
 */
import { createRequire } from "node:module";
import path from "node:path";
import { parentPort } from "node:worker_threads";
import { InputError, NumericalError } from "./core/errors.js";
import { hashParts, hashPath } from "./io/hash-file.js";
import { appendToJournal, readJournal } from "./io/journal.js";
import { readVolume } from "./io/read-any.js";
import { holdsLabels, readRegion } from "./io/read-region.js";
import { storedIntegers } from "./io/stored-type.js";
import type { CaseSource, CohortCase } from "./radiomics/cohort-case.js";
import type { BeginJob, Begun, CaseDone, CaseJob, PlainOptions } from "./radiomics/cohort-job.js";
import { extractor } from "./radiomics/extractor.js";
import type { Feature } from "./radiomics/feature-set.js";
import { labelIn } from "./radiomics/plain-options.js";
import { canonical, settingsJson } from "./radiomics/settings-json.js";
import type { ExtractionInput } from "./table/extracted-features.js";
import { Mask } from "./volume/mask.js";
import { Volume } from "./volume/volume.js";
import type { Answer } from "./workers/killable-pool.js";

parentPort?.on("message", (job: BeginJob | CaseJob) => void answer(job));
post({ kind: "ready" });

async function answer(job: BeginJob | CaseJob): Promise<void> {
  try {
    post({ kind: "done", value: job.kind === "begin" ? await begin(job) : await finish(job) });
  } catch (error) {
    const isOurs = error instanceof InputError || error instanceof NumericalError;
    const reason = error instanceof Error ? error.message : String(error);
    post({ kind: "refused", message: isOurs ? reason : `internal error: ${reason}`, offset: undefined });
  }
}

function post(message: Answer): void {
  parentPort?.postMessage(message);
}

async function begin({ options, folder, journal }: BeginJob): Promise<Begun> {
  return {
    settings: settingsJson(options),
    radbook: radbookVersion(),
    node: process.version,
    entries: journal === null ? new Map() : await readJournal(path.resolve(folder, journal)),
  };
}

async function finish({ options, folder, journal, patient, known }: CaseJob): Promise<CaseDone> {
  const inputs = await hashInputs(patient, folder);
  const settings = settingsHash(options, patient);
  const hashes = inputs.map(({ sha256 }) => sha256 ?? "");
  if (known?.settings === settings && known.inputs.join() === hashes.join()) {
    const { names, units, values } = known;
    return { names, units, values, inputs, from: "journal" };
  }
  const features = await extractCase(options, patient, folder);
  const names = features.map(({ name }) => name);
  const units = features.map(({ unit }) => unit);
  const values = Float64Array.from(features, ({ value }) => value);
  if (journal !== null) {
    const entry = { id: patient.id, settings, inputs: hashes, names, units, values };
    await appendToJournal(path.resolve(folder, journal), entry);
  }
  const changed = known?.settings === settings ? "other inputs" : "other settings";
  return { names, units, values, inputs, from: known === null ? "new" : changed };
}

/** Features of every image and region; their names begin the names of the features, where there are several. */
async function extractCase(
  options: PlainOptions,
  { id, images, regions }: CohortCase,
  folder: string,
): Promise<Pick<Feature, "name" | "unit" | "value">[]> {
  const features: Pick<Feature, "name" | "unit" | "value">[] = [];
  for (const [imageName, imageSource] of images) {
    const volume = await loadVolume(imageSource, folder);
    const extract = extractor(await forFile(options, imageSource, folder));
    for (const [regionName, regionSource] of regions) {
      const names = [imageName, regionName].filter((name) => name !== "");
      const mask = await loadMask(regionSource, volume, folder, labelIn(options));
      try {
        for (const { name, unit, value } of extract(volume, mask, { id }).features) {
          features.push({ name: [...names, name].join("_"), unit, value });
        }
      } catch (error) {
        if (names.length === 0 || !(error instanceof InputError)) throw error;
        throw new InputError(`${names.join(", ")}: ${error.message}`, { cause: error });
      }
    }
  }
  return features;
}

async function loadVolume(source: CaseSource, folder: string): Promise<Volume> {
  if (source.kind === "file") return readVolume(path.resolve(folder, source.file), source.choice);
  return new Volume(source.voxels as Float32Array | Float64Array, source.geometry, source.about);
}

/** @param label  Of a label image, where the patient does not say another. */
async function loadMask(
  source: CaseSource,
  volume: Volume,
  folder: string,
  label: number | undefined,
): Promise<Mask> {
  if (source.kind === "file") {
    const file = path.resolve(folder, source.file);
    const byDefault = label !== undefined && (await holdsLabels(file)) ? { label } : {};
    return readRegion(file, volume, { ...byDefault, ...source.choice });
  }
  return new Mask(source.voxels as Uint8Array, source.geometry, source.about.name);
}

/** PyRadiomics computes differently on files that store whole numbers. */
async function forFile(options: PlainOptions, source: CaseSource, folder: string): Promise<PlainOptions> {
  if (options.convention !== "pyradiomics" || options.storedIntegers !== undefined) return options;
  if (source.kind !== "file") return options;
  const stored = await storedIntegers(path.resolve(folder, source.file));
  return stored === undefined ? options : { ...options, storedIntegers: stored };
}

async function hashInputs({ id, images, regions }: CohortCase, folder: string): Promise<ExtractionInput[]> {
  const inputs: ExtractionInput[] = [];
  for (const [kind, sources] of [
    ["image", images],
    ["region", regions],
  ] as const) {
    for (const [name, source] of sources) {
      const file = source.kind === "file" ? source.file : null;
      inputs.push({ id, kind, name, file, sha256: await hashSource(source, folder) });
    }
  }
  return inputs;
}

async function hashSource(source: CaseSource, folder: string): Promise<string> {
  if (source.kind === "file") return hashPath(path.resolve(folder, source.file));
  const { voxels, geometry, about } = source;
  const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
  return hashParts(JSON.stringify(canonical({ geometry, about })), bytes);
}

/** Of everything that was chosen; the files themselves have hashes of their own. */
function settingsHash(options: PlainOptions, { images, regions }: CohortCase): string {
  const choice = ([name, source]: readonly [string, CaseSource]): unknown => [
    name,
    source.kind === "file" ? source.choice : null,
  ];
  const all = {
    radbook: radbookVersion(),
    settings: settingsJson(options),
    images: images.map(choice),
    regions: regions.map(choice),
  };
  return hashParts(JSON.stringify(canonical(all)));
}

function radbookVersion(): string {
  const { version } = createRequire(import.meta.url)("radbook/package.json") as { version: string };
  return version;
}
