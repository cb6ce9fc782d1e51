/**
 * One DICOM file as elements with checked access. The only file that knows the parser (dicom-parser).
 *
 * Layer:  io; imports core.
 */
import { createRequire } from "node:module";
import type dicomParser from "dicom-parser";
import type { DataSet, Element } from "dicom-parser";
import { InputError } from "../core/errors.js";
import { inflateDicom, inflateStart } from "./dicom-deflate.js";
import { describeTag } from "./dicom-names.js";
import { EXPLICIT_LITTLE, IMPLICIT_LITTLE, type TransferSyntax, transferSyntaxOf } from "./dicom-syntax.js";
import { latin1OfBytes, textDecoderOf } from "./dicom-text.js";

const UNDEFINED_LENGTH = 0xffffffff;

let loaded: typeof dicomParser | undefined;

/** Is this the start of a DICOM file, with its 128-byte preamble or bare? */
export function looksLikeDicom(bytes: Uint8Array): boolean {
  return hasPreamble(bytes) || bareTransferSyntax(bytes) !== null;
}

/** @throws InputError with the byte offset if the file is not DICOM, damaged, or of a transfer syntax that is not read. */
export function parseDicomFile(bytes: Uint8Array, file: string): DicomItem {
  const { syntax, bareUid, bodyStart } = layoutOf(bytes, file);
  const plain = syntax.isDeflated ? inflateDicom(bytes, bodyStart, file, declaredPixelBytes) : bytes;
  const root = new DicomItem(parseElements(plain, bareUid, file), file, syntax);
  root.checkInsideFile();
  return root;
}

/**
 * The elements before the pixels, from the first bytes of a file.
 *
 * @returns null if the elements go on after these bytes.
 */
export function parseDicomStart(bytes: Uint8Array, file: string): DicomItem | null {
  const { syntax, bareUid, bodyStart } = layoutOf(bytes, file);
  const plain = syntax.isDeflated ? inflateStart(bytes, bodyStart, file) : bytes;
  const data = elementsBeforePixels(plain, bareUid);
  return data === null ? null : new DicomItem(data, file, syntax);
}

/** How a file is laid down: with a preamble and meta header, or bare. */
function layoutOf(
  bytes: Uint8Array,
  file: string,
): { readonly syntax: TransferSyntax; readonly bareUid: string | null; readonly bodyStart: number } {
  if (hasPreamble(bytes)) {
    const { uid, end } = metaHeader(bytes, file);
    return { syntax: transferSyntaxOf(uid, file), bareUid: null, bodyStart: end };
  }
  const bareUid = bareTransferSyntax(bytes);
  if (bareUid !== null) return { syntax: transferSyntaxOf(bareUid, file), bareUid, bodyStart: 0 };
  throw new InputError(
    'this is not a DICOM file: the mark "DICM" at byte 128 is missing. Check the path; if the file was cut or packed, get a fresh copy.',
    { file, offset: Math.min(128, bytes.length) },
  );
}

function parseElements(bytes: Uint8Array, bareUid: string | null, file: string): DataSet {
  try {
    return parser().parseDicom(bytes, {
      ...(bareUid === null ? {} : { TransferSyntaxUID: bareUid }),
      inflater: () => bytes, // inflated already, within bounds
    });
  } catch (error) {
    throw damaged(file, lastOffset(error), reasonOf(error), error);
  }
}

/** Loaded with the first file: a tenth of the time that the library takes to start. */
function parser(): typeof dicomParser {
  loaded ??= createRequire(import.meta.url)("dicom-parser") as typeof dicomParser;
  return loaded;
}

function elementsBeforePixels(bytes: Uint8Array, bareUid: string | null): DataSet | null {
  try {
    const data = parser().parseDicom(bytes, {
      ...(bareUid === null ? {} : { TransferSyntaxUID: bareUid }),
      untilTag: "x7fe00010",
      inflater: () => bytes,
    });
    const isWhole = Object.values(data.elements).every(
      ({ tag, dataOffset, length }) => tag === "x7fe00010" || dataOffset + length <= bytes.length,
    );
    return isWhole && (data.warnings?.length ?? 0) === 0 ? data : null;
  } catch {
    return null;
  }
}

