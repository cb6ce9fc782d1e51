/**
 * Statistical tests, agreement, resampling and selection: `model.statistics` of notebooks.
 *
 * Layer:  model.
 */
export type { Adjustment } from "./adjust.js";
export { adjust } from "./adjust.js";
export type { Anova, KruskalWallis, WelchAnova } from "./anova.js";
export { anova, kruskalWallis, welchAnova } from "./anova.js";
export type { BarnardTest } from "./barnard.js";
export { barnard } from "./barnard.js";
export type { BinomialTest, BinomialTestOptions, ShareIntervalOptions } from "./binomial.js";
export { binomialTest, shareInterval } from "./binomial.js";
export type { BlandAltman, BlandAltmanOptions } from "./bland-altman.js";
export { blandAltman, linConcordance } from "./bland-altman.js";
export type { BcaInterval, Bootstrap, BootstrapOptions } from "./bootstrap.js";
export { bootstrap } from "./bootstrap.js";
export type { ComBat, ComBatOptions } from "./combat.js";
export { combat } from "./combat.js";
export type { BatchEffect } from "./combat-effects.js";
export type { Association, ChiSquareTest, Counts } from "./contingency.js";
export { association, chiSquare, crossTable } from "./contingency.js";
export type {
  CorrelationOptions,
  KendallCorrelation,
  PearsonCorrelation,
  SpearmanCorrelation,
} from "./correlation.js";
export { kendall, pearson, spearman } from "./correlation.js";
export type { CorrelationMatrix, CorrelationMatrixOptions } from "./correlation-matrix.js";
export { correlationMatrix } from "./correlation-matrix.js";
export type { CorrelationFilterOptions, FeatureFilter, IccFilterOptions } from "./filters.js";
export { correlationFilter, iccFilter, varianceFilter } from "./filters.js";
export type { FisherOptions, FisherTest } from "./fisher.js";
export { fisher } from "./fisher.js";
export type { Groups } from "./groups.js";
export { byClass } from "./groups.js";
export type { Icc, IccEstimate, IccForm } from "./icc.js";
export { icc } from "./icc.js";
export type { KMeans } from "./k-means.js";
export { kMeans } from "./k-means.js";
export type { Kappa, KappaOptions } from "./kappa.js";
export { kappa } from "./kappa.js";
export type { KolmogorovSmirnov } from "./kolmogorov-smirnov.js";
export { kolmogorovSmirnov } from "./kolmogorov-smirnov.js";
export type { Loess, LoessOptions } from "./loess.js";
export { loess } from "./loess.js";
export type { Lowess, LowessOptions } from "./lowess.js";
export { lowess } from "./lowess.js";
export type { MannWhitney, MannWhitneyOptions } from "./mann-whitney.js";
export { mannWhitney } from "./mann-whitney.js";
export type { Mrmr, MrmrCriterion, MrmrOptions } from "./mrmr.js";
export { mrmr } from "./mrmr.js";
export type { PairComparison, PairwiseComparison, PairwiseOptions } from "./pairwise.js";
export { pairwise } from "./pairwise.js";
export type { PermutationTest, PermutationTestOptions } from "./permutation-test.js";
export { permutationTest } from "./permutation-test.js";
export type { QuantileType } from "./quantile.js";
export { quantile } from "./quantile.js";
export { mannWhitneyCdf, signedRankCdf } from "./rank-distribution.js";
export type { Sample } from "./sample.js";
export type { Screen, ScreenOptions } from "./screen.js";
export { screen } from "./screen.js";
export { shapiroWilk } from "./shapiro.js";
export type { Pickable, Stability, StabilityOptions } from "./stability.js";
export { stabilitySelection } from "./stability.js";
export type { TTest, TTestOptions, TwoSampleTTest } from "./t-test.js";
export { oneSampleT, pairedT, student, welch } from "./t-test.js";
export type { Alternative, ConfidenceInterval, TestResult } from "./test-result.js";
export type { LeveneTest, VarianceRatio, VarianceTest } from "./variances.js";
export { bartlett, fligner, levene, varianceRatio } from "./variances.js";
export type { SignedRank, SignedRankOptions, SignTest } from "./wilcoxon.js";
export { signTest, wilcoxonSignedRank } from "./wilcoxon.js";
