/**
 * A synthetic scan as a DICOM CT series and the lesion's outline as a structure set.
 */

import { type DicomElement, decimals, dicomFile, sequence, text, uidOf } from "../../src/io/dicom-writer.js";
import { outlines } from "./contours.js";
import type { Patient } from "./patient.js";
import type { SyntheticScan } from "./scan.js";

const CT_CLASS = "1.2.840.10008.5.1.4.1.1.2";
const RTSTRUCT_CLASS = "1.2.840.10008.5.1.4.1.1.481.3";
const STUDY_CLASS = "1.2.840.10008.3.1.2.3.1";
const INTERCEPT = -1024;
const REGION = "GTV-1";

/** Identifiers that tie the files of one patient together. */
interface Uids {
  readonly study: string;
  readonly series: string;
  readonly structures: string;
  readonly structureSeries: string;
  readonly frame: string;
  readonly slice: (z: number) => string;
}

function uids(patient: Patient): Uids {
  const key = `radbook/synthetic/${patient.seed}/${patient.index}`;
  return {
    study: uidOf(`${key}/study`),
    series: uidOf(`${key}/ct`),
    structures: uidOf(`${key}/rtstruct`),
    structureSeries: uidOf(`${key}/rtstruct/series`),
    frame: uidOf(`${key}/frame`),
    slice: (z) => uidOf(`${key}/ct/${z}`),
  };
}

/** One CT file for each slice, feet first. */
export function ctFiles(patient: Patient, { grid, hu }: SyntheticScan): Buffer[] {
  const ids = uids(patient);
  const [nx, ny, nz] = grid.size;
  return Array.from({ length: nz }, (_, z) => {
    const pixels = Uint16Array.from(
      hu.subarray(z * nx * ny, (z + 1) * nx * ny),
      (value) => value - INTERCEPT,
    );
    const [x, y, z0] = grid.origin;
    return dicomFile([
      ...patientElements(patient),
      ...instance(CT_CLASS, ids.slice(z), "CT", ids.study, ids.series),
      text(0x00080008, "CS", "DERIVED\\PRIMARY\\AXIAL"),
      text(0x0008103e, "LO", "Synthetic chest CT"),
      decimals(0x00180050, [grid.spacing[2]]),
      text(0x00180060, "DS", "120"),
      text(0x00185100, "CS", "HFS"),
      text(0x00200011, "IS", "1"),
      text(0x00200012, "IS", "1"),
      text(0x00200013, "IS", String(z + 1)),
      decimals(0x00200032, [x, y, z0 + z * grid.spacing[2]]),
      decimals(0x00200037, [1, 0, 0, 0, 1, 0]),
      text(0x00200052, "UI", ids.frame),
      text(0x00201040, "LO", ""),
      { tag: 0x00280002, vr: "US", value: [1] },
      text(0x00280004, "CS", "MONOCHROME2"),
      { tag: 0x00280010, vr: "US", value: [ny] },
      { tag: 0x00280011, vr: "US", value: [nx] },
      decimals(0x00280030, [grid.spacing[1], grid.spacing[0]]),
      { tag: 0x00280100, vr: "US", value: [16] },
      { tag: 0x00280101, vr: "US", value: [12] },
      { tag: 0x00280102, vr: "US", value: [11] },
      { tag: 0x00280103, vr: "US", value: [0] },
      text(0x00281050, "DS", "-600"),
      text(0x00281051, "DS", "1500"),
      text(0x00281052, "DS", String(INTERCEPT)),
      text(0x00281053, "DS", "1"),
      text(0x00281054, "LO", "HU"),
      { tag: 0x7fe00010, vr: "OW", value: littleEndian(pixels) },
    ]);
  });
}

