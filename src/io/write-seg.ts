/**
 * Writes a DICOM segmentation of masks, tied to the slices of the scan that they were drawn on.
 *
 * Source: DICOM PS3.3 A.51 (segmentation), C.8.20, C.7.6.16 (multi-frame), PS3.16 (codes).
 * Layer:  io; imports core, volume.
 */
import { createHash } from "node:crypto";
import { InputError } from "../core/errors.js";
import type { Mask } from "../volume/mask.js";
import { labOfRgb, type Rgb } from "./cielab.js";
import { gridOfSeries } from "./dicom-series.js";
import type { Slice } from "./dicom-slice.js";
import { type DicomElement, dicomFile, exactDecimals, sequence, text, uidOf, whole } from "./dicom-writer.js";
import { writeAtomically } from "./file-write.js";
import type { PartOptions } from "./part.js";
import { scanItems } from "./read-dicom.js";

/** SOP class "Segmentation Storage". */
const SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4";
/** Distinct colors for segments that bring none (Okabe & Ito 2008). */
const PALETTE: readonly Rgb[] = [
  [213, 94, 0],
  [0, 114, 178],
  [0, 158, 115],
  [204, 121, 167],
  [230, 159, 0],
  [86, 180, 233],
  [240, 228, 66],
];
/** Copied from the scan, so that both lie under one patient and study; the standard wants them present, even if empty. */
const COPIED: readonly (readonly [number, string])[] = [
  [0x00080020, "DA"],
  [0x00080030, "TM"],
  [0x00080050, "SH"],
  [0x00080090, "PN"],
  [0x00100010, "PN"],
  [0x00100020, "LO"],
  [0x00100030, "DA"],
  [0x00100040, "CS"],
  [0x0020000d, "UI"],
  [0x00200010, "SH"],
  [0x00200052, "UI"],
  [0x00201040, "LO"],
];

export interface SegOptions extends PartOptions {
  /** The DICOM series that the masks were drawn on: its folder, its files, or its only file. */
  readonly source: string | readonly string[];
  /** How the masks were made. Default: "SEMIAUTOMATIC". */
  readonly algorithm?: "MANUAL" | "SEMIAUTOMATIC" | "AUTOMATIC";
  /** One color a mask, 0 to 255. Default: a palette that color-blind readers can tell apart. */
  readonly colors?: readonly Rgb[];
}

/**
 * Writes masks as the segments of one DICOM SEG file, named after the masks; they may overlap. The same masks give the same file, but
 * for the time in it.
 *
 * @param masks  At least one, none empty, all on the grid of the scan.
 * @throws InputError if a mask is empty or lies on another grid, the scan cannot be read, or the file cannot be written.
 */
export async function writeSeg(masks: readonly Mask[], file: string, options: SegOptions): Promise<void> {
  const { slices, geometry } = gridOfSeries(await scanItems(options.source), options.part);
  if (masks.length === 0) throw new InputError("no masks are given. Give at least one.", { file });
  for (const mask of masks) {
    mask.checkGrid(geometry, "the scan");
    if (mask.count === 0) throw new InputError(`mask "${mask.name}" is empty. Leave it out.`, { file });
  }
  const [columns, rows] = geometry.size;
  const frames = masks.flatMap((mask, segment) => framesOf(mask, segment + 1, columns * rows));
  const hash = createHash("sha256");
  for (const { values } of frames) hash.update(values);
  const key = `${slices[0]?.item.string("x0020000e")} ${masks.map((mask) => mask.name).join("\\")} ${hash.digest("hex")}`;
  const first = slices[0] as Slice;
  await writeAtomically(
    file,
    dicomFile([
      ...general(first, key),
      ...referencedSeries(slices),
      ...image(rows, columns, frames),
      sequence(
        0x00620002,
        masks.map((mask, i) => segmentItem(mask, i, options)),
      ),
      ...dimensions(key),
      sequence(0x52009229, [sharedGroups(first, geometry.spacing[2])]),
      sequence(
        0x52009230,
        frames.map((frame) => frameGroups(frame, slices)),
      ),
    ]),
  );
}

interface Frame {
  readonly segment: number;
  readonly slice: number;
  /** rows × columns bytes, 1 inside. */
  readonly values: Uint8Array;
}

/** Slices on which a segment has a voxel. */
function framesOf({ voxels }: Mask, segment: number, plane: number): Frame[] {
  return Array.from({ length: voxels.length / plane }, (_, slice) => ({
    segment,
    slice,
    values: voxels.subarray(slice * plane, (slice + 1) * plane),
  })).filter(({ values }) => values.some((value) => value !== 0));
}

function general({ item }: Slice, key: string): DicomElement[] {
  const now = new Date().toISOString().replace(/[-:TZ]/g, "");
  // Read in the scan's character set, written in UTF-8.
  const copied = COPIED.map(([tag, vr]): DicomElement => {
    const value = item.text(`x${tag.toString(16).padStart(8, "0")}`);
    return { tag, vr, value: Buffer.from(value) };
  });
  return [
    ...copied,
    text(0x00080005, "CS", "ISO_IR 192"),
    text(0x00080008, "CS", "DERIVED\\PRIMARY"),
    text(0x00080016, "UI", SEGMENTATION),
    text(0x00080018, "UI", uidOf(`instance ${key}`)),
    text(0x00080023, "DA", now.slice(0, 8)),
    text(0x00080033, "TM", now.slice(8, 14)),
    text(0x00080060, "CS", "SEG"),
    text(0x00080070, "LO", "Radbook"),
    text(0x0008103e, "LO", "Segmentation"),
    text(0x00081090, "LO", "Radbook"),
    text(0x00181000, "LO", "1"),
    text(0x00181020, "LO", "1"),
    text(0x0020000e, "UI", uidOf(`series ${key}`)),
    text(0x00200011, "IS", "1000"),
    text(0x00200013, "IS", "1"),
  ];
}

