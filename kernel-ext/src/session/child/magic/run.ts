/**
 * `%run`: a file that runs each time, although modules run once.
 *
 * Layer:  session/child/magic; imports session/child.
 */
import { pathToFileURL } from "node:url";
import { importModule, type Namespace } from "../modules.js";

let runs = 0;

/** Runs a file, and the TypeScript files that it imports by relative paths, and gives what it exports. */
export function run(file: string): Promise<Namespace> {
  runs += 1;
  return importModule(`${pathToFileURL(file).href}?run=${runs}`);
}
