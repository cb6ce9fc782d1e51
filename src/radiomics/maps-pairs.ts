/**
 * The features of a co-occurrence matrix from a short list of its pairs, without making the matrix.
 *
 * Source: IBSI reference manual, arXiv:1612.07003, section 3.6; as `glcmFeatures`, which is the judge in the tests.
 * Layer:  radiomics; imports glcm-features, maps-correlation.
 */
import { GLCM_FEATURE_COUNT } from "./glcm-features.js";
import { listedCorrelations } from "./maps-correlation.js";

/** Levels of neighbouring voxels, in one sense. */
export interface PairList {
  readonly first: Uint16Array;
  readonly second: Uint16Array;
  count: number;
  /** The kernel they come from has one level. */
  oneLevel: boolean;
}

/** Positions in the order of `glcmFeatures` that need more than sums over pairs. */
const JOINT = [0, 3, 10, 23, 24];
const INVERSE_FEATURES = [13, 14, 15, 16, 17];
const MOMENT_FEATURES = [2, 8, 18, 19, 20, 21, 22];
const DIFFERENCE_ENTROPY = 6;
const SUM_ENTROPY = 9;

/**
 * @param most      Longest list of pairs.
 * @param features  Of `glcmFeatures`, in its order; after them 25, the maximal correlation coefficient.
 * @returns A function that writes one value per feature; all NaN for an empty list.
 */
export function pairFeatures(
  levelCount: number,
  most: number,
  features: readonly number[],
): (pairs: PairList, into: Float64Array) => void {
  const needs = (indices: readonly number[]): boolean => features.some((f) => indices.includes(f));
  const needsJoint = needs(JOINT);
  const needsDifference = needs([DIFFERENCE_ENTROPY]);
  const needsSum = needs([SUM_ENTROPY]);
  const needsCorrelation = needs([GLCM_FEATURE_COUNT]);
  const needsInverse = needs(INVERSE_FEATURES);
  const needsMoments = needsJoint || needs(MOMENT_FEATURES);
  const correlation = listedCorrelations(levelCount);
  const tallies = makeTallies(levelCount, most);
  const sums = new Float64Array(SUMS);
  const all = new Float64Array(GLCM_FEATURE_COUNT + 1);
  return (pairs, into) => {
    if (pairs.count === 0) {
      into.fill(Number.NaN);
      return;
    }
    addDifferences(pairs, sums);
    if (needsInverse) addInverses(pairs, tallies, sums);
    if (needsMoments) addMoments(pairs, sums);
    simpleFeatures(sums, all);
    const flat = all[2] === 0;
    if (needsJoint) jointFeatures(pairs, tallies, flat, all);
    if (needsDifference) all[DIFFERENCE_ENTROPY] = differenceEntropy(pairs, tallies);
    if (needsSum) all[SUM_ENTROPY] = sumEntropy(pairs, tallies);
    if (needsCorrelation) all[GLCM_FEATURE_COUNT] = pairs.oneLevel ? 1 : correlation(pairs);
    for (let f = 0; f < features.length; f++) into[f] = all[features[f]];
  };
}

/** Work arrays: tallies are 0 between calls. */
interface Tallies {
  /** By what two levels, less a lowest one, are together: side² cells, made when first needed. */
  joint: Int32Array;
  readonly marginal: Int32Array;
  readonly difference: Int32Array;
  readonly sum: Int32Array;
  /** n · log₂ n. */
  readonly nLogN: Float64Array;
  /** What a pair k levels apart adds to inverse difference, its moment, both normalized, and inverse variance. */
  readonly inverse: Float64Array;
}

const INVERSES = 5;

function makeTallies(levelCount: number, most: number): Tallies {
  const inverse = new Float64Array(INVERSES * levelCount);
  for (let k = 0; k < levelCount; k++) {
    inverse[INVERSES * k] = 1 / (1 + k);
    inverse[INVERSES * k + 1] = 1 / (1 + k / levelCount);
    inverse[INVERSES * k + 2] = 1 / (1 + k * k);
    inverse[INVERSES * k + 3] = 1 / (1 + (k * k) / (levelCount * levelCount));
    inverse[INVERSES * k + 4] = k > 0 ? 1 / (k * k) : 0;
  }
  return {
    joint: new Int32Array(0),
    marginal: new Int32Array(levelCount + 1),
    difference: new Int32Array(levelCount),
    sum: new Int32Array(2 * levelCount + 1),
    nLogN: Float64Array.from({ length: 2 * most + 1 }, (_, n) => (n === 0 ? 0 : n * Math.log2(n))),
    inverse,
  };
}

/** Entries of the sums over pairs. */
const MEAN = 0;
const VARIANCE = 1;
const DIFFERENCE = 2;
const CONTRAST = 3;
const INVERSE = 4;
const TENDENCY = 9;
const SHADE = 10;
const PROMINENCE = 11;
const SUMS = 12;

function addDifferences({ first, second, count }: PairList, sums: Float64Array): void {
  let total = 0;
  let difference = 0;
  let contrast = 0;
  for (let n = 0; n < count; n++) {
    const i = first[n];
    const j = second[n];
    const k = i > j ? i - j : j - i;
    total += i + j;
    difference += k;
    contrast += k * k;
  }
  sums[MEAN] = total / (2 * count);
  sums[DIFFERENCE] = difference / count;
  sums[CONTRAST] = contrast / count;
}

