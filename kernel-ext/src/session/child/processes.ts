/**
 * Processes that cells start with the output of their parent: it comes under the cell that started them, in order
 * and whole. Events of processes reach their handlers in that cell, too.
 *
 * Layer:  session/child; imports session.
 */
import childProcess, { type ChildProcess } from "node:child_process";
import type { EventEmitter } from "node:events";
import { syncBuiltinESMExports } from "node:module";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { withSharedOutput } from "./marks.js";
import { currentCell, inCell, print } from "./output.js";
import type { StreamName } from "./shared.js";

type AnyFunction = (...args: unknown[]) => unknown;
type Options = Readonly<Record<string, unknown>>;

/** Wraps what starts processes, for every module that asks for it from now on. */
export function watchProcesses(): void {
  for (const name of ["spawn", "fork"]) replace(name, (original) => starting(original, name === "fork"));
  for (const name of ["exec", "execFile"]) {
    replace(
      name,
      (original) =>
        (...args) =>
          watched(original(...args) as ChildProcess),
    );
  }
  for (const name of ["spawnSync", "execSync", "execFileSync"]) {
    replace(
      name,
      (original) =>
        (...args) =>
          sharesOutput(args) ? withSharedOutput(() => original(...args)) : original(...args),
    );
  }
  syncBuiltinESMExports();
}

function replace(name: string, wrap: (original: AnyFunction) => AnyFunction): void {
  const original = Reflect.get(childProcess, name) as AnyFunction;
  const wrapped = wrap(original);
  // `util.promisify` finds the promise form of `exec` on the function.
  Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
  Reflect.set(childProcess, name, wrapped);
}

/** Starts a process with pipes in place of shared output. */
function starting(original: AnyFunction, isFork: boolean): AnyFunction {
  return (...args) => {
    const at = args.findIndex((one, i) => i > 0 && isOptions(one));
    const options = (at < 0 ? {} : args[at]) as Options;
    const { stdio, shared } = withPipes(options, isFork);
    if (shared.size === 0) return watched(original(...args) as ChildProcess);
    const changed = { ...options, stdio };
    // Options come last: behind the program, or behind the program and its arguments.
    const rest = at < 0 ? [...args.filter((one) => one !== undefined), changed] : args.with(at, changed);
    const child = watched(original(...rest) as ChildProcess);
    forward(child, shared);
    return child;
  };
}

function isOptions(value: unknown): value is Options {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Which of the descriptors of a process are this one's output. */
function withPipes(
  { stdio, silent }: Options,
  isFork: boolean,
): { readonly stdio: unknown[]; readonly shared: ReadonlyMap<number, StreamName> } {
  const plain = stdio ?? (isFork && silent !== true ? "inherit" : "pipe");
  const list: unknown[] = Array.isArray(plain) ? [...plain] : [plain, plain, plain];
  if (isFork && !list.includes("ipc")) list.push("ipc");
  const shared = new Map<number, StreamName>();
  for (const [i, entry] of list.entries()) {
    const name = sharedStream(entry, i);
    if (name === null) continue;
    shared.set(i, name);
    list[i] = "pipe";
  }
  return { stdio: list, shared };
}

function sharedStream(entry: unknown, i: number): StreamName | null {
  const isInherited = entry === "inherit";
  if (entry === 1 || entry === process.stdout || (isInherited && i === 1)) return "stdout";
  return entry === 2 || entry === process.stderr || (isInherited && i === 2) ? "stderr" : null;
}

function sharesOutput(args: readonly unknown[]): boolean {
  const options = args.find((one, i) => i > 0 && isOptions(one)) as Options | undefined;
  return options !== undefined && withPipes(options, false).shared.size > 0;
}

/** Prints what comes; the process counts as ended when all has come. */
function forward(child: ChildProcess, shared: ReadonlyMap<number, StreamName>): void {
  const cell = currentCell();
  const ends: Promise<void>[] = [];
  for (const [i, name] of shared) {
    const stream = child.stdio[i] as Readable | null | undefined;
    if (!stream) continue;
    const decoder = new StringDecoder("utf8");
    stream.on("data", (bytes: Buffer) => print(cell, name, decoder.write(bytes)));
    ends.push(
      new Promise((ended) => {
        stream.once("close", () => {
          print(cell, name, decoder.end());
          ended();
        });
      }),
    );
    // As where output is shared.
    (child.stdio as unknown[])[i] = null;
    if (i === 1) child.stdout = null;
    if (i === 2) child.stderr = null;
  }
  const all = Promise.all(ends);
  const emit = child.emit.bind(child) as (event: string | symbol, ...args: unknown[]) => boolean;
  child.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event !== "exit") return emit(event, ...args);
    // A process that this one left behind may hold its pipes open.
    const late = new Promise<void>((next) => setTimeout(next, LEFT_BEHIND_MS).unref());
    void Promise.race([all, late]).then(() => inCell(cell, () => emit(event, ...args)));
    return child.listenerCount(event) > 0;
  };
}

const LEFT_BEHIND_MS = 100;

/** Handlers of the process' events run in the cell that started it. */
function watched(child: ChildProcess): ChildProcess {
  const cell = currentCell();
  for (const emitter of [child, child.stdout, child.stderr]) if (emitter) bind(emitter, cell);
  return child;
}

/** Handlers of an emitter's events run in `cell`. */
export function bind(emitter: EventEmitter, cell: number): void {
  const emit = emitter.emit.bind(emitter) as (event: string | symbol, ...args: unknown[]) => boolean;
  emitter.emit = (event: string | symbol, ...args: unknown[]): boolean =>
    inCell(cell, () => emit(event, ...args));
}
