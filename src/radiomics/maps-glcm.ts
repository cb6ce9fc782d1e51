/**
 * Co-occurrence features of many small kernels. A kernel has few pairs, so nothing is done per cell of an Ng × Ng table:
 * pairs are listed, and tallied by the levels that the kernel has. Gives what `glcmFeatures` and `maximalCorrelation` give.
 *
 * Layer:  radiomics; imports core (types), glcm-features, level-grid, maps-field (types), maps-kernel (types), maps-pairs.
 */
import type { Vec3 } from "../core/geometry.js";
import { GLCM_FEATURE_COUNT } from "./glcm-features.js";
import { arrayStep } from "./level-grid.js";
import type { MapField } from "./maps-field.js";
import type { KernelFeatures } from "./maps-kernel.js";
import { pairFeatures } from "./maps-pairs.js";

export interface MapGlcmOptions {
  /** Of `glcmFeatures`, in its order; after them 25, the maximal correlation coefficient. */
  readonly features: readonly number[];
  readonly directions: readonly Vec3[];
  /** One table for all directions; otherwise the mean of the features over directions with pairs. */
  readonly merge: boolean;
}

/** @returns A function that is NaN for kernels in which no two voxels are neighbours. */
export function glcmKernels(
  field: MapField,
  { features, directions, merge }: MapGlcmOptions,
): KernelFeatures {
  const { levels, size } = field;
  const steps = Int32Array.from(directions, (direction) => arrayStep(direction, size));
  const starts = directions.map((direction) => startsOf(direction, field));
  const most = starts.reduce((sum, list) => (merge ? sum + list.length : Math.max(sum, list.length)), 0);
  const pairs = { first: new Uint16Array(most), second: new Uint16Array(most), count: 0, oneLevel: false };
  const compute = pairFeatures(field.levelCount, most, features);
  const found = new Float64Array(features.length);
  const used = new Float64Array(features.length);

  const gather = (center: number, d: number): void => {
    const list = starts[d];
    const step = steps[d];
    let n = pairs.count;
    for (let k = 0; k < list.length; k++) {
      const p = center + list[k];
      const a = levels[p];
      const b = levels[p + step];
      if (a === 0 || b === 0) continue;
      pairs.first[n] = a;
      pairs.second[n++] = b;
    }
    pairs.count = n;
  };

  const whole = startsOf([0, 0, 0], field);
  const hasOneLevel = (center: number): boolean => {
    const level = levels[center];
    for (let k = 0; k < whole.length; k++) {
      const other = levels[center + whole[k]];
      if (other !== 0 && other !== level) return false;
    }
    return true;
  };

  return (center, into) => {
    pairs.oneLevel = features.includes(GLCM_FEATURE_COUNT) && hasOneLevel(center);
    if (merge) {
      pairs.count = 0;
      for (let d = 0; d < steps.length; d++) gather(center, d);
      compute(pairs, into);
      return;
    }
    into.fill(0);
    used.fill(0);
    for (let d = 0; d < steps.length; d++) {
      pairs.count = 0;
      gather(center, d);
      if (pairs.count === 0) continue;
      compute(pairs, found);
      for (let f = 0; f < found.length; f++) {
        if (Number.isNaN(found[f])) continue;
        into[f] += found[f];
        used[f]++;
      }
    }
    for (let f = 0; f < found.length; f++) into[f] /= used[f];
  };
}

/** Where pairs of a direction begin in a kernel, as steps from its centre. */
function startsOf([dx, dy, dz]: Vec3, { radius: [rx, ry, rz], size: [nx, ny] }: MapField): Int32Array {
  const starts: number[] = [];
  for (let z = -rz; z <= rz; z++) {
    for (let y = -ry; y <= ry; y++) {
      for (let x = -rx; x <= rx; x++) {
        const within = Math.abs(x + dx) <= rx && Math.abs(y + dy) <= ry && Math.abs(z + dz) <= rz;
        if (within) starts.push(x + nx * (y + ny * z));
      }
    }
  }
  return Int32Array.from(starts);
}
