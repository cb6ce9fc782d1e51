/**
 * The functions of `histograms.as`, and memory for what they work on.
 *
 * Layer:  model; imports core, histograms-binary.
 */
import { type InWorkspace, workspacesOf } from "../../core/wasm-workspace.js";
import { HISTOGRAMS_BINARY } from "./histograms-binary.js";

/** As in `histograms.as`; arrays are addresses in the module's memory. */
export interface Histograms {
  addUp(bins: number, rows: number, count: number, pairs: number, histogram: number, used: number): void;
  takeOut(histogram: number, part: number, used: number): void;
  scan(histogram: number, cuts: number, column: number, minLeaf: number, l2: number, node: number): void;
}

/** Bytes of one column's histogram: gradient, curvature and patients of 256 bins. */
export const HISTOGRAM_BYTES: number = 256 * (8 + 8 + 4);

/** Doubles that `scan` knows and finds of a node. */
export const NODE_LENGTH = 9;

/** Memory and histograms for one piece of work. */
export const withHistograms: InWorkspace<Histograms> = workspacesOf<Histograms>(HISTOGRAMS_BINARY);
