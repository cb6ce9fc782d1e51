/**
 * Slices to a volume: sorted along their normal, evenly spaced, all of one shape.
 *
 * Layer:  io; imports core, volume, workers.
 */
import { InputError } from "../core/errors.js";
import type { Geometry, Vec3 } from "../core/geometry.js";
import { Volume } from "../volume/volume.js";
import { decodersAtOnce } from "../workers/codec-pool.js";
import type { DicomItem } from "./dicom-file.js";
import { slicesOfPart } from "./dicom-parts.js";
import { writeFrame } from "./dicom-pixels.js";
import { parseSlices, type Slice } from "./dicom-slice.js";
import { type SuvKind, suvFactor, unitOfSuv } from "./dicom-suv.js";
import { cross, dot, geometryOfSteps } from "./direction.js";
import { naming } from "./file.js";

/** Headers round positions: neighbouring gaps may differ by this share of the median gap. */
const GAP_TOLERANCE = 0.05;
/** Largest sideways drift between first and last slice, mm; more is a tilted gantry. */
const SIDEWAYS_TOLERANCE = 0.1;
const COSINE_TOLERANCE = 1e-4;

/**
 * @param suv  Turn activity (PET) into this standardized uptake value.
 * @param part  Which of several volumes.
 * @throws InputError naming the two files between which something is missing, doubled, tilted or different.
 */
export async function volumeOfSeries(
  items: readonly DicomItem[],
  suv: SuvKind | undefined,
  part: number | undefined,
): Promise<Volume> {
  const { slices, geometry } = gridOfSeries(items, part);
  const first = slices[0] as Slice;
  const factors = new Map(items.map((item) => [item, suv === undefined ? 1 : suvFactor(item, suv)]));
  const voxels = await decodeSlices(slices, factors);
  const { modality, unit, frameOfReference } = first;
  const name = first.item.text("x0008103e") || modality;
  return new Volume(voxels, geometry, {
    modality,
    unit: suv === undefined ? unit : unitOfSuv(suv),
    name,
    frameOfReference: frameOfReference === "" ? undefined : frameOfReference,
  });
}

/** The slices of a series in the order of the grid's third axis, and that grid; no pixel is unpacked. */
export function gridOfSeries(
  items: readonly DicomItem[],
  part: number | undefined,
): {
  readonly slices: readonly Slice[];
  readonly geometry: Geometry;
} {
  const slices = slicesOfPart(items.flatMap(parseSlices), part);
  const first = slices[0] as Slice;
  for (const slice of slices) checkSameShape(slice, first);
  const normal = cross(first.rowDirection, first.columnDirection);
  const sorted = slices
    .map((slice) => ({ slice, at: dot(slice.position, normal) }))
    .sort((a, b) => a.at - b.at || (a.slice.file < b.slice.file ? -1 : 1));
  const gap = checkedGap(sorted);
  const inOrder = sorted.map(({ slice }) => slice);
  const { file, item } = inOrder[0] as Slice;
  // Impossible steps come from the spacing, or from its functional group.
  const at = item.offsetOf("x00280030") ?? item.offsetOf("x52009229") ?? 0;
  return { slices: inOrder, geometry: naming(file, () => seriesGeometry(inOrder, normal, gap), at) };
}

function roomFor(voxels: number, isWide: boolean, { file, item }: Slice): Float32Array | Float64Array {
  try {
    return isWide ? new Float64Array(voxels) : new Float32Array(voxels);
  } catch (cause) {
    throw new InputError(
      `its ${voxels} voxels do not fit into memory. If the header is right, read a part of the series.`,
      { file, offset: item.offsetOf("x00280010") ?? 0, cause },
    );
  }
}

/** Unpacks several slices at a time; each is written into its own place, whatever comes first. */
async function decodeSlices(
  slices: readonly Slice[],
  factors: ReadonlyMap<DicomItem, number>,
): Promise<Float32Array | Float64Array> {
  const { format } = slices[0] as Slice;
  const plane = format.rows * format.columns;
  // float32 holds whole numbers up to 2^24.
  const isWide = slices.some((slice) => slice.format.stored > 24);
  const voxels = roomFor(plane * slices.length, isWide, slices[0] as Slice);
  const isNative = slices.every(
    ({ item }) => item.syntax.pixels === "native" || item.syntax.pixels === "RLE",
  );
  let next = 0;
  const advance = async (): Promise<void> => {
    while (next < slices.length) {
      const z = next++;
      const slice = slices[z] as Slice;
      const factor = factors.get(slice.item) as number;
      const rescale = { slope: slice.rescale.slope * factor, intercept: slice.rescale.intercept * factor };
      await writeFrame(slice.format, slice.frame, rescale, voxels.subarray(z * plane, (z + 1) * plane));
    }
  };
  // One more than can be decoded at once, so that none of the threads waits.
  const atOnce = isNative ? 1 : Math.min(slices.length, decodersAtOnce() + 1);
  await Promise.all(Array.from({ length: atOnce }, advance));
  return voxels;
}

interface Placed {
  readonly slice: Slice;
  /** Distance along the normal, mm. */
  readonly at: number;
}

function checkSameShape(slice: Slice, first: Slice): void {
  const differ = (what: string, found: string, wanted: string): InputError =>
    new InputError(
      `${what} is ${found}, but ${wanted} in ${first.label} of the same series. ` +
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
  const names = `${before.slice.label} and ${after.slice.label}`;
  const places = `${before.at.toFixed(2)} and ${after.at.toFixed(2)} mm`;
  if (gap < 1e-3) {
    const isFrame = before.slice.item === after.slice.item;
    const same =
      before.slice.instance === after.slice.instance && !isFrame
        ? "are the same slice twice"
        : "lie at the same place";
    const remedy = isFrame
      ? "The file holds several volumes (phases, echoes, b-values) and does not tell them apart: export them as series of their own."
      : "Remove one of them, or split phases and reconstructions into folders.";
    return new InputError(`${names} ${same} (${before.at.toFixed(2)} mm along the normal). ${remedy}`, {
      file: after.slice.file,
    });
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
function thicknessOf({ item, thickness }: Slice): number {
  if (thickness !== undefined && thickness > 0) return thickness;
  const found = thickness === undefined ? "is missing, but is needed" : "must be positive";
  throw item.fault("x00180050", `${found}, because this is the only slice`);
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
