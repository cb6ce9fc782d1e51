/**
 * Draws one plane into its canvas: the slice, the regions, the crosshair, letters and a scale bar.
 *
 * Layer:  labextension, volume.
 */
import { type Heat, heatTable, meets } from "./heat.js";
import type { PlaneAxes, PlaneName } from "./orientation.js";
import { toWorld } from "./orientation.js";
import type { Vec3 } from "./payload.js";
import { outlineOf, type Region } from "./region.js";
import { fromScreen, planeSize, type Scan, toScreen } from "./scan.js";
import { type GreyTable, paintSlice, sliceNumber } from "./slice.js";
import type { ViewState } from "./state.js";

/** Line and label color of each plane; the other two planes show it as their crosshair. Told apart by color-blind eyes. */
export const PLANE_COLORS: Record<PlaneName, string> = {
  axial: "#f2a65a",
  coronal: "#5cc9a7",
  sagittal: "#7fb2ff",
};

/** Everything that a plane shows. */
export interface Frame {
  readonly scan: Scan;
  readonly planes: Record<PlaneName, PlaneAxes>;
  readonly regions: readonly Region[];
  readonly table: GreyTable;
  readonly heat: Heat | null;
  readonly state: ViewState;
}

/** Where the voxels of a plane lie in its canvas: screen = offset + scale × (column, row). */
export interface Placement {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly left: number;
  readonly top: number;
  /** Canvas pixels a mm. */
  readonly pixelsPerMm: number;
}

/** A slice at native resolution, kept until the slice or the window changes. */
export class SlicePicture {
  readonly canvas: HTMLCanvasElement = document.createElement("canvas");
  private image: ImageData | null = null;
  private shown: { slice: number; table: GreyTable; scan: Scan } | null = null;

  /** Repaints only what is new. */
  update(scan: Scan, table: GreyTable, plane: PlaneAxes, slice: number): void {
    const { shown } = this;
    if (shown?.slice === slice && shown.table === table && shown.scan === scan) return;
    const [columns, rows] = planeSize(plane, scan);
    if (this.image?.width !== columns || this.image.height !== rows) {
      this.image = new ImageData(columns, rows);
      this.canvas.width = columns;
      this.canvas.height = rows;
    }
    paintSlice(scan, plane, slice, table, new Uint32Array(this.image.data.buffer));
    this.canvas.getContext("2d", { willReadFrequently: true })?.putImageData(this.image, 0, 0);
    this.shown = { slice, table, scan };
  }
}

/** Fits the plane into a canvas in true millimetres, then zooms and pans. */
export function placePlane(
  { scan, state }: Frame,
  plane: PlaneAxes,
  width: number,
  height: number,
): Placement {
  const [columns, rows] = planeSize(plane, scan);
  const mmX = scan.geometry.spacing[plane.right.axis] * scan.step;
  const mmY = scan.geometry.spacing[plane.down.axis] * scan.step;
  const pixelsPerMm = Math.min(width / (columns * mmX), height / (rows * mmY)) * state.zoom;
  const [scaleX, scaleY] = [pixelsPerMm * mmX, pixelsPerMm * mmY];
  const column = toScreen(plane.right, scan, state.middle) + 0.5;
  const row = toScreen(plane.down, scan, state.middle) + 0.5;
  return { scaleX, scaleY, left: width / 2 - column * scaleX, top: height / 2 - row * scaleY, pixelsPerMm };
}

/** Whole voxel index under a point of the canvas, kept inside the slice. */
export function voxelAt(frame: Frame, plane: PlaneAxes, placement: Placement, x: number, y: number): Vec3 {
  const [columns, rows] = planeSize(plane, frame.scan);
  const column = clamp(Math.floor((x - placement.left) / placement.scaleX), columns);
  const row = clamp(Math.floor((y - placement.top) / placement.scaleY), rows);
  const index: [number, number, number] = [...frame.state.cursor];
  index[plane.right.axis] = fromScreen(plane.right, frame.scan, column);
  index[plane.down.axis] = fromScreen(plane.down, frame.scan, row);
  return index;
}

/** Whether a point of the canvas lies on the slice and not on the black beside it. */
export function isOnSlice(
  { scan }: Frame,
  plane: PlaneAxes,
  { left, top, scaleX, scaleY }: Placement,
  [x, y]: readonly [number, number],
): boolean {
  const [columns, rows] = planeSize(plane, scan);
  return x >= left && y >= top && x < left + columns * scaleX && y < top + rows * scaleY;
}

