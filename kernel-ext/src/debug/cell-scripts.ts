/**
 * The scripts of user code: which cell a script was, and which line of it a place in the script is.
 *
 * Front ends know a cell by a path made from its text. The same text may have run several times, as several scripts.
 * Layer:  debug; imports session, language.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { decodeMappings, type LineMap, type Place, sourcePlace } from "../session/child/source-map.js";
import type { Answers, Inspector, Location } from "./inspector.js";
import { murmur2 } from "./murmur2.js";

/** A cell that runs or ran. */
export interface RunCell {
  readonly file: string;
  readonly source: string;
  readonly js: string;
  readonly mappings: string;
  readonly shifts: Readonly<Record<number, number>>;
}

/** A name of an earlier cell that the script reaches as `__scope3.name`. */
const REACHED = /__scope(\d+)\.([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu;

/** A script whose lines a person knows: a cell, or a file beside the notebook. Lines and columns from zero. */
export interface UserScript {
  readonly url: string;
  /** Path that front ends know it by. */
  readonly path: string;
  readonly label: string;
  readonly isCell: boolean;
  toSource(at: Place): Place | null;
}

/** A place in a script where it can be stopped, and its line in the cell. */
interface Stop extends Place {
  readonly sourceLine: number;
}

export const HASH_SEED = 0xc70f6907;
/** Not a folder: texts of cells are kept in memory only. */
export const PATH_PREFIX: string = `/tmp/radbook-debug-${process.pid}/`;
export const PATH_SUFFIX = ".ts";
/** Scripts of the same text that are stopped in, the latest ones. */
const SCRIPTS_A_PATH = 20;
const DATA_URL = /^data:application\/json[^,]*;base64,/;

/** The path by which front ends know a cell's text. */
export function pathOf(code: string): string {
  return `${PATH_PREFIX}${murmur2(code, HASH_SEED)}${PATH_SUFFIX}`;
}

export class CellScript implements UserScript {
  readonly url: string;
  readonly path: string;
  readonly label = "cell";
  readonly isCell = true;
  /** Names of earlier cells that may be assigned, and the cell of each. */
  readonly reached: ReadonlyMap<string, number>;
  /** Where the kernel's own code around the cell begins and ends, as the inspector wants it. */
  readonly surroundings: readonly { readonly lineNumber: number; readonly columnNumber: number }[];
  readonly #lines: number;
  readonly #mappings: string;
  readonly #shifts: Readonly<Record<number, number>>;
  #map: LineMap | null = null;
  #stops: readonly Stop[] | null = null;

  constructor({ file, source, js, mappings, shifts }: RunCell) {
    this.url = pathToFileURL(file).href;
    this.path = pathOf(source);
    this.#lines = source.split("\n").length;
    this.reached = new Map([...js.matchAll(REACHED)].map(([, cell, name]) => [name ?? "", Number(cell)]));
    const last = js.split("\n").length - 1;
    this.surroundings = [0, 1, last].map((lineNumber) => ({ lineNumber, columnNumber: 0 }));
    this.#mappings = mappings;
    this.#shifts = shifts;
  }

  toSource(at: Place): Place | null {
    this.#map ??= decodeMappings(this.#mappings);
    // One line stands before the converted text, and one before the text that it was converted from.
    const found = sourcePlace(this.#map, { line: at.line - 1, column: at.column });
    const line = (found?.line ?? 0) - 1;
    if (!found || line < 0 || line >= this.#lines) return null;
    return { line, column: Math.max(0, found.column - (this.#shifts[line] ?? 0)) };
  }

  /** Finds where the script can be stopped: asks the compiler. */
  async findStops(inspector: Inspector, scriptId: string): Promise<void> {
    const { locations } = await inspector.post<Answers["locations"]>("Debugger.getPossibleBreakpoints", {
      start: { scriptId, lineNumber: 0, columnNumber: 0 },
    });
    const { scriptSource } = await inspector.post<Answers["source"]>("Debugger.getScriptSource", {
      scriptId,
    });
    const text = scriptSource.split("\n");
    const stops: Stop[] = [];
    for (const { lineNumber: line, columnNumber: column = 0, type } of locations) {
      // Where a function ends by its brace there is nothing to see; a `return` is a line like others.
      const isBrace = type === "return" && text[line]?.[column] === "}";
      const place = isBrace ? null : this.toSource({ line, column });
      if (place) stops.push({ line, column, sourceLine: place.line });
    }
    this.#stops = stops;
  }

  get hasStops(): boolean {
    return this.#stops !== null;
  }

  /** Where to stop for a line of the cell: there, or at the first line after it that does something. */
  stopAt(line: number): Stop | null {
    let best: Stop | null = null;
    for (const stop of this.#stops ?? []) {
      if (stop.sourceLine >= line && (best === null || stop.sourceLine < best.sourceLine)) best = stop;
    }
    return best;
  }
}

/** A file of the person's own, with the map that its loader wrote into it. */
class FileScript implements UserScript {
  readonly url: string;
  readonly path: string;
  readonly label: string;
  readonly isCell = false;
  readonly #map: LineMap | null;

  constructor(url: string, sourceMapUrl: string) {
    this.url = url;
    this.path = fileURLToPath(url);
    this.label = this.path.replace(/^.*[\\/]/, "");
    this.#map = DATA_URL.test(sourceMapUrl) ? decodeInline(sourceMapUrl) : null;
  }

  toSource(at: Place): Place | null {
    return this.#map ? sourcePlace(this.#map, at) : at;
  }
}

export class UserScripts {
  /** Regular expression of the scripts that are nobody's own: libraries, Node.js, the kernel. */
  readonly foreign: string;
  readonly #folder: string;
  readonly #cells = new Map<string, CellScript>();
  readonly #texts = new Map<string, string>();
  readonly #byId = new Map<string, UserScript>();
  readonly #idOf = new Map<string, string>();

  /** @param folder The notebook's folder. */
  constructor(folder: string) {
    this.#folder = pathToFileURL(folder).href;
    const own = this.#folder.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    this.foreign = `^(?!${own}/)(?!file:.*\\.m?ts$)|/node_modules/`;
  }

  /** A cell is about to run. */
  add(run: RunCell): CellScript {
    const script = new CellScript(run);
    this.#cells.set(script.url, script);
    this.#texts.set(script.path, run.source);
    return script;
  }

  /** A front end tells a text that it will speak of. */
  dump(code: string): string {
    const path = pathOf(code);
    this.#texts.set(path, code);
    return path;
  }

  /** The process has compiled a script; gives back the cell that it is. */
  parsed(scriptId: string, url: string, sourceMapUrl: string): CellScript | null {
    const cell = this.#cells.get(url);
    if (cell) {
      this.#byId.set(scriptId, cell);
      this.#idOf.set(url, scriptId);
    } else if (url.startsWith("file:") && !new RegExp(this.foreign).test(url)) {
      this.#byId.set(scriptId, new FileScript(url, sourceMapUrl));
    }
    return cell ?? null;
  }

  /** The user's script of a place, or null where it is a library's. */
  at(location: Location): UserScript | null {
    return this.#byId.get(location.scriptId) ?? null;
  }

  idOf(script: CellScript): string | undefined {
    return this.#idOf.get(script.url);
  }

  /** Scripts of one text, the latest ones. */
  ofPath(path: string): CellScript[] {
    return [...this.#cells.values()].filter((script) => script.path === path).slice(-SCRIPTS_A_PATH);
  }

  /** The files of the user's own that are loaded; each once. */
  get files(): UserScript[] {
    const byPath = new Map<string, UserScript>();
    for (const script of this.#byId.values()) {
      if (!script.isCell && existsSync(script.path)) byPath.set(script.path, script);
    }
    return [...byPath.values()];
  }

  /** Text of a cell or of a file of the user's own, or null. */
  text(path: string): string | null {
    const known = this.#texts.get(path);
    if (known !== undefined) return known;
    const isOwn = [...this.#byId.values()].some((script) => script.path === path);
    return isOwn ? readFileSync(path, "utf8") : null;
  }

  /** No script is compiled: the debugger is off. */
  forgetIds(): void {
    this.#byId.clear();
    this.#idOf.clear();
  }

  /** The process is gone, and its scripts. */
  reset(): void {
    this.forgetIds();
    this.#cells.clear();
  }
}

function decodeInline(url: string): LineMap | null {
  try {
    const json = Buffer.from(url.replace(DATA_URL, ""), "base64").toString("utf8");
    return decodeMappings((JSON.parse(json) as { mappings: string }).mappings);
  } catch {
    // A map of another tool that is not as it should be: the script's own lines serve.
    return null;
  }
}
