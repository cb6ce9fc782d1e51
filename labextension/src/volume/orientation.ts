/**
 * How the three planes lie on the screen: radiological, whatever the order and sign of the voxel axes.
 *
 * The patient's right is on the left of the image, anterior is up on axial and left on sagittal, superior is up.
 * Planes are those of the voxel grid, so that a pixel is a voxel; on an oblique grid the letters say so ("LA").
 * Layer:  labextension, volume.
 */
import type { Geometry, Vec3 } from "./payload.js";

export type PlaneName = "axial" | "coronal" | "sagittal";
export const PLANES: readonly PlaneName[] = ["axial", "coronal", "sagittal"];

/** A voxel axis as it runs across the screen, or through it. */
export interface ScreenAxis {
  /** 0, 1 or 2: x, y or z of the voxel grid. */
  readonly axis: 0 | 1 | 2;
  /** Whether the voxel index grows in the direction that the screen axis runs. */
  readonly forward: boolean;
}

/** One plane of the grid on the screen. */
export interface PlaneAxes {
  readonly name: PlaneName;
  /** Left to right. */
  readonly right: ScreenAxis;
  /** Top to bottom. */
  readonly down: ScreenAxis;
  /** From slice to slice; forward means towards Superior, Posterior or Left. */
  readonly through: ScreenAxis;
  /** Where the edges of the picture point in the patient. */
  readonly letters: {
    readonly left: string;
    readonly right: string;
    readonly top: string;
    readonly bottom: string;
  };
}

/** World directions (+1 along L, P, S) of screen right, screen down and through the screen. */
const SCREEN: Record<PlaneName, readonly [WorldAxis, WorldAxis, WorldAxis]> = {
  axial: [
    { world: 0, sign: 1 },
    { world: 1, sign: 1 },
    { world: 2, sign: 1 },
  ],
  coronal: [
    { world: 0, sign: 1 },
    { world: 2, sign: -1 },
    { world: 1, sign: 1 },
  ],
  sagittal: [
    { world: 1, sign: 1 },
    { world: 2, sign: -1 },
    { world: 0, sign: 1 },
  ],
};

interface WorldAxis {
  readonly world: 0 | 1 | 2;
  readonly sign: 1 | -1;
}

/** The three planes of a grid. */
export function planeAxes(geometry: Geometry): Record<PlaneName, PlaneAxes> {
  const voxelAxisOf = nearestAxes(geometry.direction);
  const place = ({ world, sign }: WorldAxis): ScreenAxis => {
    const axis = voxelAxisOf[world];
    return { axis, forward: component(geometry, axis, world) * sign > 0 };
  };
  const plane = (name: PlaneName): PlaneAxes => {
    const [right, down, through] = SCREEN[name].map(place) as [ScreenAxis, ScreenAxis, ScreenAxis];
    const letters = {
      left: lettersOf(geometry, right, -1),
      right: lettersOf(geometry, right, 1),
      top: lettersOf(geometry, down, -1),
      bottom: lettersOf(geometry, down, 1),
    };
    return { name, right, down, through, letters };
  };
  return { axial: plane("axial"), coronal: plane("coronal"), sagittal: plane("sagittal") };
}

/** LPS+ mm of a voxel index. */
export function toWorld(geometry: Geometry, index: Vec3): Vec3 {
  const { spacing, origin } = geometry;
  const at = (world: 0 | 1 | 2): number =>
    origin[world] +
    component(geometry, 0, world) * index[0] * spacing[0] +
    component(geometry, 1, world) * index[1] * spacing[1] +
    component(geometry, 2, world) * index[2] * spacing[2];
  return [at(0), at(1), at(2)];
}

/** Index, maybe fractional or outside, of a place in LPS+ mm: the inverse of `toWorld`. */
export function toIndex(geometry: Geometry, mm: Vec3): Vec3 {
  const { spacing, origin } = geometry;
  const [a, b, c, d, e, f, g, h, i] = geometry.direction;
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const [x, y, z] = [mm[0] - origin[0], mm[1] - origin[1], mm[2] - origin[2]];
  return [
    ((e * i - f * h) * x + (c * h - b * i) * y + (b * f - c * e) * z) / determinant / spacing[0],
    ((f * g - d * i) * x + (a * i - c * g) * y + (c * d - a * f) * z) / determinant / spacing[1],
    ((d * h - e * g) * x + (b * g - a * h) * y + (a * e - b * d) * z) / determinant / spacing[2],
  ];
}

type AxisOrder = readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2];
const ORDERS: readonly AxisOrder[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/** For each world axis the voxel axis that runs most along it, each used once. */
function nearestAxes(direction: Geometry["direction"]): AxisOrder {
  let best = ORDERS[0] as AxisOrder;
  let most = -1;
  for (const order of ORDERS) {
    const alignment = order.reduce<number>(
      (sum, axis, world) => sum + Math.abs(direction[3 * world + axis] ?? 0),
      0,
    );
    if (alignment > most + 1e-9) {
      best = order;
      most = alignment;
    }
  }
  return best;
}

/** World component of a voxel axis' direction. */
function component(geometry: Geometry, axis: 0 | 1 | 2, world: 0 | 1 | 2): number {
  return geometry.direction[3 * world + axis] ?? 0;
}

/** "L", or "LA" where the axis leans more than about 20° towards a second direction. */
function lettersOf(geometry: Geometry, { axis, forward }: ScreenAxis, towards: 1 | -1): string {
  const sign = (forward ? 1 : -1) * towards;
  return ([0, 1, 2] as const)
    .map((world) => ({ world, part: component(geometry, axis, world) * sign }))
    .filter(({ part }) => Math.abs(part) > 0.35)
    .sort((a, b) => Math.abs(b.part) - Math.abs(a.part))
    .map(({ world, part }) => (["RL", "AP", "IS"][world] ?? "").charAt(part > 0 ? 1 : 0))
    .join("");
}
