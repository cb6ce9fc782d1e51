/**
 * Published consensus values of the IBSI digital phantom, for the texture families.
 *
 * Rounded to three significant digits by the source; all with a tolerance of 0, all digits given must agree.
 * Source: Zwanenburg et al., The Image Biomarker Standardization Initiative, Radiology 2020, doi:10.1148/radiol.2020191145,
 * and reference manual arXiv:1612.07003, tables of the digital phantom (reference values of February 2019).
 * Layer:  radiomics; imports compare (types).
 */
import type { ReferenceValue } from "./compare.js";

/** The aggregations' endings of a column of a family with directions, in the order of the values below. */
const DIRECTED_ENDINGS = ["2D_avg", "2D_comb", "2_5D_avg", "2_5D_comb", "3D_avg", "3D_comb"] as const;

/** The same for a family without. */
const UNDIRECTED_ENDINGS = ["2D", "2_5D", "3D"] as const;

/** [name, values by aggregation] */
type Row = readonly [string, readonly number[]];

const DIRECTED: readonly Row[] = [
  // co-occurrence matrix
  ["cm_joint_max", [0.519, 0.512, 0.489, 0.492, 0.503, 0.509]],
  ["cm_joint_avg", [2.14, 2.14, 2.2, 2.2, 2.14, 2.15]],
  ["cm_joint_var", [2.69, 2.71, 3.22, 3.24, 3.1, 3.13]],
  ["cm_joint_entr", [2.05, 2.24, 2.48, 2.61, 2.4, 2.57]],
  ["cm_diff_avg", [1.42, 1.4, 1.46, 1.44, 1.43, 1.38]],
  ["cm_diff_var", [2.9, 3.06, 3.11, 3.23, 3.06, 3.21]],
  ["cm_diff_entr", [1.4, 1.49, 1.61, 1.67, 1.56, 1.64]],
  ["cm_sum_avg", [4.28, 4.29, 4.41, 4.41, 4.29, 4.3]],
  ["cm_sum_var", [5.47, 5.66, 7.48, 7.65, 7.07, 7.41]],
  ["cm_sum_entr", [1.6, 1.79, 2.01, 2.14, 1.92, 2.11]],
  ["cm_energy", [0.368, 0.352, 0.286, 0.277, 0.303, 0.291]],
  ["cm_contrast", [5.28, 5.19, 5.39, 5.29, 5.32, 5.12]],
  ["cm_dissimilarity", [1.42, 1.4, 1.46, 1.44, 1.43, 1.38]],
  ["cm_inv_diff", [0.678, 0.683, 0.668, 0.673, 0.677, 0.688]],
  ["cm_inv_diff_norm", [0.851, 0.854, 0.847, 0.85, 0.851, 0.856]],
  ["cm_inv_diff_mom", [0.619, 0.625, 0.606, 0.613, 0.618, 0.631]],
  ["cm_inv_diff_mom_norm", [0.899, 0.901, 0.897, 0.899, 0.898, 0.902]],
  ["cm_inv_var", [0.0567, 0.0553, 0.0597, 0.0582, 0.0604, 0.0574]],
  ["cm_corr", [-0.0121, 0.0173, 0.178, 0.182, 0.157, 0.183]],
  ["cm_auto_corr", [5.09, 5.14, 5.4, 5.45, 5.06, 5.19]],
  ["cm_clust_tend", [5.47, 5.66, 7.48, 7.65, 7.07, 7.41]],
  ["cm_clust_shade", [7, 6.98, 16.6, 16.4, 16.6, 17.4]],
  ["cm_clust_prom", [79.1, 80.4, 147, 142, 145, 147]],
  ["cm_info_corr1", [-0.155, -0.0341, -0.124, -0.0334, -0.157, -0.0288]],
  ["cm_info_corr2", [0.487, 0.263, 0.487, 0.291, 0.52, 0.269]],
  // run length matrix
  ["rlm_sre", [0.641, 0.661, 0.665, 0.68, 0.705, 0.729]],
  ["rlm_lre", [3.78, 3.51, 3.46, 3.27, 3.06, 2.76]],
  ["rlm_lgre", [0.604, 0.609, 0.58, 0.585, 0.603, 0.607]],
  ["rlm_hgre", [9.82, 9.74, 10.3, 10.2, 9.7, 9.64]],
  ["rlm_srlge", [0.294, 0.311, 0.296, 0.312, 0.352, 0.372]],
  ["rlm_srhge", [8.57, 8.67, 9.03, 9.05, 8.54, 8.67]],
  ["rlm_lrlge", [3.14, 2.92, 2.79, 2.63, 2.39, 2.16]],
  ["rlm_lrhge", [17.4, 16.1, 17.9, 17, 17.6, 15.6]],
  ["rlm_glnu", [5.2, 20.5, 19.5, 77.1, 21.8, 281]],
  ["rlm_glnu_norm", [0.46, 0.456, 0.413, 0.412, 0.43, 0.43]],
  ["rlm_rlnu", [6.12, 21.6, 22.3, 83.2, 26.9, 328]],
  ["rlm_rlnu_norm", [0.492, 0.441, 0.461, 0.445, 0.513, 0.501]],
  ["rlm_r_perc", [0.627, 0.627, 0.632, 0.632, 0.68, 0.68]],
  ["rlm_gl_var", [3.35, 3.37, 3.58, 3.59, 3.46, 3.48]],
  ["rlm_rl_var", [0.761, 0.778, 0.758, 0.767, 0.574, 0.598]],
  ["rlm_rl_entr", [2.17, 2.57, 2.52, 2.76, 2.43, 2.62]],
];

