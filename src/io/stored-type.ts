/**
 * Whether a scan's file stores whole numbers: PyRadiomics, unlike the IBSI, computes differently then.
 *
 * Layer:  io; imports core.
 */
import { open } from "node:fs/promises";
import { gunzipStart, isFolder, isGzip } from "./file.js";
import { LONGEST_HEADER } from "./nifti-fields.js";
import { parseNiftiHeader } from "./nifti-header.js";
import { parseNrrdHeader } from "./nrrd-header.js";
import type { NumberType } from "./number-types.js";

/** No header is longer. */
const START_BYTES = 1_000_000;

/** Signed integers (true), unsigned ones, or floating point (false); undefined for DICOM, where the voxels tell. */
export async function storedIntegers(file: string): Promise<boolean | "unsigned" | undefined> {
  if (await isFolder(file)) return undefined;
  const start = await firstBytes(file);
  if (Buffer.from(start.subarray(0, 4)).toString("latin1") === "NRRD") {
    return kindOf(parseNrrdHeader(start, file).type);
  }
  const plain = isGzip(start) ? gunzipStart(start, LONGEST_HEADER, file) : start;
  const isNifti = ["n+1", "n+2", "ni1"].some((magic) => holds(plain, 344, magic) || holds(plain, 4, magic));
  if (!isNifti) return undefined;
  const { type, rescale } = parseNiftiHeader(plain, file);
  // ITK reads a scaled file as floating point.
  return rescale.slope === 1 && rescale.intercept === 0 ? kindOf(type) : false;
}

function kindOf(type: NumberType): boolean | "unsigned" {
  if (type.startsWith("float")) return false;
  return type.startsWith("u") ? "unsigned" : true;
}

function holds(bytes: Uint8Array, at: number, magic: string): boolean {
  return Buffer.from(bytes.subarray(at, at + magic.length)).toString("latin1") === magic;
}

async function firstBytes(file: string): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(START_BYTES), 0, START_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
