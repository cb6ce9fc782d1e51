/**
 * What the benchmarks of models share: peers in environments of their own, seeded data in files that every program reads,
 * and a table with the ratios.
 *
 * Every program takes WORK FOLDER REPEATS THREADS and prints a line of JSON (`Measured`).
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pythonOf } from "./radiomics-support.js";

const ROOT = path.resolve(import.meta.dirname, "../..");
const FOLDER = path.join(ROOT, "data", "bench");

/** Made on demand, read by every program. */
export const DATA = path.join(FOLDER, "model");

/** Rounds in which the programs take turns, if a row does not say. */
const ROUNDS = 2;

/** A program that takes longer is stopped, and the table goes on. */
const LIMIT_MS = 15 * 60_000;

/** Of what a program may take beyond what it needs before, by the matrix. */
const MOST_MEMORY = 1.2;

/** What a program prints. */
interface Measured {
  /** Of each repetition, s; the first warms up, if there are several. */
  readonly seconds: readonly number[];
  /** Processor time of each repetition, all threads, s. On a machine that does other work too, only this can be compared. */
  readonly cpu: readonly number[];
  /** Largest memory of the process, and that before it read the data, MB. */
  readonly peakMb: number;
  readonly idleMb: number;
}

/** A script of `model-peers`, and what runs it. */
export interface Peer {
  readonly name: string;
  readonly script: string;
  readonly runsIn: "Python" | "Python 3.8" | "R";
  /** Whether it can use several threads, default false: then it is timed once for all rows of the same work. */
  readonly hasThreads?: boolean;
}

/** One row of the table. */
export interface Row {
  /** What a person calls it. */
  readonly title: string;
  /** What the programs call it. */
  readonly work: string;
  /** Folder of `DATA` with the inputs, and what writes them there. */
  readonly data: string;
  readonly prepare: () => void;
  readonly peers: readonly Peer[];
  /** Largest ratio of the times that issue 6 allows, to the faster of the peers or to the one named. */
  readonly aim: number | readonly [most: number, peer: string];
  /** Runs in one process, 4 by default; those of the peers, if fewer. */
  readonly repeats?: number;
  readonly peerRepeats?: number;
  readonly rounds?: number;
  /** Threads of every program, 1 by default. */
  readonly threads?: number;
  /** Numbers of the matrix, where memory is looked at too. */
  readonly matrix?: number;
  /** What else is to be said, when the programs have run. */
  readonly note?: () => string;
}

/** The best of a program. */
interface Best {
  readonly seconds: number;
  readonly cpu: number;
  readonly peakMb: number;
  readonly idleMb: number;
}

/** Radbook's sources in a process of its own; what they are translated to is read before anything is timed. */
const RADBOOK: readonly string[] = [
  process.execPath,
  "--import",
  "tsx",
  "--conditions=source",
  path.join(import.meta.dirname, "model-own.mts"),
];

/** Where the peers run: a command, or why there is none. */
const places = new Map<Peer["runsIn"], string | Error>();

function placeOf(runsIn: Peer["runsIn"]): string | Error {
  const known = places.get(runsIn);
  if (known !== undefined) return known;
  const found =
    runsIn === "R"
      ? rscript()
      : runsIn === "Python"
        ? pythonWith("python", ["3.13", "3.12", "3.11"], PYTHON_PACKAGES)
        : pythonWith("fasttreeshap", ["3.8"], ["fasttreeshap==0.1.6", "scikit-learn==1.3.2"]);
  places.set(runsIn, found);
  return found;
}

const PYTHON_PACKAGES = [
  "numpy==2.4.6",
  "scipy==1.17.1",
  "scikit-learn==1.9.1",
  "scikit-survival==0.28.0",
  "lifelines==0.30.3",
  "shap==0.51.0",
];

/** An interpreter with packages in a folder of its own; nothing is fetched when all is there. */
function pythonWith(name: string, versions: readonly string[], packages: readonly string[]): string | Error {
  const folder = path.join(FOLDER, name);
  const program = path.join(folder, "bin/python");
  if (!existsSync(program)) {
    const found = pythonOf(versions);
    if (found === null || !succeeds(found, ["-m", "venv", folder])) {
      return new Error(`it needs Python ${versions.join(" or ")}`);
    }
  }
  if (succeeds(program, ["-m", "pip", "install", "-q", ...packages])) return program;
  return new Error(`${packages.join(", ")} could not be installed`);
}

function rscript(): string | Error {
  if (succeeds("Rscript", ["-e", "library(glmnet); library(survival)"])) return "Rscript";
  return new Error("it needs R with glmnet, e.g. apt-get install r-base-core r-cran-glmnet");
}

