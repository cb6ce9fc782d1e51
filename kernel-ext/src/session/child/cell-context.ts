/**
 * Which cell the running code belongs to, also in promises and timers that it left behind.
 *
 * Node's AsyncLocalStorage answers that, but before version 24 (22 with a flag) it counts the asynchronous causes
 * that it enters and leaves, and Node aborts when an interrupt has terminated a callback in between. There,
 * promise hooks and wrapped timers do; callbacks of other events then count for the cell that ran last.
 * Layer:  session/child; imports nothing.
 */
import { AsyncLocalStorage } from "node:async_hooks";
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
  return context;
}

type Callback = (...args: unknown[]) => unknown;

/** Callbacks of timers run in the cell that set them. */
function wrapTimers(context: CellContext): void {
  const wrap = (host: object, name: string): void => {
    const original = Reflect.get(host, name) as Callback;
    const wrapped = (callback: unknown, ...rest: unknown[]): unknown => {
      const cell = context.current();
      if (cell === 0 || typeof callback !== "function") return original.call(host, callback, ...rest);
      const inside = (...args: unknown[]): unknown =>
        context.run(cell, () => (callback as Callback)(...args));
      return original.call(host, inside, ...rest);
    };
    // `util.promisify(setTimeout)` finds its promise form on the function.
    Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
    Reflect.set(host, name, wrapped);
  };
  for (const name of ["setTimeout", "setInterval", "setImmediate"]) {
    wrap(globalThis, name);
    wrap(timers, name);
  }
  wrap(globalThis, "queueMicrotask");
  wrap(process, "nextTick");
}
