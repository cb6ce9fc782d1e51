/**
 * The features of one region of one scan.
 *
 * Layer:  radiomics; imports core, table, catalogue.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { FeatureTable } from "../table/feature-table.js";
import { readable, renderTable } from "../table/render.js";
import type { FeatureDefinition } from "./catalogue.js";
import type { SliceAggregation } from "./level-grid.js";
import type { PyradiomicsSettings } from "./pyradiomics/settings.js";
import type { Aggregation, Settings } from "./settings.js";

/** One value with everything needed to know what it is. */
export interface Feature {
  /** Stable column name, e.g. "cm_contrast_3D_comb". */
  readonly name: string;
  /** IBSI's code. */
  readonly code: string;
  readonly family: FeatureDefinition["family"];
  /** Only texture features have one. */
  readonly aggregation?: Aggregation | SliceAggregation;
  /** With the scan's unit filled in. */
  readonly unit: string;
  /** NaN is missing: `definition.degenerate` says why. */
  readonly value: number;
  readonly definition: FeatureDefinition;
}

/** How the features were made: enough to make them again. */
export interface Provenance {
  readonly settings: Settings | PyradiomicsSettings;
  /** Images that PyRadiomics' convention computed on, by its names of them. */
  readonly images?: readonly string[];
  readonly volume: string;
  readonly mask: string;
  /** Voxels of the shape and of the intensity mask, after resampling. */
  readonly shapeVoxels: number;
  readonly intensityVoxels: number;
  readonly spacingMm: readonly [number, number, number];
}

/** Features of one region, in the catalogue's order. Immutable. */
export class FeatureSet {
  readonly id: string;
  readonly features: readonly Feature[];
  readonly provenance: Provenance;

  constructor(id: string, features: readonly Feature[], provenance: Provenance) {
    this.id = id;
    this.features = features;
    this.provenance = provenance;
    showAs(this, () => this.show());
  }

  /**
   * The value of one feature; NaN if it is missing for this region.
   *
   * @param key  Column name ("cm_contrast_3D_comb"), catalogue name ("cm_contrast") or IBSI code ("ACUI").
   * @throws InputError if no feature, or more than one, goes by this key.
   */
  value(key: string): number {
    return this.feature(key).value;
  }

  /** As `value`, with name, unit and definition. */
  feature(key: string): Feature {
    const exact = this.features.find((feature) => feature.name === key);
    if (exact !== undefined) return exact;
    const found = this.features.filter((f) => f.definition.name === key || f.code === key);
    if (found.length === 1) return found[0];
    if (found.length === 0) {
      throw new InputError(
        `no feature "${key}" was extracted. Look it up in radiomics.catalogue, and see the families option.`,
      );
    }
    throw new InputError(
      `"${key}" stands for ${found.length} features here. Name one: ${found.map((f) => f.name).join(", ")}.`,
    );
  }

  /** One row of a feature table. @param id  Default: the set's own id. */
  toTable(id: string = this.id): FeatureTable {
    return new FeatureTable(
      [id],
      this.features.map(({ name, unit, value }) => ({ name, unit, values: Float64Array.of(value) })),
    );
  }

  private show(): MimeBundle {
    const { shapeVoxels, intensityVoxels, spacingMm } = this.provenance;
    const spacing = spacingMm.map((s) => +s.toFixed(4)).join(" × ");
    const caption =
      `${this.features.length} features of ${this.id}: ${shapeVoxels} voxels of ${spacing} mm, ` +
      `${intensityVoxels} of them in the intensity mask`;
    const rows = this.features.map((f) => [
      f.aggregation === undefined ? f.family : `${f.family}, ${f.aggregation}`,
      f.definition.label,
      f.name,
      f.code,
      readable(f.value),
      Number.isNaN(f.value) ? f.definition.degenerate : f.unit,
    ]);
    const head = ["family", "feature", "name", "IBSI code", "value", "unit"];
    const lines = this.features.map((f) => `${f.name}  ${readable(f.value)} ${f.unit}`.trimEnd());
    return renderTable({
      title: caption,
      header: head,
      rows,
      words: [1, 2, 3, 5],
      groupFirst: true,
      plain: `${caption}\n${lines.join("\n")}`,
    });
  }
}
