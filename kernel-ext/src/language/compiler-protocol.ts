/**
 * What the kernel and the process of the compiler say to each other.
 *
 * Layer:  language; imports nothing.
 */
import type {
  CellText,
  CodePlace,
  Completeness,
  Completions,
  Conversion,
  Inspection,
  KnownName,
  Refusal,
} from "./language.js";
import type { Declared } from "./names.js";
import type { ScopeEntry } from "./scope.js";

/** File descriptor of the compiler's process: a socket, requests one way, answers the other. */
export const COMPILER_FD = 3;

/** A cell as later cells import it. */
export interface CellModule {
  readonly text: string;
  readonly declared: readonly Declared[];
  /** It belongs to the program even when no cell imports it. */
  readonly root: boolean;
}

/** What a cell became; the kernel keeps the module, in case the compiler has to be replaced. */
export type CompilerConversion =
  | (Extract<Conversion, { ok: true }> & { readonly module: CellModule })
  | Extract<Conversion, { ok: false }>;

export interface KeptCell {
  readonly cell: number;
  readonly module: CellModule;
}

/** The compiler: one session's cells and names. Calls are carried out in order. */
export interface Compiler {
  convert(cell: number, label: string, text: CellText, strict: boolean): CompilerConversion;
  warning(): Refusal | null;
  typeAt(line: number, column: number): string | null;
  /** @param declared The names of the cell that later cells see. */
  keep(kept: KeptCell, declared: readonly Declared[]): void;
  forget(names: readonly string[] | null): void;
  reset(): void;
  refresh(): void;
  complete(text: string, offset: number): Completions;
  inspect(text: string, offset: number, detail: 0 | 1): Inspection | null;
  isComplete(text: string): Completeness;
  described(): readonly KnownName[];
  toJavaScript(code: string, holders: readonly (readonly [name: string, holder: string])[]): string;
  isCaught(places: readonly CodePlace[]): boolean;
  /** Takes up a session that another compiler had. */
  restore(cells: readonly KeptCell[], scope: readonly ScopeEntry[]): void;
}

export type CompilerCall = keyof Compiler;

export interface CompilerRequest {
  readonly id: number;
  readonly call: CompilerCall;
  readonly args: readonly unknown[];
}

export interface CompilerAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}
