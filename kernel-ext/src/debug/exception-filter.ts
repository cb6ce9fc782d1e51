/**
 * Which exceptions stop the program: those that the cell catches, those that it does not, or none.
 *
 * Layer:  debug; imports language, wire.
 */
import type { CodePlace, Language } from "../language/language.js";
import type { JsonObject } from "../wire/message.js";
import type { UserScripts } from "./cell-scripts.js";
import type { Answers, Inspector, Location, Paused } from "./inspector.js";

type AsyncTrace = NonNullable<Paused["asyncStackTrace"]>;

/** Awaiting functions that are looked at. */
const AWAITING = 30;

export class ExceptionFilter {
  readonly #inspector: Inspector;
  readonly #scripts: UserScripts;
  readonly #language: Language;
  readonly #texts = new Map<string, Promise<string>>();
  #filters: ReadonlySet<string> = new Set();

  constructor(inspector: Inspector, scripts: UserScripts, language: Language) {
    this.#inspector = inspector;
    this.#scripts = scripts;
    this.#language = language;
  }

  /** @param filters Any of "caught" and "uncaught". */
  async set(filters: readonly string[]): Promise<JsonObject> {
    this.#filters = new Set(filters);
    await this.apply();
    return { breakpoints: filters.map(() => ({ verified: true })) };
  }

  /** Tells the inspector, which may be a new one. */
  async apply(): Promise<void> {
    this.#texts.clear();
    const state = this.#filters.size > 0 ? "all" : "none";
    await this.#inspector.post("Debugger.setPauseOnExceptions", { state });
    await this.#inspector.post("Debugger.setAsyncCallStackDepth", {
      maxDepth: this.#filters.size > 0 ? AWAITING : 0,
    });
    await this.lookIntoLibraries(true);
  }

  clear(): void {
    this.#filters = new Set();
    this.#texts.clear();
  }

  /**
   * Whether the program may stop in libraries. Steps go past them; but what is thrown there, and is not caught, is
   * told where it is thrown.
   */
  async lookIntoLibraries(allowed: boolean): Promise<void> {
    const patterns = allowed && this.#filters.has("uncaught") ? [] : [this.#scripts.foreign];
    await this.#inspector.post("Debugger.setBlackboxPatterns", { patterns });
  }

  /** Whether a stop at an exception is one that was asked for. */
  async wants({ callFrames, asyncStackTrace }: Paused): Promise<boolean> {
    const locations = callFrames.map((frame) => frame.location);
    const lowest = locations.findLastIndex((location) => this.#isCell(location));
    const awaiting = awaitingFrames(asyncStackTrace);
    // Below the lowest cell is the kernel. Without one, only an awaiting cell makes it the user's.
    const above = lowest >= 0 ? locations.slice(0, lowest + 1) : locations;
    if (lowest < 0 && !awaiting.some((location) => this.#isCell(location))) return false;
    const places = await Promise.all([...above, ...awaiting].map((location) => this.#place(location)));
    if (!(await this.#language.isCaught(places))) return this.#filters.has("uncaught");
    // What libraries throw and catch is their own affair.
    const [first] = locations;
    return this.#filters.has("caught") && first !== undefined && this.#scripts.at(first) !== null;
  }

  #isCell(location: Location): boolean {
    const { lineNumber: line, columnNumber: column = 0 } = location;
    const script = this.#scripts.at(location);
    return script?.isCell === true && script.toSource({ line, column }) !== null;
  }

  async #place({ scriptId, lineNumber, columnNumber = 0 }: Location): Promise<CodePlace> {
    let text = this.#texts.get(scriptId);
    if (!text) {
      text = this.#inspector
        .post<Answers["source"]>("Debugger.getScriptSource", { scriptId })
        .then(({ scriptSource }) => scriptSource);
      this.#texts.set(scriptId, text);
    }
    return { text: await text, line: lineNumber, column: columnNumber };
  }
}

/** Where functions wait for what has thrown. */
function awaitingFrames(trace: AsyncTrace | undefined): Location[] {
  const found: Location[] = [];
  for (let one = trace; one && found.length < AWAITING; one = one.parent) {
    const [frame] = one.callFrames;
    if (!frame || !/await/.test(one.description ?? "")) continue;
    found.push({
      scriptId: frame.scriptId,
      lineNumber: frame.lineNumber,
      columnNumber: frame.columnNumber,
    });
  }
  return found;
}
