/** All benchmarks of models, statistics and explanation, one table each: the speed table of the survival and classification issue. */
import { readdirSync } from "node:fs";

/** Runs every `model-….ts` beside this file. */
export async function bench(): Promise<void> {
  const files = readdirSync(import.meta.dirname)
    .filter((file) => /^model-.*\.ts$/.test(file) && !file.includes("-support"))
    .sort();
  for (const file of files) {
    process.stdout.write(`\n${file}\n\n`);
    const part = (await import(`./${file}`)) as { bench(): Promise<void> };
    await part.bench();
  }
}
