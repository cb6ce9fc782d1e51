/**
 * The header of a JPEG 2000 or HTJ2K stream, and whether all its tile parts are there.
 *
 * Source: ITU-T T.800, annex A. HTJ2K (T.814) has the same frame around its data.
 * Layer:  workers; imports core.
 */
import { InputError } from "../core/errors.js";

export interface J2kHeader {
  readonly columns: number;
  readonly rows: number;
  readonly components: number;
  readonly bits: number;
  readonly isSigned: boolean;
}

const SOC = 0xff4f;
const SIZ = 0xff51;
const SOT = 0xff90;
const EOC = 0xffd9;

/** @throws InputError if the header is damaged or a tile part is cut off. */
export function readJ2kHeader(stream: Uint8Array): J2kHeader {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.length);
  if (stream.length < 60 || view.getUint16(0) !== SOC || view.getUint16(2) !== SIZ) {
    throw damaged("its start is missing", 0);
  }
  let at = 2;
  for (;;) {
    if (at + 4 > stream.length) throw cutOff(stream.length);
    const marker = view.getUint16(at);
    if (marker === SOT) break;
    if (marker < 0xff01) throw damaged("a marker is missing", at);
    at += 2 + view.getUint16(at + 2);
  }
  checkTileParts(view, at);
  const sign = view.getUint8(42);
  return {
    columns: view.getUint32(8) - view.getUint32(16),
    rows: view.getUint32(12) - view.getUint32(20),
    components: view.getUint16(40),
    bits: (sign & 0x7f) + 1,
    isSigned: sign > 0x7f,
  };
}

/** Each tile part says how long it is; the last may say 0, and then only the end mark shows that it is whole. */
function checkTileParts(view: DataView, first: number): void {
  for (let at = first; ; ) {
    // Streams without an end mark, or padded after it, are whole as soon as their tile parts are.
    if (at + 2 > view.byteLength || view.getUint16(at) !== SOT) {
      if (at > view.byteLength) throw cutOff(view.byteLength);
      return;
    }
    if (at + 12 > view.byteLength) throw cutOff(view.byteLength);
    const length = view.getUint32(at + 6);
    if (length === 0) {
      checkEndMark(view, at);
      return;
    }
    if (length < 14) throw damaged("a tile part is shorter than its header", at);
    if (at + length > view.byteLength) throw cutOff(view.byteLength);
    at += length;
  }
}

function checkEndMark(view: DataView, from: number): void {
  let last = view.byteLength - 2;
  while (last > from && view.getUint16(last) !== EOC) last--;
  if (last <= from) throw cutOff(view.byteLength);
}

function cutOff(offset: number): InputError {
  return new InputError(
    "the compressed data are cut off: a part of the picture is missing. Get a fresh copy of the file.",
    {
      offset,
    },
  );
}

function damaged(what: string, offset: number): InputError {
  return new InputError(`the JPEG 2000 data are damaged: ${what}. Get a fresh copy of the file.`, { offset });
}
