/** Small CT series and structure sets for tests, with any element changed or left out. */
import { type DicomElement, dicomFile, sequence, text } from "../../src/io/dicom-writer.js";
import { put } from "./files.js";

export const FRAME = "1.2.3.4";
const COLUMNS = 4;
const ROWS = 3;

/** Elements to change, by tag; null leaves one out. */
export type Changes = Readonly<Record<number, DicomElement | null>>;

/** The slice at height z (mm) whose pixel p holds 1000 + 100·z + p, so −24 + 100·z + p HU. */
export function sliceBytes(z: number, changes: Changes = {}): Buffer {
  const pixels = Buffer.alloc(2 * COLUMNS * ROWS);
  for (let p = 0; p < COLUMNS * ROWS; p++) pixels.writeUInt16LE(1000 + 100 * z + p, 2 * p);
  const elements: DicomElement[] = [
    text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"),
    text(0x00080018, "UI", `1.2.3.${z + 10}`),
    text(0x00080060, "CS", "CT"),
    text(0x0008103e, "LO", "Chest"),
    text(0x0020000e, "UI", "1.2.3"),
    text(0x00200032, "DS", `-10\\20\\${z}`),
    text(0x00200037, "DS", "1\\0\\0\\0\\1\\0"),
    text(0x00200052, "UI", FRAME),
    { tag: 0x00280002, vr: "US", value: [1] },
    text(0x00280004, "CS", "MONOCHROME2"),
    { tag: 0x00280010, vr: "US", value: [ROWS] },
    { tag: 0x00280011, vr: "US", value: [COLUMNS] },
    text(0x00280030, "DS", "0.5\\0.25"),
    { tag: 0x00280100, vr: "US", value: [16] },
    { tag: 0x00280101, vr: "US", value: [12] },
    { tag: 0x00280102, vr: "US", value: [11] },
    { tag: 0x00280103, vr: "US", value: [0] },
    text(0x00281052, "DS", "-1024"),
    text(0x00281053, "DS", "1"),
    { tag: 0x7fe00010, vr: "OW", value: pixels },
  ];
  const kept = elements.filter(({ tag }) => !(tag in changes));
  return dicomFile([...kept, ...Object.values(changes).filter((change) => change !== null)]);
}

/** Writes slices at these heights as 0.dcm, 1.dcm, … and returns the folder. */
export function putSeries(folder: string, heights: readonly number[], changes: Changes = {}): string {
  heights.forEach((z, i) => {
    put(folder, `${i}.dcm`, sliceBytes(z, changes));
  });
  return folder;
}

/** Of a PET slice. */
export const TRACER = [
  text(0x00181072, "TM", "100000"),
  text(0x00181074, "DS", "400000000"),
  text(0x00181075, "DS", "6586.2"),
];

/** Elements of a PET slice: 400 MBq of F-18 at 10:00, series at 11:00, 80 kg, 1.8 m. */
export function pet(changes: Changes = {}, tracer: readonly DicomElement[] = TRACER): Changes {
  return {
    524321: text(0x00080021, "DA", "20260103"),
    524322: text(0x00080022, "DA", "20260103"),
    524337: text(0x00080031, "TM", "110000"),
    524338: text(0x00080032, "TM", "110500.5"),
    524384: text(0x00080060, "CS", "PT"),
    1048640: text(0x00100040, "CS", "M"),
    1052704: text(0x00101020, "DS", "1.8"),
    1052720: text(0x00101030, "DS", "80"),
    2621521: text(0x00280051, "CS", "DECY\\ATTN\\SCAT"),
    2625618: text(0x00281052, "DS", "0"),
    2625619: text(0x00281053, "DS", "2"),
    5505046: sequence(0x00540016, [tracer]),
    5509121: text(0x00541001, "CS", "BQML"),
    5509378: text(0x00541102, "CS", "START"),
    ...changes,
  };
}

export interface TestContour {
  /** x, y, z, x, y, z, … mm */
  readonly points: readonly number[];
  readonly type?: string;
}

/** A structure set with one region. */
export function rtstructBytes(
  contours: readonly TestContour[],
  { name = "GTV-1", frame = FRAME, names }: { name?: string; frame?: string; names?: readonly string[] } = {},
): Buffer {
  const rois = (names ?? [name]).map((roi, i) => [
    text(0x30060022, "IS", String(i + 1)),
    text(0x30060024, "UI", frame),
    text(0x30060026, "LO", roi),
  ]);
  const drawn = contours.map(({ points, type = "CLOSED_PLANAR" }) => [
    text(0x30060042, "CS", type),
    text(0x30060046, "IS", String(points.length / 3)),
    text(0x30060050, "DS", points.join("\\")),
  ]);
  return dicomFile([
    text(0x00080005, "CS", "ISO_IR 192"),
    text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.481.3"),
    text(0x00080018, "UI", "1.2.9"),
    text(0x00080060, "CS", "RTSTRUCT"),
    sequence(0x30060020, rois),
    sequence(0x30060039, [[sequence(0x30060040, drawn), text(0x30060084, "IS", "1")]]),
  ]);
}
