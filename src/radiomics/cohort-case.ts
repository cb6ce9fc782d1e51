/**
 * What a cohort extraction takes: patients with their images and regions, as files or as loaded objects.
 *
 * Layer:  radiomics; imports core, volume, table.
 */
import { InputError } from "../core/errors.js";
import type { Geometry } from "../core/geometry.js";
import type { Cohort } from "../table/cohort.js";
import { Mask } from "../volume/mask.js";
import { Volume } from "../volume/volume.js";

/** A scan: loaded, or a file of any format or a folder of DICOM. */
export type ImageSource =
  | string
  | Volume
  | {
      readonly file: string;
      /** What NIfTI and NRRD do not say: "CT", "MR", "PT". */
      readonly modality?: string;
      /** Default: "HU" for CT, "" otherwise. */
      readonly unit?: string;
      /** Which volume, where the file or series holds several; counted from 1. */
      readonly part?: number;
    };

/** A region: loaded, or a file of any format, and which of its regions. */
export type RegionSource =
  | string
  | Mask
  | {
      readonly file: string;
      /** Label in a label image, or number of a segment. */
      readonly label?: number;
      /** Name of a contour or segment. */
      readonly roi?: string;
    };

/** One patient. Several images or regions have names, which begin the names of their columns: "pet_ring_stat_mean". */
export type PatientImages = { readonly id: string } & (
  | { readonly image: ImageSource; readonly images?: never }
  | { readonly image?: never; readonly images: { readonly [name: string]: ImageSource } }
) &
  (
    | { readonly mask: RegionSource; readonly masks?: never }
    | { readonly mask?: never; readonly masks: { readonly [name: string]: RegionSource } }
  );

/** Columns of a cohort that name files. */
export interface CohortColumns {
  /** Scan; a list for several, whose columns then name them. Default "image". */
  readonly image?: string | readonly string[];
  /** Region; a list for several. Default "mask". */
  readonly mask?: string | readonly string[];
  /** Label of the region. Default "label", if there is such a column. */
  readonly label?: string;
  /** Name of the region in a structure set or segmentation. Default "roi", if there is such a column. */
  readonly roi?: string;
}

/** A scan or region as it goes to a thread. */
export type CaseSource =
  | {
      readonly kind: "file";
      readonly file: string;
      readonly choice: Readonly<Record<string, string | number>>;
    }
  | {
      readonly kind: "voxels";
      readonly voxels: Float32Array | Float64Array | Uint8Array;
      readonly geometry: Geometry;
      /** Constructor arguments: those of a Volume, or the name of a Mask. */
      readonly about: Readonly<Record<string, string | undefined>>;
    };

/** A patient as it goes to a thread. "" names the only image or region. */
export interface CohortCase {
  readonly id: string;
  readonly images: readonly (readonly [name: string, source: CaseSource])[];
  readonly regions: readonly (readonly [name: string, source: CaseSource])[];
}

/** @throws InputError unless it is a string that is not empty: without an id there is nobody to list as failed. */
export function idOf(patient: PatientImages): string {
  const id: unknown = patient?.id;
  if (typeof id === "string" && id !== "") return id;
  throw new InputError(
    'every patient needs an id, a string that is not empty: { id: "P1", image: "ct.nii.gz", mask: "gtv.nii.gz" }.',
  );
}

/** @throws InputError naming the patient, if an image or region is missing or is none. */
export function caseOf(patient: PatientImages): CohortCase {
  const id = idOf(patient);
  const { image, images, mask, masks } = patient;
  return {
    id,
    images: named(id, "image", image, images).map(([name, source]) => [name, imageSource(id, source)]),
    regions: named(id, "mask", mask, masks).map(([name, source]) => [name, regionSource(id, source)]),
  };
}

