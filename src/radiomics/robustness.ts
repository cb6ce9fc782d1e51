/**
 * How well features repeat: between two scans of the same patients, between readers, or under small changes of scan and contour.
 *
 * Source: Zwanenburg et al., Scientific Reports 9:614 (2019), doi:10.1038/s41598-018-36938-4; ICC(1,1) with its interval by
 * McGraw & Wong 1996, doi:10.1037/1082-989X.1.1.30.
 * Layer:  radiomics; imports core, table, volume (types), feature-set (types), robustness-perturb, robustness-result.
 */
import { InputError } from "../core/errors.js";
import { orInterrupt } from "../core/interrupt.js";
import { FeatureTable } from "../table/feature-table.js";
import type { Mask } from "../volume/mask.js";
import type { Volume } from "../volume/volume.js";
import type { FeatureSet } from "./feature-set.js";
import { checkPerturbation, type Perturbation, perturb } from "./robustness-perturb.js";
import { type FailedMeasurement, Reproducibility } from "./robustness-result.js";

/** One patient's scan and region. */
export interface PatientScan {
  readonly id: string;
  readonly volume: Volume;
  readonly mask: Mask;
}

export interface RobustnessOptions {
  /** What computes the features, e.g. of `radiomics.extractor(…)`. */
  readonly extract: (volume: Volume, mask: Mask, options: { readonly id: string }) => FeatureSet;
  /** At least 2. Default: all 8 of ±4°, a shift of ¼ or ¾ voxel and ±10 % volume, each with a contour moved by 0.5 mm. */
  readonly perturbations?: readonly Perturbation[];
  /** The same seed gives the same bits. Default 0. */
  readonly seed?: number;
  /** Of the intervals. Default 0.95. */
  readonly confidence?: number;
  /** The scan is cut at this distance from the region first, to save time; more than filters reach. Default 30 mm. */
  readonly marginMm?: number;
  /** Cancels between two extractions. */
  readonly signal?: AbortSignal;
  /** Called after each extraction with their number so far. */
  readonly onProgress?: (done: number) => void;
}

const DEFAULT_PERTURBATIONS: readonly Perturbation[] = [-4, 4].flatMap((rotate) =>
  [0.25, 0.75].flatMap((shift) =>
    [-0.1, 0.1].map(
      (grow): Perturbation => ({ rotate, translate: [shift, shift, shift], grow, contour: 0.5 }),
    ),
  ),
);

/**
 * Extracts features of every patient under every perturbation, and says for each feature how much of its variance lies between
 * patients: ICC(1,1), one-way random effects, absolute agreement, single measurement.
 *
 * @param patients  One after the other, so that a cohort need not fit in memory.
 * @returns The features, one table for each perturbation, their correlations with intervals, and what failed. A patient under
 *          a perturbation that fails is missing (NaN) there; the rest goes on.
 * @throws InputError if there are fewer than 2 perturbations or patients, an id is repeated, an option is out of range, or
 *         nothing could be extracted; the signal's reason if that cancels.
 *
 * @example
 * const found = await radiomics.robustness(patients, { extract: radiomics.extractor({ discretize: { binWidth: 25 } }), seed: 7 });
 * const stable = features.select(found.robust(0.75));
 */
export async function robustness(
  patients: Iterable<PatientScan> | AsyncIterable<PatientScan>,
  {
    extract,
    perturbations = DEFAULT_PERTURBATIONS,
    seed = 0,
    confidence = 0.95,
    marginMm = 30,
    signal: given,
    onProgress,
  }: RobustnessOptions,
): Promise<Reproducibility> {
  const signal = orInterrupt(given);
  if (perturbations.length < 2) {
    throw new InputError(`robustness compares at least 2 perturbations, found ${perturbations.length}.`);
  }
  perturbations.forEach(checkPerturbation);
  const ids: string[] = [];
  const failures: FailedMeasurement[] = [];
  const sets: (FeatureSet | undefined)[][] = perturbations.map(() => []);
  let done = 0;
  for await (const { id, volume, mask } of patients) {
    ids.push(id);
    for (let n = 0; n < perturbations.length; n++) {
      signal?.throwIfAborted();
      const set = measured({ id, volume, mask }, perturbations[n], `${seed}/${id}/${n}`, marginMm, extract);
      if (typeof set === "string") failures.push({ id, measurement: n, reason: set });
      sets[n].push(typeof set === "string" ? undefined : set);
      onProgress?.(++done);
      // Lets a cancellation and the front end have their turn.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
  const model = sets.flat().find((set) => set !== undefined);
  if (model === undefined) {
    throw new InputError(
      `no features could be extracted${failures.length > 0 ? `: ${failures[0].reason}` : ": no patient"}`,
    );
  }
  const tables = sets.map((column) => tableOf(ids, column, model));
  return new Reproducibility(tables, { confidence, failures, perturbations });
}

/**
 * How well features repeat between measurements of the same patients: a test and a retest, or several readers.
 *
 * @param measurements  At least 2 tables of the same patients in the same order with the same columns.
 * @throws InputError if they differ in patients or columns, or there are fewer than 2 tables or patients.
 *
 * @example
 * radiomics.reproducibility([firstScan, secondScan]).robust(0.9);
 */
export function reproducibility(
  measurements: readonly FeatureTable[],
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): Reproducibility {
  return new Reproducibility(measurements, { confidence });
}

/** The features, or why there are none. */
function measured(
  { id, volume, mask }: PatientScan,
  perturbation: Perturbation,
  seed: string,
  marginMm: number,
  extract: RobustnessOptions["extract"],
): FeatureSet | string {
  try {
    const other = perturb(volume.crop(mask, marginMm), mask.crop(marginMm), perturbation, { seed });
    return extract(other.volume, other.mask, { id });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function tableOf(
  ids: readonly string[],
  sets: readonly (FeatureSet | undefined)[],
  model: FeatureSet,
): FeatureTable {
  const columns = model.features.map(({ name, unit }, f) => ({
    name,
    unit,
    values: Float64Array.from(sets, (set) => set?.features[f].value ?? Number.NaN),
  }));
  return new FeatureTable(ids, columns);
}
