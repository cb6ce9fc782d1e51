/**
 * Large frames on their way to the kernel: in a file, in memory where the system has such a place.
 *
 * Layer:  session/child; imports session.
 */
import { rmSync, writeFileSync } from "node:fs";
import { encodeFrame } from "../../frames.js";
import { parcelFile } from "../parcels.js";

const LARGE = 1_000_000;
const KERNEL = process.ppid;

/** The frame itself, or a small one that says where it is. */
export function parcel(frame: Buffer): Buffer {
  if (frame.length < LARGE) return frame;
  const file = parcelFile(KERNEL);
  try {
    writeFileSync(file, frame, { mode: 0o600, flag: "wx" });
    return encodeFrame({ type: "parcel", file });
  } catch {
    // No room: the pipe takes it, if slowly.
    rmSync(file, { force: true });
    return frame;
  }
}
