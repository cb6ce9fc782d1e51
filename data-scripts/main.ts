/**
 * Makes or fetches data for the notebooks: `npm run data -- synthetic` or `npm run data -- ibsi-ct`.
 */
import { availableParallelism } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { fetchIbsiCt } from "./ibsi-ct/fetch.js";
import { progressLine } from "./progress.js";
import { generate } from "./synthetic/generate.js";
import { SIZES, type SizeName } from "./synthetic/sizes.js";

const DATA = path.resolve(import.meta.dirname, "..", "data");

const HELP = `npm run data -- <command> [options]

  synthetic   a chest CT with its contour and a cohort with known truth, made on this machine (nothing is downloaded)
      --out FOLDER     default data/synthetic
      --size NAME      ${Object.keys(SIZES).join(" or ")}, default tour
      --seed N         default 42
      --workers N      processes, default one for each core; the data are the same for any number
      --force          make it again even if it is there

  ibsi-ct     the chest CT of the IBSI 1 radiomics phantom: 64 files, 5.5 MB, from github.com/theibsi/data_sets
      --out FOLDER     default data/radiomics/ibsi_1_ct_radiomics_phantom
      --base URL       a mirror that holds the folder ibsi_1_ct_radiomics_phantom
      --yes            do not ask before downloading

  --help      this text
`;

/** A wrong command line: one clear line, exit code 2. */
class UsageError extends Error {}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const isUsage =
    error instanceof UsageError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
  console.error(`${(error as Error).message}${isUsage ? "\nSee npm run data -- --help" : ""}`);
  process.exitCode = isUsage ? 2 : 1;
}

async function main(args: readonly string[]): Promise<void> {
  const [command, ...rest] = args;
  if (command === undefined || args.includes("--help")) return void process.stdout.write(HELP);
  if (command === "synthetic") return synthetic(rest);
  if (command === "ibsi-ct") return ibsiCt(rest);
  throw new UsageError(`there is no data set "${command}": choose synthetic or ibsi-ct.`);
}

async function synthetic(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: "string", default: path.join(DATA, "synthetic") },
      size: { type: "string", default: "tour" },
      seed: { type: "string", default: "42" },
      workers: { type: "string", default: String(availableParallelism()) },
      force: { type: "boolean", default: false },
    },
  });
  if (!(values.size in SIZES)) {
    throw new UsageError(`there is no size "${values.size}": choose ${Object.keys(SIZES).join(" or ")}.`);
  }
  const progress = progressLine("synthetic data");
  const options = {
    out: path.resolve(values.out),
    size: values.size as SizeName,
    seed: wholeNumber("--seed", values.seed),
    workers: wholeNumber("--workers", values.workers),
    force: values.force,
  };
  const made = await generate(options, progress);
  progress.end(made ? `written to ${options.out}` : `already in ${options.out}`);
}

async function ibsiCt(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: "string", default: path.join(DATA, "radiomics", "ibsi_1_ct_radiomics_phantom") },
      base: { type: "string" },
      yes: { type: "boolean", default: false },
    },
  });
  await fetchIbsiCt({ ...values, out: path.resolve(values.out) }, progressLine("IBSI CT phantom"));
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`${option} needs a whole number from 0, found "${text}".`);
}
