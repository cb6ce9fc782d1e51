/**
 * Dragging over a chart: a box over its area, or an interval along one of its axes.
 *
 * Layer:  labextension, figure; imports output.
 */
import { element } from "../output/dom.js";

/** In CSS pixels of the window. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface BrushHandlers {
  /** The box grows; false ends the brush at once. */
  readonly moved: (box: Box) => void;
  readonly ended: (box: Box, event: PointerEvent) => void;
}

/** Shorter drags are clicks. */
const LEAST = 5;

/** Lets a frame's chart be brushed. @returns True right after a drag, when the click that follows means nothing. */
export function brushable(frame: HTMLElement, plot: () => Box, handlers: BrushHandlers): () => boolean {
  const shade = element("div", "rb-Figure-brush", { hidden: "" });
  frame.append(shade);
  let justDragged = false;
  frame.addEventListener("pointerdown", (start) => {
    justDragged = false;
    if (start.button !== 0) return;
    let box: Box | null = null;
    const move = (event: PointerEvent): void => {
      const far = Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) >= LEAST;
      if (box === null && !far) return;
      event.preventDefault();
      box = boxOf(start, event, plot());
      place(shade, frame, box);
      handlers.moved(box);
    };
    const end = (event: PointerEvent): void => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", end);
      window.removeEventListener("pointercancel", end);
      shade.hidden = true;
      if (box === null) return;
      justDragged = true;
      handlers.ended(box, event);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", end);
    window.addEventListener("pointercancel", end);
  });
  return () => justDragged;
}

/** From below the area the box spans its height, from beside it its width: an interval of that axis. */
function boxOf(from: PointerEvent, to: PointerEvent, plot: Box): Box {
  const below = from.clientY > plot.bottom;
  const beside = !below && from.clientX < plot.left;
  return {
    left: beside ? plot.left : Math.min(from.clientX, to.clientX),
    right: beside ? plot.right : Math.max(from.clientX, to.clientX),
    top: below ? plot.top : Math.min(from.clientY, to.clientY),
    bottom: below ? plot.bottom : Math.max(from.clientY, to.clientY),
  };
}

function place(shade: HTMLElement, frame: HTMLElement, { left, right, top, bottom }: Box): void {
  const origin = frame.getBoundingClientRect();
  shade.hidden = false;
  shade.style.left = `${left - origin.left + frame.scrollLeft}px`;
  shade.style.top = `${top - origin.top}px`;
  shade.style.width = `${right - left}px`;
  shade.style.height = `${bottom - top}px`;
}
