/**
 * Why a model answers as it does.
 *
 * Layer:  explain; imports its own files.
 */

export type { AnswerOptions } from "./answer.js";
export { type Embedding, embedding } from "./embedding.js";
export { type ExplainedFeature, Explanation, type ExplanationParts } from "./explanation.js";
export {
  type AgainstRandom,
  type GeneSetMasking,
  type GeneSetOptions,
  type GeneSets,
  geneSets,
  type MaskedSet,
} from "./gene-sets.js";
export {
  type DifferencePart,
  type GroupDifference,
  type GroupDifferenceOptions,
  groupDifference,
} from "./group-difference.js";
export { type InteractionPartner, interactionPartners } from "./interaction-partners.js";
export { type KernelOptions, kernel } from "./kernel.js";
export { type LinearCovariate, type LinearModel, type LinearOptions, linear } from "./linear.js";
export { pairs } from "./pairs.js";
export { type PartialDependence, type PartialOptions, partialDependence } from "./partial.js";
export type { PartialDependencePair, PartialPairOptions } from "./partial-pair.js";
export {
  type PermutationImportance,
  type PermutationOptions,
  type PermutedFeature,
  permutation,
} from "./permutation.js";
export { type Shift, type ShiftOptions, shift } from "./shift.js";
export {
  type TreeInteractions,
  type TreeModel,
  type TreeShapOptions,
  tree,
  treeInThreads,
  treeInteractions,
} from "./tree.js";
