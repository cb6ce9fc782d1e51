/** Forests, boosting and their SHAP values beside scikit-learn, shap and fasttreeshap. */
import { randomStream } from "../../../src/core/random.js";
import { type Peer, type Row, writeOnce } from "../model-support.js";

const SKLEARN: Peer = { name: "scikit-learn", script: "with_forests.py", runsIn: "Python", hasThreads: true };
const SHAP: Peer = { name: "shap", script: "with_forests.py", runsIn: "Python" };
/** Built for old interpreters only. */
const FAST: Peer = {
  name: "fasttreeshap",
  script: "with_fasttreeshap.py",
  runsIn: "Python 3.8",
  hasThreads: true,
};

export function forestRows(): readonly Row[] {
  const common = { data: "classes", prepare: () => writeClasses("classes", 2_000, 100), rounds: 1 };
  const rows = [1, 2].flatMap((threads): Row[] => [
    {
      ...common,
      title: `random forest, 500 trees, 2,000 × 100, ${threads} thread(s)`,
      work: "forest",
      peers: [SKLEARN],
      aim: 1,
      repeats: 3,
      threads,
    },
    {
      ...common,
      title: `TreeSHAP of it, 500 rows, full depth, ${threads} thread(s)`,
      work: "forest-shap",
      peers: [FAST, SHAP],
      aim: [1, "fasttreeshap"],
      repeats: 2,
      peerRepeats: 1,
      threads,
    },
  ]);
  return [
    ...rows,
    {
      ...common,
      title: "interventional TreeSHAP of it, 50 rows, background of 50",
      work: "forest-interventional",
      peers: [SHAP],
      aim: 1,
      repeats: 2,
      peerRepeats: 1,
    },
    {
      ...common,
      title: "histogram boosting, defaults, 2,000 × 100",
      work: "histogram-boosting",
      peers: [SKLEARN],
      aim: 1.5,
      rounds: 2,
    },
  ];
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
