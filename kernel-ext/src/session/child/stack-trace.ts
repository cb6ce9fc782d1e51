/**
 * Stack traces that name cells and their lines, and files of the person's by the lines as written.
 *
 * Layer:  session/child; imports session.
 */
import { readFileSync } from "node:fs";
import { findSourceMap, type SourceMapping } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PACKAGES } from "../../packages.js";
import type { RunCommand } from "../protocol.js";
import { decodeMappings, type LineMap, type Place, sourcePlace } from "./source-map.js";

interface CellSource {
  readonly label: string;
  readonly lines: readonly string[];
  readonly mappings: string;
  readonly shifts: Readonly<Record<number, number>>;
  map: LineMap | null;
}

/** A line that a person wrote, in a cell or in a file beside the notebook. */
export interface WrittenPlace extends Place {
  readonly label: string;
  lines(): readonly string[];
}

const KERNEL_FOLDER = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..") + path.sep;
/** A trace of more frames is cut there. */
const MOST_FRAMES = 20;

const sources = new Map<string, CellSource>();
/** The topmost written place of each error whose stack was asked for. */
const places = new WeakMap<object, WrittenPlace>();
let packageFolders: readonly (readonly [name: string, folder: string])[] | null = null;

/** Lets stack traces through this cell show its text. */
export function addSource(run: RunCommand): void {
  const { label, mappings, shifts } = run;
  sources.set(run.file, { label, mappings, shifts, lines: run.source.split("\n"), map: null });
}

/** Makes `error.stack` name cells and their lines, everywhere in this process. */
export function installStackTraces(): void {
  Error.stackTraceLimit = 50;
  Error.prepareStackTrace = (error, sites) => {
    const lines: string[] = [];
    /** Frames up to the lowest one in a cell; below it, the kernel has called. */
    let kept = 0;
    for (const site of sites) {
      const file = site.getFileName() ?? "";
      const at = placeInCell(site);
      if (at) {
        if (!places.has(error)) places.set(error, at);
        const where = `${at.label}:${at.line + 1}:${at.column + 1}`;
        const plain = `${file}:${site.getLineNumber()}:${site.getColumnNumber()}`;
        kept = lines.push(`    at ${String(site).replace(plain, where)}`);
      } else if (!sources.has(file) && !isKernelFile(file)) {
        lines.push(`    at ${outside(error, site, file)}`);
      }
    }
    return [headline(error), ...lines.slice(0, kept || lines.length)].join("\n");
  };
}

/** Where the person's own code stood when an error was made. */
export function placeOf(error: Error): WrittenPlace | undefined {
  return places.get(error);
}

/** The frames of the person's code; what a package did below a call of it is one line with the function called. */
export function userFrames(error: Error): string[] {
  const stack = typeof error.stack === "string" ? error.stack : "";
  const frames = stack.split("\n").filter((line) => /^ {4}at /.test(line) && !isNative(line));
  const lines: string[] = [];
  for (const [i, frame] of frames.entries()) {
    const name = packageOf(frame);
    if (name === null) lines.push(frame);
    else if (packageOf(frames[i + 1] ?? "") !== name) lines.push(`    at ${calledIn(frame)} (${name})`);
  }
  const folded = foldRepeated(lines);
  const more = folded.length - MOST_FRAMES;
  return more > 1 ? [...folded.slice(0, MOST_FRAMES), `    … ${more} more`] : folded;
}

/** Name and message, of errors that refuse to tell as well. */
export function headline(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

function foldRepeated(lines: readonly string[]): string[] {
  const folded: string[] = [];
  for (let i = 0; i < lines.length; ) {
    const line = lines[i] ?? "";
    let end = i + 1;
    while (lines[end] === line) end += 1;
    const count = end - i;
    folded.push(line, ...(count > 2 ? [`    … ${count - 1} more times`] : Array(count - 1).fill(line)));
    i = end;
  }
  return folded;
}

/** Node's own frames and those of built-in functions. */
function isNative(frame: string): boolean {
  return /[( ]node:|\((?:<anonymous>|index \d+)\)$/.test(frame);
}

function packageOf(frame: string): string | null {
  const installed = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(frame)?.[1];
  if (installed !== undefined) return installed.replace("\\", "/");
  return folders().find(([, folder]) => frame.includes(folder))?.[0] ?? null;
}

/** The function of a frame, without what it was looked up on. */
function calledIn(frame: string): string {
  const name = /^ {4}at (?:async )?(.+?) \(/.exec(frame)?.[1] ?? "<anonymous>";
  return name.replace(/^(?:Module|Object|exports)\./, "");
}

/** Packages that come with the kernel are not under `node_modules`. */
function folders(): readonly (readonly [string, string])[] {
  packageFolders ??= PACKAGES.flatMap((name) => {
    try {
      return [[name, new URL(".", import.meta.resolve(name)).href] as const];
    } catch {
      return [];
    }
  });
  return packageFolders;
}

/** A frame outside of cells: in a file of the person's at the line as written. */
function outside(error: object, site: NodeJS.CallSite, file: string): string {
  const line = site.getLineNumber() ?? 1;
  const column = site.getColumnNumber() ?? 1;
  const plain = String(site);
  if (file === "" && site.isEval())
    return `${site.getFunctionName() ?? "eval"} (evaluated:${line}:${column})`;
  if (!/^file:.*\.[cm]?[jt]s(?:\?|$)/.test(file) || packageOf(file) !== null) return plain;
  const entry = /\.m?ts(?:\?|$)/.test(file)
    ? (findSourceMap(file)?.findEntry(line - 1, column - 1) as Partial<SourceMapping> | undefined)
    : { originalLine: line - 1, originalColumn: column - 1 };
  if (entry?.originalLine === undefined || entry.originalColumn === undefined) return plain;
  const written = fileURLToPath(file);
  if (!places.has(error)) {
    places.set(error, {
      label: path.basename(written),
      line: entry.originalLine,
      column: entry.originalColumn,
      lines: () => linesOf(written),
    });
  }
  return plain.replace(
    `${file}:${line}:${column}`,
    `${written}:${entry.originalLine + 1}:${entry.originalColumn + 1}`,
  );
}

/** None where the file is gone. */
function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
}

function isKernelFile(file: string): boolean {
  const plain = file.startsWith("file:") ? fileURLToPath(file) : file;
  return plain.startsWith(KERNEL_FOLDER) || plain === "node:vm";
}

function placeInCell(site: NodeJS.CallSite): WrittenPlace | null {
  const cell = sources.get(site.getFileName() ?? "");
  if (!cell) return null;
  cell.map ??= decodeMappings(cell.mappings);
  const at = sourcePlace(cell.map, {
    // The script has one line before the converted text.
    line: (site.getLineNumber() ?? 1) - 2,
    column: (site.getColumnNumber() ?? 1) - 1,
  });
  if (!at) return null;
  // The checked text has one line before the cell's own.
  const line = at.line - 1;
  if (line < 0 || line >= cell.lines.length) return null;
  const column = Math.max(0, at.column - (cell.shifts[line] ?? 0));
  return { label: cell.label, lines: () => cell.lines, line, column };
}
