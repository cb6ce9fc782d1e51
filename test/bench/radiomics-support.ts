/**
 * What the benchmark of features shares: its scans, and programs that extract from them, peers in environments of their own.
 *
 * A program takes IMAGE MASK WORK REPEATS THREADS and prints a line of JSON (`Answer`).
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { randomStream } from "../../src/core/random.js";
import { writeNifti } from "../../src/io/write-nifti.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";
import { median } from "./kernel-support.js";

const ROOT = path.resolve(import.meta.dirname, "../..");
const FOLDER = path.join(ROOT, "data", "bench");
const DATA = process.env.RADBOOK_DATA ?? path.join(ROOT, "../shared/data");

/** The image alone; with its eight wavelet maps; maps of all GLCM features in kernels of 3×3×3. */
export type Work = "original" | "all" | "map";

export interface Scan {
  readonly name: string;
  readonly files: readonly [image: string, mask: string];
}

export interface Program {
  readonly name: string;
  readonly command: readonly string[];
  /** Goes after the rest. */
  readonly last: readonly string[];
  /** Runs before it is as fast as it gets: compilers work beside the first ones. */
  readonly warmUp: number;
}

/** What a program prints. */
interface Answer {
  /** Of each repetition; the first is cold. */
  readonly seconds: readonly number[];
  /** Processor time, all threads. */
  readonly cpu: readonly number[];
  readonly features: number;
  /** Largest memory of the process. */
  readonly peakMb: number;
}

export interface Measured {
  /** Median of warm runs, s, and of their processor time. */
  readonly seconds: number;
  readonly cpu: number;
  readonly features: number;
  readonly peakMb: number;
}

/** As a person runs it: built, without a step in between. */
export function radbook(convention: string): Program {
  const file = path.join(import.meta.dirname, "radiomics-own.mjs");
  return { name: "Radbook", command: [process.execPath, file], last: [convention], warmUp: 20 };
}

/** The command line, for times from process start. */
export function radbookCommand(work: Work, { files: [image, mask] }: Scan): readonly string[] {
  const params = path.join(FOLDER, `${work}.json`);
  const settings = {
    discretize: { binWidth: 25 },
    // Not among the work of the peers either.
    omit: ["morph_moran_i", "morph_geary_c"],
    filters: work === "all" ? ["original", { wavelet: "coif1" }] : ["original"],
  };
  writeFileSync(params, JSON.stringify(settings));
  const command = [process.execPath, path.join(ROOT, "src/bin.mjs"), "features", "--json"];
  return [...command, "--image", image, "--mask", mask, "--params", params];
}

export function pyradiomics(): Program | null {
  const packages = ["pyradiomics==3.1.0", "numpy<2", "SimpleITK"];
  return inPython("PyRadiomics", ["3.9"], packages, "with_pyradiomics.py", 0);
}

export function pictologics(): Program | null {
  return inPython("Pictologics", ["3.12", "3.13"], ["pictologics==0.9.0"], "with_pictologics.py", 3);
}

/** Runs of a warm program; of one that needs no warm-up and takes more than SLOW s of processor time two. */
const WARM = 15;
const SLOW = 1;

/** Medians of warm runs. */
export function measure(program: Program, scan: Scan, work: Work, threads = 1): Measured {
  const { warmUp } = program;
  const isSlow = warmUp === 0 && (run(program, scan, work, 1, threads).cpu[0] ?? 0) > SLOW;
  const { seconds, cpu, features, peakMb } = run(program, scan, work, warmUp + (isSlow ? 2 : WARM), threads);
  const warm = (times: readonly number[]): number => median(times.slice(warmUp));
  return { seconds: warm(seconds), cpu: warm(cpu), features, peakMb };
}

/** Runs a command and prints its wall time, the processor time of all its threads, and its memory. */
const TIMED = `
import json, resource, subprocess, sys, time
start = time.time()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"seconds": time.time() - start, "cpu": used.ru_utime + used.ru_stime, "peakMb": used.ru_maxrss / 1024}))
sys.exit(code)
`;

/** Medians of three runs of a whole process, s, and its largest memory: one scan, read from its file. */
export function measureProcess(command: readonly string[]): Omit<Measured, "features"> {
  const runs = [0, 1, 2].map(() => json<Measured>("python3", ["-c", TIMED, ...command], 1));
  return {
    seconds: median(runs.map(({ seconds }) => seconds)),
    cpu: median(runs.map(({ cpu }) => cpu)),
    peakMb: Math.max(...runs.map(({ peakMb }) => peakMb)),
  };
}

/** A program's command for one extraction. */
export function wholeCommand({ command, last }: Program, scan: Scan, work: Work): readonly string[] {
  return [...command, ...scan.files, work, "1", "1", ...last];
}

