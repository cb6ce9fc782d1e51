/**
 * From the text as typed to TypeScript: lines that begin with `%name`, and cells that begin with `%%name`, become
 * what the magic says.
 *
 * Lines stay lines, and what stays of an argument stays as it is: only columns of that line move, by `shifts`.
 * Layer:  magics; imports language (types), magic, names.
 */
import type { CellText } from "../language/language.js";
import { nearest } from "../language/nearest.js";
import { isCellMagic, type LineCode, type Magic, MagicError, magicKey, type Surroundings } from "./magic.js";

const LINE = /^([ \t]*)(%{1,2}[A-Za-z_]\w*)([ \t]*)(.*)$/;

/** A magic as it stands in a cell. */
export interface MagicUse {
  readonly magic: Magic;
  readonly argument: string;
  /** Lines below a cell magic. */
  readonly body: string;
  /** Zero-based line, and the column of its percent sign. */
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** Column in the TypeScript at which the argument begins. */
  readonly codeColumn: number;
  /** Where relative paths begin at this line. */
  readonly folder: string;
}

export interface Rewritten {
  readonly text: CellText;
  /** Magics in order. */
  readonly uses: readonly MagicUse[];
}

const NOWHERE: Surroundings = { folder: ".", typing: false, names: () => new Set() };

/** @throws MagicError, with its place, for a line that names no magic or whose argument is wrong. */
export function rewrite(
  source: string,
  magics: ReadonlyMap<string, Magic>,
  around: Surroundings = NOWHERE,
): Rewritten {
  // A line for the shell, as wide as before.
  const script = source.replace(/^#!/, "//");
  if (!mayHaveMagics(source)) return { text: { source, text: script, shifts: {} }, uses: [] };
  const work: Work = { magics, around: { ...around }, shifts: {}, uses: [] };
  const typed = script.replace(/\r$/, "").split(/\r?\n/);
  const lines = cellLines(typed, work) ?? codeLines(typed, 0, linesInsideText(script), work);
  return { text: { source, text: lines.join("\n"), shifts: work.shifts }, uses: work.uses };
}

/** False where `rewrite` would change nothing. */
export function mayHaveMagics(source: string): boolean {
  return /^[ \t]*%{1,2}[A-Za-z_]/m.test(source);
}

interface Work {
  readonly magics: ReadonlyMap<string, Magic>;
  readonly around: Surroundings & { folder: string };
  readonly shifts: Record<number, number>;
  readonly uses: MagicUse[];
}

interface Typed {
  readonly line: number;
  readonly indent: string;
  readonly name: string;
  readonly space: string;
  readonly argument: string;
}

/** The lines of a cell that begins with a cell magic; null for any other. */
function cellLines(typed: readonly string[], work: Work): string[] | null {
  const [first = "", ...below] = typed;
  const found = typedMagic(first, 0);
  if (!found?.name.startsWith("%%")) return null;
  return attempt(found, work, typed.length, () => {
    const magic = magicOf(found, work);
    use(magic, found, work, below.join("\n"));
    if (magic.rewriteCell) {
      const { first: code, lines, end } = magic.rewriteCell(found.argument.trim(), below, work.around);
      return withEnd([line(found, code, work), ...lines], end);
    }
    if (magic.wrap) {
      const { first: code, end } = magic.wrap(found.argument, below.join("\n"));
      const inside = linesInsideText(below.join("\n"));
      const shifted = new Set([...inside].map((one) => one + 1));
      return withEnd([line(found, code, work), ...codeLines(below, 1, shifted, work)], end);
    }
    return typed.map(() => "");
  });
}

/** On a line of its own: a comment in the last one would swallow it. */
function withEnd(lines: readonly string[], end: string): string[] {
  return end === "" ? [...lines] : [...lines, end];
}

function codeLines(
  typed: readonly string[],
  from: number,
  inside: ReadonlySet<number>,
  work: Work,
): string[] {
  return typed.map((text, i) => {
    const found = inside.has(from + i) ? null : typedMagic(text, from + i);
    if (!found) return text;
    const [code = ""] = attempt(found, work, 1, () => [lineMagic(found, work)]);
    return code;
  });
}

function lineMagic(found: Typed, work: Work): string {
  const magic = magicOf(found, work);
  if (isCellMagic(magic)) {
    throw new MagicError(
      `${found.name} takes the whole cell: put it in the first line of a cell of its own.`,
    );
  }
  use(magic, found, work, "");
  if (!magic.rewrite) return "";
  if (!magic.code) return line(found, magic.rewrite(found.argument.trimEnd(), work.around), work);
  // A closing semicolon or comment stays outside of what the magic puts around the argument.
  const [, core = "", tail = ""] =
    /^(.*?)((?:\s*;)*\s*(?:(?<![^\s;])\/\/[^"'`]*)?)$/.exec(found.argument) ?? [];
  return line({ ...found, argument: core }, magic.rewrite(core, work.around), work) + tail;
}

function line({ line, indent, name, space, argument }: Typed, code: LineCode, work: Work): string {
  const { before, after, keep: [from, to] = [0, argument.length] } = code;
  work.shifts[line] = before.length - (indent.length + name.length + space.length + from);
  return before + argument.slice(from, to) + after;
}

function use(magic: Magic, found: Typed, work: Work, body: string): void {
  const argument = found.argument.trim();
  if (argument !== "" && !magic.code && magic.usage === magicKey(magic))
    throw new MagicError(`${found.name} takes nothing behind it; found ${argument}.`);
  if (isCellMagic(magic) && body.trim() === "" && !(magic.code && argument !== ""))
    throw new MagicError(`${found.name} needs lines below it: ${lowered(magic.doc)}`);
  const column = found.indent.length;
  const length = lengthOf(found);
  const codeColumn = (magic.code && magic.rewrite?.(argument, work.around).before.length) || 0;
  work.uses.push({
    magic,
    argument,
    body,
    line: found.line,
    column,
    length,
    codeColumn,
    folder: work.around.folder,
  });
  if (magic.folder) work.around.folder = magic.folder(argument, work.around);
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function typedMagic(text: string, line: number): Typed | null {
  const match = LINE.exec(text);
  if (!match) return null;
  const [, indent = "", name = "", space = "", argument = ""] = match;
  return { line, indent, name, space, argument };
}

function magicOf({ name }: Typed, { magics }: Work): Magic {
  const magic = magics.get(name);
  if (magic) return magic;
  const close = nearest(name, [...magics.keys()]);
  const hint = close === null ? "" : ` Did you mean ${close}?`;
  throw new MagicError(`there is no magic ${name}.${hint} %help lists those that there are.`);
}

/** Gives an error its place; while a person types, empty lines instead. */
function attempt(found: Typed, work: Work, lines: number, action: () => string[]): string[] {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof MagicError)) throw error;
    if (work.around.typing) return new Array<string>(lines).fill("");
    error.place ??= { line: found.line, column: found.indent.length, length: lengthOf(found) };
    throw error;
  }
}

function lengthOf({ name, space, argument }: Typed): number {
  return (name + space + argument).trimEnd().length;
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
