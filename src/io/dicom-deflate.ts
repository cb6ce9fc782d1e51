/**
 * A deflated DICOM file to a plain one, within bounds: two megabytes of deflate can hold two gigabytes of zeros.
 *
 * Source: DICOM PS3.5 A.5. The meta header stays as it is; what follows is a raw deflate stream.
 * Layer:  io; imports core.
 */
import { constants, inflateRawSync } from "node:zlib";
import { InputError } from "../core/errors.js";

/** What may come out beside the pixels that the header declares. */
const ALLOWANCE = 32 << 20;
/** Unpacked to find out how many pixels are declared: at most 1032 times as much comes out. */
const START = 16 << 10;

/**
 * @param at  First byte after the meta header.
 * @param pixelBytesOf  Finds the declared size of the pixels in the start of an unpacked file; null if it does not get there.
 * @returns The meta header and the unpacked data set.
 */
export function inflateDicom(
  bytes: Uint8Array,
  at: number,
  file: string,
  pixelBytesOf: (start: Uint8Array) => number | null,
): Uint8Array {
  const packed = bytes.subarray(at);
  const declared = pixelBytesOf(inflateStart(bytes, at, file)) ?? 0;
  try {
    return join(bytes.subarray(0, at), inflateRawSync(packed, { maxOutputLength: ALLOWANCE + declared }));
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ERR_BUFFER_TOO_LARGE" || error instanceof RangeError) {
      throw deflateFault(
        `hold more than the ${declared} bytes of pixels that the header declares`,
        at,
        file,
        error,
      );
    }
    throw deflateFault(
      code === "Z_BUF_ERROR" ? "end too early: the file is cut off" : "are damaged",
      at,
      file,
      error,
    );
  }
}

/** The meta header and the start of the data set, without unpacking the rest. */
export function inflateStart(bytes: Uint8Array, at: number, file: string): Uint8Array {
  try {
    const packed = bytes.subarray(at, at + START);
    return join(bytes.subarray(0, at), inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH }));
  } catch (error) {
    throw deflateFault("are damaged", at, file, error);
  }
}

function join(head: Uint8Array, body: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + body.length);
  whole.set(head);
  whole.set(body, head.length);
  return whole;
}

function deflateFault(what: string, offset: number, file: string, cause: unknown): InputError {
  return new InputError(`the deflated data ${what}. Get a fresh copy of the file.`, { file, offset, cause });
}
