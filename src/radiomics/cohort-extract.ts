/**
 * Features of many patients, in threads: with progress, cancel and resume; a patient that fails is listed and stops nobody.
 *
 * Layer:  radiomics; imports core, table, workers, cohort-case, cohort-job.
 */
import { InputError } from "../core/errors.js";
import { orInterrupt } from "../core/interrupt.js";
import { Cohort } from "../table/cohort.js";
import type { ExtractedFeatures } from "../table/extracted-features.js";
import { extractionsAtOnce, runExtraction } from "../workers/extraction-pool.js";
import { checkWorkers } from "../workers/worker-count.js";
import {
  type CohortColumns,
  caseOf,
  casesOf,
  idOf,
  type PatientImages,
  withModality,
} from "./cohort-case.js";
import type { BeginJob, Begun, CaseDone, CaseJob, PlainOptions } from "./cohort-job.js";
import { assemble, type Outcome } from "./cohort-result.js";

/** A cohort whose columns name files, or patients one by one. */
export type Patients = Cohort<never> | Cohort | Iterable<PatientImages> | AsyncIterable<PatientImages>;

/** One more patient is finished. */
export interface ExtractionProgress {
  /** Patients that are finished, failed ones included. */
  readonly done: number;
  /** Null where nobody knows how many there will be. */
  readonly total: number | null;
  readonly id: string;
  /** "computed", "from the journal", or "failed". */
  readonly outcome: "computed" | "from the journal" | "failed";
}

export interface CohortExtractOptions {
  /** Threads. The features are the same to the bit for any number. Default: as many as the computer has cores. */
  readonly workers?: number;
  /** Told after each patient. In a notebook: `const bar = progress(n)` and `onProgress: ({ done }) => bar.set(done)`. */
  readonly onProgress?: (progress: ExtractionProgress) => void;
  /** Cancels, as an interrupt of the notebook does: the promise is rejected with its reason. What a journal has is kept. */
  readonly signal?: AbortSignal;
  /**
   * A file that remembers finished patients: run again with it, only the others are computed. A patient whose files or settings have
   * changed is computed again. Default: none.
   */
  readonly journal?: string;
  /** Columns of a cohort that name files. Default: "image" and "mask", and "label" and "roi" where they exist. */
  readonly columns?: CohortColumns;
  /** Where relative paths start. Default: the current folder. */
  readonly folder?: string;
  /** What NIfTI and NRRD images measure that do not say it themselves: "CT", "MR", "PT". Default: "OT", other. */
  readonly modality?: string;
}

/** @throws InputError if an option or an id makes no sense; the signal's reason. What is wrong with one patient is a failure. */
export async function extractCohort(
  options: PlainOptions,
  patients: Patients,
  given: CohortExtractOptions = {},
): Promise<ExtractedFeatures> {
  const { onProgress, folder = ".", journal = null } = given;
  const source = patients instanceof Cohort ? casesOf(patients as Cohort, given.columns) : patients;
  const total = Array.isArray(source) ? source.length : null;
  const atOnce = extractionsAtOnce();
  const workers = checkWorkers(given.workers ?? atOnce, `${atOnce}, the cores of this computer`);
  const failed = new AbortController();
  const signal = orInterrupt(given.signal, failed.signal) ?? failed.signal;
  signal.throwIfAborted();

  const job: BeginJob = { kind: "begin", options, folder, journal };
  const begun = (await runExtraction(job, signal)) as Begun;
  const outcomes: Outcome[] = [];
  const seen = new Set<string>();
  let done = 0;
  const take = taker(source);

  const lane = async (): Promise<void> => {
    for (let next = await take(); next.done !== true; next = await take()) {
      const id = idOf(next.value);
      if (seen.has(id)) {
        throw new InputError(
          `patient "${id}" occurs twice. Give each patient once; several regions as masks.`,
        );
      }
      seen.add(id);
      const at = outcomes.push({ id, result: "" }) - 1;
      const patient = withModality(next.value, given.modality);
      const result = await compute(
        { options, folder, journal, known: begun.entries.get(id) ?? null },
        patient,
        signal,
      );
      outcomes[at] = { id, result };
      const outcome =
        typeof result === "string" ? "failed" : result.from === "journal" ? "from the journal" : "computed";
      onProgress?.({ done: ++done, total, id, outcome });
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(workers, total ?? workers) }, lane));
  } catch (error) {
    failed.abort(error);
    throw error;
  }
  return assemble(outcomes, begun);
}

/** The features of a patient, or the reason why there are none. */
async function compute(
  job: Omit<CaseJob, "kind" | "patient">,
  patient: PatientImages,
  signal: AbortSignal,
): Promise<CaseDone | string> {
  try {
    const message: CaseJob = { kind: "case", ...job, patient: caseOf(patient) };
    return (await runExtraction(message, signal)) as CaseDone;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

/** Takes one patient after the other, also for several lanes at once. */
function taker(
  patients: Iterable<PatientImages> | AsyncIterable<PatientImages>,
): () => Promise<IteratorResult<PatientImages>> {
  const isAsync = typeof patients === "object" && patients !== null && Symbol.asyncIterator in patients;
  const isSync = typeof patients === "object" && patients !== null && Symbol.iterator in patients;
  if (!isAsync && !isSync) {
    throw new InputError(
      "extract takes a scan and its mask, a cohort, or a list of patients: " +
        '[{ id: "P1", image: "ct.nii.gz", mask: "gtv.nii.gz" }].',
    );
  }
  const iterator = isAsync ? patients[Symbol.asyncIterator]() : patients[Symbol.iterator]();
  let turn: Promise<unknown> = Promise.resolve();
  return () => {
    const next = turn.then(() => iterator.next());
    turn = next;
    return next;
  };
}
