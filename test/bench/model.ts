/** The speed table of models, statistics and explanation, beside their peers in the same run. */
import os from "node:os";
import { classifierRows } from "./model-rows/classifiers.js";
import { forestRows } from "./model-rows/forests.js";
import { statisticsRows } from "./model-rows/statistics.js";
import { survivalRows } from "./model-rows/survival.js";
import { printHeader, printRow } from "./model-support.js";

/**
 * Prints the table.
 *
 * @param work  Only the rows of this work, e.g. "pearson"; default all.
 */
export async function bench(work?: string): Promise<void> {
  const all = [...survivalRows(), ...statisticsRows(), ...forestRows(), ...classifierRows()];
  const rows = all.filter((row) => work === undefined || row.work === work);
  if (rows.length === 0) {
    throw new Error(
      `there is no work "${work}". There are: ${[...new Set(all.map((row) => row.work))].join(", ")}.`,
    );
  }
  const start = performance.now();
  const load = os.loadavg()[0] ?? 0;
  printHeader();
  const reached = rows.map(printRow);
  const minutes = (performance.now() - start) / 60_000;
  const count = (state: boolean | null): number => reached.filter((one) => one === state).length;
  process.stdout.write(
    `\n${count(true)} of ${rows.length} rows reach their aim, ${count(false)} do not, ${count(null)} have no peer. ` +
      `${os.cpus().length} cores, load ${load.toFixed(1)} before, ${(os.loadavg()[0] ?? 0).toFixed(1)} after, ` +
      `${minutes.toFixed(1)} minutes.\n`,
  );
}
