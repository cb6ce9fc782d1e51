/**
 * `%help`: the magics, and what a cell has without an import.
 *
 * Layer:  magics; imports magic, table.
 */
import { type Magic, MagicError } from "./magic.js";
import { table } from "./table.js";

export function help(magics: readonly Magic[]): Magic {
  return {
    name: "help",
    usage: "%help [magic]",
    doc: "Lists the magics, or explains one.",
    arguments: () => magics.map((magic) => magic.name),
    effect: async (context, argument) => {
      const name = argument.replace(/^%/, "");
      const chosen = name === "" ? magics : magics.filter((magic) => magic.name === name);
      if (chosen.length === 0)
        throw new MagicError(`there is no magic %${name}. %help lists those that there are.`);
      const rows = chosen.map(({ usage, doc }) => [usage, doc]);
      context.show(table(["magic", "what it does"], rows));
    },
  };
}
