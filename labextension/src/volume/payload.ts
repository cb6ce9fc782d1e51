/**
 * Judges a scan's payload before anything is drawn: notebooks come from strangers.
 *
 * Layer:  labextension, volume; imports output.
 */
import type {
  EmbeddedVoxels,
  HeatPayload,
  PackedBytes,
  RegionPayload,
  VolumePayload,
  VolumesPayload,
} from "../../../src/plot/mime.js";
import {
  checkList,
  checkNumber,
  checkNumbers,
  checkObject,
  checkText,
  checkTriple,
  checkVersion,
  fail,
} from "../output/check.js";

/** Three numbers in the order x, y, z. */
export type Vec3 = VolumePayload["cursor"];
/** The scan's grid. */
export type Geometry = VolumePayload["geometry"];

/** 1 Gi voxels: twice the largest array that a scan of 1024 × 1024 × 512 needs. */
const MOST_VOXELS = 2 ** 30;
const MOST_REGIONS = 256;
const MOST_COLORS = 64;
const MOST_SCANS = 6;

/** @throws PayloadError that says what is wrong, in words for the reader of the notebook. */
export function checkVolumePayload(value: unknown): VolumePayload {
  const raw = checkObject(value, "the scan");
  checkVersion(raw.version);
  const geometry = checkGeometry(raw.geometry);
  const [low, high] = checkNumbers(raw.range, 2, "the range of grey values") as [number, number];
  const window = checkObject(raw.window, "the window");
  const width = checkNumber(window.width, "the window's width");
  if (!(width > 0)) fail("the window's width", "positive");
  const cursor = checkTriple(raw.cursor, "the cursor");
  const payload: VolumePayload = {
    version: 1,
    id: checkText(raw.id, "the scan's id"),
    name: checkText(raw.name, "the scan's name"),
    modality: checkText(raw.modality, "the modality", 16),
    unit: checkText(raw.unit, "the unit", 16),
    geometry,
    range: [Math.min(low, high), Math.max(low, high)],
    window: { center: checkNumber(window.center, "the window's center"), width },
    cursor: clampIndex(cursor, geometry.size),
    regions: checkList(raw.regions, MOST_REGIONS, "the regions").map(checkRegion),
  };
  return {
    ...payload,
    ...(raw.heat === undefined ? {} : { heat: checkHeat(raw.heat, geometry) }),
    ...(raw.embedded === undefined ? {} : { embedded: checkEmbedded(raw.embedded, geometry) }),
  };
}

/** Several scans in one view. @throws PayloadError as `checkVolumePayload`. */
export function checkVolumesPayload(value: unknown): VolumesPayload {
  const raw = checkObject(value, "the comparison");
  checkVersion(raw.version);
  const scans = checkList(raw.scans, MOST_SCANS, "the scans").map(checkVolumePayload);
  if (scans.length < 2) fail("the scans", "at least two");
  if (typeof raw.link !== "boolean") fail("the link", "true or false");
  return {
    version: 1,
    id: checkText(raw.id, "the comparison's id"),
    link: raw.link,
    note: checkText(raw.note, "the note"),
    scans,
  };
}

/** The nearest whole index inside a grid. */
export function clampIndex(index: Vec3, size: Vec3): Vec3 {
  return [clamp(index[0], size[0]), clamp(index[1], size[1]), clamp(index[2], size[2])];
}

function clamp(index: number, size: number): number {
  return Math.min(size - 1, Math.max(0, Math.round(index)));
}

