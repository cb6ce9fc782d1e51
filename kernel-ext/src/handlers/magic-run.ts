/**
 * The magics of one cell: what the cell becomes, and what the kernel does for it before it runs.
 *
 * Layer:  handlers; imports language, magics, session.
 */
import type { Language, Refusal } from "../language/language.js";
import { allMagics } from "../magics/contributed.js";
import { type EffectContext, MagicError, type Surroundings } from "../magics/magic.js";
import { type Magics, magics } from "../magics/registry.js";
import { type MagicUse, mayHaveMagics, type Rewritten, rewrite } from "../magics/rewrite.js";
import type { ErrorReport, Shown } from "../session/protocol.js";
import type { JsonObject } from "../wire/message.js";
import type { Context } from "./context.js";

/** Where the magics of a cell put what they have to say. */
export interface MagicOutput {
  print(name: "stdout" | "stderr", text: string): void;
  show(shown: Shown): void;
  payload(item: JsonObject): void;
}

/** @throws MagicError with its place. */
export async function rewriteMagics(
  context: Context,
  language: Language,
  code: string,
): Promise<Rewritten & { readonly magics: Magics }> {
  const known = await magicsFor(code);
  return { ...rewrite(code, known, surroundings(context, language)), magics: known };
}

/** Packages are asked for magics only where there are some. */
export async function magicsFor(code: string): Promise<Magics> {
  return mayHaveMagics(code) ? allMagics() : magics;
}

export function surroundings(context: Context, language: Language): Surroundings {
  return {
    folder: context.workingFolder,
    typing: false,
    names: () => new Set(language.names()),
  };
}

/** Runs the effects in order. @throws MagicError with its place. */
export async function runEffects(
  context: Context,
  language: Language,
  { uses, magics }: { readonly uses: readonly MagicUse[]; readonly magics: Magics },
  output: MagicOutput,
  signal: AbortSignal,
): Promise<void> {
  for (const use of uses) {
    if (signal.aborted) return;
    const around = { ...surroundings(context, language), folder: use.folder };
    const effects: EffectContext = {
      folder: context.folder,
      workingFolder: use.folder,
      signal,
      print: output.print,
      show: output.show,
      payload: (item) => output.payload({ ...item }),
      described: () => language.described(),
      names: () => language.names(),
      refresh: () => language.refresh(),
      forget: (names) => language.forget(names),
      expand: (text) => rewrite(text, magics, around).text.text,
      strict: (on) => {
        context.strict = on ?? context.strict;
        return context.strict;
      },
      magics: () => [...magics.values()],
    };
    try {
      await use.magic.effect?.(effects, use.argument, use.body);
    } catch (error) {
      // The place inside an expanded text is another one.
      if (error instanceof MagicError) error.place = use;
      throw error;
    }
  }
}

/** What is said once the cell is checked: types that were asked for. */
export async function afterCheck(
  language: Language,
  uses: readonly MagicUse[],
  output: MagicOutput,
): Promise<void> {
  for (const { magic, line, codeColumn } of uses) {
    await magic.checked?.({
      print: output.print,
      argumentType: async () => (await language.typeAt(line, codeColumn)) ?? "unknown",
    });
  }
}

/** A magic that failed says so with its line; anything else is a fault of the kernel, with its stack. */
export function reportOwn(error: unknown, code: string, label: string): ErrorReport {
  if (!(error instanceof Error)) return { name: "Error", value: String(error), traceback: [String(error)] };
  const { name, message, stack } = error;
  if (!(error instanceof MagicError)) {
    return { name, value: message, traceback: (stack ?? message).split("\n") };
  }
  const traceback = [`${name}: ${message}`];
  if (error.place) {
    const { line, column, length } = error.place;
    const number = String(line + 1);
    traceback.push(
      `${label}, line ${number}`,
      `> ${number} | ${code.split(/\r?\n/)[line] ?? ""}`,
      `  ${" ".repeat(number.length)} | ${" ".repeat(column)}${"^".repeat(Math.max(1, length))}`,
    );
  }
  return { name, value: message, traceback };
}

/** Type errors that do not refuse a cell. */
export function warningText({ traceback }: Refusal): string {
  return `${traceback.join("\n")}\nThe cell runs all the same: %check is off.\n`;
}
