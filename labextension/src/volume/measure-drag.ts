/**
 * Drawing a measurement on a plane, moving its ends, and placing both ends by keyboard.
 *
 * Layer:  labextension, volume.
 */
import { type Drag, type Point, pointAt, pointOn } from "./gesture.js";
import {
  added,
  type Drawn,
  type DrawnKind,
  draftEnding,
  isDrawnKind,
  isOn,
  replaced,
  without,
} from "./measure.js";
import type { Vec3 } from "./payload.js";
import type { PlaneHost, PlaneView } from "./plane-view.js";

/** Draws from a point on; a press without a way draws nothing and moves the crosshair there. */
export function drawing(plane: PlaneView, host: PlaneHost, kind: DrawnKind, start: Point): Drag {
  const from = indexAt(plane, host, start);
  let way = 0;
  return {
    move: (now) => {
      way = Math.max(way, Math.hypot(now[0] - start[0], now[1] - start[1]));
      if (way < 3 * plane.ratio) return;
      host.change({ draft: { kind, plane: plane.name, from, to: indexAt(plane, host, now) } });
    },
    end: () => {
      const { draft } = host.frame.state;
      if (draft === null) host.change({ cursor: plane.voxelAt(start) });
      else finish(plane, host);
    },
    cancel: () => host.change({ draft: null }),
  };
}

/** Moves the end of a measurement under a point; null where there is none. */
export function moving(plane: PlaneView, host: PlaneHost, start: Point, reach: number): Drag | null {
  const { scan, state } = host.frame;
  const grips = state.measurements.flatMap((drawn) =>
    drawn.kind === "region" || !isOn(drawn, plane.axes, scan, state.cursor)
      ? []
      : (["from", "to"] as const).map((end) => ({ drawn, end, away: away(plane, drawn[end], start) })),
  );
  const nearest = grips.sort((a, b) => a.away - b.away)[0];
  if (nearest === undefined || nearest.away > reach * plane.ratio) return null;
  const { drawn, end } = nearest;
  host.change({ chosen: drawn.id });
  return {
    move: (now) =>
      host.change(replaced(host.frame.state, { ...drawn, [end]: indexAt(plane, host, now) } as Drawn)),
    end: () => undefined,
    cancel: () => host.change(replaced(host.frame.state, drawn)),
  };
}

/** Sets the first end at the crosshair, or the second and so ends the drawing. */
export function placeEnd(plane: PlaneView, host: PlaneHost): void {
  const { tool, draft, cursor } = host.frame.state;
  if (draft !== null && draft.plane === plane.name) finish(plane, host);
  else if (isDrawnKind(tool))
    host.change({ draft: { kind: tool, plane: plane.name, from: cursor, to: null } });
}

/** Removes the chosen measurement. */
export function removeChosen(host: PlaneHost): void {
  const { state } = host.frame;
  if (state.chosen !== null) host.change(without(state, state.chosen));
}

function finish(plane: PlaneView, host: PlaneHost): void {
  const { state } = host.frame;
  if (state.draft === null) return;
  host.change(added(state, draftEnding(state.draft, plane.axes, state.cursor)));
}

function indexAt(plane: PlaneView, host: PlaneHost, point: Point): Vec3 {
  const { scan, state } = host.frame;
  return pointAt(scan, plane.axes, plane.placement, state.cursor, point);
}

function away(plane: PlaneView, index: Vec3, [x, y]: Point): number {
  const [px, py] = pointOn(plane.scan, plane.axes, plane.placement, index);
  return Math.hypot(px - x, py - y);
}
