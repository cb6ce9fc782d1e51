/**
 * `%cd` and `%env`: folder and variables of the process that runs the cells.
 *
 * Layer:  session/child/magic; imports session/child, magics (table).
 */
import { readdirSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { table } from "../../../magics/table.js";
import { folder as notebook } from "../modules.js";
import { currentCell, emit } from "../output.js";

const SECRET = /key|token|secret|passw|credential|auth/i;

/** Goes to a folder, or without one to the notebook's, and prints where that is. @throws RangeError without it. */
export function cd(argument: string): void {
  const home = argument === "~" || argument.startsWith("~/") ? os.homedir() + argument.slice(1) : argument;
  const next = argument === "" ? notebook : path.resolve(home);
  const kind = statSync(next, { throwIfNoEntry: false });
  if (!kind?.isDirectory()) {
    const parent = path.dirname(next);
    const found = statSync(parent, { throwIfNoEntry: false })?.isDirectory() ? foldersOf(parent) : [];
    const hint = found.length === 0 ? "" : ` ${parent} has the folders ${found.join(", ")}.`;
    throw new RangeError(
      `${kind ? `${next} is a file, not a folder` : `there is no folder ${next}`}.${hint}`,
    );
  }
  process.chdir(next);
  process.stdout.write(`${next}\n`);
}

/** Lists the variables, prints one, or sets one. @throws RangeError for a variable that is not set. */
export function env(name?: string, value?: string): void {
  if (name === undefined) {
    const rows = Object.entries(process.env)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, SECRET.test(key) ? "<hidden>" : (one ?? "")]);
    const shown = table(["variable", "value"], rows);
    emit({ type: "display", cell: currentCell(), update: false, displayId: null, ...shown });
  } else if (value !== undefined) {
    process.env[name] = value;
  } else {
    const found = process.env[name];
    if (found === undefined) {
      throw new RangeError(`the variable ${name} is not set. Set it with %env ${name}=VALUE.`);
    }
    process.stdout.write(`${found}\n`);
  }
}

function foldersOf(parent: string): string[] {
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map((entry) => entry.name)
    .sort()
    .slice(0, 10);
}
