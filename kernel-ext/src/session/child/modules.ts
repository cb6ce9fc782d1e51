/**
 * Modules for cells: found from the notebook's folder, then from the kernel's own, so that `radbook` is there
 * for notebooks anywhere.
 *
 * Layer:  session/child; imports local-files.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire, Module, register } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import vm from "node:vm";
import { currentUrl } from "./local-files.js";

/** A module as `import()` gives it. */
export interface Namespace {
  readonly [name: string]: unknown;
}

type Importer = (specifier: string, options?: unknown) => Promise<Namespace>;

/** The notebook's folder, even when user code changes directory. */
export const folder: string = process.cwd();
const notebook = path.join(folder, "notebook.js");
const fromNotebook = importerAt(notebook);
const fromKernel = importerAt(fileURLToPath(import.meta.url));
let typescriptIsLoadable = false;
/** Modules that the kernel serves itself. */
const provided = new Map<string, Namespace>();

/** What `module` is in cells: one for the whole notebook, as if it were the program that was started. */
export const notebookModule: NodeJS.Module = Object.assign(new Module(notebook), { filename: notebook });

export const requireFromNotebook: NodeJS.Require = requireAt(notebook);

/** What `import.meta` is in a cell. */
export interface CellMeta {
  readonly url: string;
  readonly dirname: string;
  readonly filename: string;
  resolve(specifier: string): string;
}

export const meta: CellMeta = {
  url: pathToFileURL(notebook).href,
  dirname: folder,
  filename: notebook,
  resolve: resolveModule,
};

/** Lets cells import `module` by a name that no package has to be installed for. */
export function provide(name: string, module: Namespace): void {
  provided.set(name, module);
}

/** @throws as `import()` does, or SyntaxError from a JSON file. */
export async function importModule(specifier: string, options?: unknown): Promise<Namespace> {
  const own = provided.get(specifier);
  if (own) return own;
  const local = /^(\.{0,2}\/|file:)/.test(specifier);
  if (local) {
    const file = specifier.startsWith("file:") ? fileURLToPath(specifier) : path.resolve(folder, specifier);
    if (file.endsWith(".json")) return jsonModule(file);
    allowTypescript();
    // Who adds a question mark has chosen the address already.
    const source = specifier.includes("?") ? undefined : sourceAt(file);
    if (source !== undefined) return fromNotebook(currentUrl(source), options);
  }
  if (specifier.endsWith(".json")) return jsonModule(fileURLToPath(resolveModule(specifier)));
  try {
    return await fromNotebook(specifier, options);
  } catch (error) {
    if (local || !isMissing(error, specifier)) throw error;
    try {
      return await fromKernel(specifier, options);
    } catch (second) {
      throw isMissing(second, specifier) ? error : second;
    }
  }
}

/**
 * One name of a module. CommonJS modules show some names only on their default export.
 *
 * @throws SyntaxError when the module has no such name.
 */
export function pick(module: Namespace, name: string, specifier: string): unknown {
  const standard = module.default;
  if (name === "default") {
    // Compiled from an ES module: its own default is meant, as its types say.
    return isRecord(standard) && standard.__esModule === true && "default" in standard
      ? standard.default
      : standard;
  }
  if (name in module) return module[name];
  if (isRecord(standard) && name in standard) return standard[name];
  throw new SyntaxError(`the module "${specifier}" has no export named "${name}"`);
}

function requireAt(file: string): NodeJS.Require {
  const plain = createRequire(file);
  const required = (name: string): unknown => provided.get(name) ?? plain(name);
  return Object.assign(required, {
    resolve: plain.resolve,
    cache: plain.cache,
    extensions: plain.extensions,
    main: notebookModule,
  });
}

/** The address of a module as an import would find it. @throws as `import()` does. */
function resolveModule(specifier: string): string {
  try {
    return import.meta.resolve(specifier, meta.url);
  } catch (error) {
    try {
      return import.meta.resolve(specifier);
    } catch {
      throw error;
    }
  }
}

function jsonModule(file: string): Namespace {
  return { default: JSON.parse(readFileSync(file, "utf8")) };
}

/** The TypeScript file that `./a`, `./a.js` or `./a.ts` means. */
function sourceAt(file: string): string | undefined {
  return [file, file.replace(/\.js$/, ".ts"), `${file}.ts`].find(
    (one) => /\.m?ts$/.test(one) && existsSync(one),
  );
}

function importerAt(file: string): Importer {
  return new vm.Script("(specifier, options) => import(specifier, options)", {
    filename: file,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext() as Importer;
}

/** True when the package itself was not found, and not something that it imports. */
function isMissing(error: unknown, specifier: string): boolean {
  if (!(error instanceof Error) || (error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND")
    return false;
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  return error.message.includes(`'${name}'`);
}

/** TypeScript files beside the notebook load from then on. Not before they are asked for: it costs a thread. */
function allowTypescript(): void {
  if (typescriptIsLoadable) return;
  typescriptIsLoadable = true;
  process.setSourceMapsEnabled(true);
  register("./typescript-hooks.js", import.meta.url);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