function declaredPixelBytes(start: Uint8Array): number | null {
  const data = elementsBeforePixels(start, null);
  if (data === null) return null;
  const [rows = 0, columns = 0, bits = 0] = ["x00280010", "x00280011", "x00280100"].map((tag) =>
    data.uint16(tag),
  );
  return (rows * columns * bits * Math.max(1, Number(data.string("x00280008") ?? 1) || 1)) / 8;
}

/** The elements of a file, or of one item of a sequence. Every reader says which element of which file is at fault. */
export class DicomItem {
  readonly file: string;
  readonly syntax: TransferSyntax;
  readonly #data: DataSet;
  readonly #decode: (bytes: Uint8Array) => string;

  constructor(data: DataSet, file: string, syntax: TransferSyntax, decode?: (bytes: Uint8Array) => string) {
    this.#data = data;
    this.file = file;
    this.syntax = syntax;
    this.#decode = decode ?? textDecoderOf(this.string("x00080005"));
  }

  has(tag: string): boolean {
    const element = this.#data.elements[tag];
    return element !== undefined && element.length > 0;
  }

  /** Text without padding, or "" if absent or empty. */
  string(tag: string): string {
    return latin1OfBytes(this.bytes(tag))
      .replace(/[\s\0]+$/, "")
      .trimStart();
  }

  /** Text in the file's character set. */
  text(tag: string): string {
    return this.#decode(this.bytes(tag))
      .replace(/[\s\0]+$/, "")
      .trimStart();
  }

  /** Decimal strings (VR DS or IS). @throws InputError unless there are `count` finite numbers. */
  decimals(tag: string, count: number): number[] {
    const numbers = this.decimalList(tag);
    if (numbers.length === count) return numbers;
    throw this.fault(tag, `needs ${count} number${count === 1 ? "" : "s"}, but has ${numbers.length}`);
  }

  /** Decimal strings of any number. @throws InputError if one is not a finite number. */
  decimalList(tag: string): number[] {
    const text = this.string(tag);
    if (text === "") return [];
    return text.split("\\").map((part) => {
      const value = part.trim() === "" ? Number.NaN : Number(part);
      if (Number.isFinite(value)) return value;
      throw this.fault(tag, `has "${part.slice(0, 20)}" where a number is expected`);
    });
  }

  /** Unsigned 16-bit number, or `otherwise` if the element is absent. */
  uint16(tag: string, otherwise?: number): number {
    if (!this.has(tag)) {
      if (otherwise !== undefined) return otherwise;
      throw this.fault(tag, "is missing");
    }
    const bytes = this.bytes(tag);
    if (bytes.length < 2) throw this.fault(tag, "is too short");
    const [first, second] = bytes as unknown as [number, number];
    return this.syntax.isBigEndian ? (first << 8) | second : first | (second << 8);
  }

  /** Unsigned 16-bit numbers, none if the element is absent. */
  uint16s(tag: string): number[] {
    const bytes = this.bytes(tag);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return Array.from({ length: Math.floor(bytes.length / 2) }, (_, i) =>
      view.getUint16(2 * i, !this.syntax.isBigEndian),
    );
  }

