/**
 * NRRD files (.nrrd, .nhdr with its data file): scans and label masks.
 *
 * Layer:  io; imports core, volume.
 */

import { realpath } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../core/errors.js";
import { type Geometry, voxelCount } from "../core/geometry.js";
import type { Mask } from "../volume/mask.js";
import { Volume } from "../volume/volume.js";
import { checkLength, gunzipExactly, naming, readBytes } from "./file.js";
import { type QuantityOptions, quantityOf } from "./file-quantity.js";
import { type MaskOptions, maskOfLabels } from "./label-mask.js";
import { type NrrdHeader, parseNrrdHeader } from "./nrrd-header.js";
import { BYTES_OF, decodeLabels, decodeVoxels, type NumberType } from "./number-types.js";

/**
 * Reads a scan from an NRRD file: raw, gzip or text, of either byte order, in LPS, RAS or LAS space.
 *
 * A detached header's data file is read only if it lies in the header's own folder.
 *
 * @throws InputError if the file is not NRRD, cut off or too long, not 3-D, sheared, or its header is wrong.
 */
export async function readNrrd(file: string, options: QuantityOptions = {}): Promise<Volume> {
  const { voxels, geometry } = await readNumbers(file, decodeVoxels);
  return new Volume(voxels, geometry, {
    ...quantityOf(options),
    name: path.basename(file).replace(/\.n(rrd|hdr)$/i, ""),
  });
}

/**
 * Reads one region of an NRRD label image.
 *
 * @throws InputError as `readNrrd`, and if the label is absent, nothing is labelled, or several labels are there and none is chosen.
 */
export async function readNrrdMask(file: string, options: MaskOptions = {}): Promise<Mask> {
  return maskOfLabels(await readNumbers(file, decodeLabels), file, options);
}

type Decoder<Numbers> = (bytes: Uint8Array, type: NumberType, littleEndian: boolean) => Numbers;

async function readNumbers<Numbers>(
  file: string,
  decoder: Decoder<Numbers>,
): Promise<{ readonly voxels: Numbers | Float64Array; readonly geometry: Geometry }> {
  const bytes = await readBytes(file);
  const header = parseNrrdHeader(bytes, file);
  const dataFile = header.dataFile === null ? file : await dataFileInFolder(header.dataFile, file);
  const data = header.dataFile === null ? bytes.subarray(header.end) : await readBytes(dataFile);
  const at = header.dataFile === null ? header.end : 0;
  return { voxels: await decode(data, header, dataFile, at, decoder), geometry: header.geometry };
}

/** The data file's path, links followed. @throws InputError unless it lies in the header's folder. */
async function dataFileInFolder(name: string, headerFile: string): Promise<string> {
  const folder = await realpath(path.dirname(headerFile));
  if (/^LIST\b/i.test(name) || name.includes("%")) {
    throw new InputError(
      `its voxels lie in several files ("${name}"), which is not read. Save the scan as one .nrrd file.`,
      { file: headerFile, offset: 0 },
    );
  }
  const wanted = path.resolve(folder, name);
  const found = await realpath(wanted).catch(() => wanted);
  if (path.dirname(found) !== folder) {
    throw new InputError(
      `its data file "${name}" lies outside the header's folder, which is not allowed. ` +
        "Put both files into one folder, or save the scan as one .nrrd file.",
      { file: headerFile, offset: 0 },
    );
  }
  return found;
}

/** @param at  Where the data start in their file. */
async function decode<Numbers>(
  data: Uint8Array,
  header: NrrdHeader,
  file: string,
  at: number,
  decoder: Decoder<Numbers>,
): Promise<Numbers | Float64Array> {
  const { geometry, type, littleEndian, encoding, byteSkip } = header;
  const count = voxelCount(geometry);
  const rest = naming(file, () => afterLines(data, header.lineSkip, file), at);
  const start = at + data.length - rest.length;
  if (encoding === "ascii") return naming(file, () => parseText(rest.subarray(byteSkip), count, file), start);

  const size = count * BYTES_OF[type];
  if (encoding === "raw") {
    const skip = byteSkip === -1 ? rest.length - size : byteSkip;
    checkLength(rest.length, skip + size, file);
    return decoder(rest.subarray(skip), type, littleEndian);
  }
  const unpacked = await gunzipExactly(rest, byteSkip + size, file, start);
  return decoder(unpacked.subarray(byteSkip), type, littleEndian);
}

function afterLines(data: Uint8Array, lines: number, file: string): Uint8Array {
  let start = 0;
  for (let i = 0; i < lines; i++) {
    const stop = data.indexOf(10, start);
    if (stop === -1) {
      throw new InputError(
        `there are fewer than the ${lines} lines to skip. Correct "line skip" in the header.`,
        {
          file,
        },
      );
    }
    start = stop + 1;
  }
  return data.subarray(start);
}

function parseText(bytes: Uint8Array, count: number, file: string): Float64Array {
  // Each number takes at least a digit and a separator: refuse a lying header before making room for its voxels.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1").trim();
  const parts = text === "" ? [] : text.split(/[\s,]+/);
  if (parts.length !== count) {
    throw new InputError(
      `the header declares ${count} voxels, but there are ${parts.length} numbers. Get a fresh copy of the file.`,
      { file },
    );
  }
  return Float64Array.from(parts, (part, p) => {
    const value = Number(part);
    if (Number.isNaN(value) && !/^nan$/i.test(part)) {
      throw new InputError(`voxel ${p} is "${part.slice(0, 20)}", which is not a number. Correct the file.`, {
        file,
      });
    }
    return value;
  });
}
