/**
 * Fetches the chest CT of the IBSI 1 radiomics phantom, each file checked by its SHA-256, and goes on where it was interrupted.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import type { Progress } from "../progress.js";
import { FILES, type RemoteFile } from "./manifest.js";

const FOLDER = "ibsi_1_ct_radiomics_phantom";
const BASE = "https://raw.githubusercontent.com/theibsi/data_sets/6da96021bc91faf4c0cb7fd7fa56a4225d2064a8";
const ATTEMPTS = 3;
const FILES_AT_ONCE = 6;

export interface FetchOptions {
  readonly out: string;
  /** Address of the folder that holds `ibsi_1_ct_radiomics_phantom`, for mirrors. */
  readonly base?: string | undefined;
  /** The licence is accepted beforehand. */
  readonly yes: boolean;
}

/** @throws Error if it is declined, or a file cannot be had or is not the one expected. */
export async function fetchIbsiCt(
  { out, base = BASE, yes }: FetchOptions,
  progress: Progress,
): Promise<void> {
  const missing = FILES.filter((file) => !isThere(out, file));
  if (missing.length === 0) {
    progress.end(`already in ${out}`);
    return;
  }
  const megabytes = (missing.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(1);
  process.stdout.write(
    `IBSI 1 CT radiomics phantom: a chest CT with a contoured lung tumour.
  From     ${base}/${FOLDER}
  Size     ${missing.length} of ${FILES.length} files, ${megabytes} MB, to ${out}
  Licence  CC BY-NC 3.0: for non-commercial use, with credit to Lambin et al. 2017
           (doi:10.1038/nrclinonc.2017.141; data doi:10.17195/candat.2016.08.1)
`,
  );
  if (!yes && !(await isAccepted())) throw new Error("Nothing was downloaded.");
  await fetchFiles(`${base.replace(/\/$/, "")}/${FOLDER}`, out, missing, progress);
  progress.end(`complete in ${out}`);
}

/**
 * Fetches the files that are missing or damaged.
 *
 * @param base  Address of the folder that holds them.
 */
export async function fetchFiles(
  base: string,
  out: string,
  files: readonly RemoteFile[],
  progress: Progress,
): Promise<void> {
  const missing = files.filter((file) => !isThere(out, file));
  const waiting = [...missing];
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      await fetchFile(base, out, file);
      progress.step(++done, missing.length);
    }
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, worker));
}

async function isAccepted(): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new Error("There is no terminal to ask on: add --yes to accept the licence.");
  const ask = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await ask.question("Download under this licence? [y/N] ")).trim());
  } finally {
    ask.close();
  }
}

function isThere(out: string, file: RemoteFile): boolean {
  const target = path.join(out, file.path);
  return existsSync(target) && sha256(readFileSync(target)) === file.sha256;
}

/** Each file appears whole, so that the next run asks only for what is missing. */
async function fetchFile(base: string, out: string, file: RemoteFile): Promise<void> {
  const bytes = await download(`${base}/${file.path}`, file.bytes);
  if (sha256(bytes) !== file.sha256) {
    throw new Error(
      `${file.path}: the file there is not the one expected (SHA-256 differs, ${bytes.length} of ${file.bytes} bytes). ` +
        "It was changed at its source or on the way; it was not kept.",
    );
  }
  const target = path.join(out, file.path);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(`${target}.partial`, bytes);
  renameSync(`${target}.partial`, target);
}

async function download(address: string, largest: number): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(address, { signal: AbortSignal.timeout(30_000) });
      if (response.ok) return await boundedBody(response, largest);
      if (response.status < 500)
        throw new Refused(`${address} answered ${response.status} ${response.statusText}.`);
      throw new Error(`answered ${response.status}`);
    } catch (error) {
      if (error instanceof Refused) throw error;
      if (attempt < ATTEMPTS) continue;
      const cause = (error as { cause?: { message?: string } }).cause?.message ?? (error as Error).message;
      throw new Error(
        `${address} could not be fetched (${cause}). Check the network and run the command again: it goes on where it stopped.`,
      );
    }
  }
}

/** An answer that asking again will not change. */
class Refused extends Error {}

/** Reads no more than one byte beyond the expected length. */
async function boundedBody(response: Response, largest: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    parts.push(part);
    length += part.length;
    if (length > largest) break;
  }
  return Buffer.concat(parts);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
