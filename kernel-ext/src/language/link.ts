/**
 * One script of several modules: V8's start-up snapshots are made by a script that loads no other.
 *
 * Layer:  language; imports nothing else.
 */
import { readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";

/**
 * What stands for `require` in a linked script. Modules run when they are first asked for; Node's own are loaded
 * when something of them is used, because not all can be part of a snapshot.
 */
const PRELUDE = `"use strict";
const builtin = (name) =>
  new Proxy({}, { get: (_, key) => (key === "__esModule" ? undefined : require(name)[key]) });
const nodeRequire = require;
const modules = new Map();
const link = (id) => {
  const known = modules.get(id);
  if (known) return known.exports;
  const module = { exports: {} };
  modules.set(id, module);
  sources[id](module.exports, link, module);
  return module.exports;
};
`;

export interface Linked {
  readonly script: string;
  /** What it was made of. */
  readonly files: readonly string[];
}

/** @param entry A built module; it runs when the script does. */
export function linkScript(entry: string): Linked {
  const sources = new Map<string, string>();
  const add = (file: string): void => {
    if (sources.has(file)) return;
    const isCommonJs = file === TYPESCRIPT;
    const text = readFileSync(file, "utf8");
    sources.set(file, isCommonJs ? wrapped(file, text) : "");
    if (isCommonJs) return;
    const ids = new Map<string, string>();
    for (const { fileName: name } of ts.preProcessFile(text).importedFiles) {
      const found = target(name, file);
      ids.set(name, found);
      if (!isBuiltin(found)) add(found);
    }
    sources.set(file, wrapped(file, commonJs(file, text, ids)));
  };
  add(entry);
  const table = [...sources].map(([file, source]) => `${JSON.stringify(file)}: ${source}`);
  const script = `${PRELUDE}const sources = {\n${table.join(",\n")}\n};\nlink(${JSON.stringify(entry)});\n`;
  return { script: inLatin1(script), files: [...sources.keys()] };
}

const TYPESCRIPT = createRequire(import.meta.url).resolve("typescript");

function target(name: string, from: string): string {
  if (isBuiltin(name)) return name;
  return name === "typescript" ? TYPESCRIPT : fileURLToPath(new URL(name, pathToFileURL(from)));
}

function wrapped(file: string, source: string): string {
  const folder = JSON.stringify(file.slice(0, file.lastIndexOf("/")));
  const body = source.replace(/^\/\/# sourceMappingURL=.*$/gm, "");
  return `(exports, link, module) => (function (exports, require, module, __filename, __dirname) {${body}
})(exports, ${file === TYPESCRIPT ? "nodeRequire" : "link"}, module, ${JSON.stringify(file)}, ${folder})`;
}

/** The module as Node's older kind, which imports by calls. */
function commonJs(file: string, text: string, ids: ReadonlyMap<string, string>): string {
  const { outputText } = ts.transpileModule(text.replaceAll("import.meta.url", "__url"), {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2023,
      esModuleInterop: true,
    },
  });
  const body = outputText.replace(/\brequire\("([^"]+)"\)/g, (whole, name: string) => {
    const id = ids.get(name);
    if (id === undefined) return whole;
    return isBuiltin(id) ? `builtin(${JSON.stringify(id)})` : `require(${JSON.stringify(id)})`;
  });
  return `const __url = ${JSON.stringify(pathToFileURL(file).href)}; ${body}`;
}

/** The same script in characters of one byte: the snapshot keeps it, and other texts take two bytes a character. */
function inLatin1(script: string): string {
  return script.replace(/[^\0-\u00ff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
