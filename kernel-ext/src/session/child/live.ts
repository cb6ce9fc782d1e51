/**
 * The objects that answer the open views of what a cell has shown.
 *
 * A shown value with `Symbol.for("Radbook.live")` answers comm target `radbook.live` by its id. Requests are
 * `{ request, content }`; each reply is `{ request, content, done: false }` with buffers, the last is
 * `{ request, done: true }`, with `error` on failure.
 * Layer:  session/child; imports session.
 */
import { types } from "node:util";
import type { Json } from "../protocol.js";
import { answerTarget, type CommEnd, isOpen, sendComm } from "./comms.js";
import { currentCell, inCell } from "./output.js";

interface LiveReply {
  readonly content: Json;
  readonly buffers?: readonly Uint8Array[];
}

interface LiveSource {
  readonly id: string;
  answer(request: Json, buffers: readonly Uint8Array[]): Iterable<LiveReply> | AsyncIterable<LiveReply>;
}

interface Kept {
  readonly value: object;
  /** Execution that showed it: its output goes there. */
  readonly cell: number;
  /** The front end's name of that cell. */
  readonly owner: string | null;
}

const LIVE = Symbol.for("Radbook.live");
const values = new Map<string, Kept>();
const owners = new Map<number, string | null>();

/** Answers the views of shown values. */
export function answerViews(): void {
  answerTarget("radbook.live", (id, data) => {
    const liveId = isRecord(data) ? data.id : undefined;
    const entry = typeof liveId === "string" ? values.get(liveId) : undefined;
    if (!entry || !isLiveSource(entry.value))
      return `nothing shown here answers "${String(liveId)}" any more. Run its cell again.`;
    return viewEnd(id, entry.cell, entry.value);
  });
}

/** A cell begins: what it showed in an earlier run is gone. */
export function startCell(cell: number, owner: string | null): void {
  owners.set(cell, owner);
  if (owner === null) return;
  for (const [id, entry] of values) {
    if (entry.owner === owner) values.delete(id);
  }
}

/** Keeps a shown value as long as its view may ask for more. */
export function keepLive(value: unknown): void {
  const source = liveSource(value);
  if (source !== null) keep(source.id, source);
}

/** Name by which a value's views ask it; null of a value that has none. */
export function liveIdOf(value: unknown): string | null {
  return liveSource(value)?.id ?? null;
}

/** Nothing asks for it any more. */
export function dropLive(id: string): void {
  values.delete(id);
}

function liveSource(value: unknown): LiveSource | null {
  if (typeof value !== "object" || value === null || types.isProxy(value) || !(LIVE in value)) return null;
  const source = value[LIVE];
  return isLiveSource(source) ? source : null;
}

/** The front end's name of the notebook cell that an execution belongs to. */
export function ownerOf(cell: number): string | null {
  return owners.get(cell) ?? null;
}

/** Keeps what a view will ask for by `id`, until the cell that shows it runs again. */
export function keep(id: string, value: object): void {
  const cell = currentCell();
  values.set(id, { value, cell, owner: ownerOf(cell) });
}

/** What is kept under an id. */
export function kept(id: string): object | undefined {
  return values.get(id)?.value;
}

function viewEnd(id: string, cell: number, source: LiveSource): CommEnd {
  return {
    message: (message, buffers) => void inCell(cell, () => answer(id, source, message, buffers)),
    closed: () => undefined,
  };
}

async function answer(
  id: string,
  source: LiveSource,
  message: Json,
  received: readonly Uint8Array[],
): Promise<void> {
  const request = (isRecord(message) ? message.request : undefined) ?? null;
  try {
    const content = (isRecord(message) ? message.content : undefined) ?? null;
    for await (const reply of source.answer(content, received)) {
      if (!isOpen(id)) return;
      sendComm(id, { request, content: reply.content, done: false }, reply.buffers);
    }
    sendComm(id, { request, done: true });
  } catch (error) {
    sendComm(id, { request, error: error instanceof Error ? error.message : String(error), done: true });
  }
}

function isLiveSource(value: unknown): value is LiveSource {
  return isRecord(value) && typeof value.id === "string" && typeof value.answer === "function";
}

function isRecord(value: unknown): value is Record<string, Json | undefined> & Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
