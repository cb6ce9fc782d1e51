/**
 * A data folder appears whole or not at all: it is made beside its place and moved there when complete.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const STAMP = "complete.json";
const PART = ".partial-";

/** What was made, to tell whether it has to be made again. */
export type Stamp = Readonly<Record<string, string | number>>;

export function isComplete(folder: string, stamp: Stamp): boolean {
  const file = path.join(folder, STAMP);
  return existsSync(file) && readFileSync(file, "utf8") === stampText(stamp);
}

/** Fills a new folder, stamps it, and puts it in the place of the old one. Leftovers of interrupted runs are removed first. */
export async function replaceFolder(
  folder: string,
  stamp: Stamp,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  mkdirSync(path.dirname(folder), { recursive: true });
  removeLeftovers(folder);
  const part = `${folder}${PART}${process.pid}`;
  mkdirSync(part);
  try {
    await fill(part);
    writeFileSync(path.join(part, STAMP), stampText(stamp));
    rmSync(folder, { recursive: true, force: true });
    renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

function stampText(stamp: Stamp): string {
  return `${JSON.stringify(stamp, null, 1)}\n`;
}

/** Folders whose process has ended. */
function removeLeftovers(folder: string): void {
  const parent = path.dirname(folder);
  const prefix = `${path.basename(folder)}${PART}`;
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix) || isRunning(Number(name.slice(prefix.length)))) continue;
    rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0); // signal 0 only asks
  } catch {
    return false;
  }
}
