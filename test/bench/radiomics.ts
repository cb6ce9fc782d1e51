/**
 * Feature extraction beside its peers in the same run: PyRadiomics and Pictologics, each installed on demand in an
 * environment of its own under data/bench, on the Python that it needs; one thread each.
 *
 * The scans are the IBSI chest CT and PyRadiomics' brain1 (of `RADBOOK_DATA`) and a seeded 512×512×200 phantom.
 * Radbook follows the peer: the pyradiomics convention beside PyRadiomics, the ibsi convention beside Pictologics.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { randomStream } from "../../src/core/random.js";
import { writeNifti } from "../../src/io/write-nifti.js";
import { Mask } from "../../src/volume/mask.js";
import { Volume } from "../../src/volume/volume.js";
import { median } from "./kernel-support.js";

const ROOT = path.resolve(import.meta.dirname, "../..");
const PEERS = path.join(ROOT, "data", "bench");
const DATA = process.env.RADBOOK_DATA ?? path.join(ROOT, "../shared/data");

type Work = "original" | "all";

interface Scan {
  readonly name: string;
  readonly files: readonly [image: string, mask: string];
}

/** A program that takes IMAGE MASK WORK REPEATS. */
interface Program {
  readonly name: string;
  readonly command: readonly string[];
  /** Goes after the rest. */
  readonly last: readonly string[];
}

interface Measured {
  /** Median of warm runs, s. */
  readonly warm: number;
  /** From process start with one extraction, s. */
  readonly whole: number;
  readonly features: number;
}

/** Prints the table; a ratio below 1 is faster than the peer. */
export async function bench(): Promise<void> {
  mkdirSync(PEERS, { recursive: true });
  const peers = [
    { program: pyradiomics(), convention: "pyradiomics" },
    { program: pictologics(), convention: "ibsi" },
  ];
  process.stdout.write(
    "| scan, work | peer, s | Radbook, s | ratio | peer from start, s | Radbook | ratio |\n",
  );
  process.stdout.write("|---|---|---|---|---|---|---|\n");
  for (const scan of await scans()) {
    for (const work of ["original", "all"] as const) {
      for (const { program, convention } of peers) {
        if (program === null) continue;
        const theirs = measure(program, scan, work);
        const ours = measure(own(convention), scan, work);
        const cells = [theirs.warm, ours.warm, theirs.whole, ours.whole].map((value) => value.toPrecision(3));
        const [warm, ownWarm, whole, ownWhole] = cells;
        process.stdout.write(
          `| ${scan.name}, ${work === "all" ? "with 8 wavelet maps" : "original"}, ${program.name} (${theirs.features} values; ${ours.features}) | ` +
            `${warm} | ${ownWarm} | ${(ours.warm / theirs.warm).toFixed(3)} | ${whole} | ${ownWhole} | ${(ours.whole / theirs.whole).toFixed(3)} |\n`,
        );
      }
    }
  }
}

/** As a person runs it: built, without a step in between. */
function own(convention: string): Program {
  const file = path.join(import.meta.dirname, "radiomics-own.mjs");
  return { name: "Radbook", command: [process.execPath, file], last: [convention] };
}

function measure(program: Program, scan: Scan, work: Work): Measured {
  const start = performance.now();
  const first = once(program, scan, work, 1);
  const whole = (performance.now() - start) / 1_000;
  // About two seconds of warm runs, five at least.
  const took = first.seconds[0] ?? 1;
  const { seconds, features } = once(
    program,
    scan,
    work,
    Math.max(5, Math.min(50, Math.round(2 / took))) + 1,
  );
  return { warm: median(seconds.slice(1)), whole, features };
}

function once(
  program: Program,
  scan: Scan,
  work: Work,
  repeats: number,
): { seconds: number[]; features: number } {
  const [first = "", ...rest] = program.command;
  const env = { ...process.env, OMP_NUM_THREADS: "1", PICTOLOGICS_NUM_THREADS: "1", NUMBA_NUM_THREADS: "1" };
  const args = [...rest, ...scan.files, work, String(repeats), ...program.last];
  const { status, stdout, stderr } = spawnSync(first, args, { encoding: "utf8", env, maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`${program.name} failed on ${scan.name}: ${stderr.slice(-2_000)}`);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as { seconds: number[]; features: number };
}

function pyradiomics(): Program | null {
  return inPython(
    "PyRadiomics",
    ["3.9"],
    ["pyradiomics==3.1.0", "numpy<2", "SimpleITK"],
    "with_pyradiomics.py",
  );
}

function pictologics(): Program | null {
  return inPython("Pictologics", ["3.12", "3.13"], ["pictologics==0.9.0"], "with_pictologics.py");
}

function inPython(
  name: string,
  versions: readonly string[],
  packages: string[],
  script: string,
): Program | null {
  const folder = path.join(PEERS, name.toLowerCase());
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
  return { name, command: [python, path.join(import.meta.dirname, "radiomics-peers", script)], last: [] };
}

/** An interpreter on the path, or one that pyenv keeps. */
function pythonOf(versions: readonly string[]): string | null {
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

async function scans(): Promise<Scan[]> {
  const ct = path.join(DATA, "radiomics/ibsi_1_ct_radiomics_phantom/nifti");
  const brain = path.join(DATA, "radiomics/pyradiomics");
  const large = path.join(PEERS, "large");
  const found: Scan[] = [
    {
      name: "chest CT 204×201×60",
      files: [path.join(ct, "image/phantom.nii.gz"), path.join(ct, "mask/mask.nii.gz")],
    },
    { name: "brain1", files: [path.join(brain, "brain1_image.nrrd"), path.join(brain, "brain1_label.nrrd")] },
  ];
  await makeLarge(large);
  return [
    ...found.filter(({ files }) => files.every(existsSync)),
    { name: "phantom 512×512×200", files: [`${large}-image.nii`, `${large}-mask.nii`] },
  ];
}

/** Noise on a gradient, and an ellipsoid of half a million voxels. */
async function makeLarge(file: string): Promise<void> {
  if (existsSync(`${file}-mask.nii`)) return;
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
