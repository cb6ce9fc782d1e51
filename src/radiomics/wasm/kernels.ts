/**
 * The functions of `kernels.as`, and memory for what they work on.
 *
 * Layer:  radiomics; imports core, kernels-binary.
 */
import { type InWorkspace, workspacesOf } from "../../core/wasm-workspace.js";
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

/** Memory and kernels for one piece of work. */
export const inWorkspace: InWorkspace<Kernels> = workspacesOf<Kernels>(KERNELS_BINARY);
