/**
 * The text header of an NRRD file: fields, checked and in one shape.
 *
 * Source: NRRD file format definition, teem.sourceforge.net/nrrd/format.html.
 * Layer:  io; imports core.
 */
import { InputError } from "../core/errors.js";
import type { Geometry, Vec3 } from "../core/geometry.js";
import { geometryOfSteps } from "./direction.js";
import { naming } from "./file.js";
import { BYTES_OF, type NumberType } from "./number-types.js";

/** A header longer than this is none. */
const MAX_HEADER = 1 << 20;

export interface NrrdHeader {
  readonly geometry: Geometry;
  readonly type: NumberType;
  readonly littleEndian: boolean;
  readonly encoding: "raw" | "gzip" | "ascii";
  /** Name of the file with the voxels, or null if they follow the header. */
  readonly dataFile: string | null;
  /** Lines to leave out before the voxels. */
  readonly lineSkip: number;
  /** Bytes to leave out before the voxels, after decoding; −1: the voxels are the last bytes. */
  readonly byteSkip: number;
  /** First byte after the header. */
  readonly end: number;
}

const TYPES: Readonly<Record<string, NumberType>> = {
  "signed char": "int8",
  int8: "int8",
  int8_t: "int8",
  uchar: "uint8",
  "unsigned char": "uint8",
  uint8: "uint8",
  uint8_t: "uint8",
  short: "int16",
  "short int": "int16",
  "signed short": "int16",
  "signed short int": "int16",
  int16: "int16",
  int16_t: "int16",
  ushort: "uint16",
  "unsigned short": "uint16",
  "unsigned short int": "uint16",
  uint16: "uint16",
  uint16_t: "uint16",
  int: "int32",
  "signed int": "int32",
  int32: "int32",
  int32_t: "int32",
  uint: "uint32",
  "unsigned int": "uint32",
  uint32: "uint32",
  uint32_t: "uint32",
  longlong: "int64",
  "long long": "int64",
  "long long int": "int64",
  "signed long long": "int64",
  "signed long long int": "int64",
  int64: "int64",
  int64_t: "int64",
  ulonglong: "uint64",
  "unsigned long long": "uint64",
  "unsigned long long int": "uint64",
  uint64: "uint64",
  uint64_t: "uint64",
  float: "float32",
  double: "float64",
};

const ENCODINGS: Readonly<Record<string, NrrdHeader["encoding"]>> = {
  raw: "raw",
  gzip: "gzip",
  gz: "gzip",
  ascii: "ascii",
  text: "ascii",
  txt: "ascii",
};

/** Signs that turn a space's axes into LPS+. */
const SPACES: Readonly<Record<string, Vec3>> = {
  "left-posterior-superior": [1, 1, 1],
  lps: [1, 1, 1],
  "right-anterior-superior": [-1, -1, 1],
  ras: [-1, -1, 1],
  "left-anterior-superior": [1, -1, 1],
  las: [1, -1, 1],
};

/** Parses and checks the header. @throws InputError naming the field at fault. */
export function parseNrrdHeader(bytes: Uint8Array, file: string): NrrdHeader {
  const { fields, places, end } = headerFields(bytes, file);
  const required = (name: string): string => {
    const value = fields.get(name);
    if (value === undefined) {
      throw new InputError(`the header has no "${name}". Export the file again.`, { file, offset: end });
    }
    return value;
  };
  const fault = (name: string, wanted: string): InputError =>
    new InputError(`"${name}: ${fields.get(name)}" is not read: ${wanted}.`, {
      file,
      offset: places.get(name) ?? end,
    });

  if (required("dimension") !== "3") throw fault("dimension", "split the file and read one 3-D part");
  const type = TYPES[required("type").toLowerCase()];
  if (type === undefined) throw fault("type", "store one real number per voxel, e.g. float");
  const encoding = ENCODINGS[required("encoding").toLowerCase()];
  if (encoding === undefined) throw fault("encoding", "write it as raw or gzip");
  const size = wholeNumbers(required("sizes"));
  if (size?.length !== 3 || size.some((n) => n < 1 || n > 1e6))
    throw fault("sizes", "three counts of at least 1");
  const endian = fields.get("endian")?.toLowerCase();
  if (
    endian !== "little" &&
    endian !== "big" &&
    (endian !== undefined || (BYTES_OF[type] > 1 && encoding !== "ascii"))
  ) {
    throw new InputError(
      `the byte order must be "endian: little" or "endian: big", found ${endian ?? "none"}. Export the file again.`,
      { file, offset: places.get("endian") ?? end },
    );
  }
  const skip = (names: readonly string[], lowest: number): number => {
    const name = names.find((n) => fields.has(n));
    const value = name === undefined ? 0 : Number(fields.get(name));
    if (!Number.isInteger(value) || value < lowest)
      throw fault(name ?? "", `a whole number, ${lowest} or more`);
    return value;
  };
  const byteSkip = skip(["byte skip", "byteskip"], -1);
  if (byteSkip === -1 && encoding !== "raw")
    throw fault(fields.has("byteskip") ? "byteskip" : "byte skip", "−1 needs raw voxels");
  return {
    geometry: naming(
      file,
      () => placement(fields, size as unknown as Vec3, file),
      places.get("space directions") ?? places.get("spacings") ?? end,
    ),
    type,
    littleEndian: endian !== "big",
    encoding,
    dataFile: fields.get("data file") ?? fields.get("datafile") ?? null,
    lineSkip: skip(["line skip", "lineskip"], 0),
    byteSkip,
    end,
  };
}

