/**
 * TypeScript's language service over the cells of one session: virtual files in the notebook's folder.
 *
 * Layer:  language; imports ambient, growing-program, registry.
 */
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { AMBIENT } from "./ambient.js";
import { GrowingProgram, importsOf, reachesOut } from "./growing-program.js";
import { fileRegistry } from "./registry.js";

const KERNEL_FILE = fileURLToPath(import.meta.url);
/** All paths are absolute; the notebook's folder is not known yet when a snapshot is made. */
const HOME = path.dirname(KERNEL_FILE);
const AMBIENT_FILE = path.join(HOME, "radbook-ambient.d.ts");

const NODE_MAJOR = Number(process.versions.node.split(".")[0]);

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  // Only what this Node runs, or is given by `session/child/standard.ts`: a type for a missing method would be a lie.
  lib: [
    "lib.es2023.d.ts",
    ...(NODE_MAJOR >= 22
      ? ["lib.es2024.d.ts"]
      : ["lib.es2024.collection.d.ts", "lib.es2024.object.d.ts", "lib.es2024.promise.d.ts"]),
    "lib.es2025.collection.d.ts",
    "lib.es2025.iterator.d.ts",
    "lib.esnext.disposable.d.ts",
    "lib.esnext.decorators.d.ts",
  ],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  esModuleInterop: true,
  strict: true,
  skipLibCheck: true,
  preserveConstEnums: true,
  sourceMap: true,
  types: [],
};

const PARSING = {
  languageVersion: ts.ScriptTarget.ES2023,
  setExternalModuleIndicator: (
    ts as unknown as {
      getSetExternalModuleIndicator(options: ts.CompilerOptions): (file: ts.SourceFile) => void;
    }
  ).getSetExternalModuleIndicator(OPTIONS),
};

/** Added cells are given up after so many, with the checker that knows them all; texts looked at after more. */
const MAX_ADDED = 300;
const MAX_TAKEN = 3_000;

interface VirtualFile {
  readonly version: string;
  readonly text: string;
  readonly snapshot: ts.IScriptSnapshot;
}

/** A text in the program. */
export interface Look {
  readonly service: ts.LanguageService;
  readonly program: ts.Program;
  readonly file: ts.SourceFile;
}

export class CellProgram {
  /** The notebook's. */
  #folder = HOME;
  readonly #files = new Map<string, VirtualFile>();
  readonly #registry = fileRegistry();
  readonly #service: ts.LanguageService;
  /** Files that belong to the program even when nothing imports them. */
  readonly #roots = new Set<string>([AMBIENT_FILE]);
  #resolutions: ts.ModuleResolutionCache;
  #versions = 0;
  /** Versions of files that do not change until `refresh`. */
  readonly #stamps = new Map<string, string>();
  #looked: string | null = null;
  #looks = 0;
  #program: GrowingProgram | null = null;
  #builds = 0;
  /** The program serves one text only. */
  #isOnce = false;
  /** The person's own files in the program, and their versions. */
  #own: ReadonlyMap<string, string> = new Map();

  constructor() {
    this.#resolutions = newResolutions();
    this.#write(AMBIENT_FILE, AMBIENT);
    this.#service = ts.createLanguageService(this.#host(), this.#registry);
  }

  /** Cells are in another folder from now on. */
  move(folder: string): void {
    this.#folder = folder;
  }

