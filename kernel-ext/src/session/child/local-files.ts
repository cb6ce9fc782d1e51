/**
 * TypeScript files beside the notebook and JSON that they import, loaded anew when they or anything that they import has changed.
 *
 * Node keeps a module as long as its address stays the same, so each generation of files has addresses of its
 * own. All files go over to the next one together: two of them still share what both import.
 * Layer:  session/child; imports nothing.
 */
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** State of each file of this generation. */
const states = new Map<string, string>();
let generation = 0;

/** The address to import a file by. */
export function currentUrl(file: string): string {
  if ([...states].some(([one, state]) => stateOf(one) !== state)) {
    generation += 1;
    states.clear();
  }
  remember(file);
  const { href } = pathToFileURL(file);
  return generation === 0 ? href : `${href}?changed=${generation}`;
}

function remember(file: string): void {
  const state = stateOf(file);
  if (states.has(file) || state === "") return;
  states.set(file, state);
  if (file.endsWith(".json")) return;
  for (const [, specifier = ""] of readFileSync(file, "utf8").matchAll(
    /\b(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g,
  )) {
    const target = path.resolve(path.dirname(file), specifier);
    for (const one of [target, target.replace(/\.js$/, ".ts"), `${target}.ts`]) {
      if (/\.(?:m?ts|json)$/.test(one)) remember(one);
    }
  }
}

/** Empty where there is no such file. */
function stateOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.isFile() ? `${found.mtimeMs} ${found.size}` : "";
}
