/**
 * V8's start-up snapshot of the compiler: a process that begins with it has TypeScript and all libraries read,
 * bound and once checked. Where it is kept, and whether it still holds.
 *
 * Layer:  language; imports environment, folders.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ownEnvironment } from "../environment.js";
import { cacheFolder } from "../folders.js";

/** Flags of V8 that a process must have in common with the one that made its snapshot. */
export const COMPILER_FLAGS: readonly string[] = [
  // Each check leaves some memory behind. V8 would let four times the compiler's own gather first.
  "--heap-growing-percent=40",
];

/** State of a file: size and time of its last change. */
export type FileState = readonly [file: string, size: number, mtimeMs: number];

/** What a snapshot was made of; it lies beside it. */
export interface Recipe {
  readonly node: string;
  readonly flags: readonly string[];
  /** The kernel's folder. */
  readonly home: string;
  readonly size: number;
  readonly files: readonly FileState[];
}

/** The kernel's folder. */
export const HOME: string = fileURLToPath(new URL("../..", import.meta.url));
const MAKER = path.join(HOME, "dist", "language", "snapshot-main.js");

/** Where the snapshot of this kernel and this Node lies. */
export function snapshotFile(): string {
  const id = createHash("sha256").update(`${HOME}\0${process.version}\0${process.arch}`).digest("hex");
  return path.join(cacheFolder(), `compiler-${id.slice(0, 16)}.blob`);
}

/** The recipe of a snapshot lies beside it. */
export function recipeFile(snapshot: string): string {
  return snapshot.replace(/blob$/, "json");
}

/** The snapshot, or null unless it is there and nothing has changed since it was made. */
export function usableSnapshot(): string | null {
  const file = snapshotFile();
  try {
    const recipe = JSON.parse(readFileSync(recipeFile(file), "utf8")) as Recipe;
    const same =
      recipe.node === process.version &&
      recipe.flags.join() === COMPILER_FLAGS.join() &&
      recipe.size === statSync(file).size &&
      recipe.files.every(([name, size, mtimeMs]) => {
        const found = statSync(name);
        return found.size === size && found.mtimeMs === mtimeMs;
      });
    return same ? file : null;
  } catch {
    return null;
  }
}

/** A snapshot with which no process starts. */
export function discardSnapshot(): void {
  const file = snapshotFile();
  for (const one of [recipeFile(file), file]) rmSync(one, { force: true });
}

/** Makes a snapshot in a process of its own, which ends with this one. */
export function makeSnapshot(): ChildProcess {
  return spawn(process.execPath, [MAKER], { env: ownEnvironment(), stdio: ["pipe", "ignore", "inherit"] });
}
