/**
 * What pointer, wheel and keys do in a pane.
 *
 * The wheel scrolls slices only after the pane has been clicked or focused, so that the page keeps its scroll;
 * until then a hint says so. Escape gives the wheel back.
 * Layer:  labextension, volume; imports output.
 */
import type { GreyWindow } from "../../../src/plot/mime.js";
import { element } from "../output/dom.js";
import type { Vec3 } from "./payload.js";
import { voxelAt } from "./plane-paint.js";
import { moved, type PlaneHost, type PlaneView } from "./plane-view.js";
import { nearestHeld } from "./scan.js";
import type { Tool } from "./state.js";

/** What keys ask of the viewer beyond a new state. */
export interface InteractionHost extends PlaneHost {
  /** Grey values from the darkest to the brightest of the scan: the step of a window drag. */
  readonly span: number;
  reset(): void;
  choosePreset(index: number): void;
  toggleOutlines(): void;
}

const LARGEST_ZOOM = 20;

/** Makes a pane answer; the listeners go with the pane's elements. */
export function makeInteractive(plane: PlaneView, host: InteractionHost): void {
  const { canvas } = plane;
  canvas.addEventListener("pointerdown", (event) => startDrag(plane, host, event));
  canvas.addEventListener("pointermove", (event) => {
    host.change({ pointer: voxelUnder(plane, host, event) });
  });
  canvas.addEventListener("pointerleave", () => host.change({ pointer: null }));
  canvas.addEventListener("contextmenu", (event) => {
    event.preventDefault(); // The right button drags the window.
    event.stopPropagation();
  });
  canvas.addEventListener("dblclick", () => host.toggleEnlarged(plane.name));
  canvas.addEventListener("keydown", (event) => onKey(plane, host, event));
  canvas.addEventListener("wheel", wheelHandler(plane, host), { passive: false });
}

/** The next window of a drag: right is wider, up is brighter. */
export function draggedWindow(start: GreyWindow, span: number, dx: number, dy: number): GreyWindow {
  const step = span / 700;
  return {
    center: start.center + dy * step,
    width: Math.max(start.width + dx * step, span / 4000),
  };
}

function startDrag(plane: PlaneView, host: InteractionHost, event: PointerEvent): void {
  const { canvas } = plane;
  const tool = toolOf(event, host.frame.state.tool);
  canvas.focus({ preventScroll: true });
  canvas.setPointerCapture(event.pointerId);
  event.preventDefault(); // Else the press moves the focus to the notebook.
  event.stopPropagation();

  const { state } = host.frame;
  const start = { x: event.clientX, y: event.clientY, window: state.window, middle: state.middle };
  const move = (now: PointerEvent): void => {
    const [dx, dy] = [now.clientX - start.x, now.clientY - start.y];
    if (tool === "crosshair") host.change({ cursor: voxelUnder(plane, host, now) });
    else if (tool === "window")
      host.change({ window: draggedWindow(start.window, host.span, dx, dy), preset: "custom" });
    else host.change({ middle: pannedMiddle(plane, start.middle, dx, dy) });
  };
  const stop = (): void => {
    canvas.removeEventListener("pointermove", move);
    canvas.removeEventListener("pointerup", stop);
    canvas.removeEventListener("pointercancel", stop);
  };
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", stop);
  canvas.addEventListener("pointercancel", stop);
  if (tool === "crosshair") move(event);
}

/** Right button: window. Middle button or Shift: pan. Main button: the chosen tool. */
function toolOf(event: PointerEvent, chosen: Tool): Tool {
  if (event.button === 2) return "window";
  return event.button === 1 || event.shiftKey ? "pan" : chosen;
}

function voxelUnder(plane: PlaneView, host: InteractionHost, event: PointerEvent): Vec3 {
  const box = plane.canvas.getBoundingClientRect();
  const [x, y] = [(event.clientX - box.left) * plane.ratio, (event.clientY - box.top) * plane.ratio];
  return voxelAt(host.frame, plane.axes, plane.placement, x, y);
}

function pannedMiddle(plane: PlaneView, middle: Vec3, dx: number, dy: number): Vec3 {
  const { scaleX, scaleY } = plane.placement;
  const { step } = plane.scan;
  const columns = (-dx * plane.ratio * step) / scaleX;
  const rows = (-dy * plane.ratio * step) / scaleY;
  return moved(moved(middle, plane.axes.right, columns), plane.axes.down, rows);
}

/** One slice a notch: small movements of a touch pad add up first. */
function wheelHandler(plane: PlaneView, host: InteractionHost): (event: WheelEvent) => void {
  let rest = 0;
  return (event) => {
    if (document.activeElement !== plane.canvas && !plane.element.contains(document.activeElement)) {
      showHint(plane);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (event.ctrlKey) {
      zoomBy(host, Math.exp(-event.deltaY / 200));
      return;
    }
    rest += event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 30 : event.deltaY;
    const steps = Math.trunc(rest / 60);
    if (steps === 0) return;
    rest -= steps * 60;
    plane.toSlice(plane.slice - Math.sign(steps) * Math.min(Math.abs(steps), 3));
  };
}

function showHint(plane: PlaneView): void {
  if (plane.element.querySelector(".rb-Volume-hint") !== null) return;
  const hint = element("div", "rb-Volume-hint", { "aria-hidden": "true" }, "Click to scroll slices");
  plane.element.append(hint);
  setTimeout(() => hint.remove(), 1200);
}

function zoomBy(host: InteractionHost, factor: number): void {
  const { state } = host.frame;
  const zoom = Math.min(LARGEST_ZOOM, Math.max(1, state.zoom * factor));
  // Zooming keeps what the crosshair points at in view: the middle moves towards it as the picture grows.
  const towards = zoom > state.zoom ? 1 - state.zoom / zoom : 0;
  const middle = state.middle.map((m, axis) => m + ((state.cursor[axis] ?? m) - m) * towards);
  host.change({ zoom, middle: middle as unknown as Vec3 });
}

function onKey(plane: PlaneView, host: InteractionHost, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { axes } = plane;
  const { cursor } = host.frame.state;
  const { scan } = host.frame;
  const slices = event.shiftKey ? 10 : 1;
  const step = slices * scan.step;
  const go = (index: Vec3): void => host.change({ cursor: nearestHeld(scan, index) });
  const actions: Record<string, () => void> = {
    ArrowLeft: () => go(moved(cursor, axes.right, -step)),
    ArrowRight: () => go(moved(cursor, axes.right, step)),
    ArrowUp: () => go(moved(cursor, axes.down, -step)),
    ArrowDown: () => go(moved(cursor, axes.down, step)),
    PageUp: () => plane.toSlice(plane.slice + slices),
    PageDown: () => plane.toSlice(plane.slice - slices),
    Home: () => plane.toSlice(1),
    End: () => plane.toSlice(Number.MAX_SAFE_INTEGER),
    "+": () => zoomBy(host, 1.25),
    "=": () => zoomBy(host, 1.25),
    "-": () => zoomBy(host, 0.8),
    r: () => host.reset(),
    o: () => host.toggleOutlines(),
    m: () => host.toggleEnlarged(plane.name),
    c: () => host.change({ tool: "crosshair" }),
    w: () => host.change({ tool: "window" }),
    p: () => host.change({ tool: "pan" }),
    Escape: () => plane.canvas.blur(),
  };
  for (let preset = 1; preset <= 9; preset++) actions[preset] = () => host.choosePreset(preset - 1);
  const action = actions[event.key];
  if (action === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  action();
}
