/**
 * `%expand` and `%%expand`: what magics become.
 *
 * Layer:  magics; imports magic.
 */
import type { Shown } from "../session/protocol.js";
import { type Magic, MagicError } from "./magic.js";

const expand: Magic = {
  name: "expand",
  usage: "%expand %magic …",
  doc: "Shows the TypeScript that a magic becomes, and runs nothing.",
  effect: async (context, argument) => {
    if (!argument.startsWith("%"))
      throw new MagicError("%expand needs a magic, such as %expand %time f(). For a whole cell: %%expand.");
    context.show(shownCode(context.expand(argument)));
  },
};

const expandCell: Magic = {
  name: "expand",
  usage: "%%expand",
  doc: "Shows the TypeScript that the cell becomes, and runs nothing.",
  rewriteCell: (_, lines) => ({
    first: { before: "", after: "", keep: [0, 0] },
    lines: lines.map(() => ""),
    end: "",
  }),
  effect: async (context, _, body) => context.show(shownCode(context.expand(body))),
};

export const expanders: readonly Magic[] = [expand, expandCell];

function shownCode(code: string): Shown {
  const text = code.trimEnd();
  // A fence is longer than any inside.
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  const data = {
    "text/plain": text === "" ? "(nothing: the kernel itself does it)" : text,
    "text/markdown":
      text === "" ? "*nothing: the kernel itself does it*" : `${fence}typescript\n${text}\n${fence}`,
  };
  return { data, metadata: {} };
}
