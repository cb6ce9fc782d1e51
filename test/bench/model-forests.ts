/** Forests, boosting and their SHAP values beside scikit-learn, shap and fasttreeshap. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { randomStream } from "../../src/core/random.js";
import { DATA, inPython, type Program, printHeader, printRow, radbook, writeOnce } from "./model-support.js";
import { pythonOf } from "./radiomics-support.js";

/** Prints the table; two threads are told by the wall clock, one by the processor time. */
export async function bench(): Promise<void> {
  const [n, p] = [2_000, 100];
  writeClasses("classes", n, p);
  const ours = radbook();
  const sklearn = inPython("scikit-learn", "with_forests.py");
  const shap = inPython("shap", "with_forests.py");
  const fast = fastTreeShap();
  printHeader();
  for (const threads of [1, 2]) {
    printRow({
      title: `random forest, 500 trees, 2,000 × 100, ${threads} thread(s)`,
      work: "forest",
      data: "classes",
      programs: [ours, sklearn],
      aim: "≤ 1",
      repeats: 3,
      rounds: 1,
      threads,
    });
  }
  for (const threads of [1, 2]) {
    printRow({
      title: `SHAP of it, 500 rows, full depth, ${threads} thread(s)`,
      work: "forest-shap",
      data: "classes",
      programs: [ours, threads === 1 ? shap : null, fast],
      aim: "≤ fasttreeshap",
      repeats: 2,
      rounds: 1,
      threads,
    });
  }
  printRow({
    title: "histogram boosting, 2,000 × 100, defaults",
    work: "histogram-boosting",
    data: "classes",
    programs: [ours, sklearn],
    aim: "≤ 1.5",
  });
}

/** Two classes that ten of the columns tell apart, with noise. */
function writeClasses(folder: string, n: number, p: number): void {
  const random = randomStream(`bench ${folder}`);
  const x = Float64Array.from({ length: n * p }, () => random.normal());
  const group = Float64Array.from({ length: n }, (_, row) => {
    let score = 1.5 * random.normal();
    for (let j = 0; j < 10; j++) score += (x[j * n + row] as number) * (j % 2 === 0 ? 1 : -1);
    return score > 0 ? 1 : 0;
  });
  writeOnce(`${folder}/x.f64`, () => x);
  writeOnce(`${folder}/group.f64`, () => group);
}

/** fasttreeshap is built for old interpreters only; it has an environment of its own. */
function fastTreeShap(): Program | null {
  const folder = path.join(DATA, "../fasttreeshap");
  const program = path.join(folder, "bin/python");
  const done = (command: string, args: readonly string[]): boolean =>
    spawnSync(command, args, { stdio: "ignore" }).status === 0;
  const found = existsSync(program) ? program : pythonOf(["3.8"]);
  const isReady =
    found !== null &&
    (existsSync(program) || done(found, ["-m", "venv", folder])) &&
    done(program, ["-m", "pip", "install", "-q", "fasttreeshap==0.1.6", "scikit-learn==1.3.2"]);
  if (!isReady) {
    process.stderr.write("fasttreeshap is left out: it needs Python 3.8.\n");
    return null;
  }
  const script = path.join(import.meta.dirname, "model-peers", "with_fasttreeshap.py");
  return { name: "fasttreeshap", command: [program, script] };
}
