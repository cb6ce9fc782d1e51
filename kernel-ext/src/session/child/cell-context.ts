/**
 * Which cell the running code belongs to, also in promises and timers that it left behind.
 *
 * Node's AsyncLocalStorage answers that, but before version 24 (22 with a flag) it counts the asynchronous causes
 * that it enters and leaves, and Node aborts when an interrupt has terminated a callback in between. There,
 * promise hooks do, and wrapped timers, listeners and callbacks of files; what else calls back counts for the cell that
 * ran last.
 * Layer:  session/child; imports nothing.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import { promiseHooks } from "node:v8";

/** A promise that nobody waits for, or what was thrown and not caught. */
export type Failed = Promise<unknown> | { readonly thrown: unknown };

export interface CellContext {
  run<T>(cell: number, action: () => T): T;
  /** 0 where no cell is known. */
  current(): number;
  /** The cell whose code made a promise, or threw an error that nobody caught; 0 where it is not known. */
  origin(failed: Failed): number;
  /** An interrupt has cut off whatever ran. */
  reset(): void;
}

export function cellContext(): CellContext {
  const major = Number(process.versions.node.split(".")[0]);
  const survives = major >= 24 || process.execArgv.includes("--experimental-async-context-frame");
  return survives ? storageContext() : hookContext();
}

function storageContext(): CellContext {
  const storage = new AsyncLocalStorage<number>();
  return {
    run: (cell, action) => storage.run(cell, action),
    current: () => storage.getStore() ?? 0,
    origin: () => storage.getStore() ?? 0,
    reset: () => undefined,
  };
}

function hookContext(): CellContext {
  const owners = new WeakMap<object, number>();
  let cell = 0;
  let outer: number[] = [];
  /** Node tells of an error when the code that threw it has been left. */
  let last: { readonly thrown: unknown; readonly cell: number } | null = null;
  promiseHooks.createHook({
    init: (promise) => {
      if (cell !== 0) owners.set(promise, cell);
    },
    before: (promise) => {
      outer.push(cell);
      cell = owners.get(promise) ?? 0;
    },
    after: () => {
      cell = outer.pop() ?? 0;
    },
  });
  const context: CellContext = {
    run: (next, action) => {
      const before = cell;
      cell = next;
      try {
        return action();
      } catch (error) {
        last = { thrown: error, cell: next };
        throw error;
      } finally {
        cell = before;
      }
    },
    current: () => cell,
    origin: (failed) => {
      if (failed instanceof Promise) return owners.get(failed) ?? 0;
      const found = last !== null && Object.is(last.thrown, failed.thrown) ? last.cell : 0;
      last = null;
      return found;
    },
    reset: () => {
      cell = 0;
      outer = [];
    },
  };
  wrapTimers(context);
  wrapListeners(context);
  wrapFileCallbacks(context);
  return context;
}

type Callback = (...args: unknown[]) => unknown;

/** Callbacks of timers run in the cell that set them. */
function wrapTimers(context: CellContext): void {
  for (const name of ["setTimeout", "setInterval", "setImmediate"]) {
    for (const host of [globalThis, timers]) wrap(host, name, (args) => inCell(context, args, 0));
  }
  wrap(globalThis, "queueMicrotask", (args) => inCell(context, args, 0));
  wrap(process, "nextTick", (args) => inCell(context, args, 0));
}

/**
 * What a stream, a server or a socket tells later belongs to the cell that last began to listen to it. The listeners stay as
 * they are: many are found, to be removed, by what they are.
 */
function wrapListeners(context: CellContext): void {
  const owners = new WeakMap<object, number>();
  const emitters = EventEmitter.prototype;
  for (const name of ["on", "addListener", "prependListener"] as const) {
    const listen = emitters[name];
    emitters[name] = function (this: EventEmitter, ...args) {
      if (context.current() !== 0) owners.set(this, context.current());
      return listen.apply(this, args);
    };
  }
  const { emit } = emitters;
  emitters.emit = function (this: EventEmitter, ...args) {
    const cell = context.current() === 0 ? owners.get(this) : undefined;
    return cell === undefined ? emit.apply(this, args) : context.run(cell, () => emit.apply(this, args));
  };
}

/** `fs.readFile(path, callback)` and its kin: those that have a form without a callback. */
function wrapFileCallbacks(context: CellContext): void {
  for (const [name, value] of Object.entries(fs)) {
    if (typeof value === "function" && `${name}Sync` in fs)
      wrap(fs, name, (args) => inCell(context, args, args.length - 1));
  }
  syncBuiltinESMExports();
}

/** The arguments with the callback at `index` bound to the running cell. */
function inCell(context: CellContext, args: unknown[], index: number): unknown[] {
  const cell = context.current();
  const callback = args[index];
  if (cell === 0 || typeof callback !== "function") return args;
  function inside(this: unknown, ...values: unknown[]): unknown {
    return context.run(cell, () => (callback as Callback).apply(this, values));
  }
  return args.with(index, inside);
}

function wrap(host: object, name: string, bind: (args: unknown[]) => unknown[]): void {
  const original = Reflect.get(host, name) as Callback;
  function wrapped(this: unknown, ...args: unknown[]): unknown {
    return original.apply(this, bind(args));
  }
  // `util.promisify(setTimeout)` finds its promise form on the function.
  Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
  Reflect.set(host, name, wrapped);
}