  /** Items of a sequence; none if it is absent. */
  items(tag: string): DicomItem[] {
    const items = this.#data.elements[tag]?.items ?? [];
    return items.map((item) => {
      if (item.dataSet === undefined) throw this.fault(tag, "has a damaged item");
      return new DicomItem(item.dataSet, this.file, this.syntax, this.#decode);
    });
  }

  /** The value's bytes as they lie in the file; empty if absent. */
  bytes(tag: string): Uint8Array {
    const element = this.#data.elements[tag];
    if (element === undefined) return new Uint8Array(0);
    const end = element.dataOffset + element.length;
    if (end > this.#data.byteArray.length) throw this.cutOff(element);
    return this.#data.byteArray.subarray(element.dataOffset, end);
  }

  /** Pieces of packed pixels, with the first piece of each frame if the file says it; null if the pixels are not packed. */
  fragments(
    tag: string,
  ): { readonly pieces: readonly Fragment[]; readonly starts: readonly number[] } | null {
    const element = this.#data.elements[tag];
    if (element?.encapsulatedPixelData !== true) return null;
    const { fragments = [], basicOffsetTable = [] } = element;
    const pieces = fragments.map(({ offset, position, length }) => ({
      offset,
      at: position,
      bytes: this.#data.byteArray.subarray(position, position + length),
    }));
    return { pieces, starts: basicOffsetTable };
  }

  /** Where an element's value lies in the file, if it is there. */
  offsetOf(tag: string): number | undefined {
    return this.#data.elements[tag]?.dataOffset;
  }

  /** The element's value representation, "" if the file leaves it to the dictionary. */
  vr(tag: string): string {
    return this.#data.elements[tag]?.vr ?? "";
  }

  /** An error about an element: where it is, or, if it is missing, where it should have come. */
  fault(tag: string, what: string, remedy = "Get a fresh copy of the file, or export it again."): InputError {
    const offset = this.offsetOf(tag) ?? this.placeBefore(tag);
    return new InputError(`${describeTag(tag)} ${what}. ${remedy}`, { file: this.file, offset });
  }

  /** End of the last element that is sorted before a tag. */
  private placeBefore(tag: string): number {
    return Object.values(this.#data.elements).reduce(
      (place, element) =>
        element.tag < tag && element.length !== UNDEFINED_LENGTH
          ? Math.max(place, element.dataOffset + element.length)
          : place,
      0,
    );
  }

  /** @throws InputError if an element claims more bytes than the file has: the parser lets that pass. */
  checkInsideFile(): void {
    for (const element of Object.values(this.#data.elements)) {
      if (element.dataOffset + element.length > this.#data.byteArray.length) throw this.cutOff(element);
    }
    const warning = this.#data.warnings?.[0];
    if (warning?.startsWith("eof")) throw damaged(this.file, this.#data.byteArray.length, warning);
  }

  private cutOff(element: Element): InputError {
    const left = Math.max(this.#data.byteArray.length - element.dataOffset, 0);
    return new InputError(
      `the file is cut off: ${describeTag(element.tag)} has ${element.length} bytes, but ${left} are left. ` +
        "Get a fresh copy of the file.",
      { file: this.file, offset: element.dataOffset },
    );
  }
}

/** One piece of packed pixels. */
export interface Fragment {
  /** Distance from the first piece's item tag, as offset tables count it. */
  readonly offset: number;
  /** Place in the file. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

function hasPreamble(bytes: Uint8Array): boolean {
  return bytes.length >= 132 && latin1OfBytes(bytes.subarray(128, 132)) === "DICM";
}

/** Transfer syntax of a file without preamble, told from its first element, which is of group 0008; null if it is none. */
function bareTransferSyntax(bytes: Uint8Array): string | null {
  if (bytes.length < 8 || bytes[0] !== 8 || bytes[1] !== 0 || bytes[3] !== 0) return null;
  if (/^(AE|CS|DA|DT|LO|PN|SH|TM|UI|UL|US)$/.test(latin1OfBytes(bytes.subarray(4, 6))))
    return EXPLICIT_LITTLE;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  return length <= 1024 ? IMPLICIT_LITTLE : null;
}

function metaHeader(bytes: Uint8Array, file: string): { readonly uid: string; readonly end: number } {
  let uid: string | undefined;
  let end = 132;
  try {
    const header = parser().readPart10Header(bytes) as DataSet & { position?: number };
    uid = header.string("x00020010")?.trim();
    end = header.position ?? 132;
  } catch (error) {
    throw damaged(file, 132, reasonOf(error), error);
  }
  if (uid !== undefined && uid !== "") return { uid, end };
  throw new InputError(
    "the transfer syntax (0002,0010) is missing, so the voxels cannot be understood. Export the file again.",
    { file, offset: 132 },
  );
}

function damaged(file: string, offset: number, reason: string, cause?: unknown): InputError {
  return new InputError(
    `the DICOM elements are damaged or cut off here (${reason}). Get a fresh copy of the file.`,
    {
      file,
      offset,
      cause,
    },
  );
}

/** The parser throws texts, errors, or `{ exception, dataSet }` with what it had read before. */
function reasonOf(error: unknown): string {
  const inner = (error as { exception?: unknown }).exception ?? error;
  if (inner instanceof RangeError) return "sequences nested too deeply";
  const text = inner instanceof Error ? inner.message : String(inner);
  return text.replace(/^dicomParser[.:][\w.]*\s*[:-]\s*/, "");
}

/** Where the last element lies that could be read. */
function lastOffset(error: unknown): number {
  const elements = (error as { dataSet?: DataSet }).dataSet?.elements ?? {};
  return Object.values(elements).reduce(
    (last, { dataOffset, length }) => Math.max(last, dataOffset + (length === UNDEFINED_LENGTH ? 0 : length)),
    0,
  );
}
