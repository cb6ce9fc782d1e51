/**
 * Files by which large frames go from user code to the kernel: where they lie, and that none stays.
 *
 * Layer:  session; imports frames.
 */
import { randomUUID } from "node:crypto";
import { accessSync, constants, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Framed, FrameReader } from "../frames.js";

/** In memory where the system has such a place. */
const folder = parcelFolder();

/** A new name. @param kernel Process id of the kernel that will take the file. */
export function parcelFile(kernel: number): string {
  return path.join(folder, `radbook-${kernel}-${randomUUID()}`);
}

/** Takes the frames out of a file. @throws Error when it cannot be read. */
export function openParcel<T>(file: string): Framed<T>[] {
  const bytes = readFileSync(file);
  rmSync(file, { force: true });
  return new FrameReader<T>().push(bytes);
}

/** Removes what the process of this kernel's cells left behind when it died, and what dead kernels left. */
export function removeParcels(): void {
  for (const name of readdirSync(folder)) {
    const kernel = Number(/^radbook-(\d+)-[0-9a-f-]{36}$/.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(kernel) || (kernel !== process.pid && isAlive(kernel))) continue;
    rmSync(path.join(folder, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Of another person: alive, and not ours to look after.
    return (error as NodeJS.ErrnoException).code === "EPERM";
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
