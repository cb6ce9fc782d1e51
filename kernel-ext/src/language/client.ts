/**
 * The language as the kernel sees it: calls go to the compiler's process; names are known here as well, so that
 * what needs no compiler waits for none, and so that a compiler that dies can be replaced.
 *
 * Layer:  language; imports compiler-process, name-table.
 */
import { CompilerProcess } from "./compiler-process.js";
import type { CellModule } from "./compiler-protocol.js";
import type {
  CellText,
  CodePlace,
  Completeness,
  Completions,
  Conversion,
  ConvertOptions,
  Inspection,
  KnownName,
  Language,
  NamePlace,
  Refusal,
} from "./language.js";
import { NameTable } from "./name-table.js";

/** A check that is nearly done is not worth a new process. */
const INTERRUPT_GRACE_MS = 300;

export class LanguageClient implements Language {
  readonly #compiler: CompilerProcess;
  readonly #names = new NameTable();
  readonly #pending = new Map<number, CellModule>();
  readonly #kept = new Map<number, CellModule>();

  /** @param folder Where the notebook lies; imports are found from there. */
  constructor(folder: string) {
    this.#compiler = new CompilerProcess(folder, () => [
      [...this.#kept].map(([cell, module]) => ({ cell, module })),
      [...this.#names.entries.values()],
    ]);
  }

  async convert(
    cell: number,
    label: string,
    text: CellText,
    { strict = true, signal }: ConvertOptions = {},
  ): Promise<Conversion> {
    let timer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      timer = setTimeout(() => this.#compiler.interrupt(), INTERRUPT_GRACE_MS);
    };
    signal?.addEventListener("abort", stop, { once: true });
    try {
      const conversion = await this.#compiler.ask("convert", cell, label, text, strict);
      if (conversion.ok) this.#pending.set(cell, conversion.module);
      return conversion;
    } finally {
      signal?.removeEventListener("abort", stop);
      clearTimeout(timer);
    }
  }

  warning(): Promise<Refusal | null> {
    return this.#compiler.ask("warning");
  }

  typeAt(line: number, column: number): Promise<string | null> {
    return this.#compiler.ask("typeAt", line, column);
  }

  keep(cell: number, unset: readonly string[]): void {
    const module = this.#pending.get(cell);
    this.#pending.delete(cell);
    if (!module) return;
    this.#kept.set(cell, module);
    const declared = module.declared.filter((one) => !unset.includes(one.name));
    this.#names.keep(cell, declared);
    this.#compiler.tell("keep", { cell, module }, declared);
  }

  takeUnreachable(): readonly number[] {
    return this.#names.takeUnreachable();
  }

  forget(names: readonly string[] | null): readonly string[] {
    const unknown = this.#names.forget(names);
    if (unknown.length === 0) this.#compiler.tell("forget", names);
    return unknown;
  }

  reset(): void {
    this.#names.clear();
    this.#pending.clear();
    // What changed types of the whole session still does.
    for (const [cell, { root }] of this.#kept) if (!root) this.#kept.delete(cell);
    this.#compiler.tell("reset");
  }

  refresh(): void {
    this.#compiler.tell("refresh");
  }

  complete(text: string, offset: number): Promise<Completions> {
    return this.#compiler.ask("complete", text, offset);
  }

  inspect(text: string, offset: number, detail: 0 | 1): Promise<Inspection | null> {
    return this.#compiler.ask("inspect", text, offset, detail);
  }

  isComplete(text: string): Promise<Completeness> {
    return this.#compiler.ask("isComplete", text);
  }

  described(): Promise<readonly KnownName[]> {
    return this.#compiler.ask("described");
  }

  names(): readonly string[] {
    return [...this.#names.entries.keys()];
  }

  places(): readonly NamePlace[] {
    return [...this.#names.entries.values()].filter((entry) => entry.value);
  }

  toJavaScript(code: string, holders: ReadonlyMap<string, string>): Promise<string> {
    return this.#compiler.ask("toJavaScript", code, [...holders]);
  }

  isCaught(places: readonly CodePlace[]): Promise<boolean> {
    return this.#compiler.ask("isCaught", places);
  }

  close(): void {
    this.#compiler.close();
  }
}
