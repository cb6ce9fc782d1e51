/**
 * Fingers on a pane: one scrolls slices or drags with the chosen tool, two zoom and pan.
 *
 * A pane that has not been tapped leaves the page its scroll; a tap takes it, a tap elsewhere gives it back.
 * Layer:  labextension, volume.
 */
import { type DragHost, startDrag } from "./drag.js";
import type { Drag, Point } from "./gesture.js";
import type { PlaneView } from "./plane-view.js";
import { viewOf, zoomAbout } from "./zoom.js";

/** Way of a finger from slice to slice, and way below which it is a tap; in CSS pixels. */
const SLICE_WAY = 12;
const TAP_WAY = 8;

/** Listens to touches; the mouse and the pen are not its business. */
export function listenToTouch(plane: PlaneView, host: DragHost): void {
  const { canvas } = plane;
  const fingers = new Map<number, Point>();
  let gesture: Drag | null = null;

  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch") return;
    fingers.set(event.pointerId, plane.pointOf(event));
    gesture?.cancel();
    gesture =
      fingers.size === 1 ? oneFinger(plane, host, plane.pointOf(event)) : twoFingers(plane, host, fingers);
    if (fingers.size > 1) canvas.focus({ preventScroll: true });
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, plane.pointOf(event));
    gesture?.move(plane.pointOf(event));
  });
  const leave = (event: PointerEvent): void => {
    if (!fingers.delete(event.pointerId)) return;
    // The page took the finger to scroll: nothing was meant for the pane.
    if (event.type === "pointercancel") gesture?.cancel();
    else gesture?.end();
    gesture = null;
  };
  canvas.addEventListener("pointerup", leave);
  canvas.addEventListener("pointercancel", leave);
}

/** A tap takes the pane and sets the crosshair; in a pane that is taken, a way is a drag. */
function oneFinger(plane: PlaneView, host: DragHost, start: Point): Drag {
  const { tool } = host.frame.state;
  const isTaken = document.activeElement === plane.canvas;
  let drag: Drag | null = null;
  let way = 0;
  return {
    move: (now) => {
      way = Math.max(way, Math.hypot(now[0] - start[0], now[1] - start[1]) / plane.ratio);
      if (!isTaken || way < TAP_WAY) return;
      drag ??= tool === "crosshair" ? sliceDrag(plane, start) : startDrag(plane, host, tool, start, "touch");
      drag.move(now);
    },
    end: () => {
      if (drag !== null) drag.end();
      else if (way < TAP_WAY) {
        plane.canvas.focus({ preventScroll: true });
        host.change({ cursor: plane.voxelAt(start) });
      }
    },
    cancel: () => drag?.cancel(),
  };
}

/** Up is towards the next slice, as with Page up. */
function sliceDrag(plane: PlaneView, [, y]: Point): Drag {
  const { slice } = plane;
  return {
    move: (now) => plane.toSlice(slice + Math.round((y - now[1]) / plane.ratio / SLICE_WAY)),
    end: () => undefined,
    cancel: () => plane.toSlice(slice),
  };
}

function twoFingers(plane: PlaneView, host: DragHost, fingers: ReadonlyMap<number, Point>): Drag {
  const before = viewOf(plane, host);
  const start = spanOf(fingers);
  return {
    move: () => {
      const now = spanOf(fingers);
      zoomAbout(plane, host, before, now.apart / start.apart, [start.middle, now.middle]);
    },
    end: () => undefined,
    cancel: () => host.change({ zoom: before.zoom, middle: before.middle }),
  };
}

function spanOf(fingers: ReadonlyMap<number, Point>): { readonly middle: Point; readonly apart: number } {
  const [a = [0, 0], b = a] = [...fingers.values()];
  return {
    middle: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2],
    apart: Math.max(1, Math.hypot(b[0] - a[0], b[1] - a[1])),
  };
}