/** The lesion's outline, slice by slice, as region "GTV-1". */
export function rtstructFile(patient: Patient, { grid, distance }: SyntheticScan): Buffer {
  const ids = uids(patient);
  const [nx, ny, nz] = grid.size;
  const contours: DicomElement[][] = [];
  const slices: number[] = [];
  for (let z = 0; z < nz; z++) {
    const lines = outlines(distance.subarray(z * nx * ny, (z + 1) * nx * ny), nx, ny);
    if (lines.length > 0) slices.push(z);
    for (const line of lines) contours.push(contourItem(line, z, grid, ids.slice(z)));
  }
  return dicomFile([
    ...patientElements(patient),
    ...instance(RTSTRUCT_CLASS, ids.structures, "RTSTRUCT", ids.study, ids.structureSeries),
    text(0x00200011, "IS", "2"),
    text(0x30060002, "SH", "TRUTH"),
    text(0x30060008, "DA", "20200101"),
    text(0x30060009, "TM", "120000"),
    sequence(0x30060010, [[text(0x00200052, "UI", ids.frame), referencedStudy(ids, slices)]]),
    sequence(0x30060020, [
      [
        text(0x30060022, "IS", "1"),
        text(0x30060024, "UI", ids.frame),
        text(0x30060026, "LO", REGION),
        text(0x30060036, "CS", "AUTOMATIC"),
      ],
    ]),
    sequence(0x30060039, [
      [text(0x3006002a, "IS", "255\\64\\64"), sequence(0x30060040, contours), text(0x30060084, "IS", "1")],
    ]),
    sequence(0x30060080, [
      [
        text(0x30060082, "IS", "1"),
        text(0x30060084, "IS", "1"),
        text(0x300600a4, "CS", "GTV"),
        text(0x300600a6, "PN", ""),
      ],
    ]),
    text(0x300e0002, "CS", "UNAPPROVED"),
  ]);
}

function contourItem(
  line: readonly number[],
  z: number,
  grid: SyntheticScan["grid"],
  slice: string,
): DicomElement[] {
  const { origin, spacing } = grid;
  const points: number[] = [];
  for (let i = 0; i < line.length; i += 2) {
    points.push(
      origin[0] + line[i] * spacing[0],
      origin[1] + line[i + 1] * spacing[1],
      origin[2] + z * spacing[2],
    );
  }
  return [
    sequence(0x30060016, [[text(0x00081150, "UI", CT_CLASS), text(0x00081155, "UI", slice)]]),
    text(0x30060042, "CS", "CLOSED_PLANAR"),
    text(0x30060046, "IS", String(points.length / 3)),
    decimals(0x30060050, points),
  ];
}

function referencedStudy(ids: Uids, slices: readonly number[]): DicomElement {
  const images = slices.map((z) => [text(0x00081150, "UI", CT_CLASS), text(0x00081155, "UI", ids.slice(z))]);
  const series = [text(0x0020000e, "UI", ids.series), sequence(0x30060016, images)];
  return sequence(0x30060012, [
    [text(0x00081150, "UI", STUDY_CLASS), text(0x00081155, "UI", ids.study), sequence(0x30060014, [series])],
  ]);
}

function patientElements({ id, clinical }: Patient): DicomElement[] {
  return [
    text(0x00100010, "PN", "Synthetic^Thorax"),
    text(0x00100020, "LO", id),
    text(0x00100030, "DA", ""),
    text(0x00100040, "CS", clinical.male ? "M" : "F"),
  ];
}

function instance(
  sopClass: string,
  uid: string,
  modality: string,
  study: string,
  series: string,
): DicomElement[] {
  return [
    text(0x00080005, "CS", "ISO_IR 100"),
    text(0x00080016, "UI", sopClass),
    text(0x00080018, "UI", uid),
    text(0x00080020, "DA", "20200101"),
    text(0x00080030, "TM", "120000"),
    text(0x00080050, "SH", ""),
    text(0x00080060, "CS", modality),
    text(0x00080070, "LO", "Radbook"),
    text(0x00080090, "PN", ""),
    text(0x0020000d, "UI", study),
    text(0x0020000e, "UI", series),
    text(0x00200010, "SH", "1"),
  ];
}

function littleEndian(pixels: Uint16Array): Uint8Array {
  const bytes = Buffer.alloc(2 * pixels.length);
  pixels.forEach((value, p) => {
    bytes.writeUInt16LE(value, 2 * p);
  });
  return bytes;
}
