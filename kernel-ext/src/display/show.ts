/**
 * What a value looks like: its own MIME bundle, the picture that its kind has, or its text.
 *
 * A value's `Symbol.for("Jupyter.display")` method returns (a promise of) a MIME bundle, or an object of just
 * `{ data, metadata }` where the bundle needs metadata.
 * Layer:  display; imports session (types).
 */
import { inspect } from "node:util";
import type { JsonMap, Shown } from "../session/protocol.js";
import { knownBundle } from "./known.js";

/** Lists and texts are cut by themselves; this is for objects of many keys and for lists of lists. */
const LONGEST_TEXT = 20_000;
const DISPLAY = Symbol.for("Jupyter.display");

/** A bundle at once where that is possible, or a promise of it; null for `undefined`, which shows nothing. */
export function show(value: unknown): Shown | null | Promise<Shown> {
  if (value === undefined) return null;
  const method = displayMethod(value);
  if (method === null) return withText({ data: knownBundle(value) ?? {}, metadata: {} }, value);
  const bundle = method.call(value);
  return bundle instanceof Promise
    ? bundle.then((found: unknown) => withText(shownBundle(found), value))
    : withText(shownBundle(bundle), value);
}

/** @throws TypeError unless `bundle` is a MIME bundle or `{ data, metadata }`. */
export function shownBundle(bundle: unknown): Shown {
  if (!isMap(bundle)) {
    throw new TypeError(
      `a value shows itself by an object of MIME types, such as { "text/html": "…" }; found ${inspect(bundle, { depth: 0 })}`,
    );
  }
  const wrapped = isMap(bundle.data) && isMap(bundle.metadata) && Object.keys(bundle).length === 2;
  const data = (wrapped ? bundle.data : bundle) as JsonMap;
  const metadata = (wrapped ? bundle.metadata : {}) as JsonMap;
  return { data, metadata };
}

/** Front ends without the richer types still show something. */
function withText({ data, metadata }: Shown, value: unknown): Shown {
  return { data: "text/plain" in data ? data : { ...data, "text/plain": textOf(value) }, metadata };
}

/** A value as text, cut to what a person reads. */
export function textOf(value: unknown): string {
  const text = inspect(value, { depth: 4, maxArrayLength: 100, maxStringLength: 10_000, breakLength: 100 });
  if (text.length <= LONGEST_TEXT) return text;
  const end = text.lastIndexOf("\n", LONGEST_TEXT);
  const kept = text.slice(0, end > 0 ? end : LONGEST_TEXT);
  return `${kept}\n… ${(text.length - kept.length).toLocaleString("en")} more characters`;
}

function displayMethod(value: unknown): (() => unknown) | null {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return null;
  try {
    // A proxy may answer to every name: it has the method only if it says so.
    if (!(DISPLAY in value)) return null;
    const method = value[DISPLAY];
    return typeof method === "function" ? (method as () => unknown) : null;
  } catch {
    return null;
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