function addInverses({ first, second, count }: PairList, { inverse }: Tallies, sums: Float64Array): void {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let e = 0;
  for (let n = 0; n < count; n++) {
    const i = first[n];
    const j = second[n];
    const at = INVERSES * (i > j ? i - j : j - i);
    a += inverse[at];
    b += inverse[at + 1];
    c += inverse[at + 2];
    d += inverse[at + 3];
    e += inverse[at + 4];
  }
  sums[INVERSE] = a / count;
  sums[INVERSE + 1] = b / count;
  sums[INVERSE + 2] = c / count;
  sums[INVERSE + 3] = d / count;
  sums[INVERSE + 4] = e / count;
}

function addMoments({ first, second, count }: PairList, sums: Float64Array): void {
  const mean = sums[MEAN];
  let variance = 0;
  let tendency = 0;
  let shade = 0;
  let prominence = 0;
  for (let n = 0; n < count; n++) {
    const i = first[n] - mean;
    const j = second[n] - mean;
    variance += i * i + j * j;
    const s = i + j;
    const squared = s * s;
    tendency += squared;
    shade += squared * s;
    prominence += squared * squared;
  }
  sums[VARIANCE] = variance / (2 * count);
  sums[TENDENCY] = tendency / count;
  sums[SHADE] = shade / count;
  sums[PROMINENCE] = prominence / count;
}

/** Features that are sums over pairs, in the places of `glcmFeatures`. */
function simpleFeatures(sums: Float64Array, all: Float64Array): void {
  const mean = sums[MEAN];
  const variance = sums[VARIANCE];
  const difference = sums[DIFFERENCE];
  const contrast = sums[CONTRAST];
  const covariance = (sums[TENDENCY] - contrast) / 4;
  all[1] = mean;
  all[2] = variance;
  all[4] = difference;
  all[5] = Math.max(0, contrast - difference * difference);
  all[7] = 2 * mean;
  all[8] = sums[TENDENCY];
  all[11] = contrast;
  all[12] = difference;
  for (let k = 0; k < INVERSES; k++) all[13 + k] = sums[INVERSE + k];
  all[18] = variance === 0 ? 1 : covariance / variance;
  all[19] = covariance + mean * mean;
  all[20] = sums[TENDENCY];
  all[21] = sums[SHADE];
  all[22] = sums[PROMINENCE];
}

/** Largest share, energy, entropy, and the two correlations of information. */
function jointFeatures(
  { first, second, count }: PairList,
  tallies: Tallies,
  flat: boolean,
  all: Float64Array,
): void {
  const { marginal, nLogN } = tallies;
  let low = first[0];
  let high = low;
  for (let n = 0; n < count; n++) {
    low = Math.min(low, first[n], second[n]);
    high = Math.max(high, first[n], second[n]);
  }
  const side = high - low + 1;
  if (tallies.joint.length < side * side) tallies.joint = new Int32Array(side * side);
  const { joint } = tallies;
  for (let n = 0; n < count; n++) {
    const i = first[n] - low;
    const j = second[n] - low;
    joint[i > j ? i * side + j : j * side + i]++;
    marginal[i]++;
    marginal[j]++;
  }
  // Off the diagonal a pair stands in two cells, on it twice in one.
  let largest = 0;
  let squares = 0;
  let logs = 0;
  let marginalLogs = 0;
  for (let n = 0; n < count; n++) {
    const i = first[n] - low;
    const j = second[n] - low;
    const cell = i > j ? i * side + j : j * side + i;
    const times = joint[cell];
    if (times > 0) {
      joint[cell] = 0;
      const both = i === j ? 2 * times : times;
      if (both > largest) largest = both;
      squares += i === j ? both * both : 2 * both * both;
      logs += i === j ? nLogN[both] : 2 * nLogN[both];
    }
    marginalLogs += nLogN[marginal[i]];
    marginal[i] = 0;
    marginalLogs += nLogN[marginal[j]];
    marginal[j] = 0;
  }
  const total = 2 * count;
  const entropy = flat ? 0 : (nLogN[total] - logs) / total;
  const marginalEntropy = flat ? 0 : (nLogN[total] - marginalLogs) / total;
  all[0] = largest / total;
  all[3] = entropy;
  all[10] = squares / (total * total);
  all[23] = flat ? 0 : (entropy - 2 * marginalEntropy) / marginalEntropy;
  all[24] = Math.sqrt(Math.max(0, 1 - Math.exp(-2 * (2 * marginalEntropy - entropy))));
}

function differenceEntropy({ first, second, count }: PairList, { difference, nLogN }: Tallies): number {
  for (let n = 0; n < count; n++) difference[Math.abs(first[n] - second[n])]++;
  let logs = 0;
  for (let n = 0; n < count; n++) {
    const k = Math.abs(first[n] - second[n]);
    logs += nLogN[difference[k]];
    difference[k] = 0;
  }
  return Math.max(0, (nLogN[count] - logs) / count);
}

function sumEntropy({ first, second, count }: PairList, { sum, nLogN }: Tallies): number {
  for (let n = 0; n < count; n++) sum[first[n] + second[n]]++;
  let logs = 0;
  for (let n = 0; n < count; n++) {
    const k = first[n] + second[n];
    logs += nLogN[sum[k]];
    sum[k] = 0;
  }
  return Math.max(0, (nLogN[count] - logs) / count);
}
