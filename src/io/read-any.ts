/**
 * A scan or mask of any format, told by its content and not by its name.
 *
 * Layer:  io; imports core, volume.
 */
import { InputError } from "../core/errors.js";
import type { Mask } from "../volume/mask.js";
import type { Volume } from "../volume/volume.js";
import { looksLikeDicom } from "./dicom-file.js";
import { firstBytes, isFolder, isGzip } from "./file.js";
import type { QuantityOptions } from "./file-quantity.js";
import type { MaskOptions } from "./label-mask.js";
import { choosePart, type PartOptions } from "./part.js";
import { readDicom } from "./read-dicom.js";
import { readNifti, readNiftiMask } from "./read-nifti.js";
import { readNrrd, readNrrdMask } from "./read-nrrd.js";

/**
 * Reads a scan: a folder or file of DICOM, NIfTI or NRRD.
 *
 * @param options  What the voxels measure, for NIfTI and NRRD; a DICOM file says it itself. And which volume, if there are several.
 * @throws InputError if the format is not known, and as the reader of that format.
 */
export async function readVolume(
  path: string,
  { part, ...options }: QuantityOptions & PartOptions = {},
): Promise<Volume> {
  const ofPart: PartOptions = part === undefined ? {} : { part };
  switch (await formatOf(path)) {
    case "dicom":
      return readDicom(path, ofPart);
    case "nifti":
      return readNifti(path, { ...options, ...ofPart });
    case "nrrd":
      choosePart(part, {
        count: 1,
        what: "an NRRD file holds one volume",
        label: () => "",
        file: path,
        offset: 0,
      });
      return readNrrd(path, options);
  }
}

/**
 * Reads one region of a label image: NIfTI or NRRD. Contours come by `readRtstruct`, which needs their scan.
 *
 * @throws InputError if the format is not known, and as the reader of that format.
 */
export async function readMask(path: string, options: MaskOptions = {}): Promise<Mask> {
  switch (await formatOf(path)) {
    case "dicom":
      throw new InputError(
        "a DICOM file is no label image. For contours use (await readRtstruct(file)).mask(name, scan), " +
          "for a segmentation await (await readSeg(file)).mask(name, scan).",
        { file: path },
      );
    case "nifti":
      return readNiftiMask(path, options);
    case "nrrd":
      return readNrrdMask(path, options);
  }
}

async function formatOf(path: string): Promise<"dicom" | "nifti" | "nrrd"> {
  if (await isFolder(path)) return "dicom";
  const start = await firstBytes(path);
  if (isGzip(start)) return "nifti"; // NRRD packs its voxels, not its header
  if (Buffer.from(start.subarray(0, 4)).toString("latin1") === "NRRD") return "nrrd";
  if (looksLikeDicom(start)) return "dicom";
  const view = new DataView(start.buffer, start.byteOffset, start.length);
  if (
    start.length >= 4 &&
    [348, 540].some((size) => [true, false].some((le) => view.getInt32(0, le) === size))
  ) {
    return "nifti";
  }
  throw new InputError(
    "the file is neither DICOM, NIfTI nor NRRD. Check the path; convert other formats to one of these.",
    { file: path, offset: 0 },
  );
}
