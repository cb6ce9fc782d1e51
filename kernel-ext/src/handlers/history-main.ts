/**
 * The process of the history, there only while it is asked: SQLite waits for the disk, and the memory that it takes
 * is given back by the end of a process, not by that of a thread.
 *
 * Layer:  handlers; imports history-store, wire.
 */
import { booleanOf, type JsonObject, numberOf, stringOf } from "../wire/message.js";
import { type Cell, type Entry, HistoryStore } from "./history-store.js";

export type HistoryQuestion =
  | { readonly call: "add"; readonly cells: readonly Cell[]; readonly isLast: boolean }
  | { readonly call: "find"; readonly content: JsonObject };

export interface HistoryAnswer {
  readonly session: number;
  /** It has no file, and loses all when it ends. */
  readonly inMemory: boolean;
  readonly entries: readonly Entry[];
  /** False where the file stayed locked. */
  readonly isDone: boolean;
}

/** Longer than a lock may be left over by a killed kernel, and than a busy disk takes for others. */
const PATIENCE_MS = 15_000;
/** Jupyter kills a kernel that takes longer to end. */
const PATIENCE_AT_END_MS = 3_000;
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
  if (question.call === "add") {
    const patience = question.isLast ? PATIENCE_AT_END_MS : PATIENCE_MS;
    isDone = await patiently(patience, () => store.add(question.cells)).then(
      () => true,
      () => false,
    );
  } else {
    entries = await patiently(PATIENCE_MS, () => find(store, question.content));
  }
  const told: HistoryAnswer = { session: store.session, inMemory, entries, isDone };
  process.send?.(told);
}

/** Where the file cannot be had, the session has its history in memory. */
async function open(): Promise<{ readonly store: HistoryStore; readonly inMemory: boolean }> {
  const number = session === undefined ? null : Number(session);
  try {
    return { store: await patiently(PATIENCE_MS, () => new HistoryStore(file, number)), inMemory: false };
  } catch (error) {
    process.stderr.write(`radbook kernel: the history is kept in memory only: ${String(error)}\n`);
    return { store: new HistoryStore(null, null), inMemory: true };
  }
}

/** Tries again while another kernel has the file. @throws what it was refused with in the end. */
async function patiently<T>(patience: number, action: () => T): Promise<T> {
  const begun = performance.now();
  for (;;) {
    try {
      return action();
    } catch (error) {
      const isLocked = /locked|busy/i.test(String(error));
      if (!isLocked || performance.now() - begun > patience) throw error;
      await new Promise((next) => setTimeout(next, TRY_AGAIN_MS));
    }
  }
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
