/**
 * Values by name that cells and views hold in common; libraries find them at `globalThis[Symbol.for("Radbook.state")]`.
 *
 * A view opens comm target `radbook.state` with `{ name }`, and with `value` if it has one to tell. It sends
 * `{ value, number }`, numbered from 1, and asks with `{ request, content }`. It is sent `{ value, seen }`, where `seen` is the
 * last of its numbers that had been read, and `{ request, shown }` or `{ request, error }`. Values are heard from here only, so
 * that all who hear them in the end agree on the last.
 * Layer:  session/child; imports session.
 */
import type { Json } from "../protocol.js";
import { run } from "./comm-manager.js";
import { answerTarget, sendComm } from "./comms.js";
import { dropLive, liveIdOf, ownerOf } from "./live.js";
import { currentCell, inCell } from "./output.js";
import { present } from "./present.js";

interface View {
  readonly name: string;
  seen: number;
}

interface Watcher {
  readonly name: string;
  readonly cell: number;
  readonly owner: string | null;
  changed(): unknown;
}

interface Answerer {
  readonly cell: number;
  handler(request: Json): unknown;
}

const LONGEST_NAME = 100;
/** What views were answered with and may ask more of: a scan takes much memory. */
const MOST_KEPT = 4;

const values = new Map<string, Json>();
const views = new Map<string, View>();
const watchers = new Set<Watcher>();
const answerers = new Map<string, Answerer>();
const shownIds: string[] = [];

const state = {
  get: (name: string): Json | undefined => values.get(name),
  set,
  subscribe(name: string, changed: () => unknown): () => void {
    const cell = currentCell();
    const watcher: Watcher = { name, cell, owner: ownerOf(cell), changed };
    watchers.add(watcher);
    return () => void watchers.delete(watcher);
  },
  answer(name: string, handler: (request: Json) => unknown): void {
    answerers.set(name, { cell: currentCell(), handler });
  },
};

/** Gives libraries the state, and answers the views that hold it. */
export function shareState(): void {
  Object.defineProperty(globalThis, Symbol.for("Radbook.state"), { value: state });
  answerTarget("radbook.state", (id, data) => {
    const { name, value } = fieldsOf(data);
    if (typeof name !== "string" || name === "" || name.length > LONGEST_NAME) {
      return "a view of a notebook's state opens with the name of a value";
    }
    const view: View = { name, seen: 0 };
    views.set(id, view);
    // The comm counts as open when this returns.
    queueMicrotask(() => {
      if (value !== undefined) set(name, value);
      else if (values.has(name)) tell(id, view);
    });
    return {
      message: (message) => hear(id, view, message),
      closed: () => void views.delete(id),
    };
  });
}

/** A cell begins again: what it listened to in an earlier run is not told to it any more. */
export function endWatches(owner: string | null): void {
  if (owner === null) return;
  for (const watcher of watchers) if (watcher.owner === owner) watchers.delete(watcher);
}

function set(name: string, value: Json): void {
  values.set(name, value);
  for (const [id, view] of views) if (view.name === name) tell(id, view);
  for (const watcher of [...watchers]) if (watcher.name === name) run(watcher.cell, watcher.changed);
}

function tell(id: string, { name, seen }: View): void {
  sendComm(id, { value: values.get(name) ?? null, seen });
}

function hear(id: string, view: View, message: Json): void {
  const { value, number, request, content } = fieldsOf(message);
  if (typeof number === "number") view.seen = number;
  if (value !== undefined) set(view.name, value);
  if (request !== undefined) void answer(id, view.name, request, content ?? null);
}

async function answer(id: string, name: string, request: Json, content: Json): Promise<void> {
  try {
    const found = answerers.get(name);
    if (found === undefined) throw new Error(`no cell has said yet how "${name}" answers`);
    const shown = await inCell(found.cell, async () => {
      const value = await found.handler(content);
      keepFew(value);
      return present(value);
    });
    sendComm(id, { request, shown: shown === null ? null : { data: shown.data, metadata: shown.metadata } });
  } catch (error) {
    sendComm(id, { request, error: error instanceof Error ? error.message : String(error) });
  }
}

function keepFew(value: unknown): void {
  const id = liveIdOf(value);
  if (id === null) return;
  shownIds.push(id);
  const oldest = shownIds.length > MOST_KEPT ? shownIds.shift() : undefined;
  if (oldest !== undefined) dropLive(oldest);
}

function fieldsOf(data: Json): Readonly<Record<string, Json | undefined>> {
  return typeof data === "object" && data !== null && !Array.isArray(data)
    ? (data as Readonly<Record<string, Json | undefined>>)
    : {};
}
