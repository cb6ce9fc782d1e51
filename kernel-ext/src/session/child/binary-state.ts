/**
 * State with bytes in it, for the way to the front end and back: the bytes travel beside the JSON, with the path to
 * the place of each.
 *
 * Layer:  session/child; imports session (types).
 */
import type { Json } from "../protocol.js";

export interface PackedState {
  readonly state: Json;
  /** Keys and indices from the state to where each buffer belongs. */
  readonly paths: (string | number)[][];
  readonly buffers: Uint8Array[];
}

export function packState(state: unknown): PackedState {
  const paths: (string | number)[][] = [];
  const buffers: Uint8Array[] = [];
  const pack = (value: unknown, path: (string | number)[]): Json => {
    if (ArrayBuffer.isView(value)) {
      paths.push(path);
      buffers.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      return null;
    }
    if (Array.isArray(value)) return value.map((item, i) => pack(item, [...path, i]));
    if (typeof value !== "object" || value === null || "toJSON" in value) return value as Json;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, pack(one, [...path, key])]));
  };
  return { state: pack(state, []), paths, buffers };
}

/** Puts the bytes back in their places. Paths that lead nowhere are passed over: they come from outside. */
export function unpackState(state: Json, paths: unknown, buffers: readonly Uint8Array[]): Json {
  if (!Array.isArray(paths)) return state;
  paths.forEach((path: unknown, i) => {
    if (!Array.isArray(path) || path.length === 0) return;
    let at: unknown = state;
    for (const key of path.slice(0, -1)) at = step(at, key);
    const last: unknown = path.at(-1);
    if (step(at, last) === null) (at as Record<string, unknown>)[String(last)] = buffers[i];
  });
  return state;
}

function step(at: unknown, key: unknown): unknown {
  return typeof at === "object" && at !== null && Object.hasOwn(at, String(key))
    ? (at as Record<string, unknown>)[String(key)]
    : undefined;
}
