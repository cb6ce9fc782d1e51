/**
 * PyRadiomics' shape features of a region.
 *
 * Layer:  radiomics; imports core (types), mesh, mesh-table, morphology, plane-diameter, region-hull.
 */
import type { Vec3 } from "../../core/geometry.js";
import { meshSize } from "../mesh.js";
import { pointCloud } from "../point-cloud.js";
import { hullSize } from "../region-hull.js";
import { CLASSIC_TRIANGLES } from "./mesh-table.js";
import { planeDiameter } from "./plane-diameter.js";

/** @param inside  1 inside, x fastest, the outermost voxels 0. */
export function shapeFeatures(inside: Uint8Array, size: Vec3, spacing: Vec3): Record<string, number> {
  const { area, volume } = meshSize(inside, size, spacing, CLASSIC_TRIANGLES);
  const { count, eigenvalues } = pointCloud(inside, size, spacing);
  // The covariance over N, where IBSI has N − 1.
  const share = Math.max(1, count - 1) / count;
  const [major, minor, least] = eigenvalues.map((value) => value * share);
  return {
    Elongation: Math.sqrt(minor / major),
    Flatness: Math.sqrt(least / major),
    LeastAxisLength: 4 * Math.sqrt(least),
    MajorAxisLength: 4 * Math.sqrt(major),
    Maximum2DDiameterColumn: planeDiameter(inside, size, spacing, 1),
    Maximum2DDiameterRow: planeDiameter(inside, size, spacing, 0),
    Maximum2DDiameterSlice: planeDiameter(inside, size, spacing, 2),
    Maximum3DDiameter: hullSize(inside, size, spacing).diameter,
    MeshVolume: volume,
    MinorAxisLength: 4 * Math.sqrt(minor),
    Sphericity: Math.cbrt(36 * Math.PI * volume * volume) / area,
    SurfaceArea: area,
    SurfaceVolumeRatio: area / volume,
    VoxelVolume: count * spacing[0] * spacing[1] * spacing[2],
  };
}
