/**
 * What pointer, wheel and keys do in a pane.
 *
 * The wheel scrolls slices only after the pane has been clicked or focused, so that the page keeps its scroll;
 * until then a hint says so. Escape gives the wheel back.
 * Layer:  labextension, volume; imports output.
 */
import { element } from "../output/dom.js";
import { startDrag } from "./drag.js";
import { actionOf, type KeyHost, keyOf } from "./keys.js";
import type { PlaneView } from "./plane-view.js";
import type { Tool } from "./state.js";
import { listenToTouch } from "./touch.js";
import { viewOf, zoomAbout } from "./zoom.js";

/** Makes a pane answer; the listeners go with the pane's elements. */
export function makeInteractive(plane: PlaneView, host: KeyHost): void {
  const { canvas } = plane;
  canvas.addEventListener("pointerdown", (event) => onPress(plane, host, event));
  canvas.addEventListener("pointermove", (event) => {
    host.change({ pointer: plane.voxelUnder(plane.pointOf(event)) });
  });
  canvas.addEventListener("pointerleave", () => host.change({ pointer: null }));
  canvas.addEventListener("contextmenu", (event) => {
    event.preventDefault(); // The right button drags the window.
    event.stopPropagation();
  });
  canvas.addEventListener("dblclick", () => host.toggleEnlarged(plane.name));
  canvas.addEventListener("keydown", (event) => onKey(plane, host, event));
  canvas.addEventListener("wheel", wheelHandler(plane, host), { passive: false });
  listenToTouch(plane, host);
}

function onPress(plane: PlaneView, host: KeyHost, event: PointerEvent): void {
  event.stopPropagation();
  if (event.pointerType === "touch") return;
  const { canvas } = plane;
  canvas.focus({ preventScroll: true });
  canvas.setPointerCapture(event.pointerId);
  event.preventDefault(); // Else the press moves the focus to the notebook.

  const tool = toolOf(event, host.frame.state.tool);
  const drag = startDrag(plane, host, tool, plane.pointOf(event), "mouse");
  const move = (now: PointerEvent): void => drag.move(plane.pointOf(now));
  const stop = (last: PointerEvent): void => {
    canvas.removeEventListener("pointermove", move);
    canvas.removeEventListener("pointerup", stop);
    canvas.removeEventListener("pointercancel", stop);
    if (last.type === "pointercancel") drag.cancel();
    else drag.end();
  };
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", stop);
  canvas.addEventListener("pointercancel", stop);
}

/** Right button: window. Middle button or Shift: pan. Main button: the chosen tool. */
function toolOf(event: PointerEvent, chosen: Tool): Tool {
  if (event.button === 2) return "window";
  return event.button === 1 || event.shiftKey ? "pan" : chosen;
}

/** One slice a notch: small movements of a touch pad add up first. */
function wheelHandler(plane: PlaneView, host: KeyHost): (event: WheelEvent) => void {
  let rest = 0;
  return (event) => {
    if (document.activeElement !== plane.canvas && !plane.element.contains(document.activeElement)) {
      showHint(plane);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (event.ctrlKey) {
      const point = plane.pointOf(event);
      zoomAbout(plane, host, viewOf(plane, host), Math.exp(-event.deltaY / 200), [point, point]);
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

function onKey(plane: PlaneView, host: KeyHost, event: KeyboardEvent): void {
  const action = actionOf(event);
  if (action === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  action.act(plane, host, keyOf(event), event.shiftKey);
}
