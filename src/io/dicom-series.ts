/**
 * Slices to a volume: sorted along their normal, evenly spaced, all of one shape.
 *
 * Layer:  io; imports core, volume.
 */
import path from "node:path";
import { InputError } from "../core/errors.js";
import type { Geometry, Vec3 } from "../core/geometry.js";
import { Volume } from "../volume/volume.js";
import type { DicomItem } from "./dicom-file.js";
import { parseSlice, type Slice, writePixels } from "./dicom-slice.js";
import { cross, dot, geometryOfSteps } from "./direction.js";

/** Headers round positions: neighbouring gaps may differ by this share of the median gap. */
const GAP_TOLERANCE = 0.05;
/** Largest sideways drift between first and last slice, mm; more is a tilted gantry. */
const SIDEWAYS_TOLERANCE = 0.1;
const COSINE_TOLERANCE = 1e-4;

/** @throws InputError naming the two files between which something is missing, doubled, tilted or different. */
export function volumeOfSeries(items: readonly DicomItem[]): Volume {
  const slices = items.map(parseSlice);
  const first = slices[0] as Slice;
  for (const slice of slices) checkSameShape(slice, first);
  const normal = cross(first.rowDirection, first.columnDirection);
  const sorted = slices
    .map((slice) => ({ slice, at: dot(slice.position, normal) }))
    .sort((a, b) => a.at - b.at || (a.slice.file < b.slice.file ? -1 : 1));
  const gap = checkedGap(sorted);
  const geometry = seriesGeometry(
    sorted.map(({ slice }) => slice),
    normal,
    gap,
  );
  const plane = first.rows * first.columns;
  const voxels = new Float32Array(plane * sorted.length);
  sorted.forEach(({ slice }, z) => {
    writePixels(slice, voxels.subarray(z * plane, (z + 1) * plane));
  });
  const { modality, unit, frameOfReference } = first;
  const name = first.item.text("x0008103e") || modality;
  return new Volume(voxels, geometry, {
    modality,
    unit,
    name,
    frameOfReference: frameOfReference === "" ? undefined : frameOfReference,
  });
}

interface Placed {
  readonly slice: Slice;
  /** Distance along the normal, mm. */
  readonly at: number;
}

function checkSameShape(slice: Slice, first: Slice): void {
  const differ = (what: string, found: string, wanted: string): InputError =>
    new InputError(
      `${what} is ${found}, but ${wanted} in ${path.basename(first.file)} of the same series. ` +
        "Move slices that do not belong (a localizer, another reconstruction) out of the folder.",
      { file: slice.file },
    );
  if (slice.rows !== first.rows || slice.columns !== first.columns) {
    throw differ("the size", `${slice.columns}×${slice.rows}`, `${first.columns}×${first.rows}`);
  }
  if (slice.spacing.some((s, axis) => Math.abs(s - (first.spacing[axis] as number)) > 1e-4)) {
    throw differ("the pixel spacing", `${slice.spacing.join("×")} mm`, `${first.spacing.join("×")} mm`);
  }
  const directions = (s: Slice): number[] => [...s.rowDirection, ...s.columnDirection];
  const wanted = directions(first);
  if (directions(slice).some((c, i) => Math.abs(c - (wanted[i] as number)) > COSINE_TOLERANCE)) {
    throw differ("the orientation", directions(slice).join(", "), wanted.join(", "));
  }
  if (slice.frameOfReference !== first.frameOfReference) {
    throw differ("the frame of reference", slice.frameOfReference, first.frameOfReference);
  }
  if (slice.unit !== first.unit) throw differ("the unit", slice.unit, first.unit);
}

/** The distance of slices in mm. @throws InputError at a missing or doubled slice or uneven gap. */
function checkedGap(sorted: readonly Placed[]): number {
  const [first, last] = [sorted[0] as Placed, sorted[sorted.length - 1] as Placed];
  if (sorted.length === 1) return thicknessOf(first.slice);
  const gaps = sorted.slice(1).map((placed, i) => placed.at - (sorted[i] as Placed).at);
  const median = [...gaps].sort((a, b) => a - b)[Math.floor((gaps.length - 1) / 2)] as number;
  gaps.forEach((gap, i) => {
    if (gap >= 1e-3 && Math.abs(gap - median) <= GAP_TOLERANCE * median + 0.01) return;
    throw gapFault(sorted[i] as Placed, sorted[i + 1] as Placed, gap, median);
  });
  return (last.at - first.at) / gaps.length;
}

function gapFault(before: Placed, after: Placed, gap: number, usual: number): InputError {
  const names = `${path.basename(before.slice.file)} and ${path.basename(after.slice.file)}`;
  const places = `${before.at.toFixed(2)} and ${after.at.toFixed(2)} mm`;
  if (gap < 1e-3) {
    const same =
      before.slice.instance === after.slice.instance ? "are the same slice twice" : "lie at the same place";
    return new InputError(
      `${names} ${same} (${before.at.toFixed(2)} mm along the normal). ` +
        "Remove one of them, or split phases and reconstructions into folders.",
      { file: after.slice.file },
    );
  }
  const missing = Math.round(gap / usual) - 1;
  const what =
    missing >= 1 && Math.abs(gap / usual - missing - 1) < 0.2
      ? `${missing} slice${missing === 1 ? " is" : "s are"} missing`
      : "the slices are unevenly spaced";
  return new InputError(
    `${what} between ${names}: ${gap.toFixed(3)} mm from ${places} where ${usual.toFixed(3)} mm is usual. ` +
      "Fetch the whole series again.",
    { file: after.slice.file },
  );
}

/** A single slice has no neighbour: its thickness stands for the distance. */
function thicknessOf({ item }: Slice): number {
  const [thickness] = item.decimals("x00180050", 1) as [number];
  if (!(thickness > 0)) throw item.fault("x00180050", "must be positive, because this is the only slice");
  return thickness;
}

function seriesGeometry(sorted: readonly Slice[], normal: Vec3, gap: number): Geometry {
  const first = sorted[0] as Slice;
  for (const slice of sorted) checkNotTilted(slice, first, normal);
  const [sx, sy] = first.spacing;
  const times = ([x, y, z]: Vec3, by: number): Vec3 => [x * by, y * by, z * by];
  return geometryOfSteps(
    [first.columns, first.rows, sorted.length],
    [times(first.rowDirection, sx), times(first.columnDirection, sy), times(normal, gap)],
    first.position,
    first.file,
  );
}

function checkNotTilted(slice: Slice, first: Slice, normal: Vec3): void {
  const offset: Vec3 = [
    slice.position[0] - first.position[0],
    slice.position[1] - first.position[1],
    slice.position[2] - first.position[2],
  ];
  const along = dot(offset, normal);
  const sideways = Math.hypot(
    offset[0] - along * normal[0],
    offset[1] - along * normal[1],
    offset[2] - along * normal[2],
  );
  if (sideways <= SIDEWAYS_TOLERANCE) return;
  const degrees = (Math.atan2(sideways, along) * 180) / Math.PI;
  throw new InputError(
    `the slices are shifted sideways by ${sideways.toFixed(2)} mm over ${along.toFixed(2)} mm (gantry tilt of ${degrees.toFixed(1)}°). ` +
      "Resample the series to a straight grid first.",
    { file: slice.file },
  );
}
