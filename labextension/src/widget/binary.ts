/**
 * State with bytes in it: buffers that travelled beside the JSON are put in their places, as anywidget does, as
 * `DataView`s, and taken out again on the way back.
 *
 * Layer:  labextension, widget.
 */
import type { JSONObject, JSONValue } from "@lumino/coreutils";

export type State = Record<string, unknown>;

export interface PackedState {
  readonly state: JSONObject;
  readonly paths: (string | number)[][];
  readonly buffers: ArrayBuffer[];
}

export function packState(state: State): PackedState {
  const paths: (string | number)[][] = [];
  const buffers: ArrayBuffer[] = [];
  const pack = (value: unknown, path: (string | number)[]): JSONValue => {
    const bytes = bytesOf(value);
    if (bytes !== null) {
      paths.push(path);
      buffers.push(bytes);
      return null;
    }
    if (Array.isArray(value)) return value.map((item, i) => pack(item, [...path, i]));
    if (typeof value !== "object" || value === null) return (value ?? null) as JSONValue;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, pack(one, [...path, key])]));
  };
  return { state: pack(state, []) as JSONObject, paths, buffers };
}

export function unpackState(state: State, paths: unknown, buffers: readonly DataView[]): State {
  if (!Array.isArray(paths)) return state;
  paths.forEach((path: unknown, i) => {
    if (!Array.isArray(path) || path.length === 0) return;
    let at: unknown = state;
    for (const key of path.slice(0, -1)) at = (at as State | null | undefined)?.[String(key)];
    if (typeof at === "object" && at !== null) (at as State)[String(path.at(-1))] = buffers[i];
  });
  return state;
}

/** Buffers of a message as `DataView`s. */
export function viewsOf(buffers: readonly (ArrayBuffer | ArrayBufferView)[] | undefined): DataView[] {
  return (buffers ?? []).map((buffer) =>
    ArrayBuffer.isView(buffer)
      ? new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength)
      : new DataView(buffer),
  );
}

function bytesOf(value: unknown): ArrayBuffer | null {
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (!ArrayBuffer.isView(value)) return null;
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice().buffer;
}
