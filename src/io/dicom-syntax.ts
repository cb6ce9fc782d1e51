/**
 * DICOM's transfer syntaxes: how the bytes of a file, and of its pixels, are laid down.
 *
 * Source: DICOM PS3.5, annex A; PS3.6, annex A.
 * Layer:  io; imports core, workers.
 */
import { InputError } from "../core/errors.js";
import type { Codec } from "../workers/codec-pool.js";

export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  /** How the pixels are packed. */
  readonly pixels: "native" | "RLE" | Codec;
  readonly isBigEndian: boolean;
  /** The whole data set is packed with deflate. */
  readonly isDeflated: boolean;
}

export const IMPLICIT_LITTLE = "1.2.840.10008.1.2";
export const EXPLICIT_LITTLE = "1.2.840.10008.1.2.1";
export const DEFLATED = "1.2.840.10008.1.2.1.99";
const BIG_ENDIAN = "1.2.840.10008.1.2.2";

const SYNTAXES: Readonly<Record<string, readonly [string, TransferSyntax["pixels"]]>> = {
  [IMPLICIT_LITTLE]: ["implicit little endian", "native"],
  [EXPLICIT_LITTLE]: ["explicit little endian", "native"],
  [DEFLATED]: ["deflated explicit little endian", "native"],
  [BIG_ENDIAN]: ["explicit big endian", "native"],
  "1.2.840.10008.1.2.5": ["RLE lossless", "RLE"],
  "1.2.840.10008.1.2.4.50": ["JPEG baseline", "JPEG"],
  "1.2.840.10008.1.2.4.51": ["JPEG extended", "JPEG"],
  "1.2.840.10008.1.2.4.57": ["JPEG lossless", "JPEG"],
  "1.2.840.10008.1.2.4.70": ["JPEG lossless, first-order prediction", "JPEG"],
  "1.2.840.10008.1.2.4.80": ["JPEG-LS lossless", "JPEG-LS"],
  "1.2.840.10008.1.2.4.81": ["JPEG-LS near-lossless", "JPEG-LS"],
  "1.2.840.10008.1.2.4.90": ["JPEG 2000 lossless", "JPEG 2000"],
  "1.2.840.10008.1.2.4.91": ["JPEG 2000", "JPEG 2000"],
  "1.2.840.10008.1.2.4.201": ["HTJ2K lossless", "HTJ2K"],
  "1.2.840.10008.1.2.4.202": ["HTJ2K lossless RPCL", "HTJ2K"],
  "1.2.840.10008.1.2.4.203": ["HTJ2K", "HTJ2K"],
};

/** @throws InputError if it is none that is read. */
export function transferSyntaxOf(uid: string, file: string): TransferSyntax {
  const known = SYNTAXES[uid];
  if (known === undefined) {
    throw new InputError(
      `transfer syntax ${uid.slice(0, 64)} is not read (videos, and those that the standard has retired, are not). ` +
        "Convert the series first, e.g. with `gdcmconv --raw` or `dcmdjpeg`.",
      { file, offset: 132 },
    );
  }
  const [name, pixels] = known;
  return { uid, name, pixels, isBigEndian: uid === BIG_ENDIAN, isDeflated: uid === DEFLATED };
}
