/**
 * What a drag over a plane does, by the tool that is chosen and the button that is pressed.
 *
 * Layer:  labextension, volume.
 */
import type { GreyWindow } from "../../../src/plot/mime.js";
import type { Drag, Point } from "./gesture.js";
import { isDrawnKind } from "./measure.js";
import { drawing, moving } from "./measure-drag.js";
import type { PlaneHost, PlaneView } from "./plane-view.js";
import type { Tool } from "./state.js";
import { pannedMiddle } from "./zoom.js";

export interface DragHost extends PlaneHost {
  /** Grey values from the darkest to the brightest of the scan: the step of a window drag. */
  readonly span: number;
}

/** How far from the end of a measurement a press still takes it, in CSS pixels. */
const REACH = { mouse: 7, touch: 18 } as const;

/** A drag that begins at a point. The ends of measurements can be moved with any tool but the other buttons'. */
export function startDrag(
  plane: PlaneView,
  host: DragHost,
  tool: Tool,
  start: Point,
  pointer: keyof typeof REACH,
): Drag {
  if (tool === "window") return windowDrag(plane, host, start);
  if (tool === "pan") return panDrag(plane, host, start);
  const grip = moving(plane, host, start, REACH[pointer]);
  if (grip !== null) return grip;
  return isDrawnKind(tool) ? drawing(plane, host, tool, start) : crosshairDrag(plane, host, start);
}

function crosshairDrag(plane: PlaneView, host: DragHost, start: Point): Drag {
  const { cursor } = host.frame.state;
  const move = (now: Point): void => host.change({ cursor: plane.voxelAt(now) });
  move(start);
  return { move, end: () => undefined, cancel: () => host.change({ cursor }) };
}

function windowDrag(plane: PlaneView, host: DragHost, [x, y]: Point): Drag {
  const { window, preset } = host.frame.state;
  return {
    move: (now) => {
      const [dx, dy] = [(now[0] - x) / plane.ratio, (now[1] - y) / plane.ratio];
      host.change({ window: draggedWindow(window, host.span, dx, dy), preset: "custom" });
    },
    end: () => undefined,
    cancel: () => host.change({ window, preset }),
  };
}

function panDrag(plane: PlaneView, host: DragHost, [x, y]: Point): Drag {
  const { middle } = host.frame.state;
  return {
    move: (now) => host.change({ middle: pannedMiddle(plane, middle, now[0] - x, now[1] - y) }),
    end: () => undefined,
    cancel: () => host.change({ middle }),
  };
}

/** The next window of a drag in CSS pixels: right is wider, up is brighter. */
export function draggedWindow(start: GreyWindow, span: number, dx: number, dy: number): GreyWindow {
  const step = span / 700;
  return {
    center: start.center + dy * step,
    width: Math.max(start.width + dx * step, span / 4000),
  };
}
