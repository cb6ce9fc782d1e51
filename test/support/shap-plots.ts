/** What shap 0.48's own plots show of seeded SHAP values (data-scripts/reference/shap-plots.py). */
import { readFileSync } from "node:fs";
import type { ExplainedFeature } from "../../src/explain/explanation.js";

type Rows = readonly (readonly number[])[];

interface ShapPlots {
  readonly names: readonly string[];
  readonly phi: Rows;
  readonly newBase: { readonly from: number; readonly to: number; readonly first: readonly number[] };
  /** Features by `feature_order="hclust"`. */
  readonly featureSimilarity: readonly number[];
  /** One patient's lines of `multioutput_decision_plot`, from the base upwards; features from the bottom. */
  readonly classes: {
    readonly bases: readonly number[];
    readonly row: number;
    readonly order: readonly number[];
    readonly lines: Rows;
  };
  /** Rows of `plots.bar` with a tree, for 8, 6, 4 and 3 rows. */
  readonly family: {
    readonly X: Rows;
    readonly phi: Rows;
    readonly bars: readonly { readonly rows: readonly string[]; readonly widths: readonly number[] }[];
  };
  /** `plots.partial_dependence` of two features: grids and mean answers. */
  readonly surface: { readonly x: readonly number[]; readonly y: readonly number[]; readonly z: Rows };
  /** Feature values; null is missing. */
  readonly X: readonly (readonly (number | null)[])[];
}

export const shapPlots: ShapPlots = JSON.parse(
  readFileSync(new URL("shap-plots.json", import.meta.url), "utf8"),
) as ShapPlots;

/** A feature without a unit. */
export function plain(name: string): ExplainedFeature {
  return { name, unit: "" };
}
