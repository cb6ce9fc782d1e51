/**
 * One DICOM file as elements with checked access. The only file that knows the parser (dicom-parser).
 *
 * Layer:  io; imports core.
 */
import dicomParser, { type DataSet, type Element } from "dicom-parser";
import { InputError } from "../core/errors.js";
import { latin1OfBytes, textDecoderOf } from "./dicom-text.js";

const IMPLICIT_LITTLE = "1.2.840.10008.1.2";
const EXPLICIT_LITTLE = "1.2.840.10008.1.2.1";
const UNDEFINED_LENGTH = 0xffffffff;

/** Names of the elements that are read, for error messages. Keys as the parser writes them: `x` + group + element. */
const ELEMENT_NAMES: Readonly<Record<string, string>> = {
  x00080016: "SOPClassUID",
  x00080018: "SOPInstanceUID",
  x00080060: "Modality",
  x0020000e: "SeriesInstanceUID",
  x00200032: "ImagePositionPatient",
  x00200037: "ImageOrientationPatient",
  x00200052: "FrameOfReferenceUID",
  x00280002: "SamplesPerPixel",
  x00280010: "Rows",
  x00280011: "Columns",
  x00280030: "PixelSpacing",
  x00280100: "BitsAllocated",
  x00280101: "BitsStored",
  x00280102: "HighBit",
  x00280103: "PixelRepresentation",
  x00281052: "RescaleIntercept",
  x00281053: "RescaleSlope",
  x30060020: "StructureSetROISequence",
  x30060022: "ROINumber",
  x30060024: "ReferencedFrameOfReferenceUID",
  x30060026: "ROIName",
  x30060039: "ROIContourSequence",
  x30060040: "ContourSequence",
  x30060042: "ContourGeometricType",
  x30060050: "ContourData",
  x30060084: "ReferencedROINumber",
  x7fe00010: "PixelData",
};

/** Is this the start of a DICOM file, with its 128-byte preamble or bare? */
export function looksLikeDicom(bytes: Uint8Array): boolean {
  return hasPreamble(bytes) || bareTransferSyntax(bytes) !== null;
}

/** @throws InputError with the byte offset if the file is not DICOM, damaged, or of a transfer syntax that is not read. */
export function parseDicomFile(bytes: Uint8Array, file: string): DicomItem {
  const bare = hasPreamble(bytes) ? null : bareTransferSyntax(bytes);
  if (bare === null && !hasPreamble(bytes)) {
    throw new InputError(
      'this is not a DICOM file: the mark "DICM" at byte 128 is missing. Check the path; if the file was cut or packed, get a fresh copy.',
      { file, offset: Math.min(128, bytes.length) },
    );
  }
  const syntax = bare ?? transferSyntax(bytes, file);
  checkTransferSyntax(syntax, file);
  let data: DataSet;
  try {
    data = dicomParser.parseDicom(bytes, bare === null ? {} : { TransferSyntaxUID: bare });
  } catch (error) {
    throw damaged(file, lastOffset(error), reasonOf(error), error);
  }
  const root = new DicomItem(data, file);
  root.checkInsideFile();
  return root;
}

/** The elements of a file, or of one item of a sequence. Every reader says which element of which file is at fault. */
export class DicomItem {
  readonly file: string;
  readonly #data: DataSet;
  readonly #decode: (bytes: Uint8Array) => string;

  constructor(data: DataSet, file: string, decode?: (bytes: Uint8Array) => string) {
    this.#data = data;
    this.file = file;
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
    return (bytes[0] as number) | ((bytes[1] as number) << 8);
  }

  /** Items of a sequence; none if it is absent. */
  items(tag: string): DicomItem[] {
    const items = this.#data.elements[tag]?.items ?? [];
    return items.map((item) => {
      if (item.dataSet === undefined) throw this.fault(tag, "has a damaged item");
      return new DicomItem(item.dataSet, this.file, this.#decode);
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

  fault(tag: string, what: string): InputError {
    const offset = this.#data.elements[tag]?.dataOffset;
    return new InputError(`${describeTag(tag)} ${what}. Get a fresh copy of the file, or export it again.`, {
      file: this.file,
      ...(offset === undefined ? {} : { offset }),
    });
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

function transferSyntax(bytes: Uint8Array, file: string): string {
  let syntax: string | undefined;
  try {
    const header = dicomParser.readPart10Header(bytes) as DataSet;
    syntax = header.string("x00020010")?.trim();
  } catch (error) {
    throw damaged(file, 132, reasonOf(error), error);
  }
  if (syntax !== undefined && syntax !== "") return syntax;
  throw new InputError(
    "the transfer syntax (0002,0010) is missing, so the voxels cannot be understood. Export the file again.",
    { file, offset: 132 },
  );
}

const UNREAD_SYNTAXES: Readonly<Record<string, string>> = {
  "1.2.840.10008.1.2.2": "explicit big endian",
  "1.2.840.10008.1.2.1.99": "deflated",
  "1.2.840.10008.1.2.5": "RLE lossless",
  "1.2.840.10008.1.2.4.50": "JPEG baseline",
  "1.2.840.10008.1.2.4.51": "JPEG extended",
  "1.2.840.10008.1.2.4.57": "JPEG lossless",
  "1.2.840.10008.1.2.4.70": "JPEG lossless, first-order prediction",
  "1.2.840.10008.1.2.4.80": "JPEG-LS lossless",
  "1.2.840.10008.1.2.4.81": "JPEG-LS near-lossless",
  "1.2.840.10008.1.2.4.90": "JPEG 2000 lossless",
  "1.2.840.10008.1.2.4.91": "JPEG 2000",
  "1.2.840.10008.1.2.4.201": "HTJ2K lossless",
  "1.2.840.10008.1.2.4.202": "HTJ2K lossless RPCL",
  "1.2.840.10008.1.2.4.203": "HTJ2K",
};

function checkTransferSyntax(syntax: string, file: string): void {
  if (syntax === IMPLICIT_LITTLE || syntax === EXPLICIT_LITTLE) return;
  const name = UNREAD_SYNTAXES[syntax] ?? "unknown";
  throw new InputError(
    `transfer syntax ${syntax.slice(0, 64)} (${name}) is not read yet, only uncompressed little endian. ` +
      "Convert the series first, e.g. with `gdcmconv --raw` or `dcmdjpeg`.",
    { file },
  );
}

function describeTag(tag: string): string {
  const number = `(${tag.slice(1, 5)},${tag.slice(5)})`;
  const name = ELEMENT_NAMES[tag];
  return name === undefined ? `element ${number}` : `${name} ${number}`;
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