// biome-ignore-start lint/suspicious/noApproximativeNumericConstant: measured, not ln 2
const UNDIRECTED: readonly Row[] = [
  // size zone matrix
  ["szm_sze", [0.363, 0.368, 0.255]],
  ["szm_lze", [43.9, 34.2, 550]],
  ["szm_lgze", [0.371, 0.368, 0.253]],
  ["szm_hgze", [16.4, 16.2, 15.6]],
  ["szm_szlge", [0.0259, 0.0295, 0.0256]],
  ["szm_szhge", [10.3, 9.87, 2.76]],
  ["szm_lzlge", [40.4, 30.6, 503]],
  ["szm_lzhge", [113, 107, 1490]],
  ["szm_glnu", [1.41, 5.44, 1.4]],
  ["szm_glnu_norm", [0.323, 0.302, 0.28]],
  ["szm_zsnu", [1.49, 3.44, 1]],
  ["szm_zsnu_norm", [0.333, 0.191, 0.2]],
  ["szm_z_perc", [0.24, 0.243, 0.0676]],
  ["szm_gl_var", [3.97, 3.92, 2.64]],
  ["szm_zs_var", [21, 17.3, 331]],
  ["szm_zs_entr", [1.93, 3.08, 2.32]],
  // distance zone matrix
  ["dzm_sde", [0.946, 0.917, 1]],
  ["dzm_lde", [1.21, 1.33, 1]],
  ["dzm_lgze", [0.371, 0.368, 0.253]],
  ["dzm_hgze", [16.4, 16.2, 15.6]],
  ["dzm_sdlge", [0.367, 0.362, 0.253]],
  ["dzm_sdhge", [15.2, 14.3, 15.6]],
  ["dzm_ldlge", [0.386, 0.391, 0.253]],
  ["dzm_ldhge", [21.3, 23.7, 15.6]],
  ["dzm_glnu", [1.41, 5.44, 1.4]],
  ["dzm_glnu_norm", [0.323, 0.302, 0.28]],
  ["dzm_zdnu", [3.79, 14.4, 5]],
  ["dzm_zdnu_norm", [0.898, 0.802, 1]],
  ["dzm_z_perc", [0.24, 0.243, 0.0676]],
  ["dzm_gl_var", [3.97, 3.92, 2.64]],
  ["dzm_zd_var", [0.051, 0.0988, 0]],
  ["dzm_zd_entr", [1.73, 2, 1.92]],
  // neighbourhood grey tone difference matrix
  ["ngt_coarseness", [0.121, 0.0285, 0.0296]],
  ["ngt_contrast", [0.925, 0.601, 0.584]],
  ["ngt_busyness", [2.99, 6.8, 6.54]],
  ["ngt_complexity", [10.4, 14.1, 13.5]],
  ["ngt_strength", [2.88, 0.741, 0.763]],
  // neighbouring grey level dependence matrix
  ["ngl_lde", [0.158, 0.159, 0.045]],
  ["ngl_hde", [19.2, 18.8, 109]],
  ["ngl_lgce", [0.702, 0.693, 0.693]],
  ["ngl_hgce", [7.49, 7.66, 7.66]],
  ["ngl_ldlge", [0.0473, 0.0477, 0.00963]],
  ["ngl_ldhge", [3.06, 3.07, 0.736]],
  ["ngl_hdlge", [17.6, 17.2, 102]],
  ["ngl_hdhge", [49.5, 50.8, 235]],
  ["ngl_glnu", [10.2, 37.9, 37.9]],
  ["ngl_glnu_norm", [0.562, 0.512, 0.512]],
  ["ngl_dcnu", [3.96, 12.4, 4.86]],
  ["ngl_dcnu_norm", [0.212, 0.167, 0.0657]],
  ["ngl_dc_perc", [1, 1, 1]],
  ["ngl_gl_var", [2.7, 3.05, 3.05]],
  ["ngl_dc_var", [2.73, 3.27, 22.1]],
  ["ngl_dc_entr", [2.71, 3.36, 4.4]],
  ["ngl_dc_energy", [0.17, 0.122, 0.0533]],
];
// biome-ignore-end lint/suspicious/noApproximativeNumericConstant: measured, not ln 2

export const TEXTURE_CONSENSUS: readonly ReferenceValue[] = [
  ...spread(DIRECTED, DIRECTED_ENDINGS),
  ...spread(UNDIRECTED, UNDIRECTED_ENDINGS),
];

function spread(rows: readonly Row[], endings: readonly string[]): ReferenceValue[] {
  return rows.flatMap(([name, values]) =>
    values.map((value, a) => ({ feature: `${name}_${endings[a]}`, value, tolerance: 0 })),
  );
}
