/**
 * Values of a stopped program in words, and what is inside them, without running any code of theirs.
 *
 * Layer:  debug; imports nothing.
 */
import { inspect } from "node:util";
import type { Answers, Inspector, RemoteObject, RemoteProperty } from "./inspector.js";

/** A variable as the Debug Adapter Protocol has it. Without the optional type: JupyterLab would show it for the value. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  /** 0 where nothing is inside. */
  readonly variablesReference: number;
  /** An expression for it, "" where there is none. */
  readonly evaluateName: string;
}

/** Finds the variables that a reference stands for. */
export type Children = () => Promise<Variable[]>;

/** Elements shown together; more are offered in ranges. */
const RANGE = 100;
const MAX_TEXT = 500;
/** Parts of an object shown in its own line. */
const PARTS = 20;
const INDEXED = new Set(["array", "typedarray"]);
const SHOWN_INTERNALS = new Set(["[[Entries]]", "[[PromiseState]]", "[[PromiseResult]]", "[[Target]]"]);

/** No number is given twice: what is asked late is told that it is late. */
let lastReference = 0;

const PART = `function (from, to) {
  const part = {};
  for (let i = from; i < to; i++) if (i in this) part[i] = this[i];
  return part;
}`;

interface Offered {
  readonly children: Children;
  readonly frame: number | null;
}

/** References that front ends may ask for, until they are forgotten. */
export class Values {
  readonly #inspector: Inspector;
  readonly #offered: Map<number, Offered>;
  /** The frame that the values were found in; their names mean something there. */
  readonly #frame: number | null;

  constructor(inspector: Inspector, offered: Map<number, Offered> = new Map(), frame: number | null = null) {
    this.#inspector = inspector;
    this.#offered = offered;
    this.#frame = frame;
  }

  /** The same references, for values of a frame. */
  at(frame: number | null): Values {
    return new Values(this.#inspector, this.#offered, frame);
  }

  /** The number under which a front end may ask. */
  offer(children: Children): number {
    lastReference += 1;
    this.#offered.set(lastReference, { children, frame: this.#frame });
    return lastReference;
  }

  /** @throws Error when the reference is not known any more. */
  async variables(reference: number): Promise<Variable[]> {
    const offered = this.#offered.get(reference);
    if (!offered) throw new Error(`there is no value ${reference} any more: the program went on`);
    return offered.children();
  }

  /** The frame of a reference, or null. */
  frameOf(reference: number): number | null {
    return this.#offered.get(reference)?.frame ?? null;
  }

  /** The program goes on: no reference is good any more. */
  forget(): void {
    this.#offered.clear();
  }

  variable(name: string, value: RemoteObject, path: string = name): Variable {
    const { objectId } = value;
    return {
      name,
      value: describe(value),
      variablesReference: objectId === undefined ? 0 : this.offer(() => this.#inside(objectId, value, path)),
      evaluateName: path,
    };
  }

  /** Own properties of an object in their order; a getter is not run. */
  async properties(objectId: string): Promise<Answers["properties"]> {
    return this.#inspector.post("Runtime.getProperties", {
      objectId,
      ownProperties: true,
      generatePreview: true,
    });
  }

  async #inside(objectId: string, value: RemoteObject, path: string): Promise<Variable[]> {
    const length = INDEXED.has(value.subtype ?? "") ? lengthOf(value) : 0;
    if (length > RANGE) return this.#ranges(objectId, 0, length, path);
    const { result, internalProperties = [], privateProperties = [] } = await this.properties(objectId);
    const own = result.filter((one) => one.name !== "__proto__" && (one.enumerable || one.value || one.get));
    const variables = own
      .filter((one) => one.enumerable || !INDEXED.has(value.subtype ?? ""))
      .map((one) => this.#property(one, path));
    for (const { name, value: inner } of privateProperties) {
      if (inner) variables.push(this.variable(name, inner, `${path}.${name}`));
    }
    for (const { name, value: inner } of internalProperties) {
      // Nothing that a person could write leads there.
      if (inner && SHOWN_INTERNALS.has(name)) variables.push(this.variable(name, inner, ""));
    }
    return variables;
  }

