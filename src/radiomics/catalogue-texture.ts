/**
 * Catalogue rows of the texture families.
 *
 * pᵢⱼ: share of neighbouring pairs with levels i and j; pᵢ its marginal with mean μ and variance σ²;
 * p₋(k), p₊(k): share of pairs with |i−j| = k, i+j = k.
 * NGTDM: pᵢ: share of voxels of level i among those with a neighbour, Nc of them, of Ng levels; sᵢ: sum over them of
 * |i − mean level of the neighbours|; sums over levels that occur.
 * Layer:  radiomics; imports catalogue-row (types).
 */
import type { CatalogueRow } from "./catalogue-row.js";

const NO_PAIR = "missing if no two voxels are neighbours";

export const GLCM: readonly CatalogueRow[] = [
  ["cm_joint_max", "GYBY", "Joint maximum", "", "max pᵢⱼ", NO_PAIR],
  ["cm_joint_avg", "60VM", "Joint average", "", "μ = Σ i pᵢⱼ", NO_PAIR],
  ["cm_joint_var", "UR99", "Joint variance", "", "σ² = Σ (i−μ)² pᵢⱼ", NO_PAIR],
  ["cm_joint_entr", "TU9B", "Joint entropy", "bit", "HXY = −Σ pᵢⱼ log₂ pᵢⱼ", NO_PAIR],
  ["cm_diff_avg", "TF7R", "Difference average", "", "Σ k p₋(k)", NO_PAIR],
  ["cm_diff_var", "D3YU", "Difference variance", "", "Σ (k−mean)² p₋(k)", NO_PAIR],
  ["cm_diff_entr", "NTRS", "Difference entropy", "bit", "−Σ p₋(k) log₂ p₋(k)", NO_PAIR],
  ["cm_sum_avg", "ZGXS", "Sum average", "", "Σ k p₊(k)", NO_PAIR],
  ["cm_sum_var", "OEEB", "Sum variance", "", "Σ (k−mean)² p₊(k)", NO_PAIR],
  ["cm_sum_entr", "P6QZ", "Sum entropy", "bit", "−Σ p₊(k) log₂ p₊(k)", NO_PAIR],
  ["cm_energy", "8ZQL", "Angular second moment", "", "Σ pᵢⱼ²", NO_PAIR],
  ["cm_contrast", "ACUI", "Contrast", "", "Σ (i−j)² pᵢⱼ", NO_PAIR],
  ["cm_dissimilarity", "8S9J", "Dissimilarity", "", "Σ |i−j| pᵢⱼ", NO_PAIR],
  ["cm_inv_diff", "IB1Z", "Inverse difference", "", "Σ pᵢⱼ / (1+|i−j|)", NO_PAIR],
  ["cm_inv_diff_norm", "NDRX", "Normalised inverse difference", "", "Σ pᵢⱼ / (1+|i−j|/Ng)", NO_PAIR],
  ["cm_inv_diff_mom", "WF0Z", "Inverse difference moment", "", "Σ pᵢⱼ / (1+(i−j)²)", NO_PAIR],
  [
    "cm_inv_diff_mom_norm",
    "1QCO",
    "Normalised inverse difference moment",
    "",
    "Σ pᵢⱼ / (1+(i−j)²/Ng²)",
    NO_PAIR,
  ],
  ["cm_inv_var", "E8JP", "Inverse variance", "", "2 Σ_{i<j} pᵢⱼ / (i−j)²", NO_PAIR],
  [
    "cm_corr",
    "NI2N",
    "Correlation",
    "",
    "Σ (i−μ)(j−μ) pᵢⱼ / σ²",
    `1 if all pairs have one level; ${NO_PAIR}`,
  ],
  ["cm_auto_corr", "QWB0", "Autocorrelation", "", "Σ i j pᵢⱼ", NO_PAIR],
  ["cm_clust_tend", "DG8W", "Cluster tendency", "", "Σ (i+j−2μ)² pᵢⱼ", NO_PAIR],
  ["cm_clust_shade", "7NFM", "Cluster shade", "", "Σ (i+j−2μ)³ pᵢⱼ", NO_PAIR],
  ["cm_clust_prom", "AE86", "Cluster prominence", "", "Σ (i+j−2μ)⁴ pᵢⱼ", NO_PAIR],
  [
    "cm_info_corr1",
    "R8DG",
    "Information correlation 1",
    "",
    "(HXY − HXY1) / HX",
    `0 if all pairs have one level; ${NO_PAIR}`,
  ],
  ["cm_info_corr2", "JN9H", "Information correlation 2", "", "√(1 − exp(−2 (HXY2 − HXY)))", NO_PAIR],
];

const NO_NEIGHBOUR = "missing if no two voxels are neighbours";
const ONE_LEVEL = `0 if there is one level; ${NO_NEIGHBOUR}`;

export const TONE_DIFFERENCE: readonly CatalogueRow[] = [
  [
    "ngt_coarseness",
    "QCDE",
    "Coarseness",
    "",
    "1 / Σ pᵢ sᵢ",
    `10⁶ if all neighbours are alike; ${NO_NEIGHBOUR}`,
  ],
  ["ngt_contrast", "65HE", "Contrast", "", "Σᵢⱼ pᵢ pⱼ (i−j)² / (Ng (Ng−1)) × Σ sᵢ / Nc", ONE_LEVEL],
  ["ngt_busyness", "NQ30", "Busyness", "", "Σ pᵢ sᵢ / Σᵢⱼ |i pᵢ − j pⱼ|", ONE_LEVEL],
  ["ngt_complexity", "HDEZ", "Complexity", "", "Σᵢⱼ |i−j| (pᵢ sᵢ + pⱼ sⱼ) / (pᵢ + pⱼ) / Nc", ONE_LEVEL],
  ["ngt_strength", "1X9X", "Strength", "", "Σᵢⱼ (pᵢ + pⱼ) (i−j)² / Σ sᵢ", ONE_LEVEL],
];
