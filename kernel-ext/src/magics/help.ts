/**
 * `%help`: the magics.
 *
 * Layer:  magics; imports language, magic, table.
 */

import { nearest } from "../language/nearest.js";
import { type Magic, MagicError, magicKey } from "./magic.js";
import { table } from "./table.js";

/** @param known Names of the kernel's own magics, for completion. */
export function help(known: () => readonly string[]): Magic {
  return {
    name: "help",
    usage: "%help [magic]",
    doc: "Lists the magics, or explains one.",
    complete: () => ({ from: 0, words: known() }),
    effect: async (context, argument) => {
      const magics = context.magics();
      const name = argument.replace(/^%+/, "");
      const chosen = name === "" ? magics : magics.filter((magic) => magic.name === name);
      if (chosen.length === 0) {
        const close = nearest(
          name,
          magics.map((magic) => magic.name),
        );
        const hint = close === null ? "" : ` Did you mean %${close}?`;
        throw new MagicError(`there is no magic %${name}.${hint} %help lists those that there are.`);
      }
      const rows = [...chosen]
        .sort((a, b) =>
          a.name < b.name ? -1 : a.name > b.name ? 1 : magicKey(b).length - magicKey(a).length,
        )
        .map(({ usage, doc }) => [usage, doc]);
      context.show(table(["magic", "what it does"], rows));
    },
  };
}
