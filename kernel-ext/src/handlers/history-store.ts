/**
 * The cells of all sessions in one SQLite file.
 *
 * SQLite comes as WebAssembly: Node has it built in only from version 22.5, and packages with native code need
 * scripts when they are installed. It locks by a folder beside the file, which a killed process leaves behind.
 * Layer:  handlers; imports nothing.
 */
import { mkdirSync, rmdirSync, statSync } from "node:fs";
import path from "node:path";
import sqlite, { type Database, type SQLiteValue } from "node-sqlite3-wasm";

/** Sessions are numbered by the file. */
export type Entry = readonly [session: number, line: number, input: string];

export interface Cell {
  readonly line: number;
  readonly input: string;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sessions (session INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS cells (
    number INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES sessions,
    line INTEGER NOT NULL,
    input TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS cells_of_session ON cells (session, line);`;

/** No transaction takes longer: a lock of this age is left over. */
const STALE_MS = 10_000;

export class HistoryStore {
  /** Number of this session. */
  readonly session: number;
  readonly #database: Database;
  readonly #lock: string | null;

  /**
   * @param file Is made where it does not exist, with its folder; null keeps all in memory.
   * @param session The number that the session has already, or null.
   * @throws when another kernel is writing.
   */
  constructor(file: string | null, session: number | null) {
    if (file !== null) mkdirSync(path.dirname(file), { recursive: true });
    this.#lock = file === null ? null : `${file}.lock`;
    this.#dropStaleLock();
    this.#database = new sqlite.Database(file ?? ":memory:");
    try {
      this.#database.exec(SCHEMA);
      this.session = session ?? this.#begin();
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** All or none of them are kept. @throws when another kernel is writing. */
  add(cells: readonly Cell[]): void {
    const database = this.#database;
    this.#dropStaleLock();
    database.exec("BEGIN IMMEDIATE");
    try {
      for (const { line, input } of cells) {
        database.run("INSERT INTO cells (session, line, input) VALUES (?, ?, ?)", [
          this.session,
          line,
          input,
        ]);
      }
      database.exec("COMMIT");
    } catch (error) {
      if (database.inTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }

  /** The last `n` cells of all sessions, in order. It and what follows @throws when another kernel is writing. */
  tail(n: number): Entry[] {
    return this.#select("ORDER BY number DESC LIMIT ?", [n]).reverse();
  }

  /** Lines from `start` to before `stop`. */
  range(session: number, start: number, stop: number): Entry[] {
    return this.#select("WHERE session = ? AND line >= ? AND line < ? ORDER BY line", [session, start, stop]);
  }

  /** The last `n` cells that a pattern of `*`, `?` and `[…]` describes whole. `unique`: the latest of each. */
  search(pattern: string, unique: boolean, n: number): Entry[] {
    const latest = "number IN (SELECT max(number) FROM cells WHERE input GLOB ? GROUP BY input)";
    const where = unique ? latest : "input GLOB ?";
    return this.#select(`WHERE ${where} ORDER BY number DESC LIMIT ?`, [pattern, n]).reverse();
  }

  close(): void {
    this.#database.close();
  }

  #begin(): number {
    const started = new Date().toISOString();
    const { lastInsertRowid } = this.#database.run("INSERT INTO sessions (started) VALUES (?)", [started]);
    return Number(lastInsertRowid);
  }

  #select(rest: string, values: SQLiteValue[]): Entry[] {
    return this.#database
      .all(`SELECT session, line, input FROM cells ${rest}`, values)
      .map((row): Entry => [Number(row.session), Number(row.line), String(row.input)]);
  }

  #dropStaleLock(): void {
    if (this.#lock === null) return;
    try {
      if (Date.now() - statSync(this.#lock).mtimeMs > STALE_MS) rmdirSync(this.#lock);
    } catch {
      // There is none, or another kernel was quicker.
    }
  }
}
