/**
 * `npm run bench -- NAME …`: runs the named benchmarks one after another and prints their tables. NAME:WORK, e.g. model:pearson,
 * runs the rows of one work, if the benchmark can.
 */
import { readdirSync } from "node:fs";
import path from "node:path";

const NOT_BENCHES = new Set(["run.ts"]);

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".ts") && !file.includes("-support") && !NOT_BENCHES.has(file))
  .map((file) => path.basename(file, ".ts"));
const wanted = process.argv.slice(2).map((argument) => argument.split(":"));
const unknown = wanted.flatMap(([name = ""]) => (names.includes(name) ? [] : [name]));

if (wanted.length === 0 || unknown.length > 0) {
  if (unknown.length > 0) process.stderr.write(`There is no benchmark ${unknown.join(", ")}.\n`);
  process.stderr.write(`Usage: npm run bench -- ${names.join(" | ")}\n`);
  process.exitCode = 1;
} else {
  for (const [name, work] of wanted) {
    const { bench } = (await import(`./${name}.ts`)) as { bench(work?: string): Promise<void> };
    await bench(work);
  }
  // A kernel that did not answer may still be there.
  process.exit();
}
