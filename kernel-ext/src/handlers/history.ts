/**
 * The cells that ran, in this session and in earlier ones. They are written a moment after they began, several
 * at once, so that no cell waits for the disk.
 *
 * Layer:  handlers; imports folders, wire.
 */
import path from "node:path";
import { dataFolder } from "../folders.js";
import { booleanOf, type JsonObject, numberOf, stringOf } from "../wire/message.js";
import type { Cell, Entry, HistoryStore } from "./history-store.js";

const WRITE_AFTER_MS = 500;
const TRIES = 20;
const TRY_AGAIN_MS = 25;
/** SQLite's integers. */
const LARGEST = Number.MAX_SAFE_INTEGER;

export class History {
  #waiting: Cell[] = [];
  #timer: NodeJS.Timeout | null = null;
  #store: Promise<HistoryStore> | null = null;
  #writing: Promise<void> = Promise.resolve();

  add(line: number, input: string): void {
    this.#waiting.push({ line, input });
    this.#writeSoon();
  }

  /**
   * Answers a history_request: tail, range or search. In the answer as in a range, this session is 0, the one
   * before it -1; a range may also name a session by the positive number that the file gave it.
   */
  async answer(content: JsonObject): Promise<JsonObject> {
    await this.#write();
    const store = await this.#open();
    const output = booleanOf(content, "output", false);
    const history = find(store, content).map(([session, line, input]) => [
      session - store.session,
      line,
      output ? [input, null] : input,
    ]);
    return { status: "ok", history };
  }

  /** Writes what waits. */
  async close(): Promise<void> {
    await this.#write();
    const lost = this.#waiting.length;
    if (lost > 0)
      process.stderr.write(`radbook kernel: ${lost} cells are not in the history: it was locked\n`);
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#store) (await this.#store).close();
    this.#store = null;
  }

  #writeSoon(): void {
    this.#timer ??= setTimeout(() => void this.#write(), WRITE_AFTER_MS).unref();
  }

  #write(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writing.then(() => this.#writeNow());
    return this.#writing;
  }

  async #writeNow(): Promise<void> {
    const cells = [...this.#waiting];
    if (cells.length === 0) return;
    const store = await this.#open();
    for (let i = 0; i < TRIES; i++) {
      try {
        store.add(cells);
        this.#waiting = this.#waiting.slice(cells.length);
        return;
      } catch {
        await new Promise((next) => setTimeout(next, TRY_AGAIN_MS));
      }
    }
    this.#writeSoon();
  }

  /** Where the file cannot be had, the session has its history in memory. */
  #open(): Promise<HistoryStore> {
    this.#store ??= (async () => {
      const { HistoryStore } = await import("./history-store.js");
      for (let i = 1; ; i++) {
        try {
          return new HistoryStore(path.join(dataFolder(), "history.sqlite"));
        } catch (error) {
          if (i < TRIES && /locked|busy/i.test(String(error))) {
            await new Promise((next) => setTimeout(next, TRY_AGAIN_MS));
            continue;
          }
          process.stderr.write(`radbook kernel: the history is kept in memory only: ${String(error)}\n`);
          return new HistoryStore(null);
        }
      }
    })();
    return this.#store;
  }
}

function find(store: HistoryStore, content: JsonObject): Entry[] {
  const access = stringOf(content, "hist_access_type", "tail");
  const n = integerOf(content, "n", LARGEST);
  if (access === "range") {
    const session = integerOf(content, "session", 0);
    const absolute = session > 0 ? session : store.session + session;
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
