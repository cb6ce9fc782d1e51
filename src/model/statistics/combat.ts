/**
 * ComBat: takes the differences between scanners or hospitals out of features, and leaves those by covariates in.
 *
 * Source: Johnson, Li & Rabinovic 2007, doi:10.1093/biostatistics/kxj037; Fortin et al. 2018, doi:10.1016/j.neuroimage.2017.11.024.
 * Layer:  model; imports core, table.
 */
import { showAs } from "../../core/display.js";
import { InputError, NumericalError } from "../../core/errors.js";
import { FeatureTable } from "../../table/feature-table.js";
import { checkSameIds } from "../../table/ids.js";
import type { Labels } from "../../table/labels.js";
import { formatNumber, renderTable } from "../../table/render.js";
import { cholesky, solveCholesky } from "../cholesky.js";
import { type BatchEffect, estimateEffects } from "./combat-effects.js";

export interface ComBatOptions {
  /** Numbers whose effect is to stay, e.g. age, or 0/1 for sex; no column may be constant. Default none. */
  readonly covariates?: FeatureTable;
  /** Only shift the means, leave the variances of the batches; default false. */
  readonly meanOnly?: boolean;
}

/** Harmonization fitted on some patients. */
export interface ComBat {
  readonly batches: readonly string[];
  /** Shift and scale of each batch and feature after shrinkage, in units of the pooled standard deviation. */
  readonly effects: readonly BatchEffect[];
  /** Harmonized features of patients of these batches, with the same covariates. */
  apply(x: FeatureTable, batch: Labels, covariates?: FeatureTable): FeatureTable;
}

/** Per feature: what a value is compared with. */
interface Standard {
  readonly grandMean: Float64Array;
  /** Per covariate and feature. */
  readonly slopes: readonly Float64Array[];
  readonly sd: Float64Array;
}

/**
 * Fits the effects of batches on features, shrunk towards their mean over the features (parametric empirical Bayes).
 *
 * @param x  At least 2 features without missing values.
 * @param batch  At least 2 batches with at least 2 patients each.
 * @throws InputError on mismatched ids, too few patients or missing values; NumericalError if a feature is constant or
 *   covariates cannot be told from batches.
 *
 * @example
 * const harmonize = model.statistics.combat(train.x, scanner, { covariates: age });
 * const features = harmonize.apply(train.x, scanner, age);
 */
export function combat(x: FeatureTable, batch: Labels, options: ComBatOptions = {}): ComBat {
  const { covariates, meanOnly = false } = options;
  checkSameIds(x.ids, batch.ids, "the features", `"${batch.name}"`);
  const rowsOf = batchRows(batch);
  if (x.columns.length < 2) {
    throw new InputError(
      `ComBat learns from many features together, found ${x.columns.length}. Give at least 2.`,
    );
  }
  refuseMissing(x);
  const names = covariateColumns(x, covariates);
  const standard = fitStandard(
    x,
    rowsOf.map(({ rows }) => rows),
    names,
  );
  const effects = rowsOf.map(({ name, rows }) =>
    estimateEffects(
      name,
      x.columns.map(({ values }, f) => standardize(values, f, rows, names, standard)),
      meanOnly,
    ),
  );
  const fitted = {
    batches: rowsOf.map(({ name }) => name),
    effects,
    apply: (other: FeatureTable, otherBatch: Labels, otherCovariates?: FeatureTable): FeatureTable =>
      applyEffects(x.names, standard, effects, covariates?.names ?? [], other, otherBatch, otherCovariates),
  };
  return showAs(fitted, () =>
    renderTable({
      title: `ComBat: ${x.columns.length} features, ${fitted.batches.length} batches`,
      header: ["batch", "n", "mean shift", "mean scale"],
      rows: effects.map(({ batch: name, shift, scale }, at) => [
        name,
        String(rowsOf[at].rows.length),
        formatNumber(shift.reduce((sum, value) => sum + value, 0) / shift.length, 3),
        formatNumber(scale.reduce((sum, value) => sum + value, 0) / scale.length, 3),
      ]),
    }),
  );
}

function batchRows(batch: Labels): { readonly name: string; readonly rows: Uint32Array }[] {
  const { codes } = batch;
  const found = batch.classes
    .map((name, code) => ({
      name,
      rows: Uint32Array.from(codes.keys()).filter((row) => codes[row] === code),
    }))
    .filter(({ rows }) => rows.length > 0);
  const small = found.find(({ rows }) => rows.length < 2);
  if (found.length < 2 || small !== undefined) {
    throw new InputError(
      small === undefined
        ? `harmonization needs at least 2 batches, but "${batch.name}" has patients in ${found.length}.`
        : `batch "${small.name}" has a single patient, whose scatter is unknown. Merge or drop it.`,
    );
  }
  return found;
}

function refuseMissing(x: FeatureTable): void {
  const bad = x.columns.find(({ values }) => !values.every((value) => Math.abs(value) <= 1e150));
  if (bad === undefined) return;
  throw new InputError(
    `column "${bad.name}" has missing or infinite values. Drop those patients or features first.`,
  );
}

