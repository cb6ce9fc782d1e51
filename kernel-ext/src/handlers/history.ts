/**
 * The cells that ran, in this session and in earlier ones. They are written when the kernel is quiet, several at
 * once and in a process of their own, so that no cell waits for the disk.
 *
 * Layer:  handlers; imports environment, folders, history-main (types), wire.
 */
import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ownEnvironment } from "../environment.js";
import { dataFolder } from "../folders.js";
import { booleanOf, type JsonObject } from "../wire/message.js";
import type { HistoryAnswer, HistoryQuestion } from "./history-main.js";
import type { Cell } from "./history-store.js";

/** Cells are written when so long none has begun, */
const QUIET_MS = 1_000;
/** but not later than this after they began. */
const LATEST_MS = 5_000;
/** The process stays for so long when it has nothing to do. */
const KEPT_MS = 500;

const MAIN = fileURLToPath(new URL("./history-main.js", import.meta.url));

export class History {
  #waiting: Cell[] = [];
  #waitingSince = 0;
  #timer: NodeJS.Timeout | null = null;
  #process: ChildProcess | null = null;
  #session: number | null = null;
  #leave: NodeJS.Timeout | null = null;
  #answered: (answer: HistoryAnswer) => void = () => undefined;
  #failed: (error: Error) => void = () => undefined;
  /** What was asked last; the process is asked one thing after another. */
  #turn: Promise<void> = Promise.resolve();

  add(line: number, input: string): void {
    if (this.#waiting.length === 0) this.#waitingSince = performance.now();
    this.#waiting.push({ line, input });
    this.#writeLater();
  }

  /**
   * Answers a history_request: tail, range or search. In the answer as in a range, this session is 0, the one
   * before it -1; a range may also name a session by the positive number that the file gave it.
   */
  async answer(content: JsonObject): Promise<JsonObject> {
    await this.#write();
    const { session: own, entries } = await this.#ask({ call: "find", content });
    const output = booleanOf(content, "output", false);
    const history = entries.map(([session, line, input]) => [
      session - own,
      line,
      output ? [input, null] : input,
    ]);
    return { status: "ok", history };
  }

  /** Writes what waits. */
  async close(): Promise<void> {
    await this.#write(true);
    const lost = this.#waiting.length;
    if (lost > 0)
      process.stderr.write(`radbook kernel: ${lost} cells are not in the history: it was locked\n`);
    if (this.#timer) clearTimeout(this.#timer);
    await this.#end();
  }

  #writeLater(): void {
    const left = this.#waitingSince + LATEST_MS - performance.now();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#write(), Math.max(0, Math.min(QUIET_MS, left))).unref();
  }

  async #write(isLast: boolean = false): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const cells = this.#waiting;
    if (cells.length === 0) return;
    this.#waiting = [];
    const { isDone } = await this.#ask({ call: "add", cells, isLast }).catch(() => ({ isDone: false }));
    if (isDone) return;
    this.#waiting = [...cells, ...this.#waiting];
    this.#waitingSince = performance.now();
    this.#writeLater();
  }

  /** @throws Error when the process fails. */
  #ask(question: HistoryQuestion): Promise<HistoryAnswer> {
    const answered = this.#turn.then(() => this.#askNow(question));
    this.#turn = answered.then(() => undefined).catch(() => undefined);
    return answered;
  }

  async #askNow(question: HistoryQuestion): Promise<HistoryAnswer> {
    if (this.#leave) clearTimeout(this.#leave);
    const child = this.#process ?? this.#start();
    const answer = await new Promise<HistoryAnswer>((resolve, reject) => {
      this.#answered = resolve;
      this.#failed = reject;
      child.send(question);
    });
    this.#session = answer.session;
    if (!answer.inMemory) this.#leave = setTimeout(() => void this.#end(), KEPT_MS).unref();
    return answer;
  }

  #start(): ChildProcess {
    const session = this.#session === null ? [] : [String(this.#session)];
    const file = path.join(dataFolder(), "history.sqlite");
    const child = fork(MAIN, [file, ...session], {
      env: ownEnvironment(),
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    child.on("message", (answer) => this.#answered(answer as HistoryAnswer));
    const failed = (error: Error): void => {
      if (child !== this.#process) return;
      this.#process = null;
      this.#failed(error);
    };
    child.on("error", failed);
    child.on("exit", () => failed(new Error("the history's process ended")));
    this.#process = child;
    return child;
  }

  /** Ends the process, which takes its memory along. */
  #end(): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      const child = this.#process;
      if (!child) return;
      if (this.#leave) clearTimeout(this.#leave);
      this.#process = null;
      const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.disconnect();
      await gone;
    });
    return this.#turn;
  }
}
