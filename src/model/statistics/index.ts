/**
 * Statistical tests, agreement, resampling and selection: `model.statistics` of notebooks.
 *
 * Layer:  model.
 */
export type { Adjustment } from "./adjust.js";
export { adjust } from "./adjust.js";
export type { Anova, KruskalWallis, WelchAnova } from "./anova.js";
export { anova, kruskalWallis, welchAnova } from "./anova.js";
export type { BinomialTest, BinomialTestOptions, ShareIntervalOptions } from "./binomial.js";
export { binomialTest, shareInterval } from "./binomial.js";
export type { BlandAltman, BlandAltmanOptions } from "./bland-altman.js";
export { blandAltman, linConcordance } from "./bland-altman.js";
export type { Groups } from "./groups.js";
export { byClass } from "./groups.js";
export type { KolmogorovSmirnov } from "./kolmogorov-smirnov.js";
export { kolmogorovSmirnov } from "./kolmogorov-smirnov.js";
export type { MannWhitney, MannWhitneyOptions } from "./mann-whitney.js";
export { mannWhitney } from "./mann-whitney.js";
export type { PairComparison, PairwiseComparison, PairwiseOptions } from "./pairwise.js";
export { pairwise } from "./pairwise.js";
export type { Sample } from "./sample.js";
export type { TTest, TTestOptions, TwoSampleTTest } from "./t-test.js";
export { oneSampleT, pairedT, student, welch } from "./t-test.js";
export type { Alternative, ConfidenceInterval, TestResult } from "./test-result.js";
export type { LeveneTest, VarianceRatio, VarianceTest } from "./variances.js";
export { bartlett, fligner, levene, varianceRatio } from "./variances.js";
export type { SignedRank, SignedRankOptions, SignTest } from "./wilcoxon.js";
export { signTest, wilcoxonSignedRank } from "./wilcoxon.js";
