/**
 * Zooming and panning: which part of its plane a pane shows.
 *
 * Layer:  labextension, volume.
 */
import type { Point } from "./gesture.js";
import type { Vec3 } from "./payload.js";
import type { Placement } from "./plane-paint.js";
import { moved, type PlaneHost, type PlaneView } from "./plane-view.js";
import { fromScreen } from "./scan.js";

const LARGEST_ZOOM = 20;

/** Zooms about the crosshair: the middle moves towards it as the picture grows. */
export function zoomBy(host: PlaneHost, factor: number): void {
  const { state } = host.frame;
  const zoom = limited(state.zoom * factor);
  const towards = zoom > state.zoom ? 1 - state.zoom / zoom : 0;
  const middle = state.middle.map((m, axis) => m + ((state.cursor[axis] ?? m) - m) * towards);
  host.change({ zoom, middle: middle as unknown as Vec3 });
}

/** How a pane lies before a gesture changes it. */
export interface View {
  readonly zoom: number;
  readonly middle: Vec3;
  readonly place: Placement;
}

export function viewOf(plane: PlaneView, { frame }: PlaneHost): View {
  return { zoom: frame.state.zoom, middle: frame.state.middle, place: plane.placement };
}

/**
 * Zooms so that what lay under one point of the canvas comes to lie under another.
 *
 * @param before How the pane lay when `from` was touched.
 */
export function zoomAbout(
  plane: PlaneView,
  host: PlaneHost,
  before: View,
  factor: number,
  [from, to]: readonly [Point, Point],
): void {
  const zoom = limited(before.zoom * factor);
  const { scaleX, scaleY, left, top } = before.place;
  const grown = zoom / before.zoom;
  const { width, height } = plane.canvas;
  const column = (from[0] - left) / scaleX + (width / 2 - to[0]) / (scaleX * grown) - 0.5;
  const row = (from[1] - top) / scaleY + (height / 2 - to[1]) / (scaleY * grown) - 0.5;
  const middle: [number, number, number] = [...before.middle];
  middle[plane.axes.right.axis] = fromScreen(plane.axes.right, plane.scan, column);
  middle[plane.axes.down.axis] = fromScreen(plane.axes.down, plane.scan, row);
  host.change({ zoom, middle });
}

/** The middle after the picture has been pulled by canvas pixels. */
export function pannedMiddle(plane: PlaneView, middle: Vec3, dx: number, dy: number): Vec3 {
  const { scaleX, scaleY } = plane.placement;
  const { step } = plane.scan;
  const columns = (-dx * step) / scaleX;
  return moved(moved(middle, plane.axes.right, columns), plane.axes.down, (-dy * step) / scaleY);
}

function limited(zoom: number): number {
  return Math.min(LARGEST_ZOOM, Math.max(1, zoom));
}