function checkGeometry(value: unknown): Geometry {
  const raw = checkObject(value, "the grid");
  const size = checkTriple(raw.size, "the grid's size");
  if (size.some((n) => !Number.isInteger(n) || n < 1)) fail("the grid's size", "whole and positive");
  if (size[0] * size[1] * size[2] > MOST_VOXELS) fail("the grid", `at most ${MOST_VOXELS} voxels`);
  const spacing = checkTriple(raw.spacing, "the spacing");
  if (spacing.some((s) => !(s > 0))) fail("the spacing", "positive");
  const direction = checkNumbers(raw.direction, 9, "the direction") as Geometry["direction"];
  const [a, b, c, d, e, f, g, h, i] = direction;
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (!(Math.abs(determinant) > 1e-6)) fail("the direction", "three independent axes");
  return { size, spacing, origin: checkTriple(raw.origin, "the origin"), direction };
}

function checkRegion(value: unknown, index: number): RegionPayload {
  const raw = checkObject(value, `region ${index + 1}`);
  return {
    name: checkText(raw.name, "a region's name", 100),
    color: checkColor(raw.color),
    mask: checkPacked(raw.mask, "a region's mask"),
  };
}

function checkEmbedded(value: unknown, geometry: Geometry): EmbeddedVoxels {
  const raw = checkObject(value, "the embedded scan");
  const slope = checkNumber(raw.slope, "the embedded scan's slope");
  if (!(slope > 0)) fail("the embedded scan's slope", "positive");
  return {
    ...checkPart(raw, geometry, "the embedded scan"),
    slope,
    intercept: checkNumber(raw.intercept, "the embedded scan's intercept"),
    ...(raw.missing === 0 ? { missing: 0 } : {}),
    voxels: checkPacked(raw.voxels, "the embedded scan's voxels"),
  };
}

function checkHeat(value: unknown, geometry: Geometry): HeatPayload {
  const raw = checkObject(value, "the heat map");
  const [low, high] = checkNumbers(raw.range, 2, "the heat map's range") as [number, number];
  if (!(low < high)) fail("the heat map's range", "ascending");
  const opacity = checkNumber(raw.opacity, "the heat map's opacity");
  if (opacity < 0 || opacity > 1) fail("the heat map's opacity", "between 0 and 1");
  const colors = checkList(raw.colors, MOST_COLORS, "the heat map's colors").map((color) =>
    checkColor(color),
  );
  if (colors.length < 2) fail("the heat map's colors", "at least two");
  return {
    name: checkText(raw.name, "the heat map's name", 100),
    unit: checkText(raw.unit, "the heat map's unit", 40),
    range: [low, high],
    opacity,
    colors,
    ...(raw.threshold === undefined
      ? {}
      : { threshold: checkNumber(raw.threshold, "the heat map's threshold") }),
    ...checkPart(raw, geometry, "the heat map"),
    levels: checkPacked(raw.levels, "the heat map's levels"),
  };
}

/** The voxels of the grid that a part holds. */
function checkPart(
  raw: Record<string, unknown>,
  geometry: Geometry,
  what: string,
): Pick<EmbeddedVoxels, "offset" | "size" | "step"> {
  const offset = checkTriple(raw.offset, `${what}'s offset`);
  const size = checkTriple(raw.size, `${what}'s size`);
  const step = checkNumber(raw.step, `${what}'s step`);
  if (!Number.isInteger(step) || step < 1) fail(`${what}'s step`, "whole and positive");
  for (let axis = 0; axis < 3; axis++) {
    const [from, count, total] = [offset[axis], size[axis], geometry.size[axis]] as [number, number, number];
    const whole = Number.isInteger(from) && Number.isInteger(count);
    if (!whole || from < 0 || count < 1 || from + (count - 1) * step >= total)
      fail(what, "inside the scan's grid");
  }
  return { offset, size, step };
}

function checkColor(value: unknown): string {
  const color = checkText(value, "a color", 16);
  return /^#[0-9a-f]{6}$/i.test(color) ? color : fail("a color", "#rrggbb");
}

function checkPacked(value: unknown, what: string): PackedBytes {
  const raw = checkObject(value, what);
  if (raw.encoding !== "gzip+base64" || typeof raw.data !== "string") fail(what, "packed bytes");
  return { encoding: "gzip+base64", data: raw.data };
}
