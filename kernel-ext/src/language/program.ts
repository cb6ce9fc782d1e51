/**
 * TypeScript's language service over the cells of one session: virtual files in the notebook's folder.
 *
 * Layer:  language; imports ambient, documentation.
 */
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "#typescript";
import { AMBIENT } from "./ambient.js";
import { isBulky } from "./documentation.js";

const KERNEL_FILE = fileURLToPath(import.meta.url);
const AMBIENT_FILE = path.join(path.dirname(KERNEL_FILE), "radbook-ambient.d.ts");

const NODE_MAJOR = Number(process.versions.node.split(".")[0]);

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  // Only what this Node runs: a type for a missing method would be a lie.
  lib: [
    "lib.es2023.d.ts",
    "lib.esnext.disposable.d.ts",
    ...(NODE_MAJOR >= 22
      ? ["lib.es2024.d.ts", "lib.esnext.iterator.d.ts", "lib.esnext.collection.d.ts"]
      : []),
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

interface VirtualFile {
  readonly version: string;
  readonly snapshot: ts.IScriptSnapshot;
}

export class CellProgram {
  /** Path of the file that is looked at. */
  readonly current: string;
  readonly #folder: string;
  readonly #files = new Map<string, VirtualFile>();
  readonly #service: ts.LanguageService;
  readonly #roots = new Set<string>([AMBIENT_FILE]);
  #resolutions: ts.ModuleResolutionCache;
  #versions = 0;
  /** Grows when packages change, so that nothing known of them is used again. */
  #generation = 0;

  /** @param folder The notebook's. */
  constructor(folder: string) {
    this.#folder = folder;
    this.current = this.#pathOf("radbook-cell");
    this.#resolutions = this.#newResolutions();
    this.#write(AMBIENT_FILE, AMBIENT);
    this.#write(this.current, "");
    this.#roots.add(this.current);
    this.#service = ts.createLanguageService(this.#host(), sharedRegistry());
  }

  /**
   * Makes `text` the file that is looked at. It is always the same one: TypeScript then takes over from the last
   * program whatever has not changed.
   */
  look(text: string): ts.LanguageService {
    this.#write(this.current, text);
    return this.#service;
  }

  /** Lets cells import `text` as `module`. A root belongs to the program even when nothing imports it. */
  add(module: string, text: string, root: boolean): void {
    const file = this.#pathOf(module);
    this.#write(file, text);
    if (root) this.#roots.add(file);
  }

  /** Forgets where packages were found or missed. */
  refresh(): void {
    this.#generation += 1;
    this.#resolutions = this.#newResolutions();
  }

  /** Path of a module that does not exist on disk. */
  #pathOf(module: string): string {
    return path.join(this.#folder, `${module}.ts`);
  }

  #write(file: string, text: string): void {
    this.#versions += 1;
    this.#files.set(file, { version: String(this.#versions), snapshot: ts.ScriptSnapshot.fromString(text) });
  }

  #newResolutions(): ts.ModuleResolutionCache {
    return ts.createModuleResolutionCache(this.#folder, (name) => name, OPTIONS);
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
      getScriptFileNames: () => [...this.#roots],
      getScriptVersion: (file) => this.#files.get(file)?.version ?? this.#versionOnDisk(file),
      getScriptSnapshot: snapshotOf,
      getCurrentDirectory: () => this.#folder,
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
      getProjectVersion: () => `${this.#versions}.${this.#generation}`,
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
    if (file.includes("/node_modules/") || !file.startsWith(this.#folder + path.sep))
      return `${this.#generation}`;
    return String(ts.sys.getModifiedTime?.(file)?.getTime() ?? 0);
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

/**
 * Parsed files by path and version. TypeScript's own registry drops a file as soon as one program does without
 * it, and cells come and go with what the next cell uses.
 */
function sharedRegistry(): ts.DocumentRegistry {
  const files = new Map<string, { version: string; file: ts.SourceFile }>();
  const acquire = (
    name: string,
    snapshot: ts.IScriptSnapshot,
    version: string,
    kind: ts.ScriptKind | undefined,
    target: ts.ScriptTarget | ts.CreateSourceFileOptions | undefined,
  ): ts.SourceFile => {
    const known = files.get(name);
    if (known?.version === version) return known.file;
    const options = isBulky(name) ? withoutComments(target) : (target ?? ts.ScriptTarget.ES2023);
    const file = ts.createLanguageServiceSourceFile(name, snapshot, options, version, false, kind);
    files.set(name, { version, file });
    return file;
  };
  const key = "cells" as ts.DocumentRegistryBucketKey;
  return {
    acquireDocument: (name, _settings, snapshot, version, kind, options) =>
      acquire(name, snapshot, version, kind, options),
    acquireDocumentWithKey: (name, _path, _settings, _key, snapshot, version, kind, options) =>
      acquire(name, snapshot, version, kind, options),
    updateDocument: (name, _settings, snapshot, version, kind, options) =>
      acquire(name, snapshot, version, kind, options),
    updateDocumentWithKey: (name, _path, _settings, _key, snapshot, version, kind, options) =>
      acquire(name, snapshot, version, kind, options),
    getKeyForCompilationSettings: () => key,
    releaseDocument: () => undefined,
    releaseDocumentWithKey: () => undefined,
    reportStats: () => `${files.size} files`,
  };
}

function withoutComments(
  target: ts.ScriptTarget | ts.CreateSourceFileOptions | undefined,
): ts.CreateSourceFileOptions {
  const options = typeof target === "object" ? target : { languageVersion: target ?? ts.ScriptTarget.ES2023 };
  return { ...options, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
}
