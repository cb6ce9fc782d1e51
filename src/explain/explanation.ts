/**
 * Why a model answers as it does: how much each feature moves each patient's prediction (SHAP values).
 *
 * Source: Lundberg & Lee 2017, "A unified approach to interpreting model predictions", arXiv:1705.07874.
 * Layer:  explain; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { formatNumber, renderTable, rowList } from "../table/render.js";

export interface ExplainedFeature {
  readonly name: string;
  /** "" if the feature has no unit. */
  readonly unit: string;
}

/** The parts of an explanation of n patients by p features. */
export interface ExplanationParts {
  /** One per patient. */
  readonly ids: readonly string[];
  readonly features: readonly ExplainedFeature[];
  /** SHAP values, n × p, row by row, in `outputUnit`. */
  readonly values: Float64Array;
  /** Feature values, n × p, row by row; NaN is missing. */
  readonly data: Float64Array;
  /** The model's answer when nothing is known, in `outputUnit`. */
  readonly base: number;
  /** Unit of the model's answer, for example "log hazard" or "probability". */
  readonly outputUnit: string;
}

/** SHAP values with the data that they explain. Immutable by contract. */
export class Explanation {
  readonly ids: readonly string[];
  readonly features: readonly ExplainedFeature[];
  readonly values: Float64Array;
  readonly data: Float64Array;
  readonly base: number;
  readonly outputUnit: string;

  /**
   * @param parts  The arrays are kept, not copied.
   * @param output  The model's answer for each patient; given, the SHAP values of each patient must add up to it.
   * @throws InputError if sizes differ, a feature has no name or another's, a SHAP value or the base is not finite, a
   * feature value is infinite, or base + SHAP values miss an output by more than 1e-6 of the largest output.
   */
  constructor(parts: ExplanationParts, output?: Float64Array) {
    this.ids = parts.ids;
    this.features = parts.features;
    this.values = parts.values;
    this.data = parts.data;
    this.base = parts.base;
    this.outputUnit = parts.outputUnit;
    this.#checkSizes();
    this.#checkNumbers();
    if (output !== undefined) this.#checkSum(output);
    showAs(this, () => this.#show());
  }

  /** Mean absolute SHAP value of each feature: its importance. */
  meanAbsolute(): Float64Array {
    const p = this.features.length;
    const means = new Float64Array(p);
    for (let i = 0; i < this.values.length; i++) means[i % p] += Math.abs(this.values[i]);
    for (let j = 0; j < p; j++) means[j] /= this.ids.length;
    return means;
  }

  /** Indices of the features, the most important first; equals in their order. */
  ranking(): readonly number[] {
    const means = this.meanAbsolute();
    return [...means.keys()].sort((a, b) => means[b] - means[a] || a - b);
  }

  #show(): MimeBundle {
    const means = this.meanAbsolute();
    const ranked = this.ranking();
    return renderTable({
      title:
        `Explanation of ${this.ids.length} patients by ${this.features.length} features, ` +
        `base ${formatNumber(this.base)} ${this.outputUnit}`.trimEnd(),
      header: ["feature", "unit", "mean |SHAP|"],
      rows: rowList(ranked, (j) => [this.features[j].name, this.features[j].unit, formatNumber(means[j])]),
      most: SHOWN_FEATURES,
      what: "features",
    });
  }

  #checkSizes(): void {
    const [n, p] = [this.ids.length, this.features.length];
    if (n === 0 || p === 0) {
      throw new InputError(
        `an explanation needs at least one patient and one feature, found ${n} and ${p}. Explain a non-empty table.`,
      );
    }
    for (const [what, array] of [
      ["SHAP values", this.values],
      ["feature values", this.data],
    ] as const) {
      if (array.length === n * p) continue;
      throw new InputError(
        `${n} patients × ${p} features need ${n * p} ${what}, found ${array.length}. ` +
          "Give one for each patient and feature, patient by patient.",
      );
    }
    const names = this.features.map((feature) => feature.name);
    const odd = names.find((name, j) => name === "" || names.indexOf(name) !== j);
    if (odd !== undefined) {
      throw new InputError(
        `feature names must be there and differ, but "${odd}" is empty or repeated. Rename it.`,
      );
    }
  }

  #checkNumbers(): void {
    const p = this.features.length;
    const bad = this.values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new InputError(
        `SHAP values must be finite, but ${this.#cell(bad, p)} has ${this.values[bad]}. Check the model and its explainer.`,
      );
    }
    const infinite = this.data.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
    if (infinite >= 0) {
      throw new InputError(
        `feature values must be finite or NaN (missing), but ${this.#cell(infinite, p)} has ${this.data[infinite]}. Correct that value.`,
      );
    }
    if (!Number.isFinite(this.base)) {
      throw new InputError(`the base must be finite, found ${this.base}. Give the model's mean answer.`);
    }
  }

  #cell(at: number, p: number): string {
    return `feature "${this.features[at % p].name}" of patient ${this.ids[Math.floor(at / p)]}`;
  }

  #checkSum(output: Float64Array): void {
    const p = this.features.length;
    if (output.length !== this.ids.length) {
      throw new InputError(
        `${this.ids.length} patients need ${this.ids.length} outputs, found ${output.length}. Give one per patient.`,
      );
    }
    const scale = output.reduce((most, value) => Math.max(most, Math.abs(value)), Math.abs(this.base));
    for (let i = 0; i < output.length; i++) {
      let sum = this.base;
      for (let j = 0; j < p; j++) sum += this.values[i * p + j];
      if (Math.abs(sum - output[i]) <= SUM_TOLERANCE * Math.max(scale, 1e-300)) continue;
      throw new InputError(
        `base and SHAP values of patient ${this.ids[i]} add up to ${sum}, but the model's output is ${output[i]}. ` +
          "Check that both are on the same scale, for example log odds and not probability.",
      );
    }
  }
}

/** Explainers that work in single precision agree this well. */
const SUM_TOLERANCE = 1e-6;
/** A longer list helps nobody; the arrays hold the rest. */
const SHOWN_FEATURES = 20;

/** Column of a feature. @throws InputError if there is none. */
export function featureColumn({ features }: Explanation, name: string): number {
  const column = features.findIndex((feature) => feature.name === name);
  if (column >= 0) return column;
  const known = features.map((feature) => feature.name);
  throw new InputError(
    `there is no feature "${name}" in the explanation. It has: ${known.slice(0, 10).join(", ")}${known.length > 10 ? ", …" : ""}.`,
  );
}
