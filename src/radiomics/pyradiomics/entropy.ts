/**
 * PyRadiomics' entropies.
 *
 * Layer:  radiomics; imports nothing.
 */

/**
 * PyRadiomics adds 2⁻⁵² to each share before taking its logarithm. That only shows where there is a single share of 1:
 * the entropy is then not 0 but −log₂(1 + 2⁻⁵²).
 */
export function entropyLikePyradiomics(entropy: number): number {
  return entropy <= 0 ? -Math.log2(1 + Number.EPSILON) : entropy;
}
