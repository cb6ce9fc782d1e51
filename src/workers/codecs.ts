/**
 * Compressed frames to grey pixels: the only file that knows the codec packages.
 *
 * Every stream is first checked by us for its size, its number of colors and its completeness: openjpeg accepts streams that are cut
 * at half, and charls hangs on them.
 * Layer:  workers; imports core.
 */
import { createRequire } from "node:module";
import { InputError } from "../core/errors.js";
import { readJ2kHeader } from "./j2k-header.js";
import { decodeExtended } from "./jpeg-extended.js";
import { type JpegHeader, readJpegHeader } from "./jpeg-header.js";
import { decodeLossless } from "./jpeg-lossless.js";

export type Codec = "JPEG" | "JPEG-LS" | "JPEG 2000" | "HTJ2K";

/** One frame to decode: its stream, and the size that the DICOM header gives it. */
export interface CodecJob {
  readonly codec: Codec;
  readonly stream: Uint8Array;
  readonly columns: number;
  readonly rows: number;
}

export interface DecodedFrame {
  /** columns × rows values. */
  readonly samples: Uint8Array | Uint16Array | Int8Array | Int16Array;
  /** Bits per sample, as the stream says. */
  readonly bits: number;
  /** Does the stream itself have a sign? JPEG 2000 only; the others leave it to the DICOM header. */
  readonly isSigned: boolean;
}

/** @throws InputError, or whatever the codec throws, if the stream cannot be decoded. */
export async function decodeWith({ codec, stream, columns, rows }: CodecJob): Promise<DecodedFrame> {
  if (codec === "JPEG 2000" || codec === "HTJ2K") {
    const header = readJ2kHeader(stream);
    checkShape(header, columns, rows);
    if (header.bits > 16) {
      throw new InputError(
        `the stream has ${header.bits} bits a pixel; up to 16 are read. Convert the file.`,
      );
    }
    return checkedFrame(await decodeWasm("J2KDecoder", stream), columns, rows);
  }
  const header = readJpegHeader(stream);
  checkShape(header, columns, rows);
  if (header.process === "lossless") return unsigned(decodeLossless(stream, header), header);
  if (header.process === "JPEG-LS")
    return checkedFrame(await decodeWasm("JpegLSDecoder", stream), columns, rows);
  if (header.bits === 8) return checkedFrame(await decodeWasm("JPEGDecoder", stream), columns, rows);
  if (header.process === "sequential") return unsigned(decodeExtended(stream, header), header);
  throw new InputError(
    `progressive JPEG of ${header.bits} bits is not read. Convert the file, e.g. with dcmdjpeg.`,
  );
}

function unsigned(samples: Uint16Array, { bits }: JpegHeader): DecodedFrame {
  return { samples, bits, isSigned: false };
}

interface Shape {
  readonly columns: number;
  readonly rows: number;
  readonly components: number;
}

function checkShape(found: Shape, columns: number, rows: number): void {
  if (found.components !== 1) {
    throw new InputError(
      `the stream has ${found.components} colors: only grey scans are read. Convert the file.`,
    );
  }
  if (found.columns === columns && found.rows === rows) return;
  throw new InputError(
    `the stream has ${found.columns}×${found.rows} pixels, but the header says ${columns}×${rows}. Get a fresh copy of the file.`,
  );
}

/** What emscripten's decoders have in common. */
interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
    readonly isSigned?: boolean;
  };
  delete(): void;
}

interface WasmModule {
  readonly [decoder: string]: new () => WasmDecoder;
}

const PACKAGES = {
  J2KDecoder: "@cornerstonejs/codec-openjpeg/decodewasmjs",
  JpegLSDecoder: "@cornerstonejs/codec-charls/decodewasmjs",
  JPEGDecoder: "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs",
} as const;

const modules = new Map<string, Promise<WasmModule>>();
const require = createRequire(import.meta.url);

async function decodeWasm(name: keyof typeof PACKAGES, stream: Uint8Array): Promise<WasmFrame> {
  let loading = modules.get(name);
  if (loading === undefined) {
    const start = require(PACKAGES[name]) as (options: object) => Promise<WasmModule>;
    // Codecs write their complaints to the console: what is wrong, we say in an error.
    loading = start({ print: () => undefined, printErr: () => undefined });
    modules.set(name, loading);
  }
  const Decoder = (await loading)[name] as new () => WasmDecoder;
  const decoder = new Decoder();
  try {
    decoder.getEncodedBuffer(stream.length).set(stream);
    decoder.decode();
    const { width, height, bitsPerSample, componentCount, isSigned = false } = decoder.getFrameInfo();
    // A copy: the decoder's memory is freed below.
    const bytes = decoder.getDecodedBuffer().slice();
    return { columns: width, rows: height, components: componentCount, bits: bitsPerSample, isSigned, bytes };
  } catch (error) {
    // After an exception of C++ (a number) the module's memory is not to be trusted.
    modules.delete(name);
    throw new InputError(
      "the compressed data are damaged: the decoder gave up. Get a fresh copy of the file.",
      {
        cause: error,
      },
    );
  } finally {
    if (modules.has(name)) decoder.delete();
  }
}

interface WasmFrame extends Shape {
  readonly bits: number;
  readonly isSigned: boolean;
  readonly bytes: Uint8Array;
}

function checkedFrame(frame: WasmFrame, columns: number, rows: number): DecodedFrame {
  checkShape(frame, columns, rows);
  const { bytes, bits, isSigned } = frame;
  const width = bits <= 8 ? 1 : 2;
  if (bits > 16 || bytes.length !== columns * rows * width) {
    throw new InputError(
      `the decoder gave ${bytes.length} bytes of ${bits} bits for ${columns}×${rows} pixels. Get a fresh copy of the file.`,
    );
  }
  const samples =
    width === 1
      ? isSigned
        ? new Int8Array(bytes.buffer)
        : bytes
      : isSigned
        ? new Int16Array(bytes.buffer)
        : new Uint16Array(bytes.buffer);
  return { samples, bits, isSigned };
}
