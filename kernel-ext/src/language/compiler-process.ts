/**
 * The compiler's process: started with the kernel, asked in order, replaced when it dies.
 *
 * Layer:  language; imports compiler-protocol, environment, frames, snapshot.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { ownEnvironment } from "../environment.js";
import { encodeFrame, FrameReader } from "../frames.js";
import {
  COMPILER_FD,
  type Compiler,
  type CompilerAnswer,
  type CompilerCall,
  type CompilerRequest,
} from "./compiler-protocol.js";
import { COMPILER_FLAGS, discardSnapshot, makeSnapshot, usableSnapshot } from "./snapshot.js";

interface Question {
  readonly request: CompilerRequest;
  resolve(result: unknown): void;
  reject(error: Error): void;
  /** Processes that ended while they worked at it. */
  deaths: number;
}

/** After so long without a question, the kernel has time to make a snapshot for the next start. */
const IDLE_MS = 5_000;

const MAIN = fileURLToPath(new URL("./compiler-main.js", import.meta.url));
/** A question at which so many processes have ended is given up. */
const MAX_DEATHS = 2;
/** Processes that end one after another without a single answer; then a new one waits for a question. */
const MAX_USELESS = 3;

export class CompilerProcess {
  readonly #folder: string;
  readonly #session: () => Parameters<Compiler["restore"]>;
  readonly #questions = new Map<number, Question>();
  #child: ChildProcess | null = null;
  #asked = 0;
  #useless = 0;
  #closed = false;
  /** The process began with a snapshot and has not answered yet. */
  #untried = false;
  /** A snapshot has failed. */
  #distrusted = false;
  #maker: ChildProcess | null = null;
  #idle: NodeJS.Timeout | null = null;

  /** @param session What a process that takes the place of another has to know. */
  constructor(folder: string, session: () => Parameters<Compiler["restore"]>) {
    this.#folder = folder;
    this.#session = session;
    this.#start();
  }

  /** @throws Error when the call fails, or when it ends every process that is asked. */
  ask<C extends CompilerCall>(call: C, ...args: Parameters<Compiler[C]>): Promise<ReturnType<Compiler[C]>> {
    const request = { id: ++this.#asked, call, args };
    this.#idle?.refresh();
    return new Promise((resolve, reject) => {
      const settle = (result: unknown): void => resolve(result as ReturnType<Compiler[C]>);
      this.#questions.set(request.id, { request, resolve: settle, reject, deaths: 0 });
      if (this.#closed) this.#giveUp(request.id, "the kernel is shutting down");
      else if (this.#child) this.#send(request);
      else this.#start();
    });
  }

  /** A change of the session, which the next process learns from `session`. */
  tell<C extends CompilerCall>(call: C, ...args: Parameters<Compiler[C]>): void {
    this.#send({ id: 0, call, args });
  }

  /** Gives up what was asked, which may take forever. */
  interrupt(): void {
    if (this.#questions.size === 0) return;
    for (const id of [...this.#questions.keys()]) this.#giveUp(id, "the check was interrupted");
    this.#untried = false;
    this.#child?.kill("SIGKILL");
  }

  close(): void {
    this.#closed = true;
    this.#child?.kill("SIGKILL");
    this.#child = null;
    this.#maker?.stdin?.end();
    if (this.#idle) clearTimeout(this.#idle);
    for (const id of [...this.#questions.keys()]) this.#giveUp(id, "the kernel is shutting down");
  }

  #start(): void {
    const snapshot = this.#distrusted ? null : usableSnapshot();
    const begin = snapshot === null ? [] : ["--snapshot-blob", snapshot];
    const child = spawn(process.execPath, [...COMPILER_FLAGS, ...begin, MAIN, this.#folder], {
      env: ownEnvironment(),
      stdio: ["ignore", "ignore", snapshot === null ? "inherit" : "ignore", "pipe"],
    });
    this.#child = child;
    this.#untried = snapshot !== null;
    if (snapshot === null) this.#makeWhenIdle();
    const reader = new FrameReader<CompilerAnswer>();
    const pipe = this.#pipe();
    pipe?.on("data", (chunk: Buffer) => {
      for (const { message } of reader.push(chunk)) if (child === this.#child) this.#receive(message);
    });
    // The process may die between two writes; its exit is dealt with below.
    pipe?.on("error", () => undefined);
    child.on("error", (error) => this.#exited(child, String(error)));
    child.on("exit", (code, signal) => this.#exited(child, signal ?? `code ${code}`));
    this.tell("restore", ...this.#session());
    for (const { request } of this.#questions.values()) this.#send(request);
  }

  #receive({ id, result, error }: CompilerAnswer): void {
    this.#useless = 0;
    this.#untried = false;
    const question = this.#questions.get(id);
    this.#questions.delete(id);
    if (error === undefined) question?.resolve(result);
    else question?.reject(new Error(error));
  }

  #exited(child: ChildProcess, how: string): void {
    if (child !== this.#child) return;
    this.#child = null;
    if (this.#untried) {
      // Nothing has come from it: it is the snapshot that is not good.
      this.#distrusted = true;
      discardSnapshot();
      this.#start();
      return;
    }
    this.#useless += 1;
    const [first] = this.#questions.values();
    if (first && ++first.deaths >= MAX_DEATHS) {
      this.#giveUp(
        first.request.id,
        `the process of the compiler ended twice at this (${how}), and has been started anew. ` +
          "If its types are very large, write some of them down.",
      );
    }
    if (this.#questions.size > 0 || this.#useless < MAX_USELESS) this.#start();
  }

  /** The next start, of this kernel or of another, finds a snapshot. */
  #makeWhenIdle(): void {
    if (this.#idle) return;
    this.#idle = setTimeout(() => {
      this.#maker = makeSnapshot();
      this.#maker.on("error", () => undefined);
      this.#maker.unref();
    }, IDLE_MS).unref();
  }

  #giveUp(id: number, why: string): void {
    const question = this.#questions.get(id);
    this.#questions.delete(id);
    question?.reject(new Error(why));
  }

  #send(request: CompilerRequest): void {
    const pipe = this.#pipe();
    if (pipe?.writable) pipe.write(encodeFrame(request));
  }

  #pipe(): Duplex | null {
    return (this.#child?.stdio[COMPILER_FD] as Duplex | null | undefined) ?? null;
  }
}
