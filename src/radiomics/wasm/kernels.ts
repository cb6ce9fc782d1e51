/**
 * The functions of `kernels.as`, and memory for what they work on.
 *
 * Layer:  radiomics; imports kernels-binary.
 */
import { KERNELS_BINARY } from "./kernels-binary.js";

/** As in `kernels.as`; arrays are addresses in the module's memory. */
export interface Kernels {
  walk(
    levels: number,
    length: number,
    steps: number,
    bases: number,
    pairs: number,
    side: number,
    behind: number,
    dependence: number,
    voxels: number,
    differences: number,
    scratch: number,
  ): void;
  longRuns(
    levels: number,
    behind: number,
    length: number,
    steps: number,
    bases: number,
    runs: number,
    longest: number,
    scratch: number,
  ): void;
  zones(
    levels: number,
    behind: number,
    positions: number,
    count: number,
    steps: number,
    enough: number,
    parent: number,
    distances: number,
    zoneLevel: number,
    zoneSize: number,
    zoneDistance: number,
  ): number;
  ballSums(
    before: number,
    positions: number,
    count: number,
    offsets: number,
    rows: number,
    total: number,
  ): void;
  tridiagonal(a: number, n: number, diagonal: number, beside: number, v: number, w: number): void;
  runningSum(values: number, count: number, counting: number): number;
}

/** The kernels and where the arrays asked for lie. */
export interface Workspace<Names extends string> {
  readonly kernels: Kernels;
  readonly buffer: ArrayBuffer;
  readonly at: Readonly<Record<Names, number>>;
}

interface Module extends Kernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
}

/** What is used here of JavaScript's WebAssembly, which belongs to no library of types without a browser. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

const PAGE = 1 << 16;

/** A memory larger than this is given back after its use. */
const KEPT_BYTES = 64 << 20;

let compiled: object | undefined;
let kept: Module | undefined;

/**
 * Calls `use` with memory for arrays of the given numbers of bytes. What it gives back must be copied out.
 *
 * @param cleared  Names of the arrays that must be zero; the others hold anything.
 * @throws RangeError if there is not so much memory.
 */
export function inWorkspace<Sizes extends Readonly<Record<string, number>>, T>(
  bytes: Sizes,
  cleared: readonly (keyof Sizes & string)[],
  use: (space: Workspace<keyof Sizes & string>) => T,
): T {
  const at = {} as Record<keyof Sizes & string, number>;
  let end = 0;
  for (const name of Object.keys(bytes) as (keyof Sizes & string)[]) {
    at[name] = end;
    // Blocks of 16 bytes begin on their own addresses; one more is room for reading on.
    end += (Math.ceil(bytes[name] / 16) + 1) * 16;
  }
  const module = kept ?? instance();
  kept = undefined;
  const missing = Math.ceil((end - module.memory.buffer.byteLength) / PAGE);
  if (missing > 0) module.memory.grow(missing);
  const { buffer } = module.memory;
  for (const name of cleared) new Uint8Array(buffer, at[name], bytes[name]).fill(0);
  const result = use({ kernels: module, buffer, at });
  if (buffer.byteLength <= KEPT_BYTES) kept = module;
  return result;
}

function instance(): Module {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(KERNELS_BINARY), (c) => c.charCodeAt(0)));
  return new WebAssembly.Instance(compiled).exports as Module;
}
