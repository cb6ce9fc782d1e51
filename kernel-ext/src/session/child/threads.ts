/**
 * Threads that cells start: what they print comes under the cell that started them, and their events reach their
 * handlers in that cell.
 *
 * Layer:  session/child; imports session.
 */
import { syncBuiltinESMExports } from "node:module";
import { StringDecoder } from "node:string_decoder";
import threads, { Worker, type WorkerOptions } from "node:worker_threads";
import { currentCell, print } from "./output.js";
import { bind } from "./processes.js";
import { STREAMS } from "./shared.js";

/** Wraps the class for every module that asks for it from now on. */
export function watchThreads(): void {
  Reflect.set(threads, "Worker", CellWorker);
  syncBuiltinESMExports();
}

class CellWorker extends Worker {
  constructor(file: string | URL, options: WorkerOptions = {}) {
    super(file, options);
    const cell = currentCell();
    bind(this, cell);
    for (const name of STREAMS) {
      const stream = this[name];
      bind(stream, cell);
      if (options[name] === true) continue;
      const decoder = new StringDecoder("utf8");
      stream.unpipe(process[name]);
      stream.on("data", (bytes: Buffer) => print(cell, name, decoder.write(bytes)));
      // It stands still since it was unpiped.
      stream.resume();
    }
  }
}
Object.defineProperty(CellWorker, "name", { value: "Worker" });
