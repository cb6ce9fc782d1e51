/**
 * Morphological features: size, shape and how intensities lie in the shape.
 *
 * Source: IBSI reference manual, arXiv:1612.07003, section 3.1.
 * Layer:  radiomics; imports core (types), region (types), mesh, hull, point-cloud, spatial autocorrelation.
 */
import type { Vec3 } from "../core/geometry.js";
import { meshSize } from "./mesh.js";
import { pointCloud } from "./point-cloud.js";
import type { Region } from "./region.js";
import { hullSize } from "./region-hull.js";
import { spatialAutocorrelation } from "./spatial-autocorrelation.js";

/**
 * @param wanted  Names of the features to give; the costly ones are only computed if asked for.
 * @returns Value by feature name; NaN where the catalogue says "missing".
 */
export function morphologyFeatures(region: Region, wanted: ReadonlySet<string>): Record<string, number> {
  const { geometry, morphology } = region;
  const { size, spacing } = geometry;
  const { area, volume } = meshSize(morphology, size, spacing);
  const hull = hullSize(morphology, size, spacing);
  const cloud = pointCloud(morphology, size, spacing);
  const [major, minor, least] = cloud.eigenvalues;
  // Semi-axes of the approximate enclosing ellipsoid.
  const [a, b, c] = [2 * Math.sqrt(major), 2 * Math.sqrt(minor), 2 * Math.sqrt(least)];
  const [bx, by, bz] = cloud.box;
  const sphere = 36 * Math.PI * volume * volume;
  const spatial =
    wanted.has("morph_moran_i") || wanted.has("morph_geary_c")
      ? spatialAutocorrelation(region)
      : { moran: Number.NaN, geary: Number.NaN };
  return {
    morph_volume: volume,
    morph_vol_approx: cloud.count * spacing[0] * spacing[1] * spacing[2],
    morph_area_mesh: area,
    morph_av: area / volume,
    morph_comp_1: volume / (Math.sqrt(Math.PI) * area ** 1.5),
    morph_comp_2: sphere / area ** 3,
    morph_sph_dispr: area / Math.cbrt(sphere),
    morph_sphericity: Math.cbrt(sphere) / area,
    morph_asphericity: area / Math.cbrt(sphere) - 1,
    morph_com: massShift(region, cloud.center),
    morph_diam: hull.diameter,
    morph_pca_maj_axis: 2 * a,
    morph_pca_min_axis: 2 * b,
    morph_pca_least_axis: 2 * c,
    morph_pca_elongation: major === 0 ? 1 : Math.sqrt(minor / major),
    morph_pca_flatness: major === 0 ? 1 : Math.sqrt(least / major),
    morph_vol_dens_aabb: volume / (bx * by * bz),
    morph_area_dens_aabb: area / (2 * (bx * by + by * bz + bx * bz)),
    morph_vol_dens_aee: c === 0 ? Number.NaN : volume / ((4 / 3) * Math.PI * a * b * c),
    morph_area_dens_aee: b === 0 ? Number.NaN : area / ellipsoidArea(a, b, c),
    morph_vol_dens_conv_hull: volume / hull.volume,
    morph_area_dens_conv_hull: area / hull.area,
    morph_integ_int: volume * mean(region.values),
    morph_moran_i: spatial.moran,
    morph_geary_c: spatial.geary,
  };
}

/** Distance between the shape's mean position and that of the intensity mask weighted by intensity, mm. */
function massShift({ positions, values, geometry }: Region, center: Vec3): number {
  const [nx, ny] = geometry.size;
  let mass = 0;
  let x = 0;
  let y = 0;
  let z = 0;
  for (let n = 0; n < positions.length; n++) {
    const p = positions[n];
    const v = values[n];
    const row = Math.floor(p / nx);
    mass += v;
    x += v * (p - row * nx);
    y += v * (row % ny);
    z += v * Math.floor(row / ny);
  }
  if (mass === 0) return Number.NaN;
  return Math.hypot(
    (x / mass) * geometry.spacing[0] - center[0],
    (y / mass) * geometry.spacing[1] - center[1],
    (z / mass) * geometry.spacing[2] - center[2],
  );
}

/**
 * Surface of an ellipsoid with semi-axes a ≥ b ≥ c by the Legendre series that IBSI gives, to ν = 20.
 *
 * With α² = 1 − b²/a² and β² = 1 − c²/a², the terms (αβ)^ν P_ν((α²+β²)/(2αβ)) follow from Legendre's recurrence
 * without dividing by αβ, so that spheres and spheroids need no special case.
 */
function ellipsoidArea(a: number, b: number, c: number): number {
  const alpha2 = 1 - (b / a) ** 2;
  const beta2 = 1 - (c / a) ** 2;
  const middle = (alpha2 + beta2) / 2;
  const product = alpha2 * beta2;
  let before = 1;
  let term = middle;
  let sum = 1 - middle / 3;
  for (let v = 2; v <= 20; v++) {
    const next = ((2 * v - 1) * middle * term - (v - 1) * product * before) / v;
    before = term;
    term = next;
    sum += term / (1 - 4 * v * v);
  }
  return 4 * Math.PI * a * b * sum;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += values[n];
  return sum / values.length;
}
