/**
 * Marks in the raw output of this process, so that the kernel knows under which cell belongs what a process writes
 * that shares it.
 *
 * Layer:  session/child; imports session.
 */
import { writeSync } from "node:fs";
import { markText } from "../raw-text.js";
import { currentCell, emit } from "./output.js";

/** The kernel's last argument; no cell sees it. */
const secret = process.argv.splice(2).at(-1) ?? "";
let number = 0;

/** Runs what blocks until its process has ended: the output of the process comes under this cell, and before its end. */
export function withSharedOutput<T>(action: () => T): T {
  mark(currentCell());
  try {
    return action();
  } finally {
    mark(0);
    emit({ type: "mark", number });
  }
}

function mark(cell: number): void {
  number += 1;
  const text = markText(secret, { number, cell });
  writeSync(1, text);
  writeSync(2, text);
}
