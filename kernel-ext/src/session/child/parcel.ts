/**
 * Large frames on their way to the kernel: in a file, in memory where the system has such a place.
 *
 * Layer:  session/child; imports session.
 */
import { randomUUID } from "node:crypto";
import { accessSync, constants, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { encodeFrame } from "../../frames.js";

const LARGE = 1_000_000;
const folder = parcelFolder();

/** The frame itself, or a small one that says where it is. */
export function parcel(frame: Buffer): Buffer {
  if (frame.length < LARGE) return frame;
  const file = path.join(folder, `radbook-${randomUUID()}`);
  try {
    writeFileSync(file, frame, { mode: 0o600, flag: "wx" });
    return encodeFrame({ type: "parcel", file });
  } catch {
    // No room: the pipe takes it, if slowly.
    rmSync(file, { force: true });
    return frame;
  }
}

function parcelFolder(): string {
  try {
    accessSync("/dev/shm", constants.W_OK);
    return "/dev/shm";
  } catch {
    return os.tmpdir();
  }
}
