/**
 * `%memory`: what the process holds, and which names hold most of it.
 *
 * Layer:  session/child/magic; imports session/child, magics (table).
 */
import { getHeapStatistics } from "node:v8";
import { table } from "../../../magics/table.js";
import { currentCell, emit } from "../output.js";

/** Values of the names of each cell. */
export type Scopes = Readonly<Record<number, Readonly<Record<string, unknown>>>>;

/** Values looked at behind one name: enough for a scan or a table, and soon done. */
const MOST_VALUES = 20_000;
const MOST_NAMES = 8;
const SMALLEST = 1_000_000;

export function memory(scopes: Scopes): void {
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  const rows = [
    ["process", megabytes(rss)],
    ["objects", `${megabytes(heapUsed)} of at most ${megabytes(getHeapStatistics().heap_size_limit)}`],
    ["arrays of numbers", megabytes(arrayBuffers)],
    ...largest(scopes).map(([name, bytes]) => [`  ${name}`, megabytes(bytes)]),
  ];
  const shown = table(["memory", ""], rows);
  emit({ type: "display", cell: currentCell(), update: false, displayId: null, ...shown });
}

/** Names by the bytes of the typed arrays that they lead to. */
function largest(scopes: Scopes): [name: string, bytes: number][] {
  const found: [string, number][] = [];
  for (const scope of Object.values(scopes)) {
    for (const name of Object.keys(scope)) {
      const bytes = bytesBehind(valueIn(scope, name));
      if (bytes >= SMALLEST) found.push([name, bytes]);
    }
  }
  return found.sort((a, b) => b[1] - a[1]).slice(0, MOST_NAMES);
}

function valueIn(scope: Readonly<Record<string, unknown>>, name: string): unknown {
  try {
    return scope[name];
  } catch {
    // Its declaration has not run.
    return undefined;
  }
}

function bytesBehind(root: unknown): number {
  const seen = new Set<unknown>();
  const queue: unknown[] = [root];
  let bytes = 0;
  for (let at = 0; at < queue.length && at < MOST_VALUES; at++) {
    const value = queue[at];
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (ArrayBuffer.isView(value)) queue.push(value.buffer);
    else if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) bytes += value.byteLength;
    else if (value instanceof Map) queue.push(...value.values());
    else if (value instanceof Set) queue.push(...value);
    else {
      // Getters may compute; only what is there already is looked at.
      for (const { value: property } of Object.values(Object.getOwnPropertyDescriptors(value))) {
        if (typeof property === "object" && property !== null) queue.push(property);
      }
    }
  }
  return bytes;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
