/**
 * Breakpoints in lines of cells, and in every script that a cell's text has become.
 *
 * Layer:  debug; imports nothing.
 */
import type { CellScript, RunCell, UserScripts } from "./cell-scripts.js";
import type { Answers, Inspector } from "./inspector.js";

/** A breakpoint as the Debug Adapter Protocol has it; lines from one. */
export interface Breakpoint {
  readonly verified: boolean;
  readonly line: number;
  readonly source: { readonly path: string };
}

export class Breakpoints {
  readonly #inspector: Inspector;
  readonly #scripts: UserScripts;
  /** Path → lines where they are. */
  readonly #lines = new Map<string, readonly number[]>();
  /** Path → the inspector's names of them. */
  readonly #ids = new Map<string, string[]>();

  constructor(inspector: Inspector, scripts: UserScripts) {
    this.#inspector = inspector;
    this.#scripts = scripts;
  }

  /** What the front end is told when it asks. */
  get list(): { source: string; breakpoints: { line: number }[] }[] {
    return [...this.#lines].map(([source, lines]) => ({
      source,
      breakpoints: lines.map((line) => ({ line })),
    }));
  }

  /** Replaces all breakpoints of a text, in the scripts that ran already as well. */
  async set(path: string, lines: readonly number[]): Promise<Breakpoint[]> {
    const ids = this.#ids.get(path) ?? [];
    this.#ids.delete(path);
    await Promise.all(
      ids.map((breakpointId) => this.#inspector.post("Debugger.removeBreakpoint", { breakpointId })),
    );
    let placed: readonly (number | null)[] = lines;
    if (lines.length > 0) {
      for (const script of this.#scripts.ofPath(path)) {
        const scriptId = this.#scripts.idOf(script);
        if (scriptId === undefined) continue;
        if (!script.hasStops) await script.findStops(this.#inspector, scriptId);
        placed = await this.#place(script, lines);
      }
    }
    const good = placed.filter((line) => line !== null);
    if (good.length > 0) this.#lines.set(path, [...new Set(good)]);
    else this.#lines.delete(path);
    return lines.map((line, i) => ({
      verified: placed[i] !== null,
      line: placed[i] ?? line,
      source: { path },
    }));
  }

  /** A cell is about to run: its breakpoints are there before it begins. */
  async prepare(script: CellScript, { js }: RunCell): Promise<void> {
    const lines = this.#lines.get(script.path);
    if (!lines) return;
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
    const placed = await this.#place(script, lines);
    this.#lines.set(script.path, [...new Set(placed.filter((line) => line !== null))]);
  }

  /** All are gone, with the debugger or with the process. */
  forgetIds(): void {
    this.#ids.clear();
  }

  clear(): void {
    this.#ids.clear();
    this.#lines.clear();
  }

  /** Where each line's breakpoint came to be; null after the last line that does something. */
  async #place(script: CellScript, lines: readonly number[]): Promise<(number | null)[]> {
    const ids = this.#ids.get(script.path) ?? [];
    this.#ids.set(script.path, ids);
    const taken = new Set<number>();
    const placed: (number | null)[] = [];
    for (const line of lines) {
      const stop = script.stopAt(line - 1);
      placed.push(stop ? stop.sourceLine + 1 : null);
      if (!stop || taken.has(stop.sourceLine)) continue;
      taken.add(stop.sourceLine);
      const { breakpointId } = await this.#inspector.post<Answers["breakpoint"]>(
        "Debugger.setBreakpointByUrl",
        { url: script.url, lineNumber: stop.line, columnNumber: stop.column },
      );
      ids.push(breakpointId);
    }
    return placed;
  }
}
