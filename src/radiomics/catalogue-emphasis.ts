/**
 * Catalogue rows of the texture families that count with a level i and a second number j.
 *
 * nᵢⱼ: what is counted, by i and j; N = Σ nᵢⱼ; nᵢ, nⱼ its sums over j and over i; pᵢⱼ = nᵢⱼ / N; Nv: voxels.
 * Layer:  radiomics; imports catalogue-row (types).
 */
import type { CatalogueRow } from "./catalogue-row.js";

/** Formulas in the order of `emphasisFeatures`. */
const FORMULAS = [
  ["", "Σ nⱼ / j² / N"],
  ["", "Σ j² nⱼ / N"],
  ["", "Σ nᵢ / i² / N"],
  ["", "Σ i² nᵢ / N"],
  ["", "Σ nᵢⱼ / (i² j²) / N"],
  ["", "Σ i² nᵢⱼ / j² / N"],
  ["", "Σ j² nᵢⱼ / i² / N"],
  ["", "Σ i² j² nᵢⱼ / N"],
  ["", "Σ nᵢ² / N"],
  ["", "Σ nᵢ² / N²"],
  ["", "Σ nⱼ² / N"],
  ["", "Σ nⱼ² / N²"],
  ["", "N / Nv"],
  ["", "Σ (i − Σ i pᵢⱼ)² pᵢⱼ"],
  ["", "Σ (j − Σ j pᵢⱼ)² pᵢⱼ"],
  ["bit", "−Σ pᵢⱼ log₂ pᵢⱼ"],
  ["", "Σ pᵢⱼ²"],
] as const;

type Name = readonly [name: string, code: string, label: string];

/** GLRLM: j is the length of a run. */
export const RUN_LENGTH: readonly CatalogueRow[] = rows([
  ["rlm_sre", "22OV", "Short runs emphasis"],
  ["rlm_lre", "W4KF", "Long runs emphasis"],
  ["rlm_lgre", "V3SW", "Low grey level run emphasis"],
  ["rlm_hgre", "G3QZ", "High grey level run emphasis"],
  ["rlm_srlge", "HTZT", "Short run low grey level emphasis"],
  ["rlm_srhge", "GD3A", "Short run high grey level emphasis"],
  ["rlm_lrlge", "IVPO", "Long run low grey level emphasis"],
  ["rlm_lrhge", "3KUM", "Long run high grey level emphasis"],
  ["rlm_glnu", "R5YN", "Grey level non-uniformity"],
  ["rlm_glnu_norm", "OVBL", "Normalised grey level non-uniformity"],
  ["rlm_rlnu", "W92Y", "Run length non-uniformity"],
  ["rlm_rlnu_norm", "IC23", "Normalised run length non-uniformity"],
  ["rlm_r_perc", "9ZK5", "Run percentage"],
  ["rlm_gl_var", "8CE5", "Grey level variance"],
  ["rlm_rl_var", "SXLW", "Run length variance"],
  ["rlm_rl_entr", "HJ9O", "Run entropy"],
]);

/** GLSZM: j is the size of a zone. */
export const SIZE_ZONE: readonly CatalogueRow[] = rows([
  ["szm_sze", "5QRC", "Small zone emphasis"],
  ["szm_lze", "48P8", "Large zone emphasis"],
  ["szm_lgze", "XMSY", "Low grey level emphasis"],
  ["szm_hgze", "5GN9", "High grey level emphasis"],
  ["szm_szlge", "5RAI", "Small zone low grey level emphasis"],
  ["szm_szhge", "HW1V", "Small zone high grey level emphasis"],
  ["szm_lzlge", "YH51", "Large zone low grey level emphasis"],
  ["szm_lzhge", "J17V", "Large zone high grey level emphasis"],
  ["szm_glnu", "JNSA", "Grey level non-uniformity"],
  ["szm_glnu_norm", "Y1RO", "Normalised grey level non-uniformity"],
  ["szm_zsnu", "4JP3", "Zone size non-uniformity"],
  ["szm_zsnu_norm", "VB3A", "Normalised zone size non-uniformity"],
  ["szm_z_perc", "P30P", "Zone percentage"],
  ["szm_gl_var", "BYLV", "Grey level variance"],
  ["szm_zs_var", "3NSA", "Zone size variance"],
  ["szm_zs_entr", "GU8N", "Zone size entropy"],
]);

/** GLDZM: j is the distance of a zone from the border of the region. */
export const DISTANCE_ZONE: readonly CatalogueRow[] = rows([
  ["dzm_sde", "0GBI", "Small distance emphasis"],
  ["dzm_lde", "MB4I", "Large distance emphasis"],
  ["dzm_lgze", "S1RA", "Low grey level emphasis"],
  ["dzm_hgze", "K26C", "High grey level emphasis"],
  ["dzm_sdlge", "RUVG", "Small distance low grey level emphasis"],
  ["dzm_sdhge", "DKNJ", "Small distance high grey level emphasis"],
  ["dzm_ldlge", "A7WM", "Large distance low grey level emphasis"],
  ["dzm_ldhge", "KLTH", "Large distance high grey level emphasis"],
  ["dzm_glnu", "VFT7", "Grey level non-uniformity"],
  ["dzm_glnu_norm", "7HP3", "Normalised grey level non-uniformity"],
  ["dzm_zdnu", "V294", "Zone distance non-uniformity"],
  ["dzm_zdnu_norm", "IATH", "Normalised zone distance non-uniformity"],
  ["dzm_z_perc", "VIWW", "Zone percentage"],
  ["dzm_gl_var", "QK93", "Grey level variance"],
  ["dzm_zd_var", "7WT1", "Zone distance variance"],
  ["dzm_zd_entr", "GBDU", "Zone distance entropy"],
]);

/** NGLDM: j is the number of neighbours of the same level, with the voxel itself. */
export const DEPENDENCE: readonly CatalogueRow[] = rows([
  ["ngl_lde", "SODN", "Low dependence emphasis"],
  ["ngl_hde", "IMOQ", "High dependence emphasis"],
  ["ngl_lgce", "TL9H", "Low grey level count emphasis"],
  ["ngl_hgce", "OAE7", "High grey level count emphasis"],
  ["ngl_ldlge", "EQ3F", "Low dependence low grey level emphasis"],
  ["ngl_ldhge", "JA6D", "Low dependence high grey level emphasis"],
  ["ngl_hdlge", "NBZI", "High dependence low grey level emphasis"],
  ["ngl_hdhge", "9QMG", "High dependence high grey level emphasis"],
  ["ngl_glnu", "FP8K", "Grey level non-uniformity"],
  ["ngl_glnu_norm", "5SPA", "Normalised grey level non-uniformity"],
  ["ngl_dcnu", "Z87G", "Dependence count non-uniformity"],
  ["ngl_dcnu_norm", "OKJI", "Normalised dependence count non-uniformity"],
  ["ngl_dc_perc", "6XV8", "Dependence count percentage"],
  ["ngl_gl_var", "1PFV", "Grey level variance"],
  ["ngl_dc_var", "DNX2", "Dependence count variance"],
  ["ngl_dc_entr", "FCBV", "Dependence count entropy"],
  ["ngl_dc_energy", "CAS9", "Dependence count energy"],
]);

function rows(names: readonly Name[]): CatalogueRow[] {
  return names.map(([name, code, label], f) => [name, code, label, FORMULAS[f][0], FORMULAS[f][1]]);
}