function covariateColumns(x: FeatureTable, covariates: FeatureTable | undefined): readonly Float64Array[] {
  if (covariates === undefined) return [];
  checkSameIds(x.ids, covariates.ids, "the features", "the covariates");
  refuseMissing(covariates);
  return covariates.columns.map(({ values }) => values);
}

/** Least squares on batches and covariates, for all features with one factorization. */
function fitStandard(
  x: FeatureTable,
  batches: readonly Uint32Array[],
  covariates: readonly Float64Array[],
): Standard {
  const n = x.length;
  const width = batches.length + covariates.length;
  const design = new Float64Array(n * width);
  batches.forEach((rows, b) => {
    for (const row of rows) design[row * width + b] = 1;
  });
  // Centered and scaled covariates keep the equations well conditioned; the slopes are scaled back.
  const centers = covariates.map((values) => values.reduce((sum, value) => sum + value, 0) / n);
  const scales = covariates.map((values, c) =>
    Math.max(...values.map((value) => Math.abs(value - centers[c]))),
  );
  covariates.forEach((values, c) => {
    for (let row = 0; row < n; row++) {
      design[row * width + batches.length + c] = (values[row] - centers[c]) / scales[c];
    }
  });
  const gram = new Float64Array(width * width);
  for (let row = 0; row < n; row++) {
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++)
        gram[i * width + j] += design[row * width + i] * design[row * width + j];
    }
  }
  const { factor, singular } = cholesky(gram, width, 1e-10);
  if (singular >= 0 || width >= n || scales.includes(0)) {
    throw new NumericalError(
      "the effect of a covariate cannot be told from that of the batches: it is constant, repeats another, or each batch has " +
        "its own value. Drop it, or use more patients.",
    );
  }
  const grandMean = new Float64Array(x.columns.length);
  const sd = new Float64Array(x.columns.length);
  const slopes = covariates.map(() => new Float64Array(x.columns.length));
  x.columns.forEach(({ name, values }, f) => {
    const right = new Float64Array(width);
    for (let row = 0; row < n; row++) {
      for (let i = 0; i < width; i++) right[i] += design[row * width + i] * values[row];
    }
    const solved = solveCholesky(factor, width, right);
    let squares = 0;
    let size = 0;
    for (let row = 0; row < n; row++) {
      let predicted = 0;
      for (let i = 0; i < width; i++) predicted += design[row * width + i] * solved[i];
      squares += (values[row] - predicted) ** 2;
      size = Math.max(size, Math.abs(values[row]));
    }
    sd[f] = Math.sqrt(squares / n);
    if (!(sd[f] > 1e-12 * size)) {
      throw new NumericalError(
        `column "${name}" does not vary inside the batches. Drop constant features first.`,
      );
    }
    batches.forEach((rows, b) => {
      grandMean[f] += (rows.length / n) * solved[b];
    });
    slopes.forEach((slope, c) => {
      slope[f] = solved[batches.length + c] / scales[c];
      grandMean[f] -= slope[f] * centers[c];
    });
  });
  return { grandMean, slopes, sd };
}

/** Values of one batch without mean and covariates, in units of the pooled standard deviation. */
function standardize(
  values: Float64Array,
  feature: number,
  rows: Uint32Array,
  covariates: readonly Float64Array[],
  { grandMean, slopes, sd }: Standard,
): Float64Array {
  return Float64Array.from(rows, (row) => {
    const expected = covariates.reduce(
      (sum, column, c) => sum + slopes[c][feature] * column[row],
      grandMean[feature],
    );
    return (values[row] - expected) / sd[feature];
  });
}

function applyEffects(
  features: readonly string[],
  standard: Standard,
  effects: readonly BatchEffect[],
  covariateNames: readonly string[],
  x: FeatureTable,
  batch: Labels,
  covariates: FeatureTable | undefined,
): FeatureTable {
  checkSameIds(x.ids, batch.ids, "the features", `"${batch.name}"`);
  if (covariateNames.length > 0 && covariates === undefined) {
    throw new InputError(
      `the harmonization was fitted with covariates (${covariateNames.join(", ")}): give them here too.`,
    );
  }
  const columns = covariateColumns(
    x,
    covariateNames.length > 0 ? covariates?.select(covariateNames) : undefined,
  );
  const byName = new Map(effects.map((effect) => [effect.batch, effect]));
  const ofRow = batch.values.map((name, row) => {
    const effect = byName.get(name);
    if (effect !== undefined) return effect;
    throw new InputError(
      `patient ${x.ids[row]} is of batch "${name}", which the harmonization has not seen (${effects.map((seen) => seen.batch).join(", ")}).`,
    );
  });
  refuseMissing(x.select(features));
  return new FeatureTable(
    x.ids,
    features.map((name, f) => {
      const values = x.column(name);
      const harmonized = Float64Array.from(values, (value, row) => {
        const expected = columns.reduce(
          (sum, column, c) => sum + standard.slopes[c][f] * column[row],
          standard.grandMean[f],
        );
        const { shift, scale } = ofRow[row];
        return ((value - expected) / standard.sd[f] - shift[f]) * (standard.sd[f] / scale[f]) + expected;
      });
      return { name, unit: x.unit(name), values: harmonized };
    }),
  );
}
