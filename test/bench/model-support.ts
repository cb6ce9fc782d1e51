/**
 * What the benchmarks of models share: peers in an environment of their own, seeded data in files that every program reads,
 * and a table with the ratios.
 *
 * Every program takes WORK FOLDER REPEATS THREADS and prints a line of JSON (`Measured`).
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../..");
const FOLDER = path.join(ROOT, "data", "bench");

/** Made on demand, read by every program. */
export const DATA = path.join(FOLDER, "model");

/** Rounds in which the programs take turns, if a row does not say. */
const ROUNDS = 2;

/** What a program prints. */
export interface Measured {
  /** Of each repetition, s; the first warms up. */
  readonly seconds: readonly number[];
  /** Processor time of each repetition, all threads, s. On a machine that does other work too, only this can be compared. */
  readonly cpu: readonly number[];
  /** Largest memory of the process, and that before it read the data, MB. */
  readonly peakMb?: number;
  readonly idleMb?: number;
}

export interface Program {
  readonly name: string;
  readonly command: readonly string[];
}

/** One row of the table. */
export interface Row {
  /** What a person calls it. */
  readonly title: string;
  /** What the programs call it. */
  readonly work: string;
  /** Folder of `DATA` with the inputs. */
  readonly data: string;
  readonly programs: readonly (Program | null)[];
  /** Largest ratio to the fastest of the peers that issue 6 allows. */
  readonly aim: string;
  readonly repeats?: number;
  readonly rounds?: number;
  /** Threads of every program, 1 by default. */
  readonly threads?: number;
  /** How much more our program does than the peers, whose times are multiplied by it. */
  readonly peersShare?: number;
}

/** The best of each program, by name. */
export type Bests = ReadonlyMap<
  string,
  { readonly seconds: number; readonly cpu: number; readonly peakMb: number }
>;

/** Radbook's sources in a process of its own; what they are translated to is read before anything is timed. */
export function radbook(script = "model-own.mts"): Program {
  const source = ["--import", "tsx", "--conditions=source"];
  return { name: "Radbook", command: [process.execPath, ...source, path.join(import.meta.dirname, script)] };
}

let python: string | null | undefined;

/** A script of `model-peers` with the Python packages of all peers; null if they cannot be had. */
export function inPython(name: string, script: string): Program | null {
  python ??= pythonWith([
    "numpy==2.4.6",
    "scipy==1.17.1",
    "scikit-learn==1.9.1",
    "scikit-survival==0.28.0",
    "lifelines==0.30.3",
    "shap==0.51.0",
  ]);
  if (python === null) return null;
  return { name, command: [python, path.join(import.meta.dirname, "model-peers", script)] };
}

function pythonWith(packages: readonly string[]): string | null {
  const folder = path.join(FOLDER, "python");
  const program = path.join(folder, "bin/python");
  if (!existsSync(program) && !succeeds("python3", ["-m", "venv", folder])) {
    process.stderr.write("The peers in Python are left out: there is no python3 with venv.\n");
    return null;
  }
  // Nothing is fetched when all is there.
  if (!succeeds(program, ["-m", "pip", "install", "-q", ...packages])) {
    process.stderr.write("The peers in Python are left out: their packages could not be installed.\n");
    return null;
  }
  return program;
}

/** A script of `model-peers` in R with survival and glmnet; null if R is not there. */
export function inR(name: string, script: string): Program | null {
  const check = ["-e", "library(glmnet); library(survival)"];
  const isThere = succeeds("Rscript", check);
  if (!isThere) {
    process.stderr.write(
      `${name} is left out: it needs R with glmnet, e.g. apt-get install r-base-core r-cran-glmnet.\n`,
    );
    return null;
  }
  return { name, command: ["Rscript", path.join(import.meta.dirname, "model-peers", script)] };
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
    "| work | program | wall, s | processor, s | peak MB (before) | ratio wall | ratio processor | aim |\n|---|---|---|---|---|---|---|---|\n",
  );
}

/** Runs the programs in turn and prints their best repetitions; the ratios are to the faster of the peers. */
export function printRow(row: Row): Bests {
  const programs = row.programs.filter((program) => program !== null);
  const bests = new Map<string, { seconds: number; cpu: number; peakMb: number; idleMb: number }>();
  for (let round = 0; round < (row.rounds ?? ROUNDS); round++) {
    for (const program of programs) {
      const found = runOnce(program, row);
      const warm = found.seconds.length > 1 ? 1 : 0;
      const known = bests.get(program.name);
      bests.set(program.name, {
        seconds: Math.min(known?.seconds ?? Number.POSITIVE_INFINITY, ...found.seconds.slice(warm)),
        cpu: Math.min(known?.cpu ?? Number.POSITIVE_INFINITY, ...found.cpu.slice(warm)),
        peakMb: found.peakMb ?? Number.NaN,
        idleMb: found.idleMb ?? Number.NaN,
      });
    }
  }
  const peers = programs.filter(({ name }) => !name.startsWith("Radbook"));
  const share = row.peersShare ?? 1;
  const fastest = (of: "seconds" | "cpu"): number =>
    Math.min(...peers.map(({ name }) => (bests.get(name)?.[of] ?? Number.POSITIVE_INFINITY) * share));
  for (const { name } of programs) {
    const best = bests.get(name);
    if (best === undefined) continue;
    const isOurs = name.startsWith("Radbook");
    const factor = isOurs ? 1 : share;
    const ratio = (of: "seconds" | "cpu"): string => (isOurs ? (best[of] / fastest(of)).toFixed(3) : "");
    process.stdout.write(
      `| ${row.title} | ${name} | ${(best.seconds * factor).toPrecision(3)} | ${(best.cpu * factor).toPrecision(3)} | ` +
        `${best.peakMb.toFixed(0)} (${best.idleMb.toFixed(0)}) | ${ratio("seconds")} | ${ratio("cpu")} | ${isOurs ? row.aim : ""} |\n`,
    );
  }
  return bests;
}

function runOnce({ name, command }: Program, { work, data, repeats = 4, threads = 1 }: Row): Measured {
  const [first = "", ...rest] = command;
  const limit = String(threads);
  const env = {
    ...process.env,
    OMP_NUM_THREADS: limit,
    OPENBLAS_NUM_THREADS: limit,
    NUMBA_NUM_THREADS: limit,
  };
  const args = [...rest, work, path.join(DATA, data), String(repeats), limit];
  const { status, stdout, stderr } = spawnSync(first, args, { encoding: "utf8", env, maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`${name} failed at ${work}: ${stderr.slice(-2_000)}`);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Measured;
}
