/**
 * `%who`, `%type`, `%reset`: the names that cells have left, and their types.
 *
 * Layer:  magics; imports language, magic, table.
 */

import { nearest } from "../language/nearest.js";
import { type Magic, MagicError } from "./magic.js";
import { table } from "./table.js";

/** Begins what has no type. */
const STATEMENT = /^\s*(?:const|let|var|for|while|if|switch|try|throw|return|export|enum|interface)\b/;

const who: Magic = {
  name: "who",
  usage: "%who [beginning]",
  doc: "Lists the names that earlier cells declared, with their types; only those that begin so, if given.",
  complete: (_, { names }) => ({ from: 0, words: [...names()] }),
  effect: async (context, argument) => {
    const known = await context.described();
    const rows = known
      .filter(({ name }) => name.startsWith(argument))
      .map(({ name, kind, type }) => [name, kind, type]);
    if (rows.length > 0) context.show(table(["name", "kind", "type"], rows));
    else if (known.length === 0) context.print("stdout", "no cell has declared a name yet\n");
    else context.print("stdout", `no name begins with ${argument}; %who lists all ${known.length}\n`);
  },
};

const type: Magic = {
  name: "type",
  usage: "%type expression",
  doc: "Prints the type of an expression without running it.",
  code: true,
  rewrite: (argument) => {
    if (argument.trim() === "" || STATEMENT.test(argument))
      throw new MagicError("%type needs an expression, such as %type scan.spacing.");
    // Inside an async function that nobody calls: checked, `await` included, and never run.
    return { before: "void (async () => (", after: "));" };
  },
  checked: async (context) => context.print("stdout", `${await context.argumentType()}\n`),
};

const reset: Magic = {
  name: "reset",
  usage: "%reset [name…]",
  doc: "Forgets the names that earlier cells declared, or only those given, and frees their memory.",
  complete: (typed, { names }) => ({ from: typed.lastIndexOf(" ") + 1, words: [...names()] }),
  effect: async (context, argument) => {
    const names = argument.split(/[\s,]+/).filter((name) => name !== "");
    const all = context.names();
    const unknown = context.forget(names.length === 0 ? null : names);
    const [first] = unknown;
    if (first === undefined) return;
    const close = nearest(first, all);
    const hint = close === null ? "%who lists those that there are." : `Did you mean ${close}?`;
    throw new MagicError(`no cell has declared ${unknown.join(", ")}, so nothing was forgotten. ${hint}`);
  },
};

export const nameMagics: readonly Magic[] = [who, type, reset];
