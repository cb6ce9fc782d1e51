/**
 * The numbers of a measurement: millimetres of a line, statistics of the voxels in a shape or a region.
 *
 * A voxel belongs to a shape when its center lies in it. The standard deviation divides by n, as the IBSI's variance.
 * Layer:  labextension, volume.
 */
import { type Histogram, histogramOf } from "./histogram.js";
import { type Drawn, distanceMm, type Measurement } from "./measure.js";
import type { PlaneAxes } from "./orientation.js";
import type { Frame } from "./plane-paint.js";
import type { Region } from "./region.js";
import { greyValue, planeSize, type Scan, toScreen } from "./scan.js";

export interface Length {
  readonly kind: "length";
  readonly mm: number;
}

/** Of voxels; those without a finite number are left out. All but `n`, `left` and `size` are NaN where there is none. */
export interface Statistics {
  readonly kind: "statistics";
  readonly n: number;
  /** Voxels inside that have no finite number. */
  readonly left: number;
  readonly mean: number;
  readonly sd: number;
  readonly min: number;
  readonly max: number;
  /** Area of a shape in mm², volume of a region in mL, with the voxels left out. */
  readonly size: number;
  readonly sizeUnit: "mm²" | "mL";
  /** Null where there is no voxel. */
  readonly histogram: Histogram | null;
}

export type Result = Length | Statistics;

/** What measuring needs of a frame. */
export type Measured = Pick<Frame, "scan" | "planes" | "regions">;

/** What a measurement says of a frame's scan; kept until one of them changes. */
export function resultOf(measurement: Measurement, frame: Measured): Result {
  const known = results.get(measurement);
  if (known?.scan === frame.scan) return known.result;
  const result = measured(measurement, frame);
  results.set(measurement, { scan: frame.scan, result });
  return result;
}

const results = new WeakMap<Measurement, { readonly scan: Scan; readonly result: Result }>();

function measured(measurement: Measurement, { scan, planes, regions }: Measured): Result {
  const { spacing } = scan.geometry;
  if (measurement.kind === "region") {
    const region = regions[measurement.region];
    const voxel = (spacing[0] * spacing[1] * spacing[2] * scan.step ** 3) / 1000;
    return statisticsOf(region === undefined ? NOTHING : regionValues(scan, region), voxel, "mL");
  }
  const plane = planes[measurement.plane];
  if (measurement.kind === "length")
    return { kind: "length", mm: distanceMm(scan.geometry, measurement.from, measurement.to) };
  const pixel = spacing[plane.right.axis] * spacing[plane.down.axis] * scan.step ** 2;
  return statisticsOf(shapeValues(scan, plane, measurement), pixel, "mm²");
}

const NOTHING = new Float64Array(0);

/** Grey values of the voxels whose centers lie in an ellipse or rectangle, in the order of the screen. */
export function shapeValues(scan: Scan, plane: PlaneAxes, { kind, from, to }: Drawn): Float64Array {
  const [columns, rows] = planeSize(plane, scan);
  const [a, b] = [toScreen(plane.right, scan, from), toScreen(plane.right, scan, to)];
  const [c, d] = [toScreen(plane.down, scan, from), toScreen(plane.down, scan, to)];
  const [left, right] = [Math.min(a, b), Math.max(a, b)];
  const [top, bottom] = [Math.min(c, d), Math.max(c, d)];
  const slice = Math.round(toScreen({ ...plane.through, forward: true }, scan, from));
  const values: number[] = [];
  if (slice < 0 || slice >= scan.size[plane.through.axis]) return NOTHING;
  const strides = [1, scan.size[0], scan.size[0] * scan.size[1]] as const;
  const at = (axis: PlaneAxes["right"], position: number): number =>
    strides[axis.axis] * (axis.forward ? position : scan.size[axis.axis] - 1 - position);
  for (let row = Math.max(0, Math.ceil(top)); row <= Math.min(rows - 1, bottom); row++) {
    for (let column = Math.max(0, Math.ceil(left)); column <= Math.min(columns - 1, right); column++) {
      if (kind === "ellipse" && !isInEllipse(column, row, left, right, top, bottom)) continue;
      const p = at(plane.right, column) + at(plane.down, row) + strides[plane.through.axis] * slice;
      values.push(greyValue(scan, p));
    }
  }
  return Float64Array.from(values);
}

function isInEllipse(
  x: number,
  y: number,
  left: number,
  right: number,
  top: number,
  bottom: number,
): boolean {
  const [radiusX, radiusY] = [(right - left) / 2, (bottom - top) / 2];
  const u = radiusX === 0 ? 0 : (x - left) / radiusX - 1;
  const v = radiusY === 0 ? 0 : (y - top) / radiusY - 1;
  return u * u + v * v <= 1 + 1e-9;
}

/** Grey values of the region's voxels that the scan holds. */
export function regionValues(scan: Scan, { offset, size, inside }: Region): Float64Array {
  const { step } = scan;
  const values: number[] = [];
  for (let z = 0; z < scan.size[2]; z++) {
    const k = scan.offset[2] + z * step - offset[2];
    if (k < 0 || k >= size[2]) continue;
    for (let y = 0; y < scan.size[1]; y++) {
      const j = scan.offset[1] + y * step - offset[1];
      if (j < 0 || j >= size[1]) continue;
      const row = scan.size[0] * (y + scan.size[1] * z);
      const maskRow = size[0] * (j + size[1] * k);
      for (let x = 0; x < scan.size[0]; x++) {
        const i = scan.offset[0] + x * step - offset[0];
        if (i < 0 || i >= size[0] || inside[maskRow + i] === 0) continue;
        values.push(greyValue(scan, row + x));
      }
    }
  }
  return Float64Array.from(values);
}

/**
 * @param all Grey values, also those that are not finite.
 * @param voxel Area or volume of one voxel, in `sizeUnit`.
 */
export function statisticsOf(all: Float64Array, voxel: number, sizeUnit: "mm²" | "mL"): Statistics {
  const values = all.every(Number.isFinite) ? all : all.filter(Number.isFinite);
  const n = values.length;
  const left = all.length - n;
  let [sum, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = 0; k < n; k++) {
    const value = values[k] as number;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const size = all.length * voxel;
  if (n === 0) {
    const none = { mean: Number.NaN, sd: Number.NaN, min: Number.NaN, max: Number.NaN };
    return { kind: "statistics", n, left, ...none, size, sizeUnit, histogram: null };
  }
  const mean = sum / n;
  let squares = 0;
  for (let k = 0; k < n; k++) squares += ((values[k] as number) - mean) ** 2;
  const sd = Math.sqrt(squares / n);
  return {
    kind: "statistics",
    n,
    left,
    mean,
    sd,
    min,
    max,
    size,
    sizeUnit,
    histogram: histogramOf(values, min, max),
  };
}
