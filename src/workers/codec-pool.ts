/**
 * Decodes compressed frames in threads: a broken stream can neither hang nor end the process.
 *
 * Layer:  workers; imports core.
 */
import type { CodecJob, DecodedFrame } from "./codecs.js";
import { KillablePool } from "./killable-pool.js";
import { threadEntry } from "./thread-entry.js";

export type { Codec, DecodedFrame } from "./codecs.js";

/** A frame may take this long, and so much more per pixel: fifty times what it takes on a slow machine. */
const LIMIT_MS = 1_500;
const LIMIT_MS_PER_PIXEL = 0.02;

let pool: KillablePool | undefined;

/**
 * Decodes one frame of grey pixels.
 *
 * @throws InputError if the stream is damaged, cut off or of another size; `offset` counts from the start of the stream.
 */
export async function decodeFrame(job: CodecJob): Promise<DecodedFrame> {
  const limit = Math.round(LIMIT_MS + LIMIT_MS_PER_PIXEL * job.columns * job.rows);
  return (await codecPool().run(job, limit)) as DecodedFrame;
}

/** Frames that are decoded at the same time. */
export function decodersAtOnce(): number {
  return codecPool().threads;
}

function codecPool(): KillablePool {
  pool ??= new KillablePool(threadEntry("codec-thread"));
  return pool;
}