function referencedSeries(slices: readonly Slice[]): DicomElement[] {
  const { item } = slices[0] as Slice;
  const instances = [...new Set(slices.map((slice) => slice.item))].map(referenceTo);
  return [
    sequence(0x00081115, [
      [sequence(0x0008114a, instances), text(0x0020000e, "UI", item.string("x0020000e"))],
    ]),
  ];
}

function referenceTo(item: Slice["item"]): DicomElement[] {
  return [text(0x00081150, "UI", item.string("x00080016")), text(0x00081155, "UI", item.string("x00080018"))];
}

function image(rows: number, columns: number, frames: readonly Frame[]): DicomElement[] {
  return [
    whole(0x00280002, "US", 1),
    text(0x00280004, "CS", "MONOCHROME2"),
    text(0x00280008, "IS", String(frames.length)),
    whole(0x00280010, "US", rows),
    whole(0x00280011, "US", columns),
    whole(0x00280100, "US", 1),
    whole(0x00280101, "US", 1),
    whole(0x00280102, "US", 0),
    whole(0x00280103, "US", 0),
    text(0x00282110, "CS", "00"),
    text(0x00620001, "CS", "BINARY"),
    text(0x00700080, "CS", "SEGMENTATION"),
    text(0x00700081, "LO", ""),
    text(0x00700084, "PN", ""),
    { tag: 0x7fe00010, vr: "OB", value: packBits(frames, rows * columns) },
  ];
}

/** One bit a pixel, lowest first, without gaps between frames. */
function packBits(frames: readonly Frame[], plane: number): Uint8Array {
  const packed = new Uint8Array(Math.ceil((frames.length * plane) / 8));
  frames.forEach(({ values }, f) => {
    for (let p = 0, bit = f * plane; p < plane; p++, bit++) {
      if (values[p] !== 0) packed[bit >> 3] = (packed[bit >> 3] as number) | (1 << (bit & 7));
    }
  });
  return packed;
}

function segmentItem(
  mask: Mask,
  i: number,
  { algorithm = "SEMIAUTOMATIC", colors = [] }: SegOptions,
): DicomElement[] {
  const color = colors[i] ?? (PALETTE[i % PALETTE.length] as Rgb);
  const made = algorithm === "MANUAL" ? [] : [text(0x00620009, "LO", "Radbook")];
  return [
    // The two codes say no more than is known: altered tissue, a mass.
    sequence(0x00620003, [code("49755003", "Morphologically Altered Structure")]),
    whole(0x00620004, "US", i + 1),
    { tag: 0x00620005, vr: "LO", value: Buffer.from(mask.name.slice(0, 64)) },
    text(0x00620008, "CS", algorithm),
    ...made,
    whole(0x0062000d, "US", ...labOfRgb(color)),
    sequence(0x0062000f, [code("4147007", "Mass")]),
  ];
}

function code(value: string, meaning: string): DicomElement[] {
  return [text(0x00080100, "SH", value), text(0x00080102, "SH", "SCT"), text(0x00080104, "LO", meaning)];
}

/** Frames are sorted by segment, then by place. */
function dimensions(key: string): DicomElement[] {
  const organization = text(0x00209164, "UI", uidOf(`dimensions ${key}`));
  const index = (group: number, element: number, ofGroup: number, of: number): DicomElement[] => [
    organization,
    whole(0x00209165, "AT", group, element),
    whole(0x00209167, "AT", ofGroup, of),
  ];
  return [
    sequence(0x00209221, [[organization]]),
    sequence(0x00209222, [index(0x0062, 0x000b, 0x0062, 0x000a), index(0x0020, 0x0032, 0x0020, 0x9113)]),
  ];
}

function sharedGroups({ rowDirection, columnDirection, spacing }: Slice, distance: number): DicomElement[] {
  return [
    sequence(0x00209116, [[exactDecimals(0x00200037, [...rowDirection, ...columnDirection])]]),
    sequence(0x00289110, [
      [
        exactDecimals(0x00180050, [distance]),
        exactDecimals(0x00180088, [distance]),
        exactDecimals(0x00280030, [spacing[1], spacing[0]]),
      ],
    ]),
  ];
}

function frameGroups({ segment, slice }: Frame, slices: readonly Slice[]): DicomElement[] {
  const drawn = slices[slice] as Slice;
  const frameNumber = drawn.format.frames.length > 1 ? [text(0x00081160, "IS", String(drawn.frame + 1))] : [];
  const purpose = [
    text(0x00080100, "SH", "121322"),
    text(0x00080102, "SH", "DCM"),
    text(0x00080104, "LO", "Source image for image processing operation"),
  ];
  const derivation = [
    text(0x00080100, "SH", "113076"),
    text(0x00080102, "SH", "DCM"),
    text(0x00080104, "LO", "Segmentation"),
  ];
  return [
    sequence(0x00089124, [
      [
        sequence(0x00082112, [
          [
            ...referenceTo(drawn.item),
            ...frameNumber,
            text(0x0028135a, "CS", "YES"),
            sequence(0x0040a170, [purpose]),
          ],
        ]),
        sequence(0x00089215, [derivation]),
      ],
    ]),
    sequence(0x00209111, [[whole(0x00209157, "UL", segment, slice + 1)]]),
    sequence(0x00209113, [[exactDecimals(0x00200032, drawn.position)]]),
    sequence(0x0062000a, [[whole(0x0062000b, "US", segment)]]),
  ];
}
