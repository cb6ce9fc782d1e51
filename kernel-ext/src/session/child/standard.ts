/**
 * What the language has since Node.js 22 and Node.js 20 has not: iterator helpers, grouping, sets' algebra and
 * `Promise.withResolvers`. Cells are promised the same library wherever they run (`language/program.ts`).
 *
 * Source: ECMAScript 2025, sections 27.1 (iterators), 20.1.2.13 and 24.1.2.1 (grouping), 24.2.4 (sets).
 * Layer:  session/child; imports nothing.
 */

type Callback = (value: unknown, index: number) => unknown;
type Methods = Record<string, (...args: never[]) => unknown>;

/** Defines what is missing, and nothing that is there. */
export function completeStandard(): void {
  const iterators = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())) as object;
  define(iterators, iteratorMethods);
  if (!("Iterator" in globalThis)) {
    Iterator.prototype = iterators;
    define(Iterator, { from: (source: Iterable<unknown>) => walk(source) });
    Object.defineProperty(globalThis, "Iterator", { value: Iterator, writable: true, configurable: true });
  }
  define(Object, { groupBy: (items: Iterable<unknown>, key: Callback) => grouped(items, key) });
  define(Map, { groupBy: (items: Iterable<unknown>, key: Callback) => groups(items, key) });
  define(Promise, { withResolvers });
  define(Set.prototype, setMethods);
}

function define(target: object, methods: Methods): void {
  for (const [name, value] of Object.entries(methods)) {
    if (!(name in target)) Object.defineProperty(target, name, { value, writable: true, configurable: true });
  }
}

/** Only there to be extended. */
function Iterator(): void {
  if (new.target === undefined || new.target === (Iterator as unknown))
    throw new TypeError("Iterator is not made by itself: extend it, or call Iterator.from");
}

function* walk(source: Iterable<unknown>): Generator<unknown> {
  yield* source;
}

/** As generators: nothing is taken before it is asked for, and leaving one early ends what it takes from. */
const iteratorMethods: Methods = {
  map(this: Iterable<unknown>, action: Callback) {
    return mapped(this, callable(action));
  },
  filter(this: Iterable<unknown>, test: Callback) {
    return filtered(this, callable(test));
  },
  take(this: Iterable<unknown>, limit: number) {
    return taken(this, counted(limit));
  },
  drop(this: Iterable<unknown>, limit: number) {
    return dropped(this, counted(limit));
  },
  flatMap(this: Iterable<unknown>, action: Callback) {
    return flattened(this, callable(action));
  },
  toArray(this: Iterable<unknown>) {
    return [...this];
  },
  forEach(this: Iterable<unknown>, action: Callback) {
    let i = 0;
    for (const one of this) callable(action)(one, i++);
  },
  some(this: Iterable<unknown>, test: Callback) {
    for (const _ of filtered(this, callable(test))) return true;
    return false;
  },
  every(this: Iterable<unknown>, test: Callback) {
    for (const _ of filtered(this, (one, i) => !callable(test)(one, i))) return false;
    return true;
  },
  find(this: Iterable<unknown>, test: Callback) {
    for (const one of filtered(this, callable(test))) return one;
    return undefined;
  },
  reduce(this: Iterable<unknown>, action: (...args: unknown[]) => unknown, ...initial: unknown[]) {
    let i = 0;
    let [sum] = initial;
    for (const one of this) {
      sum = i === 0 && initial.length === 0 ? one : action(sum, one, i);
      i += 1;
    }
    if (i === 0 && initial.length === 0)
      throw new TypeError("Reduce of a done iterator with no initial value");
    return sum;
  },
};

function* mapped(source: Iterable<unknown>, action: Callback): Generator<unknown> {
  let i = 0;
  for (const one of source) yield action(one, i++);
}

function* filtered(source: Iterable<unknown>, test: Callback): Generator<unknown> {
  let i = 0;
  for (const one of source) if (test(one, i++)) yield one;
}

function* taken(source: Iterable<unknown>, limit: number): Generator<unknown> {
  let left = limit;
  if (left === 0) return;
  for (const one of source) {
    yield one;
    left -= 1;
    if (left === 0) return;
  }
}

function* dropped(source: Iterable<unknown>, limit: number): Generator<unknown> {
  let left = limit;
  for (const one of source) {
    if (left > 0) left -= 1;
    else yield one;
  }
}

function* flattened(source: Iterable<unknown>, action: Callback): Generator<unknown> {
  let i = 0;
  for (const one of source) {
    const inner = action(one, i++);
    if (typeof inner !== "object" || inner === null)
      throw new TypeError("flatMap needs iterables, not texts");
    yield* inner as Iterable<unknown>;
  }
}

function callable(action: Callback): Callback {
  if (typeof action !== "function") throw new TypeError(`${String(action)} is not a function`);
  return action;
}

function counted(limit: number): number {
  const count = Math.trunc(Number(limit));
  if (!(count >= 0)) throw new RangeError(`${String(limit)} must be positive`);
  return count;
}

function groups(items: Iterable<unknown>, key: Callback): Map<unknown, unknown[]> {
  const found = new Map<unknown, unknown[]>();
  let i = 0;
  for (const one of items) {
    const group = key(one, i++);
    const list = found.get(group);
    if (list) list.push(one);
    else found.set(group, [one]);
  }
  return found;
}

function grouped(items: Iterable<unknown>, key: Callback): object {
  const result = Object.create(null) as Record<PropertyKey, unknown[]>;
  const names = groups(items, (one, i) => {
    const name = key(one, i);
    return typeof name === "symbol" ? name : String(name);
  });
  for (const [name, list] of names) result[name as PropertyKey] = list;
  return result;
}

function withResolvers(this: PromiseConstructor): object {
  const parts: Record<string, unknown> = {};
  parts.promise = new this((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}

type SetLike = Pick<ReadonlySet<unknown>, "size" | "has" | "keys">;

const keysOf = (other: SetLike): Iterable<unknown> => ({ [Symbol.iterator]: () => other.keys() });

const setMethods: Methods = {
  union(this: Set<unknown>, other: SetLike) {
    return new Set([...this, ...keysOf(other)]);
  },
  intersection(this: Set<unknown>, other: SetLike) {
    return new Set([...this].filter((one) => other.has(one)));
  },
  difference(this: Set<unknown>, other: SetLike) {
    return new Set([...this].filter((one) => !other.has(one)));
  },
  symmetricDifference(this: Set<unknown>, other: SetLike) {
    const more = [...keysOf(other)].filter((one) => !this.has(one));
    return new Set([...[...this].filter((one) => !other.has(one)), ...more]);
  },
  isSubsetOf(this: Set<unknown>, other: SetLike) {
    return [...this].every((one) => other.has(one));
  },
  isSupersetOf(this: Set<unknown>, other: SetLike) {
    return [...keysOf(other)].every((one) => this.has(one));
  },
  isDisjointFrom(this: Set<unknown>, other: SetLike) {
    return ![...this].some((one) => other.has(one));
  },
};
