/**
 * `%env` and `%memory`: the process that runs the cells.
 *
 * Layer:  magics; imports magic.
 */
import { type Magic, MagicError } from "./magic.js";

const env: Magic = {
  name: "env",
  usage: "%env [NAME[=VALUE]]",
  doc: "Lists environment variables, shows one, or sets one for the code of cells. Values of keys, tokens and passwords are hidden in the list.",
  complete: (typed) => ({ from: 0, words: typed.includes("=") ? [] : Object.keys(process.env).sort() }),
  rewrite: (argument) => {
    const [, name = "", value] = /^([^=\s]*)(?:\s*=\s*|\s+|$)(?:(?<=[=\s])(.*))?$/.exec(argument) ?? [];
    if (argument !== "" && !/^[A-Za-z_]\w*$/.test(name)) {
      throw new MagicError(`"${argument}" names no environment variable. Write %env NAME=VALUE.`);
    }
    const set = /[=\s]/.test(argument) && value !== undefined;
    const words = argument === "" ? [] : set ? [name, value] : [name];
    return {
      before: `__cell.magic.env(${words.map((word) => JSON.stringify(word)).join(", ")});`,
      after: "",
      keep: [0, 0],
    };
  },
};

const memory: Magic = {
  name: "memory",
  usage: "%memory",
  doc: "Shows the memory of the process that runs the cells, and which names hold most of it.",
  rewrite: () => ({ before: "__cell.magic.memory();", after: "", keep: [0, 0] }),
};

export const environmentMagics: readonly Magic[] = [env, memory];
