/**
 * Packed bytes of a payload back to bytes, with a limit: a few kilobytes of gzip can hold gigabytes.
 *
 * Layer:  labextension, volume; imports output.
 */
import type { PackedBytes } from "../../../src/plot/mime.js";
import { PayloadError } from "../output/payload-error.js";

/** @throws PayloadError unless exactly `expected` bytes come out. */
export async function inflate(packed: PackedBytes, expected: number, what: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(expected);
  let filled = 0;
  try {
    const reader = unzip(decodeBase64(packed.data)).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (filled + part.value.length > expected) {
        await reader.cancel();
        filled = Number.POSITIVE_INFINITY;
        break;
      }
      bytes.set(part.value, filled);
      filled += part.value.length;
    }
  } catch {
    throw new PayloadError(`This output is damaged: ${what} cannot be unpacked. Run the cell again.`);
  }
  if (filled !== expected) {
    throw new PayloadError(`This output is damaged: ${what} does not fit the scan. Run the cell again.`);
  }
  return bytes;
}

function unzip(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  return new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let p = 0; p < binary.length; p++) bytes[p] = binary.charCodeAt(p);
  return bytes;
}
