/**
 * A thread of a cohort extraction: reads the files of one patient after the other and extracts their features.
 *
 * Layer:  beside index; imports everything that it needs, is imported by nobody.
 */
import { createRequire } from "node:module";
import path from "node:path";
import { extractCase } from "./extract-case.js";
import { hashParts, hashPath } from "./io/hash-file.js";
import { appendToJournal, readJournal } from "./io/journal.js";
import type { CaseSource, CohortCase } from "./radiomics/cohort-case.js";
import type { BeginJob, Begun, CaseDone, CaseJob, PlainOptions } from "./radiomics/cohort-job.js";
import { canonical, settingsJson } from "./radiomics/settings-json.js";
import type { ExtractionInput } from "./table/extracted-features.js";
import { serveJobs } from "./workers/serve-jobs.js";

serveJobs((job: BeginJob | CaseJob) => (job.kind === "begin" ? begin(job) : finish(job)));

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
