/**
 * The process that makes the compiler's start-up snapshot: in files of its own, which take their places when they
 * are whole. It gives way to all other work, and stops when the kernel that wants it is gone.
 *
 * Layer:  language; imports link, snapshot.
 */
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { linkScript } from "./link.js";
import { COMPILER_FLAGS, type FileState, HOME, type Recipe, recipeFile, snapshotFile } from "./snapshot.js";

const ENTRY = fileURLToPath(new URL("./compiler-main.js", import.meta.url));
/** A part that is older was left by a process that did not come to its end. */
const STALE_MS = 120_000;

/** The kernel that asked for it is there. */
let isWanted = true;
const target = snapshotFile();
const folder = path.dirname(target);
const part = `${target}.${process.pid}`;
const script = `${part}.js`;

mkdirSync(folder, { recursive: true });
if (!isBeingMade()) {
  os.setPriority(os.constants.priority.PRIORITY_LOW);
  try {
    await make();
    removeOthers();
  } catch (error) {
    if (isWanted) process.stderr.write(`radbook kernel: starts stay slow: ${String(error)}\n`);
  } finally {
    for (const file of [part, script, recipeFile(part)]) rmSync(file, { force: true });
  }
}

async function make(): Promise<void> {
  const started = Date.now();
  const linked = linkScript(ENTRY);
  writeFileSync(script, linked.script);
  const read = await build();
  const states = [...new Set([...linked.files, ...read, ...manifests(read)])].map((file): FileState => {
    const { size, mtimeMs } = statSync(file);
    return [file, size, mtimeMs];
  });
  if (states.some(([, , mtimeMs]) => mtimeMs >= started)) return;
  const { size } = statSync(part);
  const recipe: Recipe = { node: process.version, flags: COMPILER_FLAGS, home: HOME, size, files: states };
  writeFileSync(`${part}.json`, JSON.stringify(recipe));
  // In between, sizes differ or files do, and a kernel starts without.
  renameSync(part, target);
  renameSync(`${part}.json`, recipeFile(target));
}

/** Runs the script, and gives the files that it has read. */
function build(): Promise<string[]> {
  const child = spawn(
    process.execPath,
    [...COMPILER_FLAGS, "--disable-warning=Warning", "--snapshot-blob", part, "--build-snapshot", script],
    { cwd: folder, stdio: ["ignore", "pipe", "pipe"] },
  );
  const stop = (): void => {
    isWanted = false;
    child.kill("SIGKILL");
  };
  process.stdin.on("end", stop).on("error", stop).resume();
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      process.stdin.pause();
      if (code === 0) resolve(JSON.parse(output) as string[]);
      else
        reject(
          new Error(`the compiler's snapshot was not made (${signal ?? code})\n${errors.slice(-2_000)}`),
        );
    });
  });
}

/** Another process is at it. */
function isBeingMade(): boolean {
  const names = readdirSync(folder).filter((name) => name.startsWith(`${path.basename(target)}.`));
  return names.some((name) => {
    const { mtimeMs } = statSync(path.join(folder, name), { throwIfNoEntry: false }) ?? { mtimeMs: 0 };
    if (Date.now() - mtimeMs < STALE_MS) return true;
    rmSync(path.join(folder, name), { force: true });
    return false;
  });
}

/** Snapshots of this kernel for another Node, and of kernels that are gone. */
function removeOthers(): void {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    if (!/^compiler-[0-9a-f]+\.json$/.test(name) || file === recipeFile(target)) continue;
    const { home } = JSON.parse(readFileSync(file, "utf8")) as Recipe;
    if (home !== HOME && statSync(home, { throwIfNoEntry: false })) continue;
    for (const one of [file, file.replace(/json$/, "blob")]) rmSync(one, { force: true });
  }
}

/** The package.json of each file's package says which of its files are found. */
function manifests(files: readonly string[]): string[] {
  const found = new Map<string, string | null>();
  const find = (at: string): string | null => {
    const known = found.get(at);
    if (known !== undefined) return known;
    const file = path.join(at, "package.json");
    const here = statSync(file, { throwIfNoEntry: false }) ? file : null;
    const result = here ?? (path.dirname(at) === at ? null : find(path.dirname(at)));
    found.set(at, result);
    return result;
  };
  return files.map((file) => find(path.dirname(file))).filter((file) => file !== null);
}
