/**
 * A feature table from the CSV file that `writeCsv` wrote, with what its side file knows: units, provenance, failures.
 *
 * Layer:  io; imports core, table.
 */
import { readFile } from "node:fs/promises";
import { InputError } from "../core/errors.js";
import {
  ExtractedFeatures,
  type ExtractionProvenance,
  failureNotes,
  type PatientFailure,
} from "../table/extracted-features.js";
import type { FeatureTable } from "../table/feature-table.js";
import { readCohort } from "./read-cohort.js";

/** What a side file may hold; see `describeTable`. */
interface Beside {
  readonly units: Readonly<Record<string, string>>;
  readonly failures?: readonly PatientFailure[];
  readonly provenance?: ExtractionProvenance;
}

/**
 * Reads features back: every column but "id" as numbers, empty cells missing.
 *
 * @returns With units, and for a table of `radiomics.extractor` with provenance and failures, if "FILE.json" lies beside; without
 *   units if there is none.
 * @throws InputError naming file, line and column of a cell that is no number; naming the side file if it is damaged or of
 *   another table; as `readCohort`.
 *
 * @example
 * await io.writeCsv(features, "features.csv");
 * const again = await io.readFeatures("features.csv");
 */
export async function readFeatures(file: string): Promise<FeatureTable> {
  const cohort = await readCohort(file);
  const beside = await besideOf(file, cohort.names);
  const table = cohort.numeric(cohort.names, { units: beside?.units ?? {} });
  if (beside?.provenance === undefined) return table;
  const { provenance, failures = [] } = beside;
  const notes = failureNotes(failures, table.ids.length);
  return new ExtractedFeatures(table.ids, table.columns, { failures, provenance, notes });
}

/** Null if there is no side file. */
async function besideOf(file: string, names: readonly string[]): Promise<Beside | null> {
  const place = `${file}.json`;
  const damaged = (cause?: unknown): InputError =>
    new InputError(
      "this is not the side file of a feature table. Write the table again, or remove the file.",
      {
        file: place,
        cause,
      },
    );
  let found: unknown;
  try {
    found = JSON.parse(await readFile(place, "utf8"));
  } catch (cause) {
    if ((cause as { code?: string }).code === "ENOENT") return null;
    throw damaged(cause);
  }
  if (!isBeside(found)) throw damaged();
  const other = Object.keys(found.units).find((name) => !names.includes(name));
  if (other === undefined) return found;
  throw new InputError(
    `it has a unit for "${other}", which is no column of ${file}: it is of another table. Write the table again.`,
    { file: place },
  );
}

function isBeside(found: unknown): found is Beside {
  if (!isObject(found)) return false;
  const { units, failures = [], provenance } = found;
  const texts = (value: unknown, keys: readonly string[]): boolean =>
    isObject(value) && keys.every((key) => typeof value[key] === "string");
  return (
    isObject(units) &&
    Object.values(units).every((unit) => typeof unit === "string") &&
    Array.isArray(failures) &&
    failures.every((failure) => texts(failure, ["id", "reason"])) &&
    (provenance === undefined ||
      (texts(provenance, ["radbook", "node", "date"]) &&
        Array.isArray((provenance as { inputs?: unknown }).inputs)))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
