/**
 * The header of a JPEG or JPEG-LS stream, and whether the stream is whole.
 *
 * Source: ITU-T T.81, annex B (JPEG); T.87, annex C (JPEG-LS).
 * Layer:  workers; imports core.
 */
import { InputError } from "../core/errors.js";

export interface JpegHeader {
  readonly process: "sequential" | "progressive" | "lossless" | "JPEG-LS";
  readonly bits: number;
  readonly columns: number;
  readonly rows: number;
  readonly components: number;
  /** DC and AC codes by `class << 4 | id`. */
  readonly huffman: ReadonlyMap<number, Uint8Array>;
  /** Steps of the 64 coefficients in zigzag order, by id. */
  readonly quantization: ReadonlyMap<number, Uint16Array>;
  readonly restartInterval: number;
  /** Tables of the component: of its steps, and of its DC and AC codes. */
  readonly quantizationId: number;
  readonly dcId: number;
  readonly acId: number;
  /** Ss: the predictor of a lossless scan. */
  readonly selection: number;
  /** Al: the point transform of a lossless scan. */
  readonly shift: number;
  /** First byte of the coded pixels. */
  readonly scanStart: number;
}

const PROCESSES: Readonly<Record<number, JpegHeader["process"]>> = {
  192: "sequential",
  193: "sequential",
  194: "progressive",
  195: "lossless",
  247: "JPEG-LS",
};
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;

/** Reads the header up to the first scan. @throws InputError if it is damaged, of a process that is not read, or the end is missing. */
export function readJpegHeader(stream: Uint8Array): JpegHeader {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.length);
  if (stream[0] !== 0xff || stream[1] !== SOI) throw damaged("its start (FFD8) is missing", 0);
  const huffman = new Map<number, Uint8Array>();
  const quantization = new Map<number, Uint16Array>();
  let frame: Pick<
    JpegHeader,
    "process" | "bits" | "columns" | "rows" | "components" | "quantizationId"
  > | null = null;
  let restartInterval = 0;
  for (let at = 2; ; ) {
    if (at + 4 > stream.length || stream[at] !== 0xff) throw damaged("a marker is missing", at);
    const marker = stream[at + 1];
    if (marker === 0xff) {
      at++; // filling
      continue;
    }
    const length = view.getUint16(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > stream.length) throw damaged("a segment reaches beyond its end", at);
    const body = stream.subarray(at + 4, end);
    const process = PROCESSES[marker];
    if (process !== undefined) {
      if (body.length < 9) throw damaged("the frame header is too short", at);
      const [bits, , , , , components, , , quantizationId] = body;
      frame = {
        process,
        bits,
        rows: view.getUint16(at + 5),
        columns: view.getUint16(at + 7),
        components,
        quantizationId,
      };
    } else if (marker === 0xc4) readHuffman(body, huffman, at);
    else if (marker === 0xdb) readQuantization(body, quantization, at);
    else if (marker === 0xdd && body.length >= 2) restartInterval = view.getUint16(at + 4);
    else if ((marker & 0xf0) === 0xc0 && marker !== 0xc8) {
      throw new InputError(
        `JPEG process ${marker - 0xc0} is not read. Convert the file, e.g. with dcmdjpeg.`,
        { offset: at },
      );
    } else if (marker === SOS) {
      if (frame === null || body.length < 6) throw damaged("the scan header is damaged", at);
      checkEnd(stream, end);
      const [, , tables, selection, , approximation] = body;
      return {
        ...frame,
        huffman,
        quantization,
        restartInterval,
        dcId: tables >> 4,
        acId: tables & 15,
        selection,
        shift: approximation & 15,
        scanStart: end,
      };
    }
    at = end;
  }
}

/** Coded pixels never hold FFD9: where it is last seen, the stream ends. */
function checkEnd(stream: Uint8Array, scanStart: number): void {
  for (let at = stream.length - 2; at >= scanStart; at--) {
    if (stream[at] === 0xff && stream[at + 1] === EOI) return;
  }
  throw new InputError(
    "the compressed data are cut off: their end mark is missing. Get a fresh copy of the file.",
    {
      offset: stream.length,
    },
  );
}

function readHuffman(body: Uint8Array, tables: Map<number, Uint8Array>, offset: number): void {
  for (let at = 0; at < body.length; ) {
    const counts = body.subarray(at + 1, at + 17);
    const symbols = counts.reduce((sum, n) => sum + n, 0);
    const end = at + 17 + symbols;
    if (counts.length < 16 || symbols > 256 || end > body.length)
      throw damaged("a table of codes is damaged", offset);
    tables.set(body[at], body.subarray(at + 1, end));
    at = end;
  }
}

function readQuantization(body: Uint8Array, tables: Map<number, Uint16Array>, offset: number): void {
  for (let at = 0; at < body.length; ) {
    const width = body[at] >> 4 === 0 ? 1 : 2;
    const end = at + 1 + 64 * width;
    if (end > body.length) throw damaged("a table of steps is damaged", offset);
    const from = at + 1;
    const steps = Uint16Array.from({ length: 64 }, (_, i) =>
      width === 1 ? body[from + i] : (body[from + 2 * i] << 8) | body[from + 2 * i + 1],
    );
    tables.set(body[at] & 15, steps);
    at = end;
  }
}

function damaged(what: string, offset: number): InputError {
  return new InputError(`the JPEG data are damaged: ${what}. Get a fresh copy of the file.`, { offset });
}