  #property({ name, value, symbol }: RemoteProperty, path: string): Variable {
    const inner = memberPath(path, name, symbol !== undefined);
    if (value) return this.variable(name, value, inner);
    return { name, value: "(computed)", variablesReference: 0, evaluateName: inner };
  }

  #ranges(objectId: string, from: number, to: number, path: string): Variable[] {
    let size = RANGE;
    while ((to - from) / size > RANGE) size *= RANGE;
    const variables: Variable[] = [];
    for (let start = from; start < to; start += size) {
      const end = Math.min(to, start + size);
      variables.push({
        name: `[${start} … ${end - 1}]`,
        value: "",
        evaluateName: "",
        variablesReference: this.offer(() =>
          size > RANGE
            ? Promise.resolve(this.#ranges(objectId, start, end, path))
            : this.#part(objectId, start, end, path),
        ),
      });
    }
    return variables;
  }

  async #part(objectId: string, from: number, to: number, path: string): Promise<Variable[]> {
    const { result } = await this.#inspector.post<Answers["evaluated"]>("Runtime.callFunctionOn", {
      objectId,
      functionDeclaration: PART,
      arguments: [{ value: from }, { value: to }],
      objectGroup: "debug",
    });
    if (result.objectId === undefined) return [];
    const { result: found } = await this.properties(result.objectId);
    return found.filter((one) => one.enumerable).map((one) => this.#property(one, path));
  }
}

/** One line about a value. */
export function describe(value: RemoteObject): string {
  const text = value.description ?? String(value.value);
  switch (value.type) {
    case "string":
      return cut(inspect(value.value));
    case "function":
      return cut((text.split("\n")[0] ?? "").replace(/\s*\{.*$/, ""));
    case "object":
      return value.subtype === "null" ? "null" : cut(describeObject(value, text));
    default:
      return text;
  }
}

export function typeOf({ type, subtype, className }: RemoteObject): string {
  if (type !== "object") return type;
  return subtype === "null" ? "null" : (className ?? type);
}

function describeObject({ preview, subtype, className }: RemoteObject, text: string): string {
  if (subtype === "error" || subtype === "date" || subtype === "regexp" || !preview)
    return text.split("\n")[0] ?? "";
  const shownParts = (preview.entries ?? preview.properties).length;
  const more = preview.overflow || shownParts > PARTS ? ", …" : "";
  if (preview.entries) {
    const entries = preview.entries
      .slice(0, PARTS)
      .map(({ key, value }) =>
        key ? `${describePreview(key)} => ${describePreview(value)}` : describePreview(value),
      );
    return `${text} {${entries.join(", ")}${more}}`;
  }
  const isList = INDEXED.has(subtype ?? "");
  const parts = preview.properties.slice(0, PARTS).map(({ name, type, subtype: inner, value = "" }) => {
    const shown = describePreview({ type, subtype: inner, description: value });
    return isList && /^\d+$/.test(name) ? shown : `${name}: ${shown}`;
  });
  const inside = `${parts.join(", ")}${more}`;
  if (isList) return `${text} [${inside}]`;
  return className === "Object" ? `{${inside}}` : `${text} {${inside}}`;
}

interface Preview {
  readonly type: string;
  readonly subtype?: string | undefined;
  readonly description?: string | undefined;
}

function describePreview({ type, subtype, description = "" }: Preview): string {
  if (type === "string") return inspect(description);
  if (type === "function") return "ƒ";
  if (type === "accessor") return "(computed)";
  return type === "object" && subtype === "null" ? "null" : description;
}

/** Length as the inspector writes it: `Float32Array(512)`. */
function lengthOf({ description = "" }: RemoteObject): number {
  return Number(/\((\d+)\)$/.exec(description)?.[1] ?? 0);
}

function memberPath(path: string, name: string, isSymbol: boolean): string {
  if (isSymbol || path === "") return "";
  if (/^\d+$/.test(name)) return `${path}[${name}]`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)
    ? `${path}.${name}`
    : `${path}[${JSON.stringify(name)}]`;
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}
