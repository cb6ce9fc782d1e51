/**
 * Why a model answers as it does.
 *
 * Layer:  explain; imports its own files.
 */
export { type ExplainedFeature, Explanation, type ExplanationParts } from "./explanation.js";
export { type LinearCovariate, type LinearModel, type LinearOptions, linear } from "./linear.js";
