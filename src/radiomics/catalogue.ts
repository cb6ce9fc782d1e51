/**
 * The feature catalogue: what every feature is called, measures and how it is defined. Tables, documentation and
 * tests read it; a feature that is not here does not exist.
 *
 * Names are those of IBSI's own reference table (`morph_volume`, `stat_mean`, `ih_entropy`, `cm_contrast`), which MIRP
 * and Z-Rad use too; texture columns add the aggregation as that table does (`cm_contrast_3D_comb`).
 * Source: IBSI reference manual, arXiv:1612.07003; sections are given as in https://ibsi.readthedocs.io.
 * Layer:  radiomics; imports core, table, and the rows of each family.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { renderTable } from "../table/render.js";
import { DEPENDENCE, DISTANCE_ZONE, RUN_LENGTH, SIZE_ZONE } from "./catalogue-emphasis.js";
import { INTENSITY_HISTOGRAM, INTENSITY_STATISTICS, VOLUME_HISTOGRAM } from "./catalogue-intensity.js";
import { LOCAL_INTENSITY, MORPHOLOGY } from "./catalogue-morphology.js";
import type { CatalogueRow } from "./catalogue-row.js";
import { GLCM, TONE_DIFFERENCE } from "./catalogue-texture.js";

/** Families that are computed from grey levels and their neighbours. */
export type TextureFamily = "GLCM" | "GLRLM" | "GLSZM" | "GLDZM" | "NGTDM" | "NGLDM";

export type Family =
  | "morphology"
  | "local intensity"
  | "intensity statistics"
  | "intensity histogram"
  | "intensity-volume histogram"
  | TextureFamily;

export interface FeatureDefinition {
  /** Stable name, e.g. "morph_volume"; the column name, but for the aggregation of texture features. */
  readonly name: string;
  /** IBSI's four-letter code. Two intensity–volume features share one with another percentage. */
  readonly code: string;
  /** IBSI's name in words. */
  readonly label: string;
  readonly family: Family | "margin";
  /** `u` stands for the unit of the scan, "" for a pure number. */
  readonly unit: string;
  readonly formula: string;
  /** Section of the IBSI manual. */
  readonly section: string;
  /** What is given for flat or tiny regions, where the formula divides by zero. "" if it never does. */
  readonly degenerate: string;
}

/** The features that Radbook knows, in the order of every table. */
export interface Catalogue extends Iterable<FeatureDefinition> {
  readonly features: readonly FeatureDefinition[];
  /** The features of one family. */
  of(family: FeatureDefinition["family"]): readonly FeatureDefinition[];
  /** The features with this name or IBSI code; empty if there is none. */
  find(nameOrCode: string): readonly FeatureDefinition[];
}

export const catalogue: Catalogue = makeCatalogue(
  [
    ...define("morphology", "3.1", MORPHOLOGY),
    ...define("local intensity", "3.2", LOCAL_INTENSITY),
    ...define("intensity statistics", "3.3", INTENSITY_STATISTICS),
    ...define("intensity histogram", "3.4", INTENSITY_HISTOGRAM),
    ...define("intensity-volume histogram", "3.5", VOLUME_HISTOGRAM),
    ...define("GLCM", "3.6", GLCM),
    ...define("GLRLM", "3.7", RUN_LENGTH),
    ...define("GLSZM", "3.8", SIZE_ZONE),
    ...define("GLDZM", "3.9", DISTANCE_ZONE),
    ...define("NGTDM", "3.10", TONE_DIFFERENCE),
    ...define("NGLDM", "3.11", DEPENDENCE),
  ],
  "IBSI 1",
);

/** The unit of a feature for a scan of this unit: "u²" becomes "HU²". */
export function unitFor(definition: FeatureDefinition, scanUnit: string): string {
  if (!definition.unit.includes("u")) return definition.unit;
  return scanUnit === ""
    ? definition.unit.replace(/u(²|⁻¹)?[ ·]?/, "")
    : definition.unit.replace("u", scanUnit);
}

function define(family: Family, section: string, rows: readonly CatalogueRow[]): FeatureDefinition[] {
  return rows.map(([name, code, label, unit, formula, degenerate = ""]) => ({
    name,
    code,
    label,
    family,
    unit,
    formula,
    section,
    degenerate,
  }));
}

/** @param source  Who defines the features, for the table's caption. */
export function makeCatalogue(features: readonly FeatureDefinition[], source: string): Catalogue {
  const value: Catalogue = {
    features,
    of: (family) => features.filter((feature) => feature.family === family),
    find: (key) => features.filter((feature) => feature.name === key || feature.code === key),
    [Symbol.iterator]: () => features[Symbol.iterator](),
  };
  return showAs(value, () => show(features, source));
}

function show(features: readonly FeatureDefinition[], source: string): MimeBundle {
  const rows = features.map((f) => [f.family, f.name, f.label, f.code, f.unit, f.formula, f.section]);
  const head = ["family", "name", "feature", "IBSI code", "unit", "definition", "IBSI section"];
  return renderTable({
    title: `${features.length} features (${source})`,
    header: head,
    rows,
    words: [1, 2, 3, 4, 5, 6],
    groupFirst: true,
    plain: `Feature catalogue: ${features.length} features\n${rows.map((r) => r.slice(0, 4).join(" · ")).join("\n")}`,
  });
}
