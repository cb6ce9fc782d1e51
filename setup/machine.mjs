/** What the machine must have, and what to say when it is missing. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT, SetupError, STATE, WINDOWS } from "./run.mjs";

const NEEDED_NODE = [20, 19];
const NEEDED_GIGABYTES = 3;

export function checkMachine() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < NEEDED_NODE[0] || (major === NEEDED_NODE[0] && minor < NEEDED_NODE[1])) {
    throw new SetupError(
      `Radbook needs Node.js ${NEEDED_NODE.join(".")} or newer, and this is ${process.version}. Get it from https://nodejs.org.`,
    );
  }
  mkdirSync(STATE, { recursive: true });
  if (existsSync(path.join(STATE, "kernel.stamp"))) return;
  const { bavail, bsize } = statfsSync(ROOT);
  const free = (bavail * bsize) / 2 ** 30;
  if (free < NEEDED_GIGABYTES) {
    throw new SetupError(
      `Radbook needs ${NEEDED_GIGABYTES} GB of disk, and ${ROOT} has ${free.toFixed(1)} GB free. Make room, then run this again.`,
    );
  }
}

export function findPython() {
  const names = WINDOWS
    ? ["python", "py"]
    : ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
  const found = [];
  for (const name of [process.env.RADBOOK_PYTHON, ...names].filter(Boolean)) {
    const code = "import sys, sysconfig; print('.'.join(map(str, sys.version_info[:2])), sys.executable)";
    const { status, stdout } = spawnSync(name, ["-c", code], { encoding: "utf8" });
    if (status !== 0) continue;
    const [version, ...executable] = stdout.trim().split(" ");
    const [major, minor] = version.split(".").map(Number);
    found.push(`${name} is ${version}`);
    if (major === 3 && minor >= 10) return executable.join(" ");
  }
  const seen = found.length === 0 ? "none is on the path" : found.join(", ");
  throw new SetupError(
    `Radbook needs Python 3.10 or newer for JupyterLab, and ${seen}.\n` +
      "Debian or Ubuntu: apt install python3 python3-venv. macOS: brew install python. Windows: https://www.python.org/downloads.\n" +
      "If it lies elsewhere, name it: RADBOOK_PYTHON=/path/to/python3 npm start",
  );
}

/** Two set-ups at once would write over each other. */
export function takeLock() {
  const file = path.join(STATE, "lock");
  if (existsSync(file)) {
    const pid = Number(readFileSync(file, "utf8"));
    if (pid !== process.pid && isAlive(pid)) {
      throw new SetupError(
        `Another set-up is running here (process ${pid}). Wait for it to end, then run this again.`,
      );
    }
  }
  writeFileSync(file, String(process.pid));
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}
