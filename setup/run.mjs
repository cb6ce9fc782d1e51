/** Runs the steps of the set-up: progress, logs, stamps, and advice when something fails. */
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { writeAtomically } from "./files.mjs";

export const ROOT = path.resolve(import.meta.dirname, "..");
export const STATE = path.join(ROOT, ".setup");
export const WINDOWS = process.platform === "win32";

/** A failure that the user can act on; printed without a stack. */
export class SetupError extends Error {}

export async function runStep({ title, stamp, run }, number, total) {
  const file = path.join(STATE, `${title.replaceAll(" ", "-")}.stamp`);
  const label = `[${number}/${total}] ${title}`;
  const before = stamp();
  if (before !== null && existsSync(file) && readFileSync(file, "utf8") === before) {
    process.stdout.write(`${label}: ready\n`);
    return;
  }
  rmSync(file, { force: true });
  const began = Date.now();
  const elapsed = () => `${((Date.now() - began) / 1000).toFixed(0)} s`;
  process.stdout.write(`${label} …${process.stdout.isTTY ? "" : "\n"}`);
  const ticker = process.stdout.isTTY
    ? setInterval(() => process.stdout.write(`\r${label} … ${elapsed()}`), 500)
    : undefined;
  try {
    await run();
  } finally {
    clearInterval(ticker);
  }
  process.stdout.write(`${process.stdout.isTTY ? "\r" : ""}${label}: done in ${elapsed()}\n`);
  const after = stamp();
  if (after !== null) writeAtomically(file, after);
}

/** Runs a command with its output in a log; when it fails, the end of the log and advice are the error. */
export function quiet(command, args, log) {
  const file = path.join(STATE, `${log}.log`);
  writeFileSync(file, `> ${command} ${args.join(" ")}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: environment(),
      stdio: ["ignore", "pipe", "pipe"],
      shell: WINDOWS,
    });
    const keep = (chunk) => appendFileSync(file, chunk);
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => reject(new SetupError(`${command} cannot be run: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (code === 0) return resolve();
      const text = readFileSync(file, "utf8");
      const tail = excerpt(text).join("\n  ");
      reject(
        new SetupError(
          `${command} failed (${signal ?? code}):\n  ${tail}\n\n${advice(text)}The whole log: ${file}. Then run the same command again: it goes on from here.`,
        ),
      );
    });
  });
}

/** The first lines that speak of an error and the last lines: where tools tend to say what went wrong. */
function excerpt(text) {
  const lines = text.trimEnd().split("\n");
  const first = lines.findIndex((line) => /\berror\b/i.test(line));
  if (first < 0 || first > lines.length - 12) return lines.slice(-12);
  return [...lines.slice(first, first + 6), "…", ...lines.slice(Math.max(first + 6, lines.length - 6))];
}

/** What to do about the failures that a fresh machine is known for. */
function advice(text) {
  const known = [
    [/ENOSPC|No space left/, "The disk is full. Make room."],
    [
      /ensurepip is not available/,
      "Python came without its venv module. Debian or Ubuntu: apt install python3-venv.",
    ],
    [
      /EAI_AGAIN|ENOTFOUND|ETIMEDOUT|Temporary failure in name resolution|Max retries exceeded/,
      "A package registry cannot be reached. Check the network or the proxy settings of npm and pip.",
    ],
    [/EACCES|Permission denied/, "A file may not be written. Check who owns this folder."],
    [
      /No matching distribution|only-binary/,
      "A Python package has no ready-made build for this machine. Use a CPython between 3.10 and 3.14.",
    ],
  ];
  const hit = known.find(([pattern]) => pattern.test(text));
  return hit === undefined ? "" : `${hit[1]}\n`;
}

/** Runs a command in the user's terminal. */
export function attached(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env: environment(), stdio: "inherit" });
    // Ctrl+C reaches the child as well: it decides when to end.
    process.on("SIGINT", () => {});
    child.on("error", (error) =>
      reject(new SetupError(`${command} cannot be run: ${error.message}. Run npm run setup.`)),
    );
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/** RADBOOK_DATA is read by kernels that run in other folders, so it must not be relative. */
export function environment() {
  const env = { ...process.env, JUPYTER_PREFER_ENV_PATH: "1" };
  if (env.RADBOOK_DATA) env.RADBOOK_DATA = path.resolve(process.env.INIT_CWD ?? ROOT, env.RADBOOK_DATA);
  return env;
}
