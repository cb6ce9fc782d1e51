/**
 * What rewritten magics call in a cell, as `__cell.magic`. Its types for cells are in `language/ambient-magics.ts`.
 *
 * Layer:  session/child/magic; imports session/child.
 */
import { cd, env } from "./environment.js";
import { memory, type Scopes } from "./memory.js";
import { run } from "./run.js";
import { sql } from "./sql.js";
import { text } from "./text.js";
import { timeit } from "./timeit.js";

export interface MagicRuntime {
  timeit(action: () => unknown): Promise<void>;
  cd(folder: string): void;
  env(name?: string, value?: string): void;
  memory(): void;
  run(file: string): Promise<object>;
  sql(text: string, slots: readonly (string | null)[], values: readonly unknown[]): Promise<object[]>;
  text(
    type: "text/markdown" | "text/html",
    parts: readonly string[],
    values: readonly unknown[],
  ): Promise<void>;
}

export function magicRuntime(scopes: Scopes): MagicRuntime {
  return { timeit, cd, env, memory: () => memory(scopes), run, sql, text };
}
