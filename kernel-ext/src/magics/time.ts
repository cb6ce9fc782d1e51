/**
 * `%time`: wall and processor time of one statement.
 *
 * Layer:  magics; imports magic.
 */
import type { Magic } from "./magic.js";

/** Words that begin a statement, which has no value to give back. */
const STATEMENT =
  /^\s*(?:(?:const|let|var|for|while|do|if|switch|try|throw|using|import|export|interface|type|enum|return)\b|\{)|^\s*(?:async\s+)?function\b|^\s*class\b|;\s*\S/;

export const time: Magic = {
  name: "time",
  usage: "%time expression or statement",
  doc: "Runs the rest of the line and prints how long it took.",
  rewrite: (argument) => {
    if (STATEMENT.test(argument))
      return { before: "__cell.timer.start(); ", after: "; __cell.timer.stop();" };
    return { before: "await __cell.timer.time(async () => (", after: "));" };
  },
};
