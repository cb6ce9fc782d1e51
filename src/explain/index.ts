/**
 * Why a model answers as it does.
 *
 * Layer:  explain; imports its own files.
 */

export type { AnswerOptions } from "./answer.js";
export { type ExplainedFeature, Explanation, type ExplanationParts } from "./explanation.js";
export {
  type AgainstRandom,
  type GeneSetMasking,
  type GeneSetOptions,
  type GeneSets,
  geneSets,
  type MaskedSet,
} from "./gene-sets.js";
export { type KernelOptions, kernel } from "./kernel.js";
export { type LinearCovariate, type LinearModel, type LinearOptions, linear } from "./linear.js";
export { type PartialDependence, type PartialOptions, partialDependence } from "./partial.js";
export {
  type PermutationImportance,
  type PermutationOptions,
  type PermutedFeature,
  permutation,
} from "./permutation.js";
export {
  type TreeInteractions,
  type TreeModel,
  type TreeShapOptions,
  tree,
  treeInThreads,
  treeInteractions,
} from "./tree.js";
