/**
 * Catalogue rows of the families that measure shape and the neighbourhood of the maximum.
 *
 * V, A: volume and surface of the mesh; a ≥ b ≥ c: semi-axes 2√λ of the principal axes; N voxels of intensity x.
 * Layer:  radiomics; imports catalogue-row (types).
 */
import type { CatalogueRow } from "./catalogue-row.js";

const NO_AXIS = "1 if all voxels lie in one point";
const NO_ELLIPSOID = "missing if the region is one voxel thick";
const FLAT = "missing if the region is flat or has one voxel";

export const MORPHOLOGY: readonly CatalogueRow[] = [
  ["morph_volume", "RNU0", "Volume (mesh)", "mm³", "V, enclosed by the mesh at level ½"],
  ["morph_vol_approx", "YEKZ", "Volume (voxel counting)", "mm³", "N × voxel volume"],
  ["morph_area_mesh", "C0JK", "Surface area (mesh)", "mm²", "A, sum of the triangles"],
  ["morph_av", "2PR5", "Surface to volume ratio", "mm⁻¹", "A / V"],
  ["morph_comp_1", "SKGS", "Compactness 1", "", "V / (√π A^(3/2))"],
  ["morph_comp_2", "BQWJ", "Compactness 2", "", "36π V² / A³"],
  ["morph_sph_dispr", "KRCK", "Spherical disproportion", "", "A / (36π V²)^(1/3)"],
  ["morph_sphericity", "QCFX", "Sphericity", "", "(36π V²)^(1/3) / A"],
  ["morph_asphericity", "25C7", "Asphericity", "", "(A³ / (36π V²))^(1/3) − 1"],
  [
    "morph_com",
    "KLMA",
    "Centre of mass shift",
    "mm",
    "‖mean position − intensity-weighted mean position‖",
    "missing if the intensities sum to 0",
  ],
  ["morph_diam", "L0JK", "Maximum 3D diameter", "mm", "largest distance of two mesh vertices"],
  [
    "morph_pca_maj_axis",
    "TDIC",
    "Major axis length",
    "mm",
    "2a = 4√λ₁, λ of the covariance over N − 1",
    "0 for one voxel",
  ],
  ["morph_pca_min_axis", "P9VJ", "Minor axis length", "mm", "2b = 4√λ₂", "0 for one voxel"],
  ["morph_pca_least_axis", "7J51", "Least axis length", "mm", "2c = 4√λ₃", "0 for one voxel"],
  ["morph_pca_elongation", "Q3CK", "Elongation", "", "√(λ₂ / λ₁)", NO_AXIS],
  ["morph_pca_flatness", "N17B", "Flatness", "", "√(λ₃ / λ₁)", NO_AXIS],
  ["morph_vol_dens_aabb", "PBX1", "Volume density (AABB)", "", "V / volume of the axis-aligned box"],
  ["morph_area_dens_aabb", "R59B", "Area density (AABB)", "", "A / surface of the axis-aligned box"],
  ["morph_vol_dens_aee", "6BDE", "Volume density (AEE)", "", "V / (4π abc / 3)", NO_ELLIPSOID],
  [
    "morph_area_dens_aee",
    "RDD2",
    "Area density (AEE)",
    "",
    "A / surface of the ellipsoid, Legendre series to ν = 20",
    "missing if the region is one voxel wide",
  ],
  [
    "morph_vol_dens_conv_hull",
    "R3ER",
    "Volume density (convex hull)",
    "",
    "V / volume of the mesh's convex hull",
  ],
  [
    "morph_area_dens_conv_hull",
    "7T7F",
    "Area density (convex hull)",
    "",
    "A / surface of the mesh's convex hull",
  ],
  ["morph_integ_int", "99N0", "Integrated intensity", "u mm³", "V × mean intensity"],
  [
    "morph_moran_i",
    "N365",
    "Moran's I index",
    "",
    "N Σ wᵢⱼ (xᵢ−μ)(xⱼ−μ) / (Σ wᵢⱼ Σ (xᵢ−μ)²), w = 1 / distance",
    FLAT,
  ],
  [
    "morph_geary_c",
    "NPT7",
    "Geary's C measure",
    "",
    "(N−1) Σ wᵢⱼ (xᵢ−xⱼ)² / (2 Σ wᵢⱼ Σ (xᵢ−μ)²), w = 1 / distance",
    FLAT,
  ],
];

export const LOCAL_INTENSITY: readonly CatalogueRow[] = [
  [
    "loc_peak_loc",
    "VJGA",
    "Local intensity peak",
    "u",
    "mean over 1 cm³ around the voxel of highest intensity",
  ],
  [
    "loc_peak_glob",
    "0F91",
    "Global intensity peak",
    "u",
    "highest mean over 1 cm³ around any voxel of the region",
  ],
];
