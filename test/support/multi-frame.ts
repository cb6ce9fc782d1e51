/** Enhanced multi-frame CT files with dimension indices. */
import { type DicomElement, sequence, text, whole } from "../../src/io/dicom-writer.js";
import { sliceBytes } from "./dicom.js";

const PIXELS = 12;

export interface Frame {
  readonly z: number;
  /** One index for each dimension. */
  readonly at: readonly number[];
  readonly orientation?: string;
}

/** An enhanced file: frame f holds 100 f + p, in HU less 10. */
export function multiFrame(pointers: readonly number[], frames: readonly Frame[]): Buffer {
  const pixels = Buffer.alloc(2 * PIXELS * frames.length);
  frames.forEach((_, f) => {
    for (let p = 0; p < PIXELS; p++) pixels.writeUInt16LE(100 * f + p, 2 * (f * PIXELS + p));
  });
  const dimensions = pointers.map((pointer): DicomElement[] => [
    text(0x00209164, "UI", "1.2.7"),
    whole(0x00209165, "AT", pointer >>> 16, pointer & 0xffff),
    whole(0x00209167, "AT", 0x0020, 0x9111),
  ]);
  const groups = frames.map(({ z, at, orientation = "1\\0\\0\\0\\1\\0" }): DicomElement[] => [
    sequence(0x00209111, [[whole(0x00209157, "UL", ...at)]]),
    sequence(0x00209113, [[text(0x00200032, "DS", `-10\\20\\${z}`)]]),
    sequence(0x00209116, [[text(0x00200037, "DS", orientation)]]),
  ]);
  const shared = [
    sequence(0x00289110, [[text(0x00280030, "DS", "0.5\\0.25"), text(0x00180050, "DS", "2")]]),
    sequence(0x00289145, [
      [text(0x00281052, "DS", "-10"), text(0x00281053, "DS", "1"), text(0x00281054, "LO", "HU")],
    ]),
  ];
  return sliceBytes(0, {
    524310: text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2.1"),
    2097202: null,
    2097207: null,
    2621448: text(0x00280008, "IS", String(frames.length)),
    2621488: null,
    2625618: null,
    2625619: null,
    2134561: sequence(0x00209221, [[text(0x00209164, "UI", "1.2.7")]]),
    2134562: sequence(0x00209222, dimensions),
    1375769129: sequence(0x52009229, [shared]),
    1375769136: sequence(0x52009230, groups),
    2145386512: { tag: 0x7fe00010, vr: "OW", value: pixels },
  });
}
