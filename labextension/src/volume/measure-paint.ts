/**
 * Draws the measurements of a plane over its slice: line or shape, handles, number and value.
 *
 * Layer:  labextension, volume.
 */
import { pointOn } from "./gesture.js";
import { short } from "./histogram.js";
import { type Drawn, type DrawnKind, draftEnding, isOn } from "./measure.js";
import { type Result, resultOf } from "./measure-values.js";
import type { PlaneAxes } from "./orientation.js";
import type { Frame, Placement } from "./plane-paint.js";

/** Seen on dark and bright tissue; no region has it by default. */
const COLOR = "#ffe45c";

/** `ratio` is the number of canvas pixels a CSS pixel. */
export function paintMeasurements(
  context: CanvasRenderingContext2D,
  frame: Frame,
  plane: PlaneAxes,
  place: Placement,
  ratio: number,
  unit: string,
): void {
  const { state, scan } = frame;
  const { draft } = state;
  const style = { plane, place, ratio, unit, isExact: scan.exact };
  for (const drawn of state.measurements) {
    if (drawn.kind === "region" || !isOn(drawn, plane, scan, state.cursor)) continue;
    paintOne(context, frame, drawn, { ...style, isChosen: drawn.id === state.chosen });
  }
  if (draft !== null && isOn(draft, plane, scan, state.cursor)) {
    const ending = { ...draftEnding(draft, plane, state.cursor), id: 0 };
    paintOne(context, frame, ending, { ...style, isChosen: true });
  }
}

interface Style {
  readonly plane: PlaneAxes;
  readonly place: Placement;
  readonly ratio: number;
  readonly unit: string;
  readonly isChosen: boolean;
  /** False where the values were rounded to fit into the notebook. */
  readonly isExact: boolean;
}

function paintOne(context: CanvasRenderingContext2D, frame: Frame, drawn: Drawn, style: Style): void {
  const { plane, place, ratio, isChosen } = style;
  const a = pointOn(frame.scan, plane, place, drawn.from);
  const b = pointOn(frame.scan, plane, place, drawn.to);
  const path = pathOf(drawn.kind, a, b);
  if (drawn.kind === "ellipse" && isChosen) paintBox(context, pathOf("rectangle", a, b), ratio);
  context.lineCap = "round";
  context.strokeStyle = "rgba(0, 0, 0, 0.6)";
  context.lineWidth = (isChosen ? 4.5 : 3.5) * ratio;
  context.stroke(path);
  context.strokeStyle = COLOR;
  context.lineWidth = (isChosen ? 2 : 1.4) * ratio;
  context.stroke(path);
  for (const [x, y] of [a, b]) {
    context.beginPath();
    context.arc(x, y, (isChosen ? 4 : 2.5) * ratio, 0, 2 * Math.PI);
    context.fillStyle = isChosen ? "#000" : COLOR;
    context.fill();
    if (isChosen) context.stroke();
  }
  paintLabel(context, drawn, resultOf(drawn, frame), [a, b], style);
}

/** The corners that can be moved belong to the box around an ellipse. */
function paintBox(context: CanvasRenderingContext2D, box: Path2D, ratio: number): void {
  context.globalAlpha = 0.6;
  context.strokeStyle = COLOR;
  context.lineWidth = ratio;
  context.setLineDash([3 * ratio, 4 * ratio]);
  context.stroke(box);
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function pathOf(kind: DrawnKind, [ax, ay]: readonly number[], [bx, by]: readonly number[]): Path2D {
  const path = new Path2D();
  const [x0, y0, x1, y1] = [ax, ay, bx, by] as [number, number, number, number];
  const [left, top, width, height] = [
    Math.min(x0, x1),
    Math.min(y0, y1),
    Math.abs(x1 - x0),
    Math.abs(y1 - y0),
  ];
  if (kind === "length") {
    path.moveTo(x0, y0);
    path.lineTo(x1, y1);
  } else if (kind === "rectangle") path.rect(left, top, width, height);
  else path.ellipse(left + width / 2, top + height / 2, width / 2, height / 2, 0, 0, 2 * Math.PI);
  return path;
}

/** Right of a line's right end or of a shape; below them where the pane ends; always inside the pane. */
function paintLabel(
  context: CanvasRenderingContext2D,
  { id, kind }: Drawn,
  result: Result,
  ends: readonly (readonly [number, number])[],
  { ratio, unit, isExact }: Style,
): void {
  const { width, height } = context.canvas;
  const lines = labelLines(result, unit, isExact);
  if (id > 0) lines[0] = `${id}:  ${lines[0]}`;
  context.font = `600 ${12 * ratio}px system-ui, sans-serif`;
  const wide = Math.max(...lines.map((line) => context.measureText(line).width));
  const gap = 9 * ratio;
  const line = 15 * ratio;
  const [[mostX, atY] = [0, 0]] = [...ends].sort((a, b) => b[0] - a[0]);
  const middle = ends.reduce((sum, [, y]) => sum + y, 0) / ends.length;
  const below = Math.max(...ends.map(([, y]) => y)) + 1.4 * line;
  const fits = mostX + gap + wide + gap <= width;
  const wanted = (kind === "length" ? atY : middle) - ((lines.length - 1) * line) / 2;
  const x = Math.max(gap, fits ? mostX + gap : width - gap - wide);
  const y = Math.min(height - gap - lines.length * line, Math.max(3.2 * line, fits ? wanted : below));
  context.fillStyle = "rgba(0, 0, 0, 0.62)";
  context.beginPath();
  context.roundRect(
    x - 4 * ratio,
    y - line * 0.6,
    wide + 8 * ratio,
    lines.length * line + 2 * ratio,
    3 * ratio,
  );
  context.fill();
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillStyle = COLOR;
  for (const [k, text] of lines.entries()) context.fillText(text, x, y + k * line);
}

function labelLines(result: Result, unit: string, isExact: boolean): string[] {
  if (result.kind === "length") return [`${lengthText(result.mm)} mm`];
  if (result.n === 0) return ["no voxel"];
  const units = unit === "" ? "" : ` ${unit}`;
  return [
    `${isExact ? "" : "≈ "}${short(result.mean)} ± ${short(result.sd)}${units}`,
    `${short(result.size)} ${result.sizeUnit}, ${result.n} voxels`,
  ];
}

/** Tenths of a millimetre; hundredths below one. */
export function lengthText(mm: number): string {
  return mm.toFixed(mm < 1 ? 2 : 1);
}
