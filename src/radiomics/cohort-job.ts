/**
 * What the main thread and the threads of a cohort extraction say to each other.
 *
 * Layer:  radiomics; imports core, table (types).
 */
import type { Json } from "../core/display.js";
import type { ExtractionInput, FinishedCase } from "../table/extracted-features.js";
import type { CohortCase } from "./cohort-case.js";
import type { PyradiomicsOptions } from "./pyradiomics/settings.js";
import type { ExtractorOptions } from "./settings.js";

/** Options of an extractor as plain data. */
export type PlainOptions = ExtractorOptions | PyradiomicsOptions;

/** Reads the journal and says what provenance needs. */
export interface BeginJob {
  readonly kind: "begin";
  readonly options: PlainOptions;
  readonly folder: string;
  readonly journal: string | null;
}

export interface Begun {
  readonly settings: Json;
  readonly radbook: string;
  readonly node: string;
  /** Finished patients. */
  readonly entries: ReadonlyMap<string, FinishedCase>;
}

/** Computes one patient, or finds that it is done. */
export interface CaseJob {
  readonly kind: "case";
  readonly options: PlainOptions;
  /** Relative paths start here. */
  readonly folder: string;
  readonly journal: string | null;
  readonly patient: CohortCase;
  readonly known: FinishedCase | null;
}

export interface CaseDone {
  readonly names: readonly string[];
  readonly units: readonly string[];
  readonly values: Float64Array;
  readonly inputs: readonly ExtractionInput[];
  /** "journal": taken from it. Otherwise computed: no entry was there, or something had changed. */
  readonly from: "journal" | "new" | "other settings" | "other inputs";
}