  /** Makes `text` part of the program, as `module` or only to be looked at; until the next text, if it is not added. */
  look(text: string, module: string = `radbook-text-${++this.#looks}`): Look {
    const file = this.#pathOf(module);
    if (this.#looked !== null && this.#looked !== file) this.#dropLooked();
    const again = this.#program?.has(file) === true;
    this.#write(file, text);
    this.#looked = file;
    if (again || !this.#isFresh() || !this.#admit(file)) this.#rebuild();
    const program = this.#program?.program;
    const found = program?.getSourceFile(file);
    if (!program || !found) throw new Error("the language service has lost the cell");
    return { service: this.#service, program, file: found };
  }

  /** Lets cells import `text` as `module`. A root belongs to the program even when nothing imports it. */
  add(module: string, text: string, root: boolean): void {
    const file = this.#pathOf(module);
    if (this.#files.get(file)?.text !== text) this.#write(file, text);
    if (this.#looked === file) this.#looked = null;
    // What a cell imports stays in the program; a later cell would bring it in again.
    if (root || /\bfrom\s*["'](?!\.\/radbook-cell-)/.test(text)) this.#roots.add(file);
    if (root && this.#program?.has(file) !== true) this.#program = null;
  }

  /** Files on disk that the program was made of. */
  files(): readonly string[] {
    const files = this.#program?.program.getSourceFiles() ?? [];
    return files.map((one) => one.fileName).filter((file) => !this.#files.has(file));
  }

  /** Forgets where packages were found or missed. */
  refresh(): void {
    this.#stamps.clear();
    this.#resolutions = newResolutions();
    this.#program = null;
  }

  /** Path of a module that does not exist on disk. */
  #pathOf(module: string): string {
    return path.join(this.#folder, `${module}.ts`);
  }

  #write(file: string, text: string): void {
    this.#versions += 1;
    this.#files.set(file, {
      version: String(this.#versions),
      text,
      snapshot: ts.ScriptSnapshot.fromString(text),
    });
  }

  #dropLooked(): void {
    if (this.#looked === null) return;
    this.#files.delete(this.#looked);
    this.#program?.drop(this.#looked);
    this.#registry.trim((file) => file !== this.#looked);
    this.#looked = null;
  }

  /** Whether the program can take in more: nothing that it was made of has changed. */
  #isFresh(): boolean {
    if (!this.#program || this.#isOnce) return false;
    if (this.#program.size >= MAX_ADDED || this.#program.taken >= MAX_TAKEN) return false;
    for (const [file, version] of this.#own) if (this.#versionOnDisk(file) !== version) return false;
    return true;
  }

  /** Takes a cell into the program, with the cells that it imports; false if other files are needed. */
  #admit(file: string): boolean {
    const virtual = this.#files.get(file);
    if (!virtual || !this.#program) return false;
    const { version, snapshot } = virtual;
    const parsed = this.#registry.acquireDocument(
      file,
      OPTIONS,
      snapshot,
      version,
      ts.ScriptKind.TS,
      PARSING,
    );
    if (reachesOut(parsed)) return false;
    for (const { text } of importsOf(parsed)) {
      const { resolvedModule } = this.#resolve(text, file);
      // What is not found is not found by a new program either, and JavaScript is not looked at.
      if (!resolvedModule || /^\.[cm]?jsx?$/.test(resolvedModule.extension)) continue;
      const { resolvedFileName } = resolvedModule;
      if (!this.#program.has(resolvedFileName) && !this.#admit(resolvedFileName)) return false;
    }
    this.#program.add(parsed);
    return true;
  }

  /** A new program of all that is needed now. */
  #rebuild(): void {
    this.#program = null;
    this.#builds += 1;
    const program = this.#service.getProgram();
    if (!program) throw new Error("the language service has no program");
    const files = new Set(program.getSourceFiles().map((one) => one.fileName));
    this.#registry.trim((file) => !this.#files.has(file) || files.has(file));
    const own = [...files].filter((file) => !this.#files.has(file) && this.#isOwn(file));
    this.#own = new Map(own.map((file) => [file, this.#versionOnDisk(file)]));
    const growing = new GrowingProgram(program, (name, containing) => this.#resolve(name, containing));
    const looked = program.getSourceFile(this.#looked ?? "");
    // What it changes is gone with it, unless it is kept.
    this.#isOnce = looked !== undefined && reachesOut(looked);
    this.#program = growing;
  }

  #host(): ts.LanguageServiceHost {
    const onDisk = new Map<string, ts.IScriptSnapshot>();
    const snapshotOf = (file: string): ts.IScriptSnapshot | undefined => {
      const virtual = this.#files.get(file);
      if (virtual) return virtual.snapshot;
      const key = `${file}\0${this.#versionOnDisk(file)}`;
      const known = onDisk.get(key);
      if (known) return known;
      const text = ts.sys.readFile(file);
      if (text === undefined) return undefined;
      const snapshot = ts.ScriptSnapshot.fromString(text);
      onDisk.set(key, snapshot);
      return snapshot;
    };
    const host: ts.LanguageServiceHost & { getModuleResolutionCache(): ts.ModuleResolutionCache } = {
      // Not in the public type, but asked for: without it, each program reads every package.json again.
      getModuleResolutionCache: () => this.#resolutions,
      getCompilationSettings: () => OPTIONS,
      getScriptFileNames: () => [...this.#roots, ...(this.#looked === null ? [] : [this.#looked])],
      getScriptVersion: (file) => this.#files.get(file)?.version ?? this.#versionOnDisk(file),
      getScriptSnapshot: snapshotOf,
      getCurrentDirectory: () => HOME,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
      // It asks at each call; a program lasts until `#rebuild` wants another.
      getProjectVersion: () => String(this.#builds),
      fileExists: (file) => this.#files.has(file) || ts.sys.fileExists(file),
      readFile: (file, encoding) => ts.sys.readFile(file, encoding),
      readDirectory: ts.sys.readDirectory,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
      ...(ts.sys.realpath ? { realpath: ts.sys.realpath } : {}),
      resolveModuleNameLiterals: (literals, containing) =>
        literals.map((literal) => this.#resolve(literal.text, containing)),
    };
    return host;
  }

  /** Installed packages stay as they are; the person's own files may change between two cells. */
  #versionOnDisk(file: string): string {
    if (this.#isOwn(file)) return stamp(file);
    const known = this.#stamps.get(file) ?? stamp(file);
    this.#stamps.set(file, known);
    return known;
  }

  #isOwn(file: string): boolean {
    return !file.includes("/node_modules/") && file.startsWith(this.#folder + path.sep);
  }

  #resolve(name: string, containing: string): ts.ResolvedModuleWithFailedLookupLocations {
    if (name.startsWith("./radbook-cell-")) {
      const file = this.#pathOf(name.slice(2));
      if (this.#files.has(file)) {
        return { resolvedModule: { resolvedFileName: file, extension: ts.Extension.Ts } };
      }
    }
    const lookup = (from: string): ts.ResolvedModuleWithFailedLookupLocations =>
      ts.resolveModuleName(name, from, OPTIONS, ts.sys, this.#resolutions);
    const found = lookup(containing);
    const relative = name.startsWith(".") || path.isAbsolute(name);
    if (found.resolvedModule || relative) return found;
    // What the kernel brings along, `radbook` first of all, is there for notebooks anywhere.
    const brought = lookup(KERNEL_FILE);
    return brought.resolvedModule ? brought : found;
  }
}

function stamp(file: string): string {
  return String(ts.sys.getModifiedTime?.(file)?.getTime() ?? 0);
}

function newResolutions(): ts.ModuleResolutionCache {
  return ts.createModuleResolutionCache(HOME, (name) => name, OPTIONS);
}