/** Patients whose files stand in columns. @throws InputError naming columns that are missing. */
export function casesOf(cohort: Cohort, columns: CohortColumns = {}): PatientImages[] {
  const images = [columns.image ?? "image"].flat();
  const masks = [columns.mask ?? "mask"].flat();
  for (const name of [...images, ...masks]) {
    if (!cohort.names.includes(name)) {
      throw new InputError(
        `the cohort has no column "${name}". It has: ${cohort.names.join(", ")}. ` +
          'Name the columns of files, e.g. { columns: { image: "ct", mask: "gtv" } }.',
      );
    }
  }
  const labels = optional(cohort, columns.label, "label");
  const rois = optional(cohort, columns.roi, "roi");
  return cohort.ids.map((id, row) => {
    const label = labels?.[row] ?? "";
    const roi = rois?.[row] ?? "";
    const choice = { ...(label !== "" && { label: Number(label) }), ...(roi !== "" && { roi }) };
    const cell = (name: string): string => cohort.text(name)[row];
    return {
      id,
      ...(images.length === 1
        ? { image: cell(images[0]) }
        : { images: Object.fromEntries(images.map((name) => [name, cell(name)])) }),
      ...(masks.length === 1
        ? { mask: { file: cell(masks[0]), ...choice } }
        : { masks: Object.fromEntries(masks.map((name) => [name, { file: cell(name), ...choice }])) }),
    } as PatientImages;
  });
}

export function withModality(patient: PatientImages, modality: string | undefined): PatientImages {
  if (modality === undefined) return patient;
  const fill = (image: PatientImages["image"]): PatientImages["image"] => {
    if (typeof image === "string") return { file: image, modality };
    return image !== undefined && "file" in image ? { modality, ...image } : image;
  };
  const images = Object.entries(patient.images ?? {}).map(([name, image]) => [name, fill(image)]);
  return {
    ...patient,
    ...(patient.image === undefined
      ? { images: Object.fromEntries(images) }
      : { image: fill(patient.image) }),
  } as PatientImages;
}

function named<T>(
  id: string,
  what: "image" | "mask",
  one: T | undefined,
  several: Readonly<Record<string, T>> | undefined,
): [string, T][] {
  const entries: [string, T][] = one === undefined ? Object.entries(several ?? {}) : [["", one]];
  if (entries.length > 0) return entries;
  throw new InputError(`patient "${id}" has no ${what}. Give ${what}, or ${what}s with a name for each.`);
}

function imageSource(id: string, source: ImageSource): CaseSource {
  if (source instanceof Volume) {
    const { voxels, geometry, quantity, name, frameOfReference } = source;
    return { kind: "voxels", voxels, geometry, about: { ...quantity, name, frameOfReference } };
  }
  const { file, ...choice } = typeof source === "string" ? { file: source } : source;
  return fileSource(id, "image", file, choice);
}

function regionSource(id: string, source: RegionSource): CaseSource {
  if (source instanceof Mask) {
    const { voxels, geometry, name } = source;
    return { kind: "voxels", voxels, geometry, about: { name } };
  }
  const { file, ...choice } = typeof source === "string" ? { file: source } : source;
  const label = "label" in choice ? choice.label : undefined;
  if (label !== undefined && !Number.isInteger(label)) {
    throw new InputError(`patient "${id}": the label must be a whole number, found ${label}. Correct it.`);
  }
  return fileSource(id, "mask", file, choice);
}

function fileSource(
  id: string,
  what: string,
  file: unknown,
  choice: Readonly<Record<string, string | number>>,
): CaseSource {
  if (typeof file === "string" && file !== "") return { kind: "file", file, choice };
  throw new InputError(
    `patient "${id}": the ${what} must be a loaded object, a path, or { file: "…" }, found ${JSON.stringify(file)}.`,
  );
}

function optional(
  cohort: Cohort,
  name: string | undefined,
  byDefault: string,
): readonly string[] | undefined {
  if (name !== undefined) return cohort.text(name);
  return cohort.names.includes(byDefault) ? cohort.text(byDefault) : undefined;
}
