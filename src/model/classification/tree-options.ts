/**
 * Options that all trees and forests share, checked.
 *
 * Layer:  model; imports core, its own files.
 */
import { InputError } from "../../core/errors.js";
import { checkSeed } from "../split.js";
import type { GrowthRules } from "./tree-grow.js";

/** How far a tree grows. */
export interface TreeOptions {
  /** Cuts from the root to a leaf at most. Default: as many as it takes. */
  readonly maxDepth?: number;
  /** Least patients of a node that is cut, default 2. */
  readonly minSplit?: number;
  /** Least patients of a leaf, default 1. */
  readonly minLeaf?: number;
  /**
   * Columns that are looked at for each cut: "sqrt" or "log2" of their number, rounded down, "all", or so many. More are looked at
   * only if all of these are constant there.
   */
  readonly features?: FeatureShare;
}

export type FeatureShare = "sqrt" | "log2" | "all" | number;

export interface ForestSize {
  /** Number of trees, default 100. */
  readonly trees?: number;
  /** Same seed, same forest, for any number of threads; default 0. */
  readonly seed?: number;
}

/** Tree options with nothing left out. */
export interface FullTreeOptions {
  readonly maxDepth: number;
  readonly minSplit: number;
  readonly minLeaf: number;
  readonly features: FeatureShare;
}

/** @throws InputError naming the option that makes no sense. */
export function fullTreeOptions(
  { maxDepth = Number.POSITIVE_INFINITY, minSplit = 2, minLeaf = 1, features }: TreeOptions,
  usual: FeatureShare,
): FullTreeOptions {
  checkWhole("maxDepth", maxDepth === Number.POSITIVE_INFINITY ? 1 : maxDepth, 1);
  checkWhole("minSplit", minSplit, 2);
  checkWhole("minLeaf", minLeaf, 1);
  const share = features ?? usual;
  if (!["sqrt", "log2", "all"].includes(String(share))) {
    if (typeof share !== "number") {
      throw new InputError(
        `features is "sqrt", "log2", "all" or a number of columns, found ${JSON.stringify(share)}.`,
      );
    }
    checkWhole("features", share, 1);
  }
  return { maxDepth, minSplit, minLeaf, features: share };
}

/** @throws InputError unless a count is whole and large enough. */
export function checkWhole(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new InputError(`${name} must be a whole number, ${least} or more, found ${String(value)}.`);
}

/** @throws InputError if trees or seed make no sense. */
export function checkForestSize(trees: number, seed: number): void {
  checkWhole("trees", trees, 1);
  checkSeed(seed);
}

/** The rules for p columns. @throws InputError if more columns are to be looked at than there are. */
export function growthRules(
  { maxDepth, minSplit, features }: FullTreeOptions,
  p: number,
  cuts: GrowthRules["cuts"],
): GrowthRules {
  if (typeof features === "number" && features > p) {
    throw new InputError(`${features} columns are to be looked at for each cut, but the table has ${p}.`);
  }
  return { maxDepth, minSplit, features: countOf(features, p), cuts };
}

function countOf(features: FeatureShare, p: number): number {
  if (features === "all") return p;
  if (typeof features === "number") return features;
  return Math.max(1, Math.floor(features === "sqrt" ? Math.sqrt(p) : Math.log2(p)));
}
