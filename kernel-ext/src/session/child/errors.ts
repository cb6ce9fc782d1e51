/**
 * Errors of user code as a person reads them: the line of the cell as typed, with a caret, and the user's own
 * frames only.
 *
 * Layer:  session/child; imports session.
 */
import { findSourceMap, type SourceMapping } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import type { ErrorReport, RunCommand } from "../protocol.js";
import { decodeMappings, type LineMap, type Place, sourcePlace } from "./source-map.js";

interface CellSource {
  readonly label: string;
  readonly lines: readonly string[];
  readonly mappings: string;
  readonly shifts: Readonly<Record<number, number>>;
  map: LineMap | null;
}

interface CellPlace extends Place {
  readonly cell: CellSource;
}

const KERNEL_FOLDER = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..") + path.sep;
const CAUSES_SHOWN = 5;

const sources = new Map<string, CellSource>();
/** The topmost place in a cell of each error whose stack was asked for. */
const places = new WeakMap<object, CellPlace>();

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
      const at = placeOf(site);
      if (at) {
        if (!places.has(error)) places.set(error, at);
        const where = `${at.cell.label}:${at.line + 1}:${at.column + 1}`;
        const plain = `${file}:${site.getLineNumber()}:${site.getColumnNumber()}`;
        kept = lines.push(`    at ${String(site).replace(plain, where)}`);
      } else if (!sources.has(file) && !isKernelFile(file)) {
        lines.push(`    at ${ownPlace(site, file)}`);
      }
    }
    return [headline(error), ...lines.slice(0, kept || lines.length)].join("\n");
  };
}

export function reportError(error: unknown): ErrorReport {
  if (!(error instanceof Error)) {
    const value = inspect(error, { depth: 2 });
    return { name: "Uncaught", value, traceback: [`Uncaught ${value}`] };
  }
  return { name: error.name, value: error.message, traceback: describe(error, 0) };
}

function describe(error: Error, depth: number): string[] {
  const [head, frames] = splitStack(error);
  const place = places.get(error);
  const lines = [head];
  if (place) lines.push(...excerpt(place));
  lines.push(...frames.filter(isUserFrame));
  if (depth >= CAUSES_SHOWN) return lines;
  if (error instanceof AggregateError) {
    for (const one of error.errors) lines.push("", ...describeCause("One of the errors", one, depth));
  }
  if (error.cause !== undefined) lines.push("", ...describeCause("Caused by", error.cause, depth));
  return lines;
}

function describeCause(title: string, cause: unknown, depth: number): string[] {
  if (!(cause instanceof Error)) return [`${title}: ${inspect(cause, { depth: 2 })}`];
  const [head = "", ...rest] = describe(cause, depth + 1);
  return [`${title}: ${head}`, ...rest];
}

/** The message, which may have several lines, and the frames. */
function splitStack(error: Error): [string, string[]] {
  const head = headline(error);
  const stack = typeof error.stack === "string" ? error.stack : "";
  const frames = stack.split("\n").filter((line) => /^ {4}at /.test(line));
  return [head, frames];
}

function headline(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

/** The failing line with its neighbours and a caret. */
function excerpt({ cell, line, column }: CellPlace): string[] {
  const first = Math.max(0, line - 1);
  const width = String(line + 2).length;
  const lines = [`${cell.label}, line ${line + 1}`];
  for (let i = first; i <= Math.min(line + 1, cell.lines.length - 1); i++) {
    lines.push(`${i === line ? ">" : " "} ${String(i + 1).padStart(width)} | ${cell.lines[i] ?? ""}`);
    if (i === line) lines.push(`  ${" ".repeat(width)} | ${" ".repeat(column)}^`);
  }
  return lines;
}

/** A frame in a TypeScript file of the person's, at the line as written. */
function ownPlace(site: NodeJS.CallSite, file: string): string {
  const plain = String(site);
  const line = site.getLineNumber() ?? 1;
  const column = site.getColumnNumber() ?? 1;
  const entry = /^file:.*\.m?ts(?:\?|$)/.test(file)
    ? (findSourceMap(file)?.findEntry(line - 1, column - 1) as Partial<SourceMapping> | undefined)
    : undefined;
  if (entry?.originalLine === undefined || entry.originalColumn === undefined) return plain;
  const written = `${fileURLToPath(file)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  return plain.replace(`${file}:${line}:${column}`, written);
}

function isUserFrame(frame: string): boolean {
  return !/[( ]node:|[\\/]node_modules[\\/]/.test(frame);
}

function isKernelFile(file: string): boolean {
  const plain = file.startsWith("file:") ? fileURLToPath(file) : file;
  return plain.startsWith(KERNEL_FOLDER) || plain === "node:vm";
}

function placeOf(site: NodeJS.CallSite): CellPlace | null {
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
  return { cell, line, column: Math.max(0, at.column - (cell.shifts[line] ?? 0)) };
}
