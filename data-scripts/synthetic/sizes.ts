/**
 * How much is made: the tour's chest CT and cohort, and a tiny one for tests.
 */
import type { Vec3 } from "../../src/core/geometry.js";

/** Raised whenever the same seed gives other data than before. */
export const EQUATIONS = 1;

interface Grid {
  readonly size: Vec3;
  /** mm */
  readonly spacing: Vec3;
}

export interface CohortSize {
  readonly patients: number;
  /** The whole chest of one patient. */
  readonly thorax: Grid;
  /** Index of that patient. */
  readonly thoraxPatient: number;
  /** Around the lesion of each patient. */
  readonly crop: Grid;
}

export const SIZES = {
  tour: {
    patients: 120,
    thorax: { size: [256, 200, 96], spacing: [1.5, 1.5, 2.5] },
    // With seed 42: a lobulated tumour of 15 mL with twelve spicules and a necrotic core.
    thoraxPatient: 54,
    crop: { size: [64, 64, 48], spacing: [1.5, 1.5, 1.5] },
  },
  tiny: {
    patients: 3,
    thorax: { size: [56, 40, 24], spacing: [6, 6, 9] },
    thoraxPatient: 1,
    crop: { size: [24, 24, 18], spacing: [4, 4, 4] },
  },
} as const satisfies Record<string, CohortSize>;

export type SizeName = keyof typeof SIZES;

/** Lesions of a larger diameter than this, mm, are drawn again: 0.6 of the crop. */
export function largestDiameter({ crop }: CohortSize): number {
  return 0.6 * Math.min(...crop.size.map((n, axis) => n * crop.spacing[axis]));
}
