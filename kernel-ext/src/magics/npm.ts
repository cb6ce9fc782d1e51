/**
 * `%npm`: packages beside the notebook.
 *
 * Layer:  magics; imports magic.
 */
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type EffectContext, type Magic, MagicError } from "./magic.js";

const COMMANDS = ["install", "uninstall", "update", "list", "outdated", "view"];

export const npm: Magic = {
  name: "npm",
  usage: "%npm install PACKAGE…",
  doc: "Runs npm in the notebook's folder; what it installs can be imported at once.",
  complete: (typed) => ({ from: 0, words: /\s/.test(typed) ? [] : COMMANDS }),
  effect: async (context, argument) => {
    const words = argument.split(/\s+/).filter((word) => word !== "");
    if (words.length === 0) throw new MagicError(`%npm needs a command, one of ${COMMANDS.join(", ")}.`);
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
