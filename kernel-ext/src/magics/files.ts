/**
 * `%load`, `%run` and `%cd`: files and folders.
 *
 * Layer:  magics; imports magic, paths.
 */
import path from "node:path";
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

const RUN = /^(?:([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=\s*)?("[^"]*"|'[^']*'|\S+)$/u;

const run: Magic = {
  name: "run",
  usage: "%run [NAME =] FILE.ts",
  doc: "Runs a TypeScript file, each time anew; what it exports is in NAME, which is the file's own name if none is given.",
  complete: (typed, { folder }) => {
    const from = typed.length - (/\S*$/.exec(typed)?.[0] ?? "").length;
    const { from: inside, words } = completePath(typed.slice(from), folder, /\.m?[tj]s$/);
    return { from: from + inside, words };
  },
  rewrite: (argument, { folder }) => {
    const [, name = "", typed = ""] = RUN.exec(argument) ?? [];
    const file = typedPath(typed, folder);
    if (!/\.m?ts$|\.mjs$/.test(unquoted(typed))) {
      throw new MagicError(
        "%run needs a TypeScript file, such as %run prepare.ts or %run step = prepare.ts.",
      );
    }
    readTyped(typed, folder);
    const chosen = name === "" ? identifier(path.basename(file)) : "";
    const text = JSON.stringify(file);
    return {
      before: `const ${chosen}`,
      after: ` = await __cell.magic.run<typeof import(${text})>(${text});`,
      keep: [0, name.length],
    };
  },
};

/** `my-step.ts` is `myStep` in a cell. */
function identifier(file: string): string {
  const name = file
    .replace(/\.\w+$/, "")
    .replace(/[^\p{ID_Continue}$]+(.)?/gu, (_, next: string | undefined) => (next ?? "").toUpperCase());
  return /^[\p{ID_Start}$_]/u.test(name) ? name : `_${name}`;
}

export const fileMagics: readonly Magic[] = [load, run, cd];
