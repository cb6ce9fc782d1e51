/**
 * What can stand in quotes after `from`: files beside the notebook, installed packages with their subpaths, and
 * Node's own modules.
 *
 * Layer:  language; imports packages.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PACKAGES } from "../packages.js";

const SOURCE = /\.(?:m?[tj]s|cjs|json)$/;
const KERNEL_FOLDER = path.dirname(fileURLToPath(import.meta.url));
/** Asked for when needed: while a snapshot is made, Node does not know them yet. */
const builtins = (): string[] => builtinModules.filter((name) => !/^_|^node:|\/_/.test(name));

/** Specifiers that continue `typed` by one step, whole. @param containing The file that imports. */
export function importPaths(containing: string, typed: string): string[] {
  const folder = path.dirname(containing);
  if (/^\.{0,2}\//.test(typed)) return filesAt(folder, typed);
  if (/^\.{0,2}$/.test(typed) && typed !== "") return ["./", "../"];
  const name = packageOf(typed);
  const slash = name !== null && typed.length > name.length;
  const found = slash
    ? subpaths(folder, name)
    : [...packagesFor(folder), ...builtins().map((one) => `node:${one}`)];
  return found.filter((one) => one.startsWith(typed)).sort();
}

/** Everything that a misspelt specifier could mean. */
export function importNames(containing: string, typed: string): string[] {
  const folder = path.dirname(containing);
  if (typed.startsWith(".")) return filesAt(folder, typed.slice(0, typed.lastIndexOf("/") + 1));
  const names = [...packagesFor(folder), ...builtins(), ...builtins().map((one) => `node:${one}`)];
  const name = packageOf(typed);
  return name !== null && name !== typed ? [...names, ...subpaths(folder, name)] : names;
}

let brought: ReadonlyMap<string, string> | null = null;

/** Names that packages of the kernel's own export, and which package each comes from. */
export function broughtNames(): ReadonlyMap<string, string> {
  brought ??= new Map(PACKAGES.flatMap((name) => exportedNames(name).map((one) => [one, name] as const)));
  return brought;
}

/** What the types of a package export by name; empty where they are not there. */
function exportedNames(name: string): string[] {
  const root = packageFolder(KERNEL_FOLDER, name);
  const { exports } = root === null ? {} : manifest(root);
  const entry = typeof exports === "object" && exports !== null ? (exports as { "."?: unknown })["."] : null;
  const types = typeof entry === "object" && entry !== null ? (entry as { types?: unknown }).types : null;
  if (root === null || typeof types !== "string") return [];
  const text = textOf(path.join(root, types));
  const lists = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list = ""]) =>
    list.split(","),
  );
  const namespaces = [...text.matchAll(/^export \* as (\w+) /gm)].map(([, one = ""]) => one);
  const names = lists.map((one) => /(\w+)\s*$/.exec(one)?.[1] ?? "").filter((one) => one !== "");
  return [...names, ...namespaces];
}

/** Packages that code in `folder` can import; those of the kernel's own that notebooks are promised among them. */
export function installedPackages(folder: string): string[] {
  const found = new Set<string>();
  for (const modules of moduleFolders(folder)) {
    for (const name of namesIn(modules)) {
      if (name.startsWith(".") || name === "@types") continue;
      if (!name.startsWith("@")) found.add(name);
      else for (const inner of namesIn(path.join(modules, name))) found.add(`${name}/${inner}`);
    }
  }
  return [...found].sort();
}

function packagesFor(folder: string): string[] {
  const own = PACKAGES.filter((name) => packageFolder(KERNEL_FOLDER, name) !== null);
  return [...new Set([...own, "tslab", ...installedPackages(folder)])];
}

/** `@scope/name` or `name`, as far as it is whole. */
function packageOf(specifier: string): string | null {
  return /^(?:@[^/]+\/)?[^@/][^/]*/.exec(specifier)?.[0] ?? null;
}

function filesAt(folder: string, typed: string): string[] {
  const stem = typed.slice(0, typed.lastIndexOf("/") + 1);
  const parent = path.resolve(folder, stem);
  return namesIn(parent)
    .filter((name) => !name.startsWith(".") && name !== "node_modules")
    .flatMap((name) => {
      if (isFolder(path.join(parent, name))) return [`${stem}${name}/`];
      return SOURCE.test(name) && !name.endsWith(".d.ts") ? [`${stem}${name}`] : [];
    })
    .filter((one) => one.startsWith(typed));
}

/** The package itself and what its `exports` offer; a star is filled in with the files that are there. */
function subpaths(folder: string, name: string): string[] {
  const root = packageFolder(folder, name) ?? packageFolder(KERNEL_FOLDER, name);
  if (root === null) return [];
  const { exports } = manifest(root);
  if (typeof exports !== "object" || exports === null) {
    return exports === undefined ? filesAt(root, "./").map((one) => `${name}/${one.slice(2)}`) : [];
  }
  return Object.entries(exports).flatMap(([key, target]) => {
    if (key === "." || !key.startsWith("./") || target === null) return [];
    if (!key.includes("*")) return [`${name}/${key.slice(2)}`];
    return starNames(root, target).map((one) => `${name}/${key.slice(2).replace("*", () => one)}`);
  });
}

function starNames(root: string, target: unknown): string[] {
  const pattern = firstPath(target);
  const [before = "", after = ""] = pattern?.split("*") ?? [];
  if (pattern === null || !before.endsWith("/")) return [];
  return namesIn(path.join(root, before))
    .filter((one) => one.endsWith(after) && one.length > after.length && !/\.d\.[mc]?ts$|\.map$/.test(one))
    .map((one) => one.slice(0, one.length - after.length));
}

/** Where an entry of `exports` leads for an import in Node. */
function firstPath(target: unknown): string | null {
  if (typeof target === "string") return target;
  if (typeof target !== "object" || target === null) return null;
  for (const [condition, inner] of Object.entries(target)) {
    if (/^(?:import|node|default)$/.test(condition) || Array.isArray(target)) {
      const found = firstPath(inner);
      if (found !== null) return found;
    }
  }
  return null;
}

function packageFolder(folder: string, name: string): string | null {
  return (
    moduleFolders(folder)
      .map((modules) => path.join(modules, name))
      .find((one) => existsSync(path.join(one, "package.json"))) ?? null
  );
}

function manifest(folder: string): { readonly exports?: unknown } {
  const text = textOf(path.join(folder, "package.json"));
  try {
    return JSON.parse(text) as { exports?: unknown };
  } catch {
    return {};
  }
}

/** Empty where there is no such file. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** `node_modules` of a folder and of those above it. */
function moduleFolders(folder: string): string[] {
  const found: string[] = [];
  for (let at = folder; ; at = path.dirname(at)) {
    found.push(path.join(at, "node_modules"));
    if (path.dirname(at) === at) return found;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
