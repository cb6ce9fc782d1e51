/**
 * Places on a pane's canvas and what moves over it: the words that drags, fingers and measurements share.
 *
 * Layer:  labextension, volume.
 */
import type { PlaneAxes } from "./orientation.js";
import type { Vec3 } from "./payload.js";
import type { Placement } from "./plane-paint.js";
import { fromScreen, type Part, planeSize, toScreen } from "./scan.js";

/** A point of the canvas, in canvas pixels. */
export type Point = readonly [x: number, y: number];

/** A drag under way. */
export interface Drag {
  move(now: Point): void;
  end(): void;
  /** Undoes what the drag has begun. */
  cancel(): void;
}

/** Fractional voxel index under a point of the canvas, kept inside the slice. */
export function pointAt(part: Part, plane: PlaneAxes, place: Placement, cursor: Vec3, [x, y]: Point): Vec3 {
  const [columns, rows] = planeSize(plane, part);
  const clamp = (position: number, count: number): number => Math.min(count - 0.5, Math.max(-0.5, position));
  const column = clamp((x - place.left) / place.scaleX - 0.5, columns);
  const row = clamp((y - place.top) / place.scaleY - 0.5, rows);
  const index: [number, number, number] = [...cursor];
  index[plane.right.axis] = fromScreen(plane.right, part, column);
  index[plane.down.axis] = fromScreen(plane.down, part, row);
  return index;
}

/** Where a voxel index lies on the canvas: the inverse of `pointAt`. */
export function pointOn(part: Part, plane: PlaneAxes, place: Placement, index: Vec3): [number, number] {
  return [
    place.left + (toScreen(plane.right, part, index) + 0.5) * place.scaleX,
    place.top + (toScreen(plane.down, part, index) + 0.5) * place.scaleY,
  ];
}