function succeeds(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

/** Writes `numbers` as little-endian doubles, once. */
export function writeOnce(file: string, numbers: () => Float64Array): void {
  const target = path.join(DATA, file);
  if (existsSync(target)) return;
  mkdirSync(path.dirname(target), { recursive: true });
  const values = numbers();
  writeFileSync(target, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

export function printHeader(): void {
  process.stdout.write(
    "| work | program | wall, s | processor, s | peak MB (before) | ratio wall | ratio processor | aim | reached |\n" +
      "|---|---|---|---|---|---|---|---|---|\n",
  );
}

/**
 * Runs the programs in turn and prints the best repetition of each, with the ratios. A program that is not there or fails is
 * printed with the reason.
 *
 * @returns Whether the row reaches its aim, by the wall clock and in memory; null if there is nothing to compare with.
 */
export function printRow(row: Row): boolean | null {
  row.prepare();
  const bests = new Map<string, Best>();
  const reasons = new Map<string, string>();
  for (let round = 0; round < (row.rounds ?? ROUNDS); round++) {
    for (const one of [null, ...row.peers]) {
      const name = one?.name ?? "Radbook";
      if (reasons.has(name)) continue;
      const found = measured(row, one, round);
      if (found instanceof Error) reasons.set(name, found.message);
      else bests.set(name, better(bests.get(name), found));
    }
  }
  const ours = bests.get("Radbook");
  const [most, against] = typeof row.aim === "number" ? [row.aim, null] : row.aim;
  const judges = row.peers.flatMap(({ name }) => {
    const best = bests.get(name);
    return best !== undefined && (against === null || against === name) ? [best] : [];
  });
  const isReached =
    ours === undefined || judges.length === 0 ? null : ratioOf(ours, judges, "seconds") <= most;
  for (const name of ["Radbook", ...row.peers.map((peer) => peer.name)]) {
    const best = bests.get(name);
    const cells = best === undefined ? [reasons.get(name) ?? "", "", "", "", "", "", ""] : cellsOf(best);
    if (name === "Radbook" && ours !== undefined && isReached !== null) {
      cells.push(ratioOf(ours, judges, "seconds").toFixed(3), ratioOf(ours, judges, "cpu").toFixed(3));
      cells.push(`≤ ${most}${against === null ? "" : ` × ${against}`}`, isReached ? "yes" : "no");
    } else if (best !== undefined) cells.push("", "", "", "");
    process.stdout.write(`| ${[row.title, name, ...cells].join(" | ")} |\n`);
  }
  const isSmall = printNotes(row, ours);
  return isReached === null ? null : isReached && isSmall;
}

function cellsOf({ seconds, cpu, peakMb, idleMb }: Best): string[] {
  return [seconds.toPrecision(3), cpu.toPrecision(3), `${peakMb.toFixed(0)} (${idleMb.toFixed(0)})`];
}

/** To the fastest of the judges. */
function ratioOf(ours: Best, judges: readonly Best[], of: "seconds" | "cpu"): number {
  return ours[of] / Math.min(...judges.map((judge) => judge[of]));
}

/** @returns Whether the memory, if it is looked at, is as small as the issue asks for. */
function printNotes({ title, matrix, note }: Row, ours: Best | undefined): boolean {
  if (note !== undefined) process.stdout.write(`| ${title} | ${note()} | | | | | | | |\n`);
  if (matrix === undefined || ours === undefined) return true;
  const ratio = (ours.peakMb - ours.idleMb) / ((matrix * Float64Array.BYTES_PER_ELEMENT) / 2 ** 20);
  const isSmall = ratio <= MOST_MEMORY;
  process.stdout.write(
    `| ${title} | Radbook's memory by the matrix | | | ${ratio.toFixed(2)} | | | ≤ ${MOST_MEMORY} | ${isSmall ? "yes" : "no"} |\n`,
  );
  return isSmall;
}

function better(known: Best | undefined, { seconds, cpu, peakMb, idleMb }: Measured): Best {
  const warm = seconds.length > 1 ? 1 : 0;
  return {
    seconds: Math.min(known?.seconds ?? Number.POSITIVE_INFINITY, ...seconds.slice(warm)),
    cpu: Math.min(known?.cpu ?? Number.POSITIVE_INFINITY, ...cpu.slice(warm)),
    peakMb,
    idleMb,
  };
}

/** What programs without threads gave, for other rows of the same work. */
const earlier = new Map<string, Measured | Error>();

/** One process of Radbook (null) or of a peer. */
function measured(row: Row, peer: Peer | null, round: number): Measured | Error {
  const { work, data, repeats = 4, peerRepeats = repeats, threads = 1 } = row;
  const place = peer === null ? "" : placeOf(peer.runsIn);
  if (place instanceof Error) return new Error(`left out: ${place.message}`);
  const command =
    peer === null ? RADBOOK : [place, path.join(import.meta.dirname, "model-peers", peer.script)];
  const own = peer === null || peer.hasThreads === true ? threads : 1;
  const args = [work, path.join(DATA, data), String(peer === null ? repeats : peerRepeats), String(own)];
  const key = [...command, ...args, round].join(" ");
  const known = earlier.get(key);
  if (known !== undefined) return known;
  const found = runOnce([...command, ...args], own);
  if (own === 1 && peer !== null) earlier.set(key, found);
  return found;
}

function runOnce([program = "", ...args]: readonly string[], threads: number): Measured | Error {
  const limit = String(threads);
  const env = {
    ...process.env,
    OMP_NUM_THREADS: limit,
    OPENBLAS_NUM_THREADS: limit,
    NUMBA_NUM_THREADS: limit,
  };
  const { status, signal, stdout, stderr } = spawnSync(program, args, {
    encoding: "utf8",
    env,
    maxBuffer: 1e8,
    timeout: LIMIT_MS,
  });
  const why = stderr?.trim().split("\n").at(-1) ?? "";
  if (signal !== null) return new Error(`stopped after ${LIMIT_MS / 60_000} minutes or by ${signal}`);
  if (status !== 0) return new Error(`failed: ${why.replaceAll("|", "/").slice(0, 300)}`);
  try {
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Measured;
  } catch {
    return new Error("failed: it printed no times");
  }
}