/** Lines `field: value` up to the first empty line; comments and `key:=value` pairs are passed over. */
function headerFields(
  bytes: Uint8Array,
  file: string,
): { fields: Map<string, string>; places: Map<string, number>; end: number } {
  const limit = Math.min(bytes.length, MAX_HEADER);
  const fields = new Map<string, string>();
  const places = new Map<string, number>();
  let first = true;
  for (let start = 0; start < limit; ) {
    const stop = bytes.indexOf(10, start);
    // A detached header may end with its last line instead of an empty one.
    const lineEnd = stop === -1 ? limit : stop;
    const line = latin1(bytes.subarray(start, Math.min(lineEnd, limit))).replace(/\r$/, "");
    if (first) checkMagic(line, file);
    else if (line === "") return { fields, places, end: lineEnd + 1 };
    else if (!line.startsWith("#")) addField(fields, places, line, start, file);
    first = false;
    start = lineEnd + 1;
  }
  if (fields.has("data file") || fields.has("datafile")) return { fields, places, end: limit };
  throw new InputError(
    "the header never ends: an empty line is missing. The file is cut off; get a fresh copy.",
    {
      file,
      offset: limit,
    },
  );
}

function checkMagic(line: string, file: string): void {
  if (/^NRRD000[1-5]$/.test(line)) return;
  throw new InputError(
    'this is not an NRRD file: it does not start with "NRRD0001" to "NRRD0005". Check the path and the format.',
    { file, offset: 0 },
  );
}

function addField(
  fields: Map<string, string>,
  places: Map<string, number>,
  line: string,
  offset: number,
  file: string,
): void {
  if (/^[^:]*:=/.test(line)) return;
  const parts = /^([^:]+): ?(.*)$/.exec(line);
  if (parts === null) {
    throw new InputError(
      `header line "${line.slice(0, 60)}" is not "field: value". Get a fresh copy of the file.`,
      {
        file,
        offset,
      },
    );
  }
  const name = (parts[1] as string).trim().toLowerCase();
  if (fields.has(name)) {
    throw new InputError(`the header has "${name}" twice. Keep the one that is right.`, { file, offset });
  }
  fields.set(name, (parts[2] as string).trim());
  places.set(name, offset);
}

function placement(fields: ReadonlyMap<string, string>, size: Vec3, file: string): Geometry {
  const units = fields.get("space units");
  if (units !== undefined && !/^("mm"\s*){3}$/.test(units)) {
    throw new InputError(`lengths must be in millimetres, found space units ${units}. Convert the file.`, {
      file,
    });
  }
  const directions = fields.get("space directions");
  if (directions === undefined) {
    const spacing = vector(fields.get("spacings") ?? "1 1 1", file, "spacings", /\s+/);
    const [x, y, z] = spacing;
    return geometryOfSteps(
      size,
      [
        [x, 0, 0],
        [0, y, 0],
        [0, 0, z],
      ],
      [0, 0, 0],
      file,
    );
  }
  const space = fields.get("space") ?? "";
  const signs = SPACES[space.toLowerCase()];
  if (signs === undefined) {
    throw new InputError(
      `the space "${space}" does not say where the patient's left, back and head are. ` +
        "Export with space left-posterior-superior.",
      { file },
    );
  }
  const lps = ([x, y, z]: Vec3): Vec3 => [x * signs[0] + 0, y * signs[1] + 0, z * signs[2] + 0];
  const steps = directions.match(/\([^)]*\)|\S+/g) ?? [];
  if (steps.length !== 3) {
    throw new InputError(
      `space directions need three vectors, found "${directions}". Export the file again.`,
      { file },
    );
  }
  const [a, b, c] = steps.map((text) => lps(vector(text, file, "space directions"))) as [Vec3, Vec3, Vec3];
  const origin = lps(vector(fields.get("space origin") ?? "(0,0,0)", file, "space origin"));
  return geometryOfSteps(size, [a, b, c], origin, file);
}

function vector(text: string, file: string, field: string, separator: RegExp = /,/): Vec3 {
  const inner = separator.source === "," ? /^\((.*)\)$/.exec(text.trim())?.[1] : text.trim();
  const numbers = inner?.split(separator).map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (numbers?.length !== 3 || numbers.some((n) => !Number.isFinite(n))) {
    throw new InputError(`"${field}" needs three finite numbers, found "${text}". Correct the header.`, {
      file,
    });
  }
  return numbers as unknown as Vec3;
}

function wholeNumbers(text: string): number[] | null {
  const parts = text.split(/\s+/);
  return parts.every((part) => /^\d+$/.test(part)) ? parts.map(Number) : null;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
