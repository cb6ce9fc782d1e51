/**
 * What a reader measures: lines and shapes drawn on a plane, and regions of the scan.
 *
 * Ends lie at fractional voxel indices of the whole grid, so that millimetres follow from the grid alone, also on
 * an oblique one; both ends of a drawn measurement lie on one slice.
 * Layer:  labextension, volume.
 */
import { type PlaneAxes, type PlaneName, toWorld } from "./orientation.js";
import type { Geometry, Vec3 } from "./payload.js";
import type { Part } from "./scan.js";

export type DrawnKind = "length" | "ellipse" | "rectangle";
export const DRAWN_KINDS: readonly DrawnKind[] = ["length", "ellipse", "rectangle"];

/** A line between two ends, or the shape that fills the box between two corners. */
export interface Drawn {
  readonly id: number;
  readonly kind: DrawnKind;
  readonly plane: PlaneName;
  readonly from: Vec3;
  readonly to: Vec3;
}

/** The statistics of a region, by its place in the legend. */
export interface RegionStudy {
  readonly id: number;
  readonly kind: "region";
  readonly region: number;
}

export type Measurement = Drawn | RegionStudy;

/** What is being drawn; `to` is null while the second end follows the crosshair. */
export type Draft = Omit<Drawn, "id" | "to"> & { readonly to: Vec3 | null };

/** The part of a view's state that measuring changes. */
export interface Measurements {
  readonly measurements: readonly Measurement[];
  /** Id of the measurement that the keys act on, and whose histogram is shown. */
  readonly chosen: number | null;
  readonly draft: Draft | null;
}

export const NO_MEASUREMENTS: Measurements = { measurements: [], chosen: null, draft: null };

export function isDrawnKind(tool: string): tool is DrawnKind {
  return (DRAWN_KINDS as readonly string[]).includes(tool);
}

/** Distance of two voxel indices in the patient, in mm. */
export function distanceMm(geometry: Geometry, from: Vec3, to: Vec3): number {
  const [a, b] = [toWorld(geometry, from), toWorld(geometry, to)];
  return Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]);
}

/** Adds a measurement under the next free number and chooses it. */
export function added({ measurements }: Measurements, made: NewMeasurement): Measurements {
  const id = measurements.reduce((most, known) => Math.max(most, known.id), 0) + 1;
  return { measurements: [...measurements, { ...made, id }], chosen: id, draft: null };
}

export type NewMeasurement = Omit<Drawn, "id"> | Omit<RegionStudy, "id">;

export function without({ measurements, draft }: Measurements, id: number): Measurements {
  return { measurements: measurements.filter((known) => known.id !== id), chosen: null, draft };
}

export function replaced({ measurements, draft }: Measurements, now: Drawn): Measurements {
  return { measurements: measurements.map((old) => (old.id === now.id ? now : old)), chosen: now.id, draft };
}

/** The draft as it would be if it ended now. */
export function draftEnding({ from, to, ...rest }: Draft, axes: PlaneAxes, cursor: Vec3): Omit<Drawn, "id"> {
  return { ...rest, from, to: to ?? onSlice(cursor, axes, from) };
}

/** An index moved to the slice of another. */
function onSlice(index: Vec3, { through }: PlaneAxes, slice: Vec3): Vec3 {
  const moved: [number, number, number] = [...index];
  moved[through.axis] = slice[through.axis];
  return moved;
}

/** Whether a measurement lies on the slice that a plane shows. */
export function isOn(
  drawn: Pick<Drawn, "plane" | "from">,
  plane: PlaneAxes,
  part: Part,
  cursor: Vec3,
): boolean {
  const { axis } = plane.through;
  return drawn.plane === plane.name && Math.abs(drawn.from[axis] - cursor[axis]) < part.step / 2;
}
