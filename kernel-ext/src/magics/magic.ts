/**
 * What a magic is: data. Its name, how it is used, and what it becomes.
 *
 * Layer:  magics; imports language, session (types).
 */
import type { KnownName } from "../language/language.js";
import type { Shown } from "../session/protocol.js";

/** What an effect may do; it runs in the kernel, before the code of its cell. */
export interface EffectContext {
  /** The notebook's folder. */
  readonly folder: string;
  /** Aborted when the person interrupts the cell. */
  readonly signal: AbortSignal;
  print(name: "stdout" | "stderr", text: string): void;
  show(shown: Shown): void;
  names(): readonly KnownName[];
  /** Packages have changed. */
  refresh(): void;
}

export interface Magic {
  readonly name: string;
  /** The line as a person types it. */
  readonly usage: string;
  readonly doc: string;
  /** TypeScript before and after the argument, on the same line; without it the line becomes empty. */
  rewrite?(argument: string): { readonly before: string; readonly after: string };
  effect?(context: EffectContext, argument: string): Promise<void>;
  /** Words that can be the argument. */
  arguments?(): readonly string[];
}

/** The person can fix this: shown without a stack. */
export class MagicError extends Error {
  override readonly name: string = "MagicError";
}
