/**
 * From the text as typed to TypeScript: lines that begin with `%name` become what the magic says.
 *
 * Lines stay lines, and the argument stays as it is: only columns of that line move, by `shifts`.
 * Layer:  magics; imports language (types).
 */
import type { CellText } from "../language/language.js";
import { type Magic, MagicError } from "./magic.js";

const LINE = /^([ \t]*)%([A-Za-z_]\w*)([ \t]*)(.*)$/;

export interface MagicUse {
  readonly magic: Magic;
  readonly argument: string;
}

export interface Rewritten {
  readonly text: CellText;
  /** Magics with an effect, in order. */
  readonly effects: readonly MagicUse[];
}

/** @throws MagicError when a line names no magic. */
export function rewrite(source: string, magics: ReadonlyMap<string, Magic>): Rewritten {
  const shifts: Record<number, number> = {};
  const effects: MagicUse[] = [];
  if (!/^[ \t]*%[A-Za-z_]/m.test(source)) return { text: { source, text: source, shifts }, effects };

  const inside = linesInsideText(source);
  const lines = source.split("\n").map((line, i) => {
    const match = inside.has(i) ? null : LINE.exec(line);
    if (!match) return line;
    const [, indent = "", name = "", space = "", argument = ""] = match;
    const magic = magics.get(name);
    if (!magic) throw new MagicError(`there is no magic %${name}. %help lists those that there are.`);
    if (magic.effect) effects.push({ magic, argument: argument.trim() });
    if (!magic.rewrite) return "";
    // A closing semicolon or comment stays outside of what the magic puts around the argument.
    const [, core = "", tail = ""] = /^(.*?)((?:\s*;)*\s*(?:(?<![^\s;])\/\/[^"'`]*)?)$/.exec(argument) ?? [];
    const { before, after } = magic.rewrite(core);
    shifts[i] = before.length - (indent.length + 1 + name.length + space.length);
    return before + core + after + tail;
  });
  return { text: { source, text: lines.join("\n"), shifts }, effects };
}

/** Lines that begin inside a template literal or a block comment, where a percent sign is only that. */
function linesInsideText(source: string): Set<number> {
  const found = new Set<number>();
  const pattern =
    /\/\/.*|\/\*[\s\S]*?(?:\*\/|$)|`(?:\\[\s\S]|[^`\\])*(?:`|$)|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
  for (const match of source.matchAll(pattern)) {
    const first = source.slice(0, match.index).split("\n").length - 1;
    const count = match[0].split("\n").length - 1;
    for (let i = 1; i <= count; i++) found.add(first + i);
  }
  return found;
}
