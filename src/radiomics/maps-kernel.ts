/**
 * Features of one kernel of a map at a time, by the same functions as those of a whole region.
 *
 * Layer:  radiomics; imports core (types), catalogue (types), level-grid (types), maps-field.
 */
import type { Geometry, Vec3 } from "../core/geometry.js";
import type { FeatureDefinition } from "./catalogue.js";
import type { LevelGrid } from "./level-grid.js";
import type { MapField } from "./maps-field.js";

/** The voxels of one kernel that count. */
export interface Kernel {
  /** On a grid of their own with a border. */
  readonly grid: LevelGrid;
  /** Level and intensity of each, in the order of `grid.positions`. */
  readonly levels: Uint16Array;
  readonly values: Float64Array;
}

/** Writes one value per feature for the kernel around a centre. */
export type KernelFeatures = (center: number, into: Float64Array) => void;

/** A map in preparation: what is computed at each voxel, and where the values belong. */
export interface PreparedMaps {
  readonly geometry: Geometry;
  readonly field: MapField;
  readonly features: KernelFeatures;
  /** Of the features, in their order, with the name of each map. */
  readonly definitions: readonly { readonly name: string; readonly definition: FeatureDefinition }[];
  /** Value of voxels outside the region. */
  readonly outside: number;
  /** Of the image's intensities. */
  readonly unit: string;
}

/** Cuts kernels out of a field. The returned kernel is only good until the next call. */
export function kernelCutter(field: MapField): (center: number) => Kernel {
  const [rx, ry, rz] = field.radius;
  const [nx, ny] = field.size;
  const size: Vec3 = [2 * rx + 3, 2 * ry + 3, 2 * rz + 3];
  const most = (2 * rx + 1) * (2 * ry + 1) * (2 * rz + 1);
  const own = new Uint16Array(size[0] * size[1] * size[2]);
  const positions = new Int32Array(most);
  const levels = new Uint16Array(most);
  const values = new Float64Array(most);
  return (center) => {
    own.fill(0);
    let n = 0;
    for (let dz = -rz; dz <= rz; dz++) {
      for (let dy = -ry; dy <= ry; dy++) {
        for (let dx = -rx; dx <= rx; dx++) {
          const p = center + dx + nx * (dy + ny * dz);
          const level = field.levels[p];
          if (level === 0) continue;
          const q = dx + rx + 1 + size[0] * (dy + ry + 1 + size[1] * (dz + rz + 1));
          own[q] = level;
          positions[n] = q;
          levels[n] = level;
          values[n++] = field.values[p];
        }
      }
    }
    return {
      grid: { levels: own, size, levelCount: field.levelCount, positions: positions.subarray(0, n) },
      levels: levels.subarray(0, n),
      values: values.subarray(0, n),
    };
  };
}
