/**
 * `%time`, `%%time`, `%timeit`, `%%timeit`: how long code takes.
 *
 * Layer:  magics; imports magic.
 */
import { type Magic, MagicError } from "./magic.js";

/** Words that begin a statement, which has no value to give back. */
const STATEMENT =
  /^\s*(?:(?:const|let|var|for|while|do|if|switch|try|throw|using|import|export|interface|type|enum|return)\b|\{)|^\s*(?:async\s+)?function\b|^\s*class\b|;\s*\S/;

const time: Magic = {
  name: "time",
  usage: "%time expression or statement",
  doc: "Runs the rest of the line and prints how long it took.",
  code: true,
  rewrite: (argument) => {
    required(argument, "%time");
    if (STATEMENT.test(argument))
      return { before: "__cell.timer.start(); ", after: "; __cell.timer.stop();" };
    return { before: "await __cell.timer.time(async () => (", after: "));" };
  },
};

const timeCell: Magic = {
  name: "time",
  usage: "%%time",
  doc: "Runs the cell and prints how long it took.",
  code: true,
  wrap: (argument) => ({ first: { before: "__cell.timer.whole(); ", after: semicolon(argument) }, end: "" }),
};

const timeit: Magic = {
  name: "timeit",
  usage: "%timeit expression or statement",
  doc: "Runs the rest of the line many times and prints the mean time of one run, with its standard deviation.",
  code: true,
  rewrite: (argument) => {
    required(argument, "%timeit");
    const [open, close] = STATEMENT.test(argument) ? ["{ ", " }"] : ["(", ")"];
    return { before: `await __cell.magic.timeit(${arrow(argument)} ${open}`, after: `${close});` };
  },
};

const timeitCell: Magic = {
  name: "timeit",
  usage: "%%timeit [setup]",
  doc: "Runs the cell many times and prints the mean time of one run; the setup runs once. Names of the body stay inside.",
  code: true,
  wrap: (argument, body) => ({
    first: { before: "", after: `${semicolon(argument)} await __cell.magic.timeit(${arrow(body)} {` },
    end: "});",
  }),
};

export const timers: readonly Magic[] = [time, timeCell, timeit, timeitCell];

/** Only code that awaits needs a function that can. */
function arrow(code: string): string {
  return /\bawait\b/.test(code) ? "async () =>" : "() =>";
}

function semicolon(argument: string): string {
  return argument.trim() === "" ? "" : ";";
}

function required(argument: string, name: string): void {
  if (argument.trim() === "") {
    throw new MagicError(
      `${name} needs code behind it, such as ${name} f(). To time a whole cell, begin it with %${name}.`,
    );
  }
}
