/**
 * The region of a scan out of a file of any format: label image, contours or segmentation.
 *
 * Layer:  io; imports core, volume.
 */
import { InputError } from "../core/errors.js";
import type { Mask } from "../volume/mask.js";
import type { Volume } from "../volume/volume.js";
import { looksLikeDicom, parseDicomStart } from "./dicom-file.js";
import { firstBytes, isFolder, readBytes } from "./file.js";
import { readMask } from "./read-any.js";
import { readRtstruct } from "./read-rtstruct.js";
import { readSeg } from "./read-seg.js";

/** Which region of a file is meant. */
export interface RegionOptions {
  /** Label in a label image (NIfTI, NRRD), or number of the segment. Default: the only one. */
  readonly label?: number;
  /** Name of the contour (RTSTRUCT) or segment (DICOM SEG). Default: the only one. */
  readonly roi?: string;
}

/**
 * Reads a region drawn on a scan.
 *
 * @param scan  Contours and segmentations become masks on its grid; a label image keeps its own.
 * @throws InputError if the format is not known, there are several regions and none is chosen, and as the reader of the format.
 *
 * @example
 * const gtv = await io.readRegion("rtstruct.dcm", ct, { roi: "GTV-1" });
 */
export async function readRegion(
  file: string,
  scan: Volume,
  { label, roi }: RegionOptions = {},
): Promise<Mask> {
  if (await isFolder(file)) {
    throw new InputError("this is a folder. Name the file of the region inside it.", { file });
  }
  const modality = await dicomModality(file);
  if (modality === null) {
    if (roi !== undefined) {
      throw new InputError(
        `a label image has labels and no names, so there is no region "${roi}". Choose by label.`,
        { file },
      );
    }
    return readMask(file, label === undefined ? {} : { label });
  }
  if (modality === "RTSTRUCT") {
    if (label !== undefined && roi === undefined) {
      throw new InputError(`contours have names, not labels such as ${label}. Choose by roi.`, { file });
    }
    const structures = await readRtstruct(file);
    return structures.mask(roi ?? only(structures.names, file), scan);
  }
  if (modality === "SEG") {
    const segmentation = await readSeg(file);
    return segmentation.mask(roi ?? label ?? only(segmentation.names, file), scan);
  }
  throw new InputError(
    `a DICOM file of modality "${modality}" holds no region. Name the RTSTRUCT, SEG, NIfTI or NRRD file.`,
    { file },
  );
}

/** Whether regions are chosen by label, as in NIfTI and NRRD, and not by name. */
export async function holdsLabels(file: string): Promise<boolean> {
  return !(await isFolder(file)) && (await dicomModality(file)) === null;
}

/** Null if the file is not DICOM. */
async function dicomModality(file: string): Promise<string | null> {
  if (!looksLikeDicom(await firstBytes(file))) return null;
  return parseDicomStart(await readBytes(file), file)?.string("x00080060") ?? "";
}

function only(names: readonly string[], file: string): string {
  const [name] = names;
  if (name !== undefined && names.length === 1) return name;
  const list = names.map((n) => `"${n}"`).join(", ") || "none";
  throw new InputError(`the file has ${names.length} regions: ${list}. Choose one by roi.`, { file });
}
