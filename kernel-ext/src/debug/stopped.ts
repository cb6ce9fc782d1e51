/**
 * A program that stands still: its frames, what is in scope there, and what a person asks of it.
 *
 * Layer:  debug; imports language.
 */
import type { NamePlace } from "../language/language.js";
import { CellScript, type UserScripts } from "./cell-scripts.js";
import { DEBUG_GLOBAL, type NameHolders } from "./holders.js";
import type { Answers, CallFrame, Inspector, Paused, RemoteObject, RemoteProperty } from "./inspector.js";
import type { Values, Variable } from "./values.js";

/** A frame as the Debug Adapter Protocol has it; lines and columns from one. */
export interface StackFrame {
  readonly id: number;
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly source: { readonly name: string; readonly path: string };
}

export interface Scope {
  readonly name: string;
  readonly variablesReference: number;
  readonly expensive: boolean;
}

/** Number of the innermost frame. */
export const FIRST_FRAME = 1;

/** Names that the kernel puts around a cell. */
const HIDDEN = /^(__cell|__scope\d+|__module\d+|require|__filename|__dirname|arguments)$/;

const READ_NAMES = `function (names) {
  const found = {};
  for (const name of names) { try { found[name] = this[name]; } catch {} }
  return found;
}`;

/** A scope of a frame with all that is in it. */
interface Held {
  readonly properties: readonly RemoteProperty[];
}

export class Stopped {
  readonly #frames: readonly CallFrame[];
  readonly #scripts: UserScripts;
  readonly #inspector: Inspector;
  readonly #values: Values;
  readonly #held = new Map<CallFrame, Promise<Held[]>>();

  constructor(paused: Paused, scripts: UserScripts, inspector: Inspector, values: Values) {
    this.#frames = paused.callFrames;
    this.#scripts = scripts;
    this.#inspector = inspector;
    this.#values = values;
  }

