/**
 * Counts which cases of the reference files the tests have looked at, so that a file or a case without a test is noticed.
 *
 * A case is an object with numbers or arrays of its own less than two steps below the root of a file, or any object two steps below. Whether
 * a test has looked at it is seen by the reading, not by the name of the file in the source of a test.
 */

const DEPTH = 2;

/** By file: the cases there are, and whether anything of them was read. */
const files = new Map<string, Map<string, boolean>>();

/** The content of a file, which notes what is read of it. */
export function watched<Shape>(file: string, content: Shape): Shape {
  const cases = files.get(file) ?? new Map<string, boolean>();
  files.set(file, cases);
  return watch(content, cases, "", 0) as Shape;
}

/** Texts and flags tell how a case was made. */
function isMeasured(value: unknown): boolean {
  return typeof value === "number" || Array.isArray(value);
}

/** Cases of a file of which nothing was read so far; null if the file was not even opened. */
export function unread(file: string): readonly string[] | null {
  const cases = files.get(file);
  if (cases === undefined) return null;
  return [...cases].filter(([, isRead]) => !isRead).map(([name]) => name);
}

function watch(value: unknown, cases: Map<string, boolean>, name: string, depth: number): unknown {
  if (!isPlain(value) || name === "versions") return value;
  const isCase = depth === DEPTH || Object.values(value).some(isMeasured);
  if (isCase && !cases.has(name)) cases.set(name, false);
  const parts = Object.entries(value).map(([key, part]): [string, unknown] => [
    key,
    depth < DEPTH ? watch(part, cases, name === "" ? key : `${name} › ${key}`, depth + 1) : part,
  ]);
  return new Proxy(Object.fromEntries(parts), {
    get(target, key, receiver): unknown {
      const found: unknown = Reflect.get(target, key, receiver);
      // To step into a case is not yet to read a value of it.
      if (isCase && typeof key === "string" && (depth === DEPTH || !isPlain(found))) cases.set(name, true);
      return found;
    },
  });
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