function run(program: Program, scan: Scan, work: Work, repeats: number, threads: number): Answer {
  const [first = "", ...rest] = program.command;
  const args = [...rest, ...scan.files, work, String(repeats), String(threads), ...program.last];
  return json<Answer>(first, args, threads);
}

function json<Printed>(program: string, args: readonly string[], threads: number): Printed {
  const limit = String(threads);
  const limits = { OMP_NUM_THREADS: limit, PICTOLOGICS_NUM_THREADS: limit, NUMBA_NUM_THREADS: limit };
  const env = { ...process.env, ...limits };
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", env, maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed: ${stderr.slice(-2_000)}`);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Printed;
}

function inPython(
  name: string,
  versions: readonly string[],
  packages: string[],
  script: string,
  warmUp: number,
): Program | null {
  const folder = path.join(FOLDER, name.toLowerCase());
  const python = path.join(folder, "bin/python");
  const done = (program: string, args: string[]): boolean =>
    spawnSync(program, args, { stdio: "ignore" }).status === 0;
  if (!existsSync(python)) {
    const found = pythonOf(versions);
    if (found === null || !done(found, ["-m", "venv", folder])) {
      process.stderr.write(`${name} is left out: it needs Python ${versions.join(" or ")}.\n`);
      return null;
    }
  }
  // Nothing is fetched when all is there.
  if (!done(python, ["-m", "pip", "install", "-q", ...packages])) {
    process.stderr.write(`${name} is left out: its packages could not be installed.\n`);
    return null;
  }
  return {
    name,
    command: [python, path.join(import.meta.dirname, "radiomics-peers", script)],
    last: [],
    warmUp,
  };
}

/** An interpreter on the path, or one that pyenv keeps. */
export function pythonOf(versions: readonly string[]): string | null {
  const kept = path.join(process.env.PYENV_ROOT ?? path.join(os.homedir(), ".pyenv"), "versions");
  const folders = existsSync(kept) ? readdirSync(kept) : [];
  for (const version of versions) {
    const others = folders
      .filter((one) => one.startsWith(`${version}.`))
      .map((one) => path.join(kept, one, "bin/python"));
    for (const program of [`python${version}`, ...others]) {
      if (spawnSync(program, ["-c", "import venv"], { stdio: "ignore" }).status === 0) return program;
    }
  }
  return null;
}

/** The IBSI chest CT and PyRadiomics' brain1, where `RADBOOK_DATA` has them, and a seeded phantom. */
export async function scans(): Promise<{
  readonly chest: Scan | null;
  readonly brain: Scan | null;
  readonly large: Scan;
}> {
  const ct = path.join(DATA, "radiomics/ibsi_1_ct_radiomics_phantom/nifti");
  const brain = path.join(DATA, "radiomics/pyradiomics");
  const large = path.join(FOLDER, "large");
  await makeLarge(large);
  const scan = (name: string, files: Scan["files"]): Scan | null =>
    files.every(existsSync) ? { name, files } : null;
  return {
    chest: scan("chest CT", [path.join(ct, "image/phantom.nii.gz"), path.join(ct, "mask/mask.nii.gz")]),
    brain: scan("brain1", [path.join(brain, "brain1_image.nrrd"), path.join(brain, "brain1_label.nrrd")]),
    large: { name: "512×512×200", files: [`${large}-image.nii`, `${large}-mask.nii`] },
  };
}

/** Noise on a gradient, and an ellipsoid of half a million voxels. */
async function makeLarge(file: string): Promise<void> {
  if (existsSync(`${file}-mask.nii`)) return;
  mkdirSync(FOLDER, { recursive: true });
  const size = [512, 512, 200] as const;
  const [nx, ny, nz] = size;
  const geometry = {
    size,
    spacing: [0.8, 0.8, 1.5],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  } as const;
  const random = randomStream("large phantom 7");
  const voxels = new Float32Array(nx * ny * nz);
  const inside = new Uint8Array(voxels.length);
  for (let z = 0, p = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, p++) {
        voxels[p] = Math.round(120 * Math.sin(x / 9) * Math.cos(y / 13) + z + 80 * (random.uniform() - 0.5));
        if (((x - 250) / 62) ** 2 + ((y - 260) / 58) ** 2 + ((z - 100) / 33.2) ** 2 < 1) inside[p] = 1;
      }
    }
  }
  await writeNifti(new Volume(voxels, geometry, { modality: "CT", unit: "HU" }), `${file}-image.nii`);
  await writeNifti(new Mask(inside, geometry, "phantom"), `${file}-mask.nii`);
}
