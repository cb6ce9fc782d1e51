/**
 * Comms on the side of user code, and the objects that answer their open views.
 *
 * A shown value with `Symbol.for("Radbook.live")` answers comm target `radbook.live` by its id. Requests are
 * `{ request, content }`; each reply is `{ request, content, done: false }` with buffers, the last is
 * `{ request, done: true }`, with `error` on failure.
 * Layer:  session/child; imports session.
 */
import type { CommCommand, Json } from "../protocol.js";
import { currentCell, emit, inCell } from "./output.js";

interface LiveReply {
  readonly content: Json;
  readonly buffers?: readonly Uint8Array[];
}

interface LiveSource {
  readonly id: string;
  answer(request: Json, buffers: readonly Uint8Array[]): Iterable<LiveReply> | AsyncIterable<LiveReply>;
}

interface KeptSource {
  readonly source: LiveSource;
  /** Execution that showed it: its output goes there. */
  readonly cell: number;
  /** The front end's name of that cell. */
  readonly owner: string | null;
}

/** An open comm: what to do with its messages. */
interface Comm {
  message(data: Json, buffers: readonly Uint8Array[]): void;
  open: boolean;
}

const LIVE = Symbol.for("Radbook.live");
const kept = new Map<string, KeptSource>();
const comms = new Map<string, Comm>();
const owners = new Map<number, string | null>();

/** A cell begins: what it showed in an earlier run is gone. */
export function startCell(cell: number, owner: string | null): void {
  owners.set(cell, owner);
  if (owner === null) return;
  for (const [id, entry] of kept) {
    if (entry.owner === owner) kept.delete(id);
  }
}

/** Keeps a shown value as long as its view may ask for more. */
export function keepLive(value: unknown): void {
  if (typeof value !== "object" || value === null || !(LIVE in value)) return;
  const source = value[LIVE];
  if (!isLiveSource(source)) return;
  const cell = currentCell();
  kept.set(source.id, { source, cell, owner: owners.get(cell) ?? null });
}

export function handleComm(command: CommCommand, buffers: readonly Uint8Array[]): void {
  const { comm: id } = command;
  if (command.type === "comm_open") openComm(command);
  else if (command.type === "comm_msg") comms.get(id)?.message(command.data, buffers);
  else closeComm(id);
}

function openComm({ comm: id, target, data }: CommCommand): void {
  if (target !== "radbook.live") {
    refuse(id, target, `this kernel has no comm target "${target}"`);
    return;
  }
  const liveId = isRecord(data) ? data.id : undefined;
  const entry = typeof liveId === "string" ? kept.get(liveId) : undefined;
  if (entry === undefined) {
    refuse(id, target, `nothing shown here answers "${String(liveId)}" any more. Run its cell again.`);
    return;
  }
  const comm: Comm = {
    open: true,
    message: (message, buffers) =>
      void inCell(entry.cell, () => answer(id, comm, entry.source, message, buffers)),
  };
  comms.set(id, comm);
}

async function answer(
  id: string,
  comm: Comm,
  source: LiveSource,
  message: Json,
  received: readonly Uint8Array[],
): Promise<void> {
  const request = (isRecord(message) ? message.request : undefined) ?? null;
  const send = (data: Json, buffers?: readonly Uint8Array[]): void =>
    emit({ type: "comm_msg", cell: currentCell(), comm: id, target: "radbook.live", data }, buffers);
  try {
    const content = (isRecord(message) ? message.content : undefined) ?? null;
    for await (const reply of source.answer(content, received)) {
      if (!comm.open) return;
      send({ request, content: reply.content, done: false }, reply.buffers);
    }
    send({ request, done: true });
  } catch (error) {
    send({ request, error: error instanceof Error ? error.message : String(error), done: true });
  }
}

function closeComm(id: string): void {
  const comm = comms.get(id);
  if (comm) comm.open = false;
  comms.delete(id);
}

function refuse(comm: string, target: string, error: string): void {
  emit({ type: "comm_close", cell: currentCell(), comm, target, data: { error } });
}

function isLiveSource(value: unknown): value is LiveSource {
  return isRecord(value) && typeof value.id === "string" && typeof value.answer === "function";
}

function isRecord(value: unknown): value is Record<string, Json | undefined> & Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
