/**
 * Messages between the kernel and its other processes: one JSON text and raw buffers, with the lengths in front,
 * so that a pipe may cut them anywhere.
 *
 * Layout, little-endian uint32: JSON bytes, number of buffers, length of each buffer; then the bytes.
 * Layer:  beside the folders; imports nothing.
 */

export interface Framed<T> {
  readonly message: T;
  readonly buffers: readonly Uint8Array[];
}

export function encodeFrame(message: unknown, buffers: readonly Uint8Array[] = []): Buffer {
  const json = Buffer.from(JSON.stringify(message));
  const head = Buffer.allocUnsafe(4 * (2 + buffers.length));
  head.writeUInt32LE(json.length, 0);
  head.writeUInt32LE(buffers.length, 4);
  buffers.forEach((buffer, i) => {
    head.writeUInt32LE(buffer.byteLength, 8 + 4 * i);
  });
  return Buffer.concat([head, json, ...buffers]);
}

/** Collects chunks of a pipe and gives back whole messages. */
export class FrameReader<T> {
  #chunks: Buffer[] = [];
  #length = 0;
  /** Bytes to have before it is worth looking again. */
  #wanted = 8;

  push(chunk: Buffer): Framed<T>[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#wanted) return [];

    let bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    const found: Framed<T>[] = [];
    for (;;) {
      const size = frameSize(bytes);
      this.#wanted = size;
      if (bytes.length < size) break;
      found.push(decodeFrame<T>(bytes.subarray(0, size)));
      bytes = bytes.subarray(size);
    }
    this.#chunks = [bytes];
    this.#length = bytes.length;
    return found;
  }
}

/** Bytes of the frame that starts here, as far as its head is there to tell. */
function frameSize(bytes: Buffer): number {
  if (bytes.length < 8) return 8;
  const count = bytes.readUInt32LE(4);
  const head = 8 + 4 * count;
  if (bytes.length < head) return head;
  let size = head + bytes.readUInt32LE(0);
  for (let i = 0; i < count; i++) size += bytes.readUInt32LE(8 + 4 * i);
  return size;
}

function decodeFrame<T>(bytes: Buffer): Framed<T> {
  const count = bytes.readUInt32LE(4);
  const start = 8 + 4 * count;
  let end = start + bytes.readUInt32LE(0);
  const json = bytes.toString("utf8", start, end);
  const buffers: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const from = end;
    end += bytes.readUInt32LE(8 + 4 * i);
    // A copy: the chunk behind it may be large, and a buffer may live long.
    buffers.push(new Uint8Array(bytes.subarray(from, end)));
  }
  return { message: JSON.parse(json) as T, buffers };
}
