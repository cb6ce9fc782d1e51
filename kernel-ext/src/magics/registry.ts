/**
 * All magics of the kernel, and the completion of their names and arguments.
 *
 * Layer:  magics; imports language (types).
 */
import type { Completions } from "../language/language.js";
import { help } from "./help.js";
import type { Magic } from "./magic.js";
import { npm } from "./npm.js";
import { time } from "./time.js";
import { who } from "./who.js";

const list: Magic[] = [time, who, npm];
list.push(help(list));

export const magics: ReadonlyMap<string, Magic> = new Map(list.map((magic) => [magic.name, magic]));

/** Completions inside a magic line; null where TypeScript completes. */
export function completeMagic(text: string, offset: number): Completions | null {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const typed = text.slice(start, offset);
  const match = /^([ \t]*)%(\w*)(?:([ \t]+)(\S*))?$/.exec(typed);
  if (!match) return null;
  const [, indent = "", name = "", space, word = ""] = match;
  if (space === undefined) {
    const names = [...magics.keys()].filter((one) => one.startsWith(name)).map((one) => `%${one}`);
    return {
      start: start + indent.length,
      end: offset,
      items: names.map((one) => ({ text: one, kind: "magic" })),
    };
  }
  const words = magics.get(name)?.arguments?.();
  if (!words) return null;
  const items = words.filter((one) => one.startsWith(word)).map((one) => ({ text: one, kind: "param" }));
  return { start: offset - word.length, end: offset, items };
}
