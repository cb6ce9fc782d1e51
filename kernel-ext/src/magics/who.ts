/**
 * `%who`: the names that earlier cells have left.
 *
 * Layer:  magics; imports magic, table.
 */
import type { Magic } from "./magic.js";
import { table } from "./table.js";

export const who: Magic = {
  name: "who",
  usage: "%who",
  doc: "Lists the names that earlier cells declared, with their types.",
  effect: async (context) => {
    const rows = context.names().map(({ name, kind, type }) => [name, kind, type]);
    if (rows.length === 0) context.print("stdout", "no cell has declared a name yet\n");
    else context.show(table(["name", "kind", "type"], rows));
  },
};
