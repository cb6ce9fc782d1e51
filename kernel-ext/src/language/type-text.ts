/**
 * Types in words: as a person wrote them, without the paths of files that only the kernel knows.
 *
 * Layer:  language; imports nothing.
 */
import { readFileSync } from "node:fs";
import path from "node:path";

/** Longest type inside a message. */
const LONGEST = 300;

const MODULE_TYPE = /typeof import\("([^"]+)"\)/g;
const QUALIFIED = /import\("([^"]+)"\)\.([\p{ID_Continue}$.]+)/gu;
const CELL = /(?:^|[\\/])radbook-cell(?:-\d+)?$/;

/** Text with types, where names stand for themselves and modules are called as they are imported. */
export function plainTypes(text: string): string {
  if (!text.includes("import(")) return text;
  return text
    .replace(MODULE_TYPE, (_, file: string) =>
      CELL.test(file) ? "typeof globalThis" : `typeof import("${moduleOf(file)}")`,
    )
    .replace(QUALIFIED, (_, __, name: string) => name);
}

/** A message with its types made plain and short; two different types of one name are told apart. */
export function plainMessage(text: string): string {
  const files = new Map<string, Set<string>>();
  for (const [, file = "", name = ""] of text.matchAll(QUALIFIED)) {
    files.set(name, (files.get(name) ?? new Set()).add(file));
  }
  const twice = [...files].filter(([, from]) => from.size > 1 && [...from].every((one) => CELL.test(one)));
  const notes = twice.map(
    ([name]) => `\n${name} was declared anew: a value of the earlier ${name} is still there.`,
  );
  return (
    plainTypes(text).replace(/'([^'\n]+)'/g, (all, type: string) => shortened(type, all)) + notes.join("")
  );
}

function shortened(type: string, all: string): string {
  if (type.length <= LONGEST) return all;
  return `'${type.slice(0, LONGEST / 2)} … ${type.slice(-LONGEST / 3)}'`;
}

/** The name that a module is imported by: its package, or the file without its folders. */
function moduleOf(file: string): string {
  if (!path.isAbsolute(file)) return file;
  const inPackage =
    /[\\/]node_modules[\\/](?:@types[\\/])?((?:@[^\\/]+[\\/])?[^\\/]+)(?![\s\S]*[\\/]node_modules[\\/])/.exec(
      file,
    );
  if (inPackage) return inPackage[1] ?? file;
  for (let folder = path.dirname(file); path.dirname(folder) !== folder; folder = path.dirname(folder)) {
    const name = packageName(folder);
    if (name !== null) return name;
  }
  return path.basename(file);
}

/** Name of the package in a folder; null where there is none that can be imported. */
function packageName(folder: string): string | null {
  try {
    const { name, exports, main } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as {
      readonly [field: string]: unknown;
    };
    return typeof name === "string" && (exports ?? main) !== undefined ? name : null;
  } catch {
    return null;
  }
}
