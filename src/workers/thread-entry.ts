/**
 * Where the module of a thread lies: source, built or bundled.
 *
 * Layer:  workers; imports nothing.
 */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/**
 * The module beside this one, ready for `new Worker`.
 *
 * Node 20 does not hand the loaders of the main thread down to others: where the sources run instead of the build (in tests), the
 * thread first registers tsx itself.
 *
 * @param name  File name without ending; it ends in `-thread`, by which the bundle knows it.
 */
export function threadEntry(name: string): URL {
  const isSource = import.meta.url.endsWith(".ts");
  // In a bundle, this module is part of another file, and all threads lie side by side (setup/bundle.mjs).
  const isBundle = !/\/thread-entry\.[jt]s$/.test(import.meta.url);
  const path = isBundle ? name.replace(/^.*\//, "") : name;
  const entry = new URL(`./${path}${isSource ? ".ts" : ".js"}`, import.meta.url);
  if (!isSource) return entry;
  const commonJs = pathToFileURL(createRequire(import.meta.url).resolve("tsx/esm/api"));
  const loader = JSON.stringify(new URL("index.mjs", commonJs).href);
  const start = `import { register } from ${loader}; register(); await import(${JSON.stringify(entry.href)});`;
  return new URL(`data:text/javascript,${encodeURIComponent(start)}`);
}
