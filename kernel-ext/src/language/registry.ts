/**
 * Parsed files by path and version. TypeScript's own registry drops a file as soon as one program does without
 * it, and cells come and go with what the next cell uses.
 *
 * Layer:  language; imports documentation.
 */
import ts from "typescript";
import { isBulky } from "./documentation.js";

/** A registry that is told what to drop. */
export interface FileRegistry extends ts.DocumentRegistry {
  /** Drops what `isKept` does not want. */
  trim(isKept: (file: string) => boolean): void;
}

export function fileRegistry(): FileRegistry {
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
    trim: (isKept) => {
      for (const name of files.keys()) if (!isKept(name)) files.delete(name);
    },
  };
}

function withoutComments(
  target: ts.ScriptTarget | ts.CreateSourceFileOptions | undefined,
): ts.CreateSourceFileOptions {
  const options = typeof target === "object" ? target : { languageVersion: target ?? ts.ScriptTarget.ES2023 };
  return { ...options, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
}
