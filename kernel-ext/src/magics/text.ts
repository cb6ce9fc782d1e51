/**
 * `%%md` and `%%html`: cells of text.
 *
 * Layer:  magics; imports holes, magic.
 */
import { cutHoles } from "./holes.js";
import type { Magic } from "./magic.js";

export const textMagics: readonly Magic[] = [
  textMagic("md", "text/markdown", "Shows the cell as Markdown"),
  textMagic("html", "text/html", "Shows the cell as HTML"),
];

function textMagic(name: string, type: string, does: string): Magic {
  return {
    name,
    usage: `%%${name}`,
    doc: `${does}; {{ expression }} puts a value into it.`,
    rewriteCell: (_, typed, { typing }) => {
      const { parts, lines } = cutHoles(typed, typing);
      const before = `await __cell.magic.text(${JSON.stringify(type)}, ${JSON.stringify(parts)}, [`;
      return { first: { before, after: "", keep: [0, 0] }, lines, end: "]);" };
    },
  };
}
