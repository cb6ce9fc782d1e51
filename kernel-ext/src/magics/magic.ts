/**
 * What a magic is: data. Its name, how it is used, what it becomes, and what the kernel does for it.
 *
 * Layer:  magics; imports language, session (types).
 */
import type { KnownName } from "../language/language.js";
import type { Json, Shown } from "../session/protocol.js";

/** What a magic may look at while it is rewritten. Rewriting has no effects: it runs at every keystroke. */
export interface Surroundings {
  /** Where relative paths begin: the notebook's folder, or where `%cd` has gone. */
  readonly folder: string;
  /** The cell is not finished: a magic that is wrong becomes an empty line instead of an error. */
  readonly typing: boolean;
  /** Names that earlier cells left. */
  names(): ReadonlySet<string>;
}

/** TypeScript for one line: `before`, a piece of the argument as typed, `after`. */
export interface LineCode {
  readonly before: string;
  readonly after: string;
  /** The piece of the argument that stays; all of it by default. */
  readonly keep?: readonly [from: number, to: number];
}

/** TypeScript for a cell: its first line, as many other lines as typed and in the same columns, and what ends it. */
export interface CellCode {
  readonly first: LineCode;
  readonly lines: readonly string[];
  readonly end: string;
}

/** Words that can stand at the cursor; they replace the argument from `from` on. */
export interface ArgumentWords {
  readonly from: number;
  readonly words: readonly string[];
}

/** What an effect may do; it runs in the kernel, before the code of its cell. */
export interface EffectContext {
  /** The notebook's folder. */
  readonly folder: string;
  /** Where relative paths begin. */
  readonly workingFolder: string;
  /** Aborted when the person interrupts the cell. */
  readonly signal: AbortSignal;
  print(name: "stdout" | "stderr", text: string): void;
  show(shown: Shown): void;
  /** The names that earlier cells left, with their types. */
  described(): Promise<readonly KnownName[]>;
  names(): readonly string[];
  /** Packages have changed. */
  refresh(): void;
  /** Lets go of names, or of all; returns those that there are not. */
  forget(names: readonly string[] | null): readonly string[];
  /** TypeScript of a text with magics. */
  expand(text: string): string;
  /** Whether type errors refuse a cell; sets it when given. */
  strict(on?: boolean): boolean;
  /** Something that the front end does after the cell, such as showing a text in the next one. */
  payload(item: { readonly [key: string]: Json }): void;
  /** All magics that there are. */
  magics(): readonly Magic[];
}

/** What an effect finds out once the cell is checked. */
export interface CheckedContext {
  print(name: "stdout" | "stderr", text: string): void;
  /** Type of the expression that the magic's argument is. */
  argumentType(): Promise<string>;
}

export interface Magic {
  readonly name: string;
  /** The line, or the first line, as a person types it. A cell magic begins with two percent signs. */
  readonly usage: string;
  readonly doc: string;
  /** The argument is TypeScript: it completes as such, and a comment behind it is one. */
  readonly code?: boolean;
  /** Without it, the line becomes empty. @throws MagicError for an argument that is wrong. */
  rewrite?(argument: string, around: Surroundings): LineCode;
  /** Makes it a cell magic of text: what the lines below the first become. */
  rewriteCell?(argument: string, lines: readonly string[], around: Surroundings): CellCode;
  /** Makes it a cell magic around code: the lines below the first stay, and their magics work. */
  wrap?(argument: string, body: string): { readonly first: LineCode; readonly end: string };
  /** The folder that it goes to, where it changes that for what comes after. */
  folder?(argument: string, around: Surroundings): string;
  /** @param body The lines below the first, for a cell magic. */
  effect?(context: EffectContext, argument: string, body: string): Promise<void>;
  checked?(context: CheckedContext): Promise<void>;
  /** Words below a cell magic of text, outside of `{{ }}`. @param before Its lines up to the cursor. */
  completeBody?(before: string, around: Surroundings): ArgumentWords;
  /** @param typed The argument up to the cursor. */
  complete?(typed: string, around: Surroundings): ArgumentWords;
}

/** Where a magic stands in its cell, zero-based. */
export interface MagicPlace {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** The person can fix this: shown without a stack. */
export class MagicError extends Error {
  override readonly name: string = "MagicError";
  place: MagicPlace | null = null;
}

/** Name with its percent signs. */
export function magicKey(magic: Magic): string {
  return `${isCellMagic(magic) ? "%%" : "%"}${magic.name}`;
}

export function isCellMagic(magic: Magic): boolean {
  return magic.usage.startsWith("%%");
}