  /** The user's own frames, the innermost first. */
  get stack(): StackFrame[] {
    return this.#frames.flatMap((frame, i) => {
      const script = this.#scripts.at(frame.location);
      const { lineNumber: line, columnNumber: column = 0 } = frame.location;
      const place = script?.toSource({ line, column });
      if (!script || !place) return [];
      const name = frame.functionName || script.label;
      const source = { name: script.label, path: script.path };
      return [{ id: i + FIRST_FRAME, name, line: place.line + 1, column: place.column + 1, source }];
    });
  }

  /** @param notebook Names of earlier cells. */
  async scopes(frameId: number, notebook: readonly NamePlace[]): Promise<Scope[]> {
    const frame = this.#frame(frameId);
    const values = this.#values.at(frameId);
    const held = await this.#heldBy(frame);
    const outermost = held.findIndex(({ properties }) => properties.some((one) => one.name === "__cell"));
    const isCell = outermost >= 1;
    const locals = isCell ? held.slice(0, outermost - 1) : held.slice(0, 1);
    const rest = isCell ? held.slice(outermost - 1, outermost) : held.slice(1);
    const scopes: Scope[] = [];
    const add = (name: string, children: () => Promise<Variable[]>): void => {
      scopes.push({ name, variablesReference: values.offer(children), expensive: false });
    };
    if (locals.length > 0) add("Locals", async () => listed(values, locals));
    if (rest.length > 0) {
      add(isCell ? "Cell" : "Module", async () => [
        ...listed(values, rest),
        ...(isCell ? await this.#reached(values, frame, rest) : []),
      ]);
    }
    const seen = new Set(held.flatMap(({ properties }) => properties.map((one) => one.name)));
    for (const name of this.#cellScript(frame)?.reached.keys() ?? []) seen.add(name);
    add("Notebook", () =>
      notebookVariables(
        this.#inspector,
        values,
        notebook.filter(({ name }) => !seen.has(name)),
      ),
    );
    return scopes;
  }

  /** How an expression at a frame finds the names of earlier cells. */
  async holders(frameId: number, notebook: readonly NamePlace[]): Promise<NameHolders> {
    const frame = this.#frame(frameId);
    const held = await this.#heldBy(frame);
    const visible = new Set(held.flatMap(({ properties }) => properties.map((one) => one.name)));
    const holders = new Map<string, string>();
    for (const { name, cell } of notebook) {
      if (!visible.has(name)) holders.set(name, `${DEBUG_GLOBAL}.scopes[${cell}]`);
    }
    for (const [name, cell] of this.#cellScript(frame)?.reached ?? []) {
      const scope = `__scope${cell}`;
      if (visible.has(name)) continue;
      holders.set(name, visible.has(scope) ? scope : `${DEBUG_GLOBAL}.scopes[${cell}]`);
    }
    return holders;
  }

  callFrameId(frameId: number): string {
    return this.#frame(frameId).callFrameId;
  }

  #frame(frameId: number): CallFrame {
    const frame = this.#frames[frameId - FIRST_FRAME];
    if (!frame) throw new Error(`there is no frame ${frameId}: the program went on`);
    return frame;
  }

  #cellScript(frame: CallFrame): CellScript | null {
    const script = this.#scripts.at(frame.location);
    return script instanceof CellScript ? script : null;
  }

  /** The scopes of a frame from the innermost, without the global one. */
  #heldBy(frame: CallFrame): Promise<Held[]> {
    const known = this.#held.get(frame);
    if (known) return known;
    const chain = frame.scopeChain.filter(({ type }) => type !== "global" && type !== "script");
    const held = Promise.all(
      chain.map(async ({ object }) => ({
        properties: object.objectId ? (await this.#values.properties(object.objectId)).result : [],
      })),
    );
    this.#held.set(frame, held);
    return held;
  }

  /** Values of names of earlier cells that may be assigned, as far as the frame can see their cell. */
  async #reached(values: Values, frame: CallFrame, scopes: readonly Held[]): Promise<Variable[]> {
    const variables: Variable[] = [];
    const names = new Map<number, string[]>();
    for (const [name, cell] of this.#cellScript(frame)?.reached ?? []) {
      names.set(cell, [...(names.get(cell) ?? []), name]);
    }
    for (const { name, value } of scopes.flatMap((scope) => scope.properties)) {
      const wanted = names.get(Number(/^__scope(\d+)$/.exec(name)?.[1]));
      if (!wanted || value?.objectId === undefined) continue;
      const { result } = await this.#inspector.post<Answers["evaluated"]>("Runtime.callFunctionOn", {
        objectId: value.objectId,
        functionDeclaration: READ_NAMES,
        arguments: [{ value: wanted }],
        objectGroup: "debug",
      });
      variables.push(...(await listObject(values, result)));
    }
    return variables;
  }
}

/** Variables of scopes, those of inner ones first and only once. */
function listed(values: Values, scopes: readonly Held[]): Variable[] {
  const found = new Map<string, RemoteObject>();
  for (const { properties } of scopes) {
    for (const { name, value } of properties) {
      if (value && !found.has(name) && !HIDDEN.test(name)) found.set(name, value);
    }
  }
  return [...found].map(([name, value]) => values.variable(name, value));
}

/** The values of earlier cells' names, in the order of the names. */
export async function notebookVariables(
  inspector: Inspector,
  values: Values,
  names: readonly NamePlace[],
): Promise<Variable[]> {
  // Modules are there all the time, and say little.
  const list = names.filter(({ kind }) => kind !== "import").map(({ name, cell }) => [name, cell]);
  const read = `((scopes, names) => {
    const found = {};
    for (const [name, cell] of names) { try { found[name] = scopes[cell][name]; } catch {} }
    return found;
  })(${DEBUG_GLOBAL}.scopes, ${JSON.stringify(list)})`;
  const { result } = await inspector.post<Answers["evaluated"]>("Runtime.evaluate", {
    expression: read,
    objectGroup: "debug",
    silent: true,
  });
  return listObject(values, result);
}

async function listObject(values: Values, { objectId }: RemoteObject): Promise<Variable[]> {
  if (objectId === undefined) return [];
  const { result } = await values.properties(objectId);
  return result.flatMap(({ name, value, enumerable }) =>
    enumerable && value ? [values.variable(name, value)] : [],
  );
}
