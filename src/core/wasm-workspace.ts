/**
 * Memory for functions in WebAssembly: arrays laid out for one piece of work, in a module that is compiled once.
 *
 * Layer:  core; imports nothing.
 */

/** The functions of a module, and where the arrays asked for lie in its memory. */
export interface Workspace<Kernels, Names extends string> {
  readonly kernels: Kernels;
  readonly buffer: ArrayBuffer;
  readonly at: Readonly<Record<Names, number>>;
}

/** Calls `use` with memory for arrays of the given numbers of bytes. What it gives back must be copied out. */
export type InWorkspace<Kernels> = <Sizes extends Readonly<Record<string, number>>, T>(
  bytes: Sizes,
  /** Names of the arrays that must be zero; the others hold anything. */
  cleared: readonly (keyof Sizes & string)[],
  use: (space: Workspace<Kernels, keyof Sizes & string>) => T,
) => T;

interface Memory {
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

/**
 * Workspaces of one module. Asking for more memory than there is throws a RangeError.
 *
 * @param binary  The module's bytes in base64.
 */
export function workspacesOf<Kernels>(binary: string): InWorkspace<Kernels> {
  type Module = Kernels & Memory;
  let compiled: object | undefined;
  let kept: Module | undefined;
  const instance = (): Module => {
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(binary), (c) => c.charCodeAt(0)));
    return new WebAssembly.Instance(compiled).exports as Module;
  };
  return <Sizes extends Readonly<Record<string, number>>, T>(
    bytes: Sizes,
    cleared: readonly (keyof Sizes & string)[],
    use: (space: Workspace<Kernels, keyof Sizes & string>) => T,
  ): T => {
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
  };
}
