/** Tests of many features, areas under curves, matrices of correlations and selection beside SciPy, NumPy and glmnet. */
import { randomStream } from "../../../src/core/random.js";
import { writeFollowUp, writePatients } from "../model-data-support.js";
import { type Peer, type Row, writeOnce } from "../model-support.js";

const SCIPY: Peer = { name: "SciPy", script: "with_statistics.py", runsIn: "Python" };
/** Its products of matrices use all threads. */
const NUMPY: Peer = { name: "NumPy", script: "with_statistics.py", runsIn: "Python", hasThreads: true };
const GLMNET: Peer = { name: "glmnet", script: "with_glmnet.R", runsIn: "R" };
const LIBLINEAR: Peer = { name: "liblinear", script: "with_classifiers.py", runsIn: "Python" };

export function statisticsRows(): readonly Row[] {
  const hundred = { data: "hundred", prepare: () => writePatients("hundred", 100, 110_592), peers: [SCIPY] };
  const wide = { data: "wide", prepare: () => writePatients("wide", 200, 110_592), repeats: 1, rounds: 1 };
  const tables = { data: "correlate", prepare: writeTables, peers: [NUMPY], repeats: 5 };
  return [
    {
      title: "DeLong, n = 20,000",
      work: "delong",
      data: "follow-20000",
      prepare: () => writeFollowUp("follow-20000", 20_000, 1e6),
      peers: [NUMPY],
      aim: 1,
      repeats: 30,
    },
    { ...hundred, title: "110,592 t-tests, 100 patients", work: "t-tests", aim: 1, repeats: 6 },
    { ...hundred, title: "110,592 Mann–Whitney tests, 100 patients", work: "mann-whitney", aim: 1 },
    ...[2, 1].flatMap((threads): Row[] => [
      {
        ...tables,
        title: `Pearson 65,280 × 78 × 300, ${threads} thread(s)`,
        work: "pearson",
        aim: 1.5,
        threads,
      },
      { ...tables, title: `the same with p, ${threads} thread(s)`, work: "pearson-p", aim: 0.5, threads },
    ]),
    {
      ...wide,
      title: "binomial lasso 200 × 110,592, one fit at half the largest penalty",
      work: "logistic-one",
      peers: [GLMNET, LIBLINEAR],
      aim: 1,
    },
    {
      ...wide,
      title: "the same in each of 100 bootstraps",
      work: "logistic-bootstrap",
      peers: [GLMNET],
      aim: 1,
    },
    {
      ...wide,
      title: "the same, two threads beside one of glmnet",
      work: "logistic-bootstrap",
      peers: [GLMNET],
      aim: 0.6,
      threads: 2,
    },
  ];
}

function writeTables(): void {
  for (const [name, p] of [
    ["x", 65_280],
    ["y", 78],
  ] as const) {
    writeOnce(`correlate/${name}.f64`, () => {
      const random = randomStream(`bench correlate ${name}`);
      return Float64Array.from({ length: 300 * p }, () => random.normal());
    });
  }
}
