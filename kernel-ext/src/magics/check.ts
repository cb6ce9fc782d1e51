/**
 * `%check`: whether type errors refuse a cell.
 *
 * Layer:  magics; imports magic.
 */
import { type Magic, MagicError } from "./magic.js";

export const check: Magic = {
  name: "check",
  usage: "%check [on | off]",
  doc: "Off: type errors are warnings, and the cell runs. On, as at the start: they refuse the cell. Alone: says which holds.",
  complete: () => ({ from: 0, words: ["on", "off"] }),
  effect: async (context, argument) => {
    if (argument === "on" || argument === "off") {
      context.strict(argument === "on");
    } else if (argument === "") {
      const text = context.strict()
        ? "%check is on: type errors refuse a cell\n"
        : "%check is off: type errors are warnings\n";
      context.print("stdout", text);
    } else {
      throw new MagicError(`%check is on or off, not ${argument}. Write %check on or %check off.`);
    }
  },
};
