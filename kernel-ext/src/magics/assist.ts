/**
 * Help while typing a cell with magics: names and arguments complete here; for all else, the TypeScript that the
 * cell becomes, with offsets there and back.
 *
 * Layer:  magics; imports language (types), magic, registry, rewrite.
 */
import type { Completions, Inspection } from "../language/language.js";
import { isCellMagic, type Magic, magicKey, type Surroundings } from "./magic.js";
import type { Magics } from "./registry.js";
import { mayHaveMagics, rewrite } from "./rewrite.js";

/** Completions of a magic's name or argument; null where TypeScript completes. */
export function completeMagic(
  text: string,
  offset: number,
  magics: Magics,
  around: Surroundings,
): Completions | null {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const below = completeBelow(text, start, offset, magics, around);
  if (below !== undefined) return below;
  const match = /^([ \t]*)(%{1,2}\w*)(?:([ \t]+)(.*))?$/.exec(text.slice(start, offset));
  if (!match) return null;
  const [, indent = "", name = "", space, typed = ""] = match;
  if (space === undefined) {
    const first = text.slice(0, start).trim() === "";
    const items = [...magics.values()]
      .filter((magic) => first || !isCellMagic(magic))
      .map(magicKey)
      .filter((key) => key.startsWith(name) || (name === "%" && key.startsWith("%%")))
      .sort();
    return {
      start: start + indent.length,
      end: offset,
      items: items.map((one) => ({ text: one, kind: "magic" })),
    };
  }
  const magic = magics.get(name);
  if (!magic) return null;
  if (name === "%expand") {
    const inner = completeMagic(typed, typed.length, magics, around);
    const before = offset - typed.length;
    return inner && { ...inner, start: inner.start + before, end: inner.end + before };
  }
  const { from, words } = magic.complete?.(typed, around) ?? { from: 0, words: [] };
  if (magic.code && words.length === 0) return null;
  const word = typed.slice(from);
  const items = words.filter((one) => one.startsWith(word)).map((one) => ({ text: one, kind: "param" }));
  return { start: offset - word.length, end: offset, items };
}

/** Below a cell magic of text, TypeScript stands in `{{ }}` only; undefined in any other cell. */
function completeBelow(
  text: string,
  line: number,
  offset: number,
  magics: Magics,
  around: Surroundings,
): Completions | null | undefined {
  const body = text.indexOf("\n") + 1;
  const magic = body > 0 && line >= body ? magics.get(/^[ \t]*(%%\w+)/.exec(text)?.[1] ?? "") : undefined;
  if (!magic?.rewriteCell) return undefined;
  if (/\{\{ (?:(?! \}\}).)*$/.test(text.slice(line, offset))) return null;
  const { from, words } = magic.completeBody?.(text.slice(body, offset), around) ?? {
    from: offset,
    words: [],
  };
  const start = magic.completeBody ? body + from : offset;
  return { start, end: offset, items: words.map((one) => ({ text: one, kind: "keyword" })) };
}

/** What a magic is, for a cursor on its name. */
export function inspectMagic(text: string, offset: number, magics: Magics): Inspection | null {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const match = /^([ \t]*)(%{1,2}\w+)/.exec(text.slice(start));
  const magic = match && offset <= start + match[0].length ? magics.get(match[2] ?? "") : undefined;
  return magic ? { plain: `${magic.usage}\n\n${magic.doc}`, markdown: described(magic) } : null;
}

function described({ usage, doc }: Magic): string {
  return `\`\`\`\n${usage}\n\`\`\`\n\n${doc}`;
}

/** Whether a cell is only the first line of a cell magic, whose text is still to come. */
export function isOnlyHead(text: string, magics: Magics): boolean {
  const name = /^\s*(%%\w+)[^\n]*$/.exec(text)?.[1];
  return name !== undefined && magics.has(name);
}

/** A cell as TypeScript sees it while it is typed. */
export interface AnalysisText {
  readonly text: string;
  toCode(offset: number): number;
  toTyped(offset: number): number;
}

export function analysisText(source: string, magics: Magics, around: Surroundings): AnalysisText {
  const same = (offset: number): number => offset;
  if (!mayHaveMagics(source)) return { text: rewrite(source, magics).text.text, toCode: same, toTyped: same };
  const { text } = rewrite(source, magics, { ...around, typing: true });
  const typed = lineStarts(source);
  const code = lineStarts(text.text);
  const move = (offset: number, from: readonly number[], to: readonly number[], sign: 1 | -1): number => {
    const line = Math.min(
      from.findLastIndex((start) => start <= offset),
      to.length - 1,
    );
    const start = to[line] ?? 0;
    const end = (to[line + 1] ?? Number.POSITIVE_INFINITY) - 1;
    const column = offset - (from[line] ?? 0) + sign * (text.shifts[line] ?? 0);
    return Math.min(Math.max(start, start + column), end);
  };
  return {
    text: text.text,
    toCode: (offset) => move(offset, typed, code, 1),
    toTyped: (offset) => move(offset, code, typed, -1),
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
