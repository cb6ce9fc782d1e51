/**
 * `%npm`: packages beside the notebook.
 *
 * Layer:  magics; imports language, magic.
 */
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { installedPackages } from "../language/import-paths.js";
import { nearest } from "../language/nearest.js";
import { type EffectContext, type Magic, MagicError } from "./magic.js";

const COMMANDS = ["install", "uninstall", "update", "list", "outdated", "view"];
/** Others that npm knows; a word that is none of them, but close to one above, is a slip. */
const OTHERS =
  /^(?:i|in|add|un|rm|remove|up|upgrade|ls|la|ll|ci|run|exec|init|info|show|test|why|explain|search|audit|config|get|set|help|link|pack|ping|prune|root|prefix|version|dedupe|fund|cache|rebuild|doctor|bin)$/;

export const npm: Magic = {
  name: "npm",
  usage: "%npm install PACKAGE…",
  doc: "Runs npm in the notebook's folder; what it installs can be imported at once.",
  complete: (typed, { folder }) => {
    const [, command, rest] = /^(\S+)\s+(?:.*\s)?(\S*)$/.exec(typed) ?? [];
    if (command === undefined || rest === undefined) return { from: 0, words: COMMANDS };
    const words = /^(?:uninstall|update|list|outdated|view)$/.test(command) ? installedPackages(folder) : [];
    return { from: typed.length - rest.length, words };
  },
  effect: async (context, argument) => {
    const words = argument.split(/\s+/).filter((word) => word !== "");
    if (words.length === 0) throw new MagicError(`%npm needs a command, one of ${COMMANDS.join(", ")}.`);
    const [command = ""] = words;
    const close = OTHERS.test(command) || COMMANDS.includes(command) ? null : nearest(command, COMMANDS);
    if (close !== null) throw new MagicError(`npm has no command ${command}. Did you mean %npm ${close}?`);
    const manifest = path.join(context.folder, "package.json");
    // Without one, npm would install into the next folder above that has one.
    if (!existsSync(manifest)) writeFileSync(manifest, `${JSON.stringify({ private: true }, null, 2)}\n`);
    await run(words, context);
    context.refresh();
  },
};

function run(words: readonly string[], { folder, signal, print }: EffectContext): Promise<void> {
  const command = process.platform === "win32" ? "npm.cmd" : "npm";
  const options = { cwd: folder, signal, stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"] };
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...words, "--no-fund", "--no-audit"], options);
    child.stdout.setEncoding("utf8").on("data", (text: string) => print("stdout", text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => print("stderr", text));
    child.on("error", (error) => {
      const stopped = signal.aborted
        ? "npm was interrupted"
        : `npm did not start (${error.message}). Is it installed?`;
      reject(new MagicError(stopped));
    });
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new MagicError(`npm ${words.join(" ")} failed with code ${code}; its message is above.`));
    });
  });
}
