/**
 * Comms on the side of user code: who answers which target, and the ends of those that are open.
 *
 * Layer:  session/child; imports session.
 */
import { randomUUID } from "node:crypto";
import type { CommCommand, Json } from "../protocol.js";
import { currentCell, emit } from "./output.js";

/** One end of an open comm: what to do with what the front end says. */
export interface CommEnd {
  message(data: Json, buffers: readonly Uint8Array[]): void;
  closed(data: Json): void;
}

/** Takes a comm that the front end opens, or says why not. */
export type Opener = (id: string, data: Json, buffers: readonly Uint8Array[]) => CommEnd | string;

const openers = new Map<string, Opener>();
const comms = new Map<string, { readonly target: string; readonly end: CommEnd }>();

/** Answers a target from now on, in place of who did before; the function returned ends that. */
export function answerTarget(target: string, opener: Opener): () => void {
  openers.set(target, opener);
  return () => {
    if (openers.get(target) === opener) openers.delete(target);
  };
}

/** Opens a comm to the front end and returns its id. */
export function openComm(target: string, data: Json, buffers: readonly Uint8Array[], end: CommEnd): string {
  const id = randomUUID();
  comms.set(id, { target, end });
  emit({ type: "comm_open", cell: currentCell(), comm: id, target, data }, buffers);
  return id;
}

/** Sends a message; nothing happens where the comm is closed. */
export function sendComm(id: string, data: Json, buffers: readonly Uint8Array[] = []): void {
  const comm = comms.get(id);
  if (comm) emit({ type: "comm_msg", cell: currentCell(), comm: id, target: comm.target, data }, buffers);
}

export function isOpen(id: string): boolean {
  return comms.has(id);
}

/** Closes a comm from this side. */
export function closeComm(id: string, data: Json = {}): void {
  const comm = comms.get(id);
  if (!comm) return;
  comms.delete(id);
  emit({ type: "comm_close", cell: currentCell(), comm: id, target: comm.target, data });
}

/** What the front end says. */
export function handleComm(command: CommCommand, buffers: readonly Uint8Array[]): void {
  const { comm: id, target, data } = command;
  if (command.type === "comm_open") {
    const answer = openers.get(target)?.(id, data, buffers) ?? `this kernel has no comm target "${target}"`;
    if (typeof answer !== "string") comms.set(id, { target, end: answer });
    else emit({ type: "comm_close", cell: currentCell(), comm: id, target, data: { error: answer } });
  } else if (command.type === "comm_msg") {
    comms.get(id)?.end.message(data, buffers);
  } else {
    const comm = comms.get(id);
    comms.delete(id);
    comm?.end.closed(data);
  }
}
