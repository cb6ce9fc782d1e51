/** Runs the built command `radbook` as a process of its own. */
import { execFile } from "node:child_process";
import path from "node:path";

const COMMAND = path.resolve(import.meta.dirname, "../../src/bin.mjs");

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function radbook(
  args: readonly string[],
  { cwd = process.cwd() }: { readonly cwd?: string } = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const options = { cwd, maxBuffer: 1 << 26 };
    execFile(process.execPath, [COMMAND, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
