/**
 * Magics that packages bring along: the export `magics` of their module `…/magics`, plain data and pure functions.
 *
 * Layer:  magics; imports magic, packages, registry.
 */
import { PACKAGES } from "../packages.js";
import { isCellMagic, type LineCode, type Magic, MagicError, magicKey, type Surroundings } from "./magic.js";
import { completePath } from "./paths.js";
import { type Magics, magics } from "./registry.js";

/** What a package gives for one line magic. */
export interface Contribution {
  readonly name: string;
  readonly usage: string;
  readonly doc: string;
  /** The argument is TypeScript and stays where it is. */
  readonly code?: boolean;
  /** @throws an error whose message says what to do, for an argument that is wrong. */
  rewrite(argument: string, folder: string): LineCode;
  /** Words behind `typed`, or the ending of the files that can stand there. */
  complete?(typed: string, folder: string): { from: number; words: readonly string[]; files?: RegExp };
}

let loaded: Promise<Magics> | null = null;

/** The kernel's magics and the contributed ones. */
export function allMagics(): Promise<Magics> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Magics> {
  const all = new Map(magics);
  for (const module of PACKAGES.map((name) => `${name}/magics`)) {
    for (const one of await contributionsOf(module)) {
      const magic = fromContribution(one);
      if (!all.has(magicKey(magic))) all.set(magicKey(magic), magic);
    }
  }
  return all;
}

async function contributionsOf(module: string): Promise<readonly Contribution[]> {
  try {
    const found = (await import(module)) as { readonly magics?: readonly Contribution[] };
    return found.magics ?? [];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const absent = code === "ERR_MODULE_NOT_FOUND" || code === "ERR_PACKAGE_PATH_NOT_EXPORTED";
    if (!absent) process.stderr.write(`radbook kernel: the magics of ${module} did not load: ${error}\n`);
    return [];
  }
}

function fromContribution(one: Contribution): Magic {
  const magic: Magic = {
    name: one.name,
    usage: one.usage,
    doc: one.doc,
    code: one.code ?? false,
    rewrite: (argument, { folder }) => {
      try {
        return one.rewrite(argument, folder);
      } catch (error) {
        throw new MagicError(error instanceof Error ? error.message : String(error));
      }
    },
    complete: (typed, around) => completeContribution(one, typed, around),
  };
  if (isCellMagic(magic)) throw new Error(`${one.usage}: packages bring line magics only`);
  return magic;
}

function completeContribution(
  one: Contribution,
  typed: string,
  { folder }: Surroundings,
): { from: number; words: readonly string[] } {
  const found = one.complete?.(typed, folder);
  if (!found) return { from: 0, words: [] };
  if (!found.files) return found;
  const paths = completePath(typed.slice(found.from), folder, found.files);
  return { from: found.from + paths.from, words: [...found.words, ...paths.words] };
}
