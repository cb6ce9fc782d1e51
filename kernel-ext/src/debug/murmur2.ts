/**
 * MurmurHash2, by which front ends name the text of a cell.
 *
 * Source: Austin Appleby, MurmurHash2 (32 bits), as JupyterLab's debugger computes it.
 * Layer:  debug; imports nothing.
 */

const MULTIPLIER = 0x5bd1e995;

/** The hash of the UTF-8 bytes of a text: an integer from 0 to 2³² − 1. */
export function murmur2(text: string, seed: number): number {
  const bytes = new TextEncoder().encode(text);
  const whole = bytes.length - (bytes.length % 4);
  const view = new DataView(bytes.buffer);
  let hash = seed ^ bytes.length;
  for (let at = 0; at < whole; at += 4) {
    let word = Math.imul(view.getUint32(at, true), MULTIPLIER);
    word = Math.imul(word ^ (word >>> 24), MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ word;
  }
  if (whole < bytes.length) {
    for (let at = whole; at < bytes.length; at++) hash ^= view.getUint8(at) << (8 * (at - whole));
    hash = Math.imul(hash, MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return (hash ^ (hash >>> 15)) >>> 0;
}
