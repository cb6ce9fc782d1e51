/**
 * Which voxel axes make the axial, coronal and sagittal plane, and which way round they are shown.
 *
 * Radiological display: the patient's right is on the left of the picture, anterior up in axial planes, superior up
 * in the others, anterior on the left of sagittal planes. Oblique grids are cut along their own axes, each named by
 * the anatomical axis that it is nearest to.
 * Layer:  plot; imports core.
 */
import { type Geometry, inverse, type Mat3, type Vec3 } from "../core/geometry.js";

/** A voxel axis (0, 1, 2 for x, y, z) and whether it is walked from its end to its start. */
export interface ScreenAxis {
  readonly axis: 0 | 1 | 2;
  readonly reversed: boolean;
}

export interface Plane {
  readonly name: "Axial" | "Coronal" | "Sagittal";
  /** World axis that the plane is perpendicular to: 0 left, 1 posterior, 2 superior. */
  readonly world: 0 | 1 | 2;
  /** Voxel axis along which one plane follows the other. */
  readonly through: 0 | 1 | 2;
  /** Voxel axis from the left to the right of the picture. */
  readonly across: ScreenAxis;
  /** Voxel axis from the top to the bottom of the picture. */
  readonly down: ScreenAxis;
  /** Anatomical directions at the left, right, top and bottom edge. */
  readonly edges: readonly [string, string, string, string];
}

/** The three planes of a grid: axial, coronal, sagittal. */
export function anatomicalPlanes(geometry: Geometry): readonly [Plane, Plane, Plane] {
  const [left, posterior, superior] = nearestAxes(geometry.direction);
  const inferior = opposite(superior);
  return [
    {
      name: "Axial",
      world: 2,
      through: superior.axis,
      across: left,
      down: posterior,
      edges: ["R", "L", "A", "P"],
    },
    {
      name: "Coronal",
      world: 1,
      through: posterior.axis,
      across: left,
      down: inferior,
      edges: ["R", "L", "S", "I"],
    },
    {
      name: "Sagittal",
      world: 0,
      through: left.axis,
      across: posterior,
      down: inferior,
      edges: ["A", "P", "S", "I"],
    },
  ];
}

/** Largest angle between a voxel axis and the anatomical axis that it is shown as, in degrees. */
export function obliqueDegrees(geometry: Geometry): number {
  const cosines = nearestAxes(geometry.direction).map(({ axis }, world) =>
    Math.abs(geometry.direction[3 * world + axis]),
  );
  return (Math.acos(Math.min(1, ...cosines)) * 180) / Math.PI;
}

/** Voxel axes that point most to the left, posterior and superior, `reversed` if they point the other way. */
function nearestAxes(direction: Mat3): [ScreenAxis, ScreenAxis, ScreenAxis] {
  inverse(direction); // Refuses a singular matrix, whose axes have no order.
  const along = (world: number, axis: number): number => Math.abs(direction[3 * world + axis]);
  const fit = (order: readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2]): number =>
    along(0, order[0]) + along(1, order[1]) + along(2, order[2]);
  const best = ORDERS.reduce((a, b) => (fit(b) > fit(a) ? b : a));
  const screen = (world: 0 | 1 | 2): ScreenAxis => ({
    axis: best[world],
    reversed: direction[3 * world + best[world]] < 0,
  });
  return [screen(0), screen(1), screen(2)];
}

const ORDERS = [
  [0, 1, 2],
  [1, 0, 2],
  [0, 2, 1],
  [2, 1, 0],
  [1, 2, 0],
  [2, 0, 1],
] as const;

function opposite({ axis, reversed }: ScreenAxis): ScreenAxis {
  return { axis, reversed: !reversed };
}

/** Place of a voxel on the screen axis, 0 at its start, in voxels. */
export function onScreen(geometry: Geometry, { axis, reversed }: ScreenAxis, index: Vec3): number {
  return reversed ? geometry.size[axis] - 1 - index[axis] : index[axis];
}
