/**
 * Writes DICOM files: explicit VR little endian, sequences of defined length, with preamble and meta header.
 *
 * Source: DICOM PS3.10, PS3.5.
 * Layer:  io; imports nothing.
 */
import { createHash } from "node:crypto";

type Item = readonly DicomElement[];

/** One element: tag as 0xGGGGEEEE, value representation, value. */
export interface DicomElement {
  readonly tag: number;
  readonly vr: string;
  readonly value: string | readonly number[] | Uint8Array | readonly Item[];
}

const EXPLICIT_LITTLE = "1.2.840.10008.1.2.1";
/** Names this program in the files it writes. */
const IMPLEMENTATION = uidOf("Radbook synthetic thorax");
/** Values of other representations are texts, which end with a space. */
const ZERO_PADDED: ReadonlySet<string> = new Set(["OB", "OW", "OF", "OD", "UN", "UI"]);
const LONG_VRS: ReadonlySet<string> = new Set(["OB", "OW", "OF", "OD", "SQ", "UN", "UT", "UC"]);

/** A unique identifier that is the same whenever its key is: 2.25 and 128 bits of SHA-256 (PS3.5 B.2). */
export function uidOf(key: string): string {
  const digest = createHash("sha256").update(key).digest("hex").slice(0, 32);
  return `2.25.${BigInt(`0x${digest}`)}`;
}

export function text(tag: number, vr: string, value: string): DicomElement {
  return { tag, vr, value };
}

/** Decimal strings hold 16 characters: numbers are written to `digits` places. */
export function decimals(tag: number, values: readonly number[], digits = 3): DicomElement {
  return { tag, vr: "DS", value: values.map((v) => String(Number(v.toFixed(digits)))).join("\\") };
}

/** Decimal strings as close to the numbers as their 16 characters allow. */
export function exactDecimals(tag: number, values: readonly number[]): DicomElement {
  const shortest = (value: number): string => {
    for (let digits = 17; digits > 0; digits--) {
      const written = String(Number(value.toPrecision(digits)));
      if (written.length <= 16) return written;
    }
    return "0";
  };
  return { tag, vr: "DS", value: values.map(shortest).join("\\") };
}

export function whole(tag: number, vr: "US" | "UL" | "AT", ...value: readonly number[]): DicomElement {
  return { tag, vr, value };
}

export function sequence(tag: number, items: readonly Item[]): DicomElement {
  return { tag, vr: "SQ", value: items };
}

/** A whole file. The elements must hold SOP class (0008,0016) and instance (0008,0018). */
export function dicomFile(elements: readonly DicomElement[]): Buffer {
  const textOf = (tag: number): string => String(elements.find((element) => element.tag === tag)?.value);
  const meta = encode([
    { tag: 0x00020001, vr: "OB", value: Uint8Array.of(0, 1) },
    text(0x00020002, "UI", textOf(0x00080016)),
    text(0x00020003, "UI", textOf(0x00080018)),
    text(0x00020010, "UI", EXPLICIT_LITTLE),
    text(0x00020012, "UI", IMPLEMENTATION),
    text(0x00020013, "SH", "RADBOOK"),
  ]);
  const length = encode([{ tag: 0x00020000, vr: "UL", value: [meta.length] }]);
  return Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), length, meta, encode(elements)]);
}

function encode(elements: Item): Buffer {
  const sorted = [...elements].sort((a, b) => a.tag - b.tag);
  return Buffer.concat(
    sorted.flatMap((element) => {
      const value = valueBytes(element);
      return [header(element, value.length), value];
    }),
  );
}

function header({ tag, vr }: DicomElement, length: number): Buffer {
  const long = LONG_VRS.has(vr);
  const bytes = Buffer.alloc(long ? 12 : 8);
  bytes.writeUInt16LE(tag >>> 16, 0);
  bytes.writeUInt16LE(tag & 0xffff, 2);
  bytes.write(vr, 4, "latin1");
  if (long) bytes.writeUInt32LE(length, 8);
  else if (length > 0xffff) throw new RangeError(`element ${tag.toString(16)} is too long for ${vr}`);
  else bytes.writeUInt16LE(length, 6);
  return bytes;
}

function valueBytes({ vr, value }: DicomElement): Buffer {
  const filler = ZERO_PADDED.has(vr) ? 0 : 0x20;
  if (value instanceof Uint8Array) return padded(Buffer.from(value), filler);
  if (typeof value === "string") return padded(Buffer.from(value, "latin1"), filler);
  if (vr === "SQ") return Buffer.concat((value as readonly Item[]).map(encodeItem));
  const numbers = value as readonly number[];
  const width = vr === "UL" ? 4 : 2;
  const bytes = Buffer.alloc(width * numbers.length);
  numbers.forEach((n, i) => {
    if (width === 4) bytes.writeUInt32LE(n, 4 * i);
    else bytes.writeUInt16LE(n, 2 * i);
  });
  return bytes;
}

function encodeItem(item: Item): Buffer {
  const content = encode(item);
  const start = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
  start.writeUInt32LE(content.length, 4);
  return Buffer.concat([start, content]);
}

/** Values have an even number of bytes. */
function padded(bytes: Buffer, filler: number): Buffer {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(filler)]);
}
