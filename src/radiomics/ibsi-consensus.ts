/**
 * Published consensus values of the IBSI digital phantom, for the families that Radbook computes.
 *
 * Rounded to three significant digits by the source. A tolerance of 0 means that all digits given must agree.
 * Source: Zwanenburg et al., The Image Biomarker Standardization Initiative, Radiology 2020, doi:10.1148/radiol.2020191145,
 * and reference manual arXiv:1612.07003, tables of the digital phantom (reference values of February 2019).
 * Layer:  radiomics; imports compare (types).
 */
import type { ReferenceValue } from "./compare.js";

/** [name, value, tolerance] */
const VALUES: readonly (readonly [string, number, number])[] = [
  // morphology
  ["morph_volume", 556, 4],
  ["morph_vol_approx", 592, 4],
  ["morph_area_mesh", 388, 3],
  ["morph_av", 0.698, 0.004],
  ["morph_comp_1", 0.0411, 0.0003],
  ["morph_comp_2", 0.599, 0.004],
  ["morph_sph_dispr", 1.19, 0.01],
  ["morph_sphericity", 0.843, 0.005],
  ["morph_asphericity", 0.186, 0.001],
  ["morph_com", 0.672, 0.004],
  ["morph_diam", 13.1, 0.1],
  ["morph_pca_maj_axis", 11.4, 0.1],
  ["morph_pca_min_axis", 9.31, 0.06],
  ["morph_pca_least_axis", 8.54, 0.05],
  ["morph_pca_elongation", 0.816, 0.005],
  ["morph_pca_flatness", 0.749, 0.005],
  ["morph_vol_dens_aabb", 0.869, 0.005],
  ["morph_area_dens_aabb", 0.866, 0.005],
  ["morph_vol_dens_aee", 1.17, 0.01],
  ["morph_area_dens_aee", 1.36, 0.01],
  ["morph_vol_dens_conv_hull", 0.961, 0.006],
  ["morph_area_dens_conv_hull", 1.03, 0.01],
  ["morph_integ_int", 1200, 10],
  ["morph_moran_i", 0.0397, 0.0003],
  ["morph_geary_c", 0.974, 0.006],
  // local intensity
  ["loc_peak_loc", 2.6, 0],
  ["loc_peak_glob", 3.1, 0],
  // statistics
  ["stat_mean", 2.15, 0],
  ["stat_var", 3.05, 0],
  ["stat_skew", 1.08, 0],
  ["stat_kurt", -0.355, 0],
  ["stat_median", 1, 0],
  ["stat_min", 1, 0],
  ["stat_p10", 1, 0],
  ["stat_p90", 4, 0],
  ["stat_max", 6, 0],
  ["stat_iqr", 3, 0],
  ["stat_range", 5, 0],
  ["stat_mad", 1.55, 0],
  ["stat_rmad", 1.11, 0],
  ["stat_medad", 1.15, 0],
  ["stat_cov", 0.812, 0],
  ["stat_qcod", 0.6, 0],
  ["stat_energy", 567, 0],
  ["stat_rms", 2.77, 0],
  // intensity histogram
  ["ih_mean", 2.15, 0],
  ["ih_var", 3.05, 0],
  ["ih_skew", 1.08, 0],
  ["ih_kurt", -0.355, 0],
  ["ih_median", 1, 0],
  ["ih_min", 1, 0],
  ["ih_p10", 1, 0],
  ["ih_p90", 4, 0],
  ["ih_max", 6, 0],
  ["ih_mode", 1, 0],
  ["ih_iqr", 3, 0],
  ["ih_range", 5, 0],
  ["ih_mad", 1.55, 0],
  ["ih_rmad", 1.11, 0],
  ["ih_medad", 1.15, 0],
  ["ih_cov", 0.812, 0],
  ["ih_qcod", 0.6, 0],
  ["ih_entropy", 1.27, 0],
  ["ih_uniformity", 0.512, 0],
  ["ih_max_grad", 8, 0],
  ["ih_max_grad_g", 3, 0],
  ["ih_min_grad", -50, 0],
  ["ih_min_grad_g", 1, 0],
  // intensity volume histogram
  ["ivh_v10", 0.324, 0],
  ["ivh_v90", 0.0946, 0],
  ["ivh_i10", 5, 0],
  ["ivh_i90", 2, 0],
  ["ivh_diff_v10_v90", 0.23, 0],
  ["ivh_diff_i10_i90", 3, 0],
];

/** The aggregations' endings of a texture column, in the order of the values below. */
const ENDINGS = ["2D_avg", "2D_comb", "2_5D_avg", "2_5D_comb", "3D_avg", "3D_comb"] as const;

/** [name, values in the six aggregations]; all with tolerance 0. */
const GLCM_VALUES: readonly (readonly [string, readonly number[]])[] = [
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
];

/**
 * Consensus values of the digital phantom: statistics on its intensities, bins of width 1 from 1, all six aggregations
 * of texture features. Compare with `extractor({ discretize: { binWidth: 1 } })`.
 */
export const ibsiDigitalPhantom: readonly ReferenceValue[] = [
  ...VALUES.map(([feature, value, tolerance]) => ({ feature, value, tolerance })),
  ...GLCM_VALUES.flatMap(([name, values]) =>
    values.map((value, a) => ({ feature: `${name}_${ENDINGS[a]}`, value, tolerance: 0 })),
  ),
];
