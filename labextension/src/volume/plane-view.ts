/**
 * One pane of the viewer: a canvas, its slice slider, and the button that enlarges it.
 *
 * Layer:  labextension, volume; imports output.
 */
import { element, iconButton } from "../output/dom.js";
import type { Point } from "./gesture.js";
import { paintMeasurements } from "./measure-paint.js";
import type { PlaneAxes, PlaneName } from "./orientation.js";
import type { Vec3 } from "./payload.js";
import {
  type Frame,
  isOnSlice,
  type Pictures,
  PLANE_COLORS,
  type Placement,
  paintPlane,
  placePlane,
  positionText,
  SlicePicture,
  voxelAt,
} from "./plane-paint.js";
import { fromScreen, type Scan } from "./scan.js";
import { sliceNumber } from "./slice.js";
import type { ViewState } from "./state.js";

/** What a pane asks of the viewer. */
export interface PlaneHost {
  readonly frame: Frame;
  /** Unit of the grey values, "" if arbitrary. */
  readonly unit: string;
  change(patch: Partial<ViewState>): void;
  toggleEnlarged(pane: PlaneName): void;
}

export class PlaneView {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly name: PlaneName;
  private readonly host: PlaneHost;
  private readonly slider: HTMLInputElement;
  private readonly pictures: Pictures = { slice: new SlicePicture(), heat: new SlicePicture() };
  private readonly sizes: ResizeObserver;

  constructor(name: PlaneName, host: PlaneHost) {
    this.name = name;
    this.host = host;
    this.canvas = element("canvas", "rb-Volume-canvas", {
      tabindex: "0",
      role: "img",
      "aria-label": `${name} slice: arrow keys move the crosshair, page up and down change the slice, ? lists all keys`,
    });
    this.slider = element("input", "rb-Volume-slider", {
      type: "range",
      min: "1",
      step: "1",
      "aria-label": `${name} slice`,
    });
    this.slider.addEventListener("input", () => this.toSlice(this.slider.valueAsNumber));
    const enlarge = iconButton(`Enlarge ${name}`, "enlarge", () => host.toggleEnlarged(name));
    enlarge.classList.add("rb-Volume-enlarge");
    this.element = element(
      "div",
      "rb-Volume-plane",
      { "data-plane": name, "data-testid": `plane-${name}` },
      this.canvas,
      enlarge,
      this.slider,
    );
    this.element.style.setProperty("--rb-plane-color", PLANE_COLORS[name]);
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this.canvas);
  }

  get scan(): Scan {
    return this.host.frame.scan;
  }

  get axes(): PlaneAxes {
    return this.host.frame.planes[this.name];
  }

  get placement(): Placement {
    return placePlane(this.host.frame, this.axes, this.canvas.width, this.canvas.height);
  }

  /** Moves the cursor to a slice, counted from 1 as the reader sees it. */
  toSlice(number: number): void {
    const { scan, state } = this.host.frame;
    const { through } = this.axes;
    const count = scan.size[through.axis];
    const position = Math.min(count, Math.max(1, Math.round(number))) - 1;
    const cursor: [number, number, number] = [...state.cursor];
    cursor[through.axis] = fromScreen(through, scan, position);
    this.host.change({ cursor });
  }

  /** Number of the slice shown, from 1. */
  get slice(): number {
    return sliceNumber(this.host.frame.scan, this.axes, this.host.frame.state.cursor);
  }

  paint(): void {
    const { frame } = this.host;
    const context = this.canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    if (context === null || this.canvas.width === 0 || this.element.hidden) return;
    paintPlane(context, frame, this.axes, this.pictures, this.ratio);
    paintMeasurements(context, frame, this.axes, this.placement, this.ratio, this.host.unit);
    this.slider.max = String(frame.scan.size[this.axes.through.axis]);
    this.slider.value = String(this.slice);
    this.slider.setAttribute("aria-valuetext", positionText(frame, this.axes));
  }

  dispose(): void {
    this.sizes.disconnect();
  }

  /** Where an event lies on the canvas, in canvas pixels. */
  pointOf({ clientX, clientY }: MouseEvent): Point {
    const { left, top } = this.canvas.getBoundingClientRect();
    return [(clientX - left) * this.ratio, (clientY - top) * this.ratio];
  }

  /** Whole voxel index under a point of the canvas, kept inside the slice. */
  voxelAt([x, y]: Point): Vec3 {
    return voxelAt(this.host.frame, this.axes, this.placement, x, y);
  }

  /** Whole voxel index under a point of the canvas, null beside the slice. */
  voxelUnder(point: Point): Vec3 | null {
    return isOnSlice(this.host.frame, this.axes, this.placement, point) ? this.voxelAt(point) : null;
  }

  /** Canvas pixels a CSS pixel. */
  get ratio(): number {
    return this.canvas.clientWidth === 0 ? 1 : this.canvas.width / this.canvas.clientWidth;
  }

  private resize(): void {
    const ratio = window.devicePixelRatio;
    const width = Math.round(this.canvas.clientWidth * ratio);
    const height = Math.round(this.canvas.clientHeight * ratio);
    if (width === this.canvas.width && height === this.canvas.height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.paint();
  }
}

/** Distance of two voxel indices on the screen's axes, for keyboard steps. */
export function moved(cursor: Vec3, { axis, forward }: PlaneAxes["right"], steps: number): Vec3 {
  const index: [number, number, number] = [...cursor];
  index[axis] += forward ? steps : -steps;
  return index;
}
