/**
 * `%load` and `%cd`: files and folders.
 *
 * Layer:  magics; imports magic, paths.
 */
import { type Magic, MagicError } from "./magic.js";
import { completePath, isFolder, readTyped, typedPath, unquoted } from "./paths.js";

const load: Magic = {
  name: "load",
  usage: "%load FILE",
  doc: "Puts the text of a file into this cell, in place of what is there.",
  complete: (typed, { folder }) => completePath(typed, folder, /./),
  effect: async (context, argument) => {
    if (argument === "") throw new MagicError("%load needs a file, such as %load analysis.ts.");
    const text = readTyped(argument, context.workingFolder).replace(/\r\n/g, "\n").trimEnd();
    const payload = { source: "set_next_input", text: `// %load ${argument}\n${text}`, replace: true };
    context.payload(payload);
  },
};

const cd: Magic = {
  name: "cd",
  usage: "%cd [FOLDER]",
  doc: "Goes to a folder, from which relative paths begin then; without one, back to the notebook's. Imports are still found from the notebook.",
  complete: (typed, { folder }) => completePath(typed, folder, null),
  rewrite: (argument) => ({
    before: `__cell.magic.cd(${JSON.stringify(unquoted(argument))});`,
    after: "",
    keep: [0, 0],
  }),
  // Code of this cell may make the folder first, so that only its own run can tell whether it is there.
  folder: (argument, { folder }) => {
    const next = typedPath(argument, folder);
    return argument !== "" && isFolder(next) ? next : folder;
  },
};

export const fileMagics: readonly Magic[] = [load, cd];