/** What a pane keeps between two paintings. */
export interface Pictures {
  readonly slice: SlicePicture;
  readonly heat: SlicePicture;
}

/** Draws the whole pane. `ratio` is the number of canvas pixels a CSS pixel. */
export function paintPlane(
  context: CanvasRenderingContext2D,
  frame: Frame,
  plane: PlaneAxes,
  pictures: Pictures,
  ratio: number,
): void {
  const { width, height } = context.canvas;
  const { state, scan } = frame;
  const place = placePlane(frame, plane, width, height);
  const slice = state.cursor[plane.through.axis];
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = "#000";
  context.fillRect(0, 0, width, height);

  const [columns, rows] = planeSize(plane, scan);
  pictures.slice.update(scan, frame.table, plane, slice);
  context.imageSmoothingEnabled = state.smooth;
  const { canvas } = pictures.slice;
  context.drawImage(canvas, place.left, place.top, columns * place.scaleX, rows * place.scaleY);

  paintHeat(context, frame, plane, place, pictures.heat);
  paintRegions(context, frame, plane, place, ratio);
  paintCrosshair(context, frame, plane, place, ratio);
  paintLabels(context, frame, plane, place, ratio);
}

/** Voxels as they are, not smoothed: each color stands for one value. */
function paintHeat(
  context: CanvasRenderingContext2D,
  { heat, scan, state }: Frame,
  plane: PlaneAxes,
  place: Placement,
  picture: SlicePicture,
): void {
  const { axis } = plane.through;
  if (heat === null || !state.heat.visible || !meets(heat, axis, state.cursor[axis])) return;
  const { part } = heat;
  picture.update(part, heatTable(heat, state.heat.threshold), plane, state.cursor[axis]);
  const [columns, rows] = planeSize(plane, part);
  const perVoxel = part.step / scan.step;
  // The first column and row of the part, in those of the scan.
  const first: [number, number, number] = [...state.cursor];
  first[plane.right.axis] = fromScreen(plane.right, part, 0);
  first[plane.down.axis] = fromScreen(plane.down, part, 0);
  const left = toScreen(plane.right, scan, first) + 0.5 - perVoxel / 2;
  const top = toScreen(plane.down, scan, first) + 0.5 - perVoxel / 2;
  context.globalAlpha = state.heat.opacity;
  context.imageSmoothingEnabled = false;
  context.drawImage(
    picture.canvas,
    place.left + left * place.scaleX,
    place.top + top * place.scaleY,
    columns * perVoxel * place.scaleX,
    rows * perVoxel * place.scaleY,
  );
  context.globalAlpha = 1;
}

function paintRegions(
  context: CanvasRenderingContext2D,
  { regions, state, scan }: Frame,
  plane: PlaneAxes,
  place: Placement,
  ratio: number,
): void {
  const slice = state.cursor[plane.through.axis];
  const toCanvas = new DOMMatrix([place.scaleX, 0, 0, place.scaleY, place.left, place.top]);
  context.lineJoin = "round";
  for (const [index, region] of regions.entries()) {
    const style = state.regions[index];
    if (style?.visible !== true) continue;
    const outline = outlineOf(region, plane, scan, slice);
    if (outline === null) continue;
    const path = new Path2D();
    path.addPath(outline, toCanvas);
    if (style.filled) {
      context.globalAlpha = state.fillOpacity;
      context.fillStyle = region.color;
      context.fill(path, "evenodd");
    }
    // A dark rim keeps the line visible on bright tissue.
    context.globalAlpha = 0.55;
    context.strokeStyle = "#000";
    context.lineWidth = 2 * state.contourWidth * ratio;
    context.stroke(path);
    context.globalAlpha = 1;
    context.strokeStyle = region.color;
    context.lineWidth = state.contourWidth * ratio;
    context.stroke(path);
  }
}

/** Lines of the two other planes, open around the point where they meet. */
function paintCrosshair(
  context: CanvasRenderingContext2D,
  { state, scan, planes }: Frame,
  plane: PlaneAxes,
  place: Placement,
  ratio: number,
): void {
  const { width, height } = context.canvas;
  const x = place.left + (toScreen(plane.right, scan, state.cursor) + 0.5) * place.scaleX;
  const y = place.top + (toScreen(plane.down, scan, state.cursor) + 0.5) * place.scaleY;
  const gap = 10 * ratio;
  context.globalAlpha = 0.85;
  context.lineWidth = ratio;
  for (const other of Object.values(planes)) {
    const cutsX = other.through.axis === plane.right.axis;
    const cutsY = other.through.axis === plane.down.axis;
    if (!cutsX && !cutsY) continue;
    context.strokeStyle = PLANE_COLORS[other.name];
    context.beginPath();
    if (cutsX) {
      context.moveTo(x, 0);
      context.lineTo(x, y - gap);
      context.moveTo(x, y + gap);
      context.lineTo(x, height);
    } else {
      context.moveTo(0, y);
      context.lineTo(x - gap, y);
      context.moveTo(x + gap, y);
      context.lineTo(width, y);
    }
    context.stroke();
  }
  context.globalAlpha = 1;
}

