/**
 * Repeated measurements of features, and how well each one repeats.
 *
 * Layer:  radiomics; imports core, table, robustness-perturb (types).
 */
import { type MimeBundle, type ShownTable, showAs, tableAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { meanSquaresOf, type SingleIcc, singleIcc } from "../core/intraclass.js";
import { FeatureTable } from "../table/feature-table.js";
import { formatNumber, renderTable } from "../table/render.js";
import type { Perturbation } from "./robustness-perturb.js";

/** A patient whose features could not be measured. */
export interface FailedMeasurement {
  readonly id: string;
  /** Which measurement, counted from 0. */
  readonly measurement: number;
  readonly reason: string;
}

/** Lower limits of an ICC above which Koo & Li 2016 (doi:10.1016/j.jcm.2016.02.012) call agreement good and excellent. */
const GOOD = 0.75;
const EXCELLENT = 0.9;

const SHOWN_ROWS = 15;

/** Features of the same patients, measured several times. Immutable. */
export class Reproducibility {
  /** One table per measurement, patients × features. */
  readonly measurements: readonly FeatureTable[];
  /**
   * One row per feature: `icc`, `lower` and `upper` limit, and the number of `patients` with every measurement, on whom it rests. The
   * correlation is 1 where measurements are all the same, missing where patients do not differ either or are fewer than 2.
   */
  readonly icc: FeatureTable;
  readonly failures: readonly FailedMeasurement[];
  /** What was changed for each measurement; empty for a test and a retest. */
  readonly perturbations: readonly Perturbation[];
  readonly confidence: number;

  /** @throws InputError as `reproducibility`. */
  constructor(
    measurements: readonly FeatureTable[],
    {
      confidence,
      failures = [],
      perturbations = [],
    }: {
      readonly confidence: number;
      readonly failures?: readonly FailedMeasurement[];
      readonly perturbations?: readonly Perturbation[];
    },
  ) {
    checkMeasurements(measurements, confidence);
    this.measurements = measurements;
    this.confidence = confidence;
    this.failures = failures;
    this.perturbations = perturbations;
    this.icc = correlations(measurements, confidence);
    showAs(this, () => this.show());
    tableAs(this, () => this.shown());
  }

  /**
   * Names of the features whose lower limit is above a threshold, in the order of the tables.
   *
   * @param threshold  Default 0.75. Zwanenburg 2019 takes 0.90.
   */
  robust(threshold: number = GOOD): string[] {
    const lower = this.icc.column("lower");
    return this.icc.ids.filter((_, f) => lower[f] > threshold);
  }

  private show(): MimeBundle {
    const { ids } = this.icc;
    const [icc, lower, upper] = ["icc", "lower", "upper"].map((name) => this.icc.column(name));
    const order = [...ids.keys()].sort((a, b) => (lower[b] || -2) - (lower[a] || -2) || a - b);
    const notes = [
      ids.length > SHOWN_ROWS ? `… ${ids.length - SHOWN_ROWS} more features in icc` : "",
      this.failures.length > 0 ? `${this.failures.length} measurements failed, see failures` : "",
    ];
    return renderTable({
      title: this.summary(),
      header: ["feature", "ICC", `${100 * this.confidence} % interval`, "agreement"],
      rows: order
        .slice(0, SHOWN_ROWS)
        .map((f) => [
          ids[f],
          formatNumber(icc[f], 3),
          Number.isNaN(lower[f]) ? "" : `${formatNumber(lower[f], 3)} to ${formatNumber(upper[f], 3)}`,
          lower[f] > EXCELLENT ? "excellent" : lower[f] > GOOD ? "good" : "",
        ]),
      notes: notes.filter((note) => note !== ""),
    });
  }

  private summary(): string {
    const { length } = this.icc.ids;
    return (
      `${this.robust(GOOD).length} of ${length} features repeat well (lower limit of ICC(1,1) above ${GOOD}), ` +
      `${this.robust(EXCELLENT).length} excellently (above ${EXCELLENT}): ${this.measurements.length} measurements of ` +
      `${this.measurements[0].length} patients`
    );
  }

  private shown(): ShownTable {
    const key = { name: "feature", values: this.icc.ids, key: true };
    return { title: "Reproducibility", rowCount: this.icc.length, columns: [key, ...this.icc.columns] };
  }
}

function checkMeasurements(measurements: readonly FeatureTable[], confidence: number): void {
  if (measurements.length < 2) {
    throw new InputError(`reproducibility needs at least 2 measurements, found ${measurements.length}.`);
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new InputError(`confidence must lie between 0 and 1, found ${confidence}. 0.95 is usual.`);
  }
  const [first, ...others] = measurements;
  if (first.length < 2)
    throw new InputError(`reproducibility needs at least 2 patients, found ${first.length}.`);
  others.forEach((table, n) => {
    const odd = first.ids.findIndex((id, row) => table.ids[row] !== id);
    if (odd >= 0 || table.length !== first.length) {
      throw new InputError(
        `measurements 1 and ${n + 2} differ in patients, first "${first.ids[odd] ?? table.ids[first.length]}". ` +
          "Bring them in one order with pick.",
      );
    }
    const column = first.names.find((name, f) => table.names[f] !== name);
    if (column !== undefined || table.names.length !== first.names.length) {
      throw new InputError(
        `measurements 1 and ${n + 2} differ in columns, first "${column ?? table.names[first.names.length]}". ` +
          "Extract them with the same settings.",
      );
    }
  });
}

function correlations(measurements: readonly FeatureTable[], confidence: number): FeatureTable {
  const { names } = measurements[0];
  const found = names.map((name) =>
    correlation(
      measurements.map((table) => table.column(name)),
      confidence,
    ),
  );
  const column = (name: "icc" | "lower" | "upper" | "patients"): Float64Array =>
    Float64Array.from(found, (feature) => feature[name]);
  return new FeatureTable(
    names,
    (["icc", "lower", "upper", "patients"] as const).map((name) => ({
      name,
      unit: "",
      values: column(name),
    })),
    { rowsAre: "features" },
  );
}

interface FeatureIcc {
  readonly icc: number;
  readonly lower: number;
  readonly upper: number;
  readonly patients: number;
}

function correlation(columns: readonly Float64Array[], confidence: number): FeatureIcc {
  const complete = [...columns[0].keys()].filter((row) =>
    columns.every((values) => Number.isFinite(values[row])),
  );
  const n = complete.length;
  const { value, lower, upper } = iccOf(
    columns.map((values) => Float64Array.from(complete, (row) => values[row])),
    confidence,
  );
  return { icc: value, lower, upper, patients: n };
}

function iccOf(columns: readonly Float64Array[], confidence: number): SingleIcc {
  const n = columns[0].length;
  const k = columns.length;
  const all = (value: number): SingleIcc => ({ value, lower: value, upper: value });
  if (n < 2) return all(Number.NaN);
  const { subjects, within, isEqual } = meanSquaresOf(columns);
  if (isEqual) return all(columns[0].some((value) => value !== columns[0][0]) ? 1 : Number.NaN);
  return singleIcc(subjects / within, n, k, n * (k - 1), confidence);
}
