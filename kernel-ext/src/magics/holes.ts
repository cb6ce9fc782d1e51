/**
 * Text cells with expressions in them: `{{ expression }}`.
 *
 * The text goes into the first line as data. Below it, everything but the expressions is blanked, so that each
 * stands in the columns where it was typed.
 * Layer:  magics; imports nothing.
 */

export interface Holes {
  /** The text around the expressions: one piece more than there are of them. */
  readonly parts: readonly string[];
  /** Lines as long as typed that hold the expressions only, each in parentheses and followed by a comma. */
  readonly lines: readonly string[];
}

/** @param typing The last hole of a line need not be closed yet. */
export function cutHoles(lines: readonly string[], typing: boolean): Holes {
  const pattern = typing ? /\{\{ (.*?)(?: \}\}|$)/g : /\{\{ (.*?) \}\}/g;
  const parts: string[] = [];
  let part = "";
  const blanked = lines.map((line, i) => {
    if (i > 0) part += "\n";
    let code = "";
    let at = 0;
    for (const match of line.matchAll(pattern)) {
      const [whole, expression = ""] = match;
      part += line.slice(at, match.index);
      parts.push(part);
      part = "";
      code += `${" ".repeat(match.index - at)}  (${expression}), `;
      at = match.index + whole.length;
    }
    part += line.slice(at);
    return code;
  });
  parts.push(part);
  return { parts, lines: blanked };
}