function paintLabels(
  context: CanvasRenderingContext2D,
  frame: Frame,
  plane: PlaneAxes,
  place: Placement,
  ratio: number,
): void {
  const { width, height } = context.canvas;
  const margin = 8 * ratio;
  const write = (text: string, x: number, y: number, align: CanvasTextAlign, color: string): void => {
    context.textAlign = align;
    context.lineWidth = 3 * ratio;
    context.lineJoin = "round";
    context.strokeStyle = "rgba(0, 0, 0, 0.85)";
    context.strokeText(text, x, y);
    context.fillStyle = color;
    context.fillText(text, x, y);
  };
  context.textBaseline = "middle";
  context.font = `600 ${12 * ratio}px system-ui, sans-serif`;
  write(plane.letters.left, margin, height / 2, "left", "#e8e8e8");
  write(plane.letters.right, width - margin, height / 2, "right", "#e8e8e8");
  write(plane.letters.bottom, width / 2, height - margin - 4 * ratio, "center", "#e8e8e8");

  const title = `${plane.name.charAt(0).toUpperCase()}${plane.name.slice(1)}`;
  write(title, margin, margin + 4 * ratio, "left", PLANE_COLORS[plane.name]);
  // In a small pane the title reaches to the middle.
  const beside = margin + context.measureText(title).width + 16 * ratio;
  write(plane.letters.top, Math.max(width / 2, beside), margin + 4 * ratio, "center", "#e8e8e8");
  context.font = `${11 * ratio}px system-ui, sans-serif`;
  // In a small pane the millimetres would run into the letters.
  const position = width < SMALL_PANE * ratio ? countText(frame, plane) : positionText(frame, plane);
  write(position, margin, margin + 19 * ratio, "left", "#d0d0d0");
  paintScaleBar(context, place, ratio, write);
}

/** Slice number and its place along the patient's axis, e.g. "31 / 60 · I 120.5 mm". */
export function positionText(frame: Frame, plane: PlaneAxes): string {
  return `${countText(frame, plane)} · ${positionMm(frame.scan, plane, frame.state.cursor)}`;
}

function countText({ scan, state }: Frame, plane: PlaneAxes): string {
  return `${sliceNumber(scan, plane, state.cursor)} / ${scan.size[plane.through.axis]}`;
}

/** Width in CSS pixels. */
const SMALL_PANE = 230;

/** Where the slice lies on the patient's axis that it cuts, as mm towards the side of the letter. */
function positionMm(scan: Scan, plane: PlaneAxes, cursor: Vec3): string {
  const world = { sagittal: 0, coronal: 1, axial: 2 }[plane.name];
  const mm = toWorld(scan.geometry, cursor)[world] ?? 0;
  return `${(mm < 0 ? "RAI" : "LPS").charAt(world)} ${Math.abs(mm).toFixed(1)} mm`;
}

type Write = (text: string, x: number, y: number, align: CanvasTextAlign, color: string) => void;

/** A bar of a round length, at most a third of the pane. */
function paintScaleBar(
  context: CanvasRenderingContext2D,
  { pixelsPerMm }: Placement,
  ratio: number,
  write: Write,
): void {
  const { width, height } = context.canvas;
  const longest = width / 3 / pixelsPerMm;
  const lengths = [200, 100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1];
  const mm = lengths.find((length) => length <= longest) ?? 0.1;
  const right = width - 8 * ratio;
  const y = height - 10 * ratio;
  const left = right - mm * pixelsPerMm;
  context.fillStyle = "rgba(0, 0, 0, 0.6)";
  context.fillRect(left - ratio, y - 2 * ratio, right - left + 2 * ratio, 4 * ratio);
  context.fillStyle = "#f0f0f0";
  context.fillRect(left, y - ratio, right - left, 2 * ratio);
  write(mm >= 10 ? `${mm / 10} cm` : `${mm} mm`, right, y - 10 * ratio, "right", "#f0f0f0");
}

function clamp(position: number, count: number): number {
  return Math.min(count - 1, Math.max(0, position));
}
