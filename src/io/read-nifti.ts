/**
 * NIfTI-1 and NIfTI-2 files (.nii, .nii.gz): scans and label masks.
 *
 * Layer:  io; imports core, volume.
 */
import path from "node:path";
import { voxelCount } from "../core/geometry.js";
import type { Mask } from "../volume/mask.js";
import { Volume } from "../volume/volume.js";
import { checkLength, gunzipExactly, gunzipStart, isGzip, readBytes } from "./file.js";
import { type QuantityOptions, quantityOf } from "./file-quantity.js";
import { type MaskOptions, maskOfLabels } from "./label-mask.js";
import { LONGEST_HEADER } from "./nifti-fields.js";
import { type NiftiHeader, parseNiftiHeader } from "./nifti-header.js";
import { BYTES_OF, decodeLabels, decodeVoxels } from "./number-types.js";
import { choosePart, type PartOptions } from "./part.js";

/**
 * Reads a scan from a NIfTI-1 or NIfTI-2 file, packed with gzip or not, of either byte order.
 *
 * The place in the patient comes from the sform, else the qform; a file with neither lies at the origin along the axes. Voxels are
 * `stored × scl_slope + scl_inter`, or as stored if the slope is 0 or not a number. Flipped axes stay as they are, in `geometry`.
 * Of a file of more dimensions, such as a series in time, one `part` is read.
 *
 * @throws InputError if the file is not NIfTI, cut off or too long, of several parts and none is chosen, of colors or complex numbers, or sheared.
 */
export async function readNifti(
  file: string,
  { part, ...options }: QuantityOptions & PartOptions = {},
): Promise<Volume> {
  const { geometry, bytes, type, littleEndian, rescale } = await readPart(file, part);
  return new Volume(decodeVoxels(bytes, type, littleEndian, rescale), geometry, {
    ...quantityOf(options),
    name: path.basename(file).replace(/\.nii(\.gz)?$/i, ""),
  });
}

/**
 * Reads one region of a NIfTI label image.
 *
 * @throws InputError as `readNifti`, and if the label is absent, nothing is labelled, or several labels are there and none is chosen.
 */
export async function readNiftiMask(
  file: string,
  { part, ...options }: MaskOptions & PartOptions = {},
): Promise<Mask> {
  const { geometry, bytes, type, littleEndian, rescale } = await readPart(file, part);
  return maskOfLabels({ geometry, voxels: decodeLabels(bytes, type, littleEndian, rescale) }, file, options);
}

type StoredPart = Pick<NiftiHeader, "geometry" | "type" | "littleEndian" | "rescale"> & {
  readonly bytes: Uint8Array;
};

/** The bytes of one volume, and what they mean. */
async function readPart(file: string, part: number | undefined): Promise<StoredPart> {
  const raw = await readBytes(file);
  const packed = isGzip(raw);
  const header = parseNiftiHeader(packed ? gunzipStart(raw, LONGEST_HEADER, file) : raw, file);
  const { geometry, type, littleEndian, rescale, offset, parts } = header;
  const chosen = choosePart(part, {
    count: parts,
    what: parts === 1 ? "the file holds one volume" : `the file holds ${parts} volumes`,
    label: () => "",
    file,
    offset: header.sizesAt,
  });
  const bytesOfPart = voxelCount(geometry) * BYTES_OF[type];
  const size = offset + parts * bytesOfPart;
  const bytes = packed ? await gunzipExactly(raw, size, file) : raw;
  checkLength(bytes.length, size, file);
  const start = offset + chosen * bytesOfPart;
  return { geometry, type, littleEndian, rescale, bytes: bytes.subarray(start, start + bytesOfPart) };
}
