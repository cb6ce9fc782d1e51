/**
 * The process of the history, there only while it is asked: SQLite waits for the disk, and the memory that it takes
 * is given back by the end of a process, not by that of a thread.
 *
 * Layer:  handlers; imports history-store, wire.
 */
import { booleanOf, type JsonObject, numberOf, stringOf } from "../wire/message.js";
import { type Cell, type Entry, HistoryStore } from "./history-store.js";

export type HistoryQuestion =
  | { readonly call: "add"; readonly cells: readonly Cell[] }
  | { readonly call: "find"; readonly content: JsonObject };

export interface HistoryAnswer {
  readonly session: number;
  /** It has no file, and loses all when it ends. */
  readonly inMemory: boolean;
  readonly entries: readonly Entry[];
  /** False where the file stayed locked. */
  readonly isDone: boolean;
}

const TRIES = 20;
const TRY_AGAIN_MS = 25;
/** SQLite's integers. */
const LARGEST = Number.MAX_SAFE_INTEGER;

/** The number of the session is there where an earlier process has begun it. */
const [file = "", session] = process.argv.slice(2);
const opened = open();
// What interrupts the kernel reaches this process as well.
process.on("SIGINT", () => undefined);
process.on("message", (question: HistoryQuestion) => void answer(question));
process.on("disconnect", () => void opened.then(({ store }) => store.close()));

async function answer(question: HistoryQuestion): Promise<void> {
  const { store, inMemory } = await opened;
  let entries: readonly Entry[] = [];
  let isDone = true;
  if (question.call === "add") isDone = await add(store, question.cells);
  else entries = find(store, question.content);
  const told: HistoryAnswer = { session: store.session, inMemory, entries, isDone };
  process.send?.(told);
}

/** Where the file cannot be had, the session has its history in memory. */
async function open(): Promise<{ readonly store: HistoryStore; readonly inMemory: boolean }> {
  for (let i = 1; ; i++) {
    try {
      return {
        store: new HistoryStore(file, session === undefined ? null : Number(session)),
        inMemory: false,
      };
    } catch (error) {
      if (i < TRIES && /locked|busy/i.test(String(error))) {
        await pause();
        continue;
      }
      process.stderr.write(`radbook kernel: the history is kept in memory only: ${String(error)}\n`);
      return { store: new HistoryStore(null, null), inMemory: true };
    }
  }
}

async function add(store: HistoryStore, cells: readonly Cell[]): Promise<boolean> {
  for (let i = 0; i < TRIES; i++) {
    try {
      store.add(cells);
      return true;
    } catch {
      await pause();
    }
  }
  return false;
}

function pause(): Promise<void> {
  return new Promise((next) => setTimeout(next, TRY_AGAIN_MS));
}

function find(store: HistoryStore, content: JsonObject): Entry[] {
  const access = stringOf(content, "hist_access_type", "tail");
  const n = integerOf(content, "n", LARGEST);
  if (access === "range") {
    const asked = integerOf(content, "session", 0);
    const absolute = asked > 0 ? asked : store.session + asked;
    return store.range(absolute, integerOf(content, "start", 0), integerOf(content, "stop", LARGEST));
  }
  if (n <= 0) return [];
  if (access !== "search") return store.tail(n);
  return store.search(stringOf(content, "pattern", "*"), booleanOf(content, "unique", false), n);
}

function integerOf(content: JsonObject, key: string, fallback: number): number {
  const value = Math.trunc(numberOf(content, key, fallback));
  return Math.min(Math.max(value, -LARGEST), LARGEST);
}
