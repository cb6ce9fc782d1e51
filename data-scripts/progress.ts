/**
 * One line that shows how far the work is and how long it has taken.
 */

export interface Progress {
  step(done: number, total: number, note?: string): void;
  /** Ends the line. */
  end(text: string): void;
}

/** On a terminal the line is rewritten; in a log every tenth part gets a line of its own. */
export function progressLine(what: string, stream: NodeJS.WriteStream = process.stdout): Progress {
  const start = performance.now();
  const elapsed = (): string => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  let lastTenth = 0;
  return {
    step(done, total, note = "") {
      const line = `${what}: ${done} of ${total}${note === "" ? "" : ` (${note})`}, ${elapsed()}`;
      const tenth = Math.floor((10 * done) / total);
      if (stream.isTTY) stream.write(`\r\x1b[K${line}`);
      else if (tenth > lastTenth) stream.write(`${line}\n`);
      lastTenth = tenth;
    },
    end(text) {
      stream.write(`${stream.isTTY ? "\r\x1b[K" : ""}${what}: ${text}, ${elapsed()}\n`);
    },
  };
}

/** Shows nothing. */
export const SILENT: Progress = { step: () => undefined, end: () => undefined };
