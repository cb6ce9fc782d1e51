/**
 * A feature table with what it was made from, and who is not in it for which reason.
 *
 * Layer:  table; imports core.
 */
import type { Json } from "../core/display.js";
import { type Column, FeatureTable } from "./feature-table.js";

/** A patient without a row. */
export interface PatientFailure {
  readonly id: string;
  /** Which image and region it was, if there are several; and what was wrong. */
  readonly reason: string;
}

/** One image or region of a patient. */
export interface ExtractionInput {
  readonly id: string;
  readonly kind: "image" | "region";
  /** As named by the caller; "" if there is only one. */
  readonly name: string;
  /** Null if it was given as an object. */
  readonly file: string | null;
  /** Of the file, of a folder's files, or of the voxels and their place; null if it could not be read. */
  readonly sha256: string | null;
}

/** Everything needed to make the table again. */
export interface ExtractionProvenance {
  /** Settings as checked, with every default. */
  readonly settings: Json;
  readonly radbook: string;
  readonly node: string;
  /** When the extraction ended: ISO 8601, UTC. */
  readonly date: string;
  readonly inputs: readonly ExtractionInput[];
}

/** What a journal keeps of a patient who is finished. */
export interface FinishedCase {
  readonly id: string;
  /** Hash of everything that was chosen. */
  readonly settings: string;
  /** Hash of every image and region, in their order. */
  readonly inputs: readonly string[];
  readonly names: readonly string[];
  readonly units: readonly string[];
  readonly values: Float64Array;
}

/** What to say below a table about those who are not in it. @param rows  Of the table. */
export function failureNotes(failures: readonly PatientFailure[], rows: number): string[] {
  const [first] = failures;
  if (first === undefined) return [];
  return [
    `${failures.length} of ${rows + failures.length} patients failed, first ${first.id}: ${first.reason}`,
  ];
}

/** Features of a cohort: a row for each patient whose images could all be computed. Immutable by contract. */
export class ExtractedFeatures extends FeatureTable {
  readonly failures: readonly PatientFailure[];
  readonly provenance: ExtractionProvenance;

  constructor(
    ids: readonly string[],
    columns: readonly Column[],
    {
      failures,
      provenance,
      notes,
    }: {
      readonly failures: readonly PatientFailure[];
      readonly provenance: ExtractionProvenance;
      readonly notes: readonly string[];
    },
  ) {
    super(ids, columns, { notes });
    this.failures = failures;
    this.provenance = provenance;
  }
}
