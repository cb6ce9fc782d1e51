/**
 * Breakpoints in lines of cells, and in every script that a cell's text has become.
 *
 * Layer:  debug; imports language.
 */
import vm from "node:vm";
import type { Language } from "../language/language.js";
import type { CellScript, RunCell, UserScripts } from "./cell-scripts.js";
import { type AskedBreakpoint, conditionOf, isUnconditional } from "./conditions.js";
import type { Answers, Inspector } from "./inspector.js";

/** A breakpoint as the Debug Adapter Protocol has it; lines from one. */
export interface Breakpoint {
  readonly verified: boolean;
  readonly line: number;
  readonly source: { readonly path: string };
  /** Why it is not verified. */
  readonly message?: string;
}

export class Breakpoints {
  readonly #inspector: Inspector;
  readonly #scripts: UserScripts;
  readonly #language: Language;
  /** Path → what was asked for, with the lines where it is. */
  readonly #asked = new Map<string, readonly AskedBreakpoint[]>();
  /** Path → the inspector's names of them. */
  readonly #ids = new Map<string, string[]>();

  /** Numbers the places: each has a count of hits of its own. */
  #places = 0;

  constructor(inspector: Inspector, scripts: UserScripts, language: Language) {
    this.#inspector = inspector;
    this.#scripts = scripts;
    this.#language = language;
  }

  /** What the front end is told when it asks. */
  get list(): { source: string; breakpoints: object[] }[] {
    return [...this.#asked].map(([source, asked]) => ({
      source,
      breakpoints: asked.map(({ line, ...conditions }) => ({ line, ...withoutEmpty(conditions) })),
    }));
  }

  /** Replaces all breakpoints of a text, in the scripts that ran already as well. */
  async set(path: string, asked: readonly AskedBreakpoint[]): Promise<Breakpoint[]> {
    const ids = this.#ids.get(path) ?? [];
    this.#ids.delete(path);
    await Promise.all(
      ids.map((breakpointId) => this.#inspector.post("Debugger.removeBreakpoint", { breakpointId })),
    );
    const refused = await Promise.all(asked.map((one) => this.#refusal(one)));
    const good = asked.filter((_, i) => refused[i] === null);
    let placed: readonly (number | null)[] = good.map(({ line }) => line);
    if (good.length > 0) {
      for (const script of this.#scripts.ofPath(path)) {
        const scriptId = this.#scripts.idOf(script);
        if (scriptId === undefined) continue;
        if (!script.hasStops) await script.findStops(this.#inspector, scriptId);
        placed = await this.#place(script, good);
      }
    }
    this.#remember(path, good, placed);
    return asked.map((one, i) => {
      const line = placed[good.indexOf(one)] ?? null;
      const message = refused[i] ?? (line === null ? "no line from here on does anything" : null);
      return {
        verified: line !== null,
        line: line ?? one.line,
        source: { path },
        ...(message === null ? {} : { message }),
      };
    });
  }

  /** Why a breakpoint's condition, count or message cannot be read; null where it can. */
  async #refusal(asked: AskedBreakpoint): Promise<string | null> {
    if (isUnconditional(asked)) return null;
    try {
      // Compiled, not run: V8 itself would take a condition that it cannot read for one that never holds.
      new vm.Script(await conditionOf(asked, "", this.#language));
      return null;
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
  }

  #remember(path: string, asked: readonly AskedBreakpoint[], placed: readonly (number | null)[]): void {
    const byLine = new Map<number, AskedBreakpoint>();
    for (const [i, one] of asked.entries()) {
      const line = placed[i] ?? null;
      if (line !== null && !byLine.has(line)) byLine.set(line, { ...one, line });
    }
    if (byLine.size > 0) this.#asked.set(path, [...byLine.values()]);
    else this.#asked.delete(path);
  }

  /** A cell is about to run: its breakpoints are there before it begins. */
  async prepare(script: CellScript, { js }: RunCell): Promise<void> {
    const asked = this.#asked.get(script.path);
    if (!asked) return;
    // The compiler tells the places of a script that it knows, and it knows this one only once it runs.
    await this.#inspector.post("Runtime.enable");
    const { scriptId } = await this.#inspector.post<Answers["compiled"]>("Runtime.compileScript", {
      expression: js,
      sourceURL: "",
      persistScript: true,
    });
    await this.#inspector.post("Runtime.disable");
    if (scriptId === undefined) return;
    await script.findStops(this.#inspector, scriptId);
    this.#remember(script.path, asked, await this.#place(script, asked));
  }

  /** All are gone, with the debugger or with the process. */
  forgetIds(): void {
    this.#ids.clear();
  }

  clear(): void {
    this.#ids.clear();
    this.#asked.clear();
  }

  /** Where each breakpoint came to be; null after the last line that does something. */
  async #place(script: CellScript, asked: readonly AskedBreakpoint[]): Promise<(number | null)[]> {
    const ids = this.#ids.get(script.path) ?? [];
    this.#ids.set(script.path, ids);
    const taken = new Set<number>();
    const placed: (number | null)[] = [];
    for (const one of asked) {
      const stop = script.stopAt(one.line - 1);
      placed.push(stop ? stop.sourceLine + 1 : null);
      if (!stop || taken.has(stop.sourceLine)) continue;
      taken.add(stop.sourceLine);
      this.#places += 1;
      const { breakpointId } = await this.#inspector.post<Answers["breakpoint"]>(
        "Debugger.setBreakpointByUrl",
        {
          url: script.url,
          lineNumber: stop.line,
          columnNumber: stop.column,
          condition: await conditionOf(one, `place ${this.#places}`, this.#language),
        },
      );
      ids.push(breakpointId);
    }
    return placed;
  }
}

/** What was not asked for is not told. */
function withoutEmpty(conditions: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(conditions).filter(([, text]) => text !== ""));
}
