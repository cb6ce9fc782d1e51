/**
 * The volumes of a DICOM series that holds several: frames of a multi-frame file by its dimension indices, or files by the element that
 * tells one point in time, echo or diffusion weighting from the next.
 *
 * Source: DICOM PS3.3 C.7.6.17 (multi-frame dimension), C.7.6.16.2.2 (frame content).
 * Layer:  io; imports core.
 */
import type { DicomItem } from "./dicom-file.js";
import { describeTag } from "./dicom-names.js";
import { frameCount, functionalGroups, type Slice } from "./dicom-slice.js";
import { choosePart } from "./part.js";

const FRAME_CONTENT = "x00209111";
const DIMENSIONS = "x00209222";
const POINTER = "x00209165";
const INDEX_VALUES = "x00209157";

/** Dimensions along which the slices of one volume follow each other: position, number in the stack, location. */
const PLACES: ReadonlySet<string> = new Set(["x00200032", "x00209057", "x00201041", "x00209301"]);

/** What tells files of one place apart, the most telling first: position in time, echo, b-value, trigger and frame time, acquisition. */
const TELLING = [
  "x00200100",
  "x00209128",
  "x00189087",
  "x00180086",
  "x00180081",
  "x00181060",
  "x00541300",
  "x00200012",
];
/** Of these, binary doubles. */
const DOUBLES: ReadonlySet<string> = new Set(["x00189087"]);

/**
 * The slices of one volume: all, where no two lie at one place; else those of the part that was chosen.
 *
 * @throws InputError listing the volumes if there are several and none is chosen, or it is not there.
 */
export function slicesOfPart(slices: readonly Slice[], part: number | undefined): readonly Slice[] {
  if (part === undefined && !hasSeveral(slices)) return slices;
  const parts = partsOf(slices);
  const [{ file, item }] = slices as [Slice];
  const offset = item.offsetOf(DIMENSIONS) ?? item.offsetOf("x00200032") ?? 0;
  // Nothing tells them apart: the grid's checks say where they collide.
  if (part === undefined && parts.length === 1) return slices;
  const chosen = choosePart(part, {
    count: parts.length,
    what: `the series holds ${parts.length === 1 ? "one volume" : `${parts.length} volumes`}`,
    label: (index) => (parts[index] as Part).label,
    file,
    offset,
  });
  return (parts[chosen] as Part).slices;
}

interface Part {
  readonly label: string;
  readonly slices: readonly Slice[];
}

/** Whether two slices lie at one place, or a file has stacks of different directions. */
function hasSeveral(slices: readonly Slice[]): boolean {
  const first = slices[0] as Slice;
  const directions = new Set(slices.map(directionKey));
  return (slices.every(({ item }) => item === first.item) && directions.size > 1) || overlap(slices);
}

function overlap(slices: readonly Slice[]): boolean {
  const places = slices.map((slice) => `${slice.position.map((v) => v.toFixed(3))} ${directionKey(slice)}`);
  return new Set(places).size < places.length;
}

function directionKey({ rowDirection, columnDirection }: Slice): string {
  return [...rowDirection, ...columnDirection].map((v) => (v + 0).toFixed(3)).join(" ");
}

function partsOf(slices: readonly Slice[]): Part[] {
  const [{ item }] = slices as [Slice];
  const isOneFile = slices.every((slice) => slice.item === item);
  return (isOneFile ? byDimensions(item, slices) : byElement(slices)) ?? [{ label: "", slices }];
}

/** Null if the frames have no dimension indices. */
function byDimensions(item: DicomItem, slices: readonly Slice[]): Part[] | null {
  const pointers = item.items(DIMENSIONS).map((dimension) => tagAt(dimension));
  const apart = pointers.flatMap((tag, d) => (tag === null || PLACES.has(tag) ? [] : [{ tag, d }]));
  const groups = functionalGroups(item, frameCount(item));
  const indices = slices.map(({ frame }) => unsigned(groups(frame, FRAME_CONTENT), INDEX_VALUES));
  if (apart.length === 0 || indices.some((values) => values.length !== pointers.length)) return null;
  const keys = slices.map((_, n) => apart.map(({ d }) => (indices[n] as number[])[d] as number));
  // A dimension that is the same everywhere tells nothing.
  const telling = apart.map((_, k) => new Set(keys.map((key) => key[k])).size > 1);
  return grouped(slices, keys, (key) =>
    apart.flatMap(({ tag }, k) => (telling[k] ? [`${describeTag(tag)} index ${key[k]}`] : [])).join(", "),
  );
}

/** Null if no element puts the files into groups of equal size without two at one place. */
function byElement(slices: readonly Slice[]): Part[] | null {
  for (const tag of TELLING) {
    const keys = slices.map(({ item }) => [numberOf(item, tag)]);
    const parts = grouped(slices, keys, ([value]) => `${describeTag(tag)} ${value}`);
    const size = parts[0]?.slices.length;
    const isTelling = keys.every(([value]) => Number.isFinite(value)) && parts.length > 1;
    if (isTelling && parts.every((part) => part.slices.length === size && !overlap(part.slices)))
      return parts;
  }
  return null;
}

/** Groups of equal keys, in ascending order of them. */
function grouped(
  slices: readonly Slice[],
  keys: readonly (readonly number[])[],
  label: (key: readonly number[]) => string,
): Part[] {
  const parts = new Map<string, { key: readonly number[]; slices: Slice[] }>();
  slices.forEach((slice, n) => {
    const key = keys[n] as readonly number[];
    const known = parts.get(key.join(" "));
    if (known === undefined) parts.set(key.join(" "), { key, slices: [slice] });
    else known.slices.push(slice);
  });
  return [...parts.values()]
    .sort((a, b) => {
      const differing = a.key.findIndex((value, k) => value !== b.key[k]);
      return (a.key[differing] ?? 0) - (b.key[differing] ?? 0);
    })
    .map(({ key, slices: own }) => ({ label: label(key), slices: own }));
}

/** The element that a dimension points to, as a key; null if it is missing. */
function tagAt(dimension: DicomItem): string | null {
  const [group, element] = dimension.uint16s(POINTER);
  if (group === undefined || element === undefined) return null;
  return `x${[group, element].map((n) => n.toString(16).padStart(4, "0")).join("")}`;
}

function unsigned(item: DicomItem, tag: string): number[] {
  const bytes = item.bytes(tag);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, n) =>
    view.getUint32(4 * n, !item.syntax.isBigEndian),
  );
}

/** NaN if the element is absent or no number. */
function numberOf(item: DicomItem, tag: string): number {
  if (!item.has(tag)) return Number.NaN;
  if (!DOUBLES.has(tag)) return Number(item.string(tag).split("\\")[0]);
  const bytes = item.bytes(tag);
  return bytes.length < 8
    ? Number.NaN
    : new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, !item.syntax.isBigEndian);
}
