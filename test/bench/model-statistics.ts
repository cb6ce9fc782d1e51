/** Tests of many features, areas under curves, matrices of correlations and selection beside SciPy, NumPy and glmnet. */
import { randomStream } from "../../src/core/random.js";
import { writeFollowUp, writePatients } from "./model-data-support.js";
import { inPython, inR, printHeader, printRow, radbook, writeOnce } from "./model-support.js";

/** Prints the table. */
export async function bench(): Promise<void> {
  writePatients("hundred", 100, 110_592);
  writePatients("wide", 200, 110_592);
  writeFollowUp("follow-20000", 20_000, 1e6);
  for (const [name, p] of [
    ["x", 65_280],
    ["y", 78],
  ] as const) {
    writeOnce(`correlate/${name}.f64`, () => {
      const random = randomStream(`bench correlate ${name}`);
      return Float64Array.from({ length: 300 * p }, () => random.normal());
    });
  }
  const ours = radbook();
  const glmnet = inR("glmnet", "with_glmnet.R");
  const scipy = inPython("SciPy", "with_statistics.py");
  const numpy = inPython("NumPy", "with_statistics.py");
  printHeader();
  const rows = [
    {
      title: "DeLong, n = 20,000",
      work: "delong",
      data: "follow-20000",
      peer: numpy,
      aim: "≤ 1",
      repeats: 30,
    },
    { title: "110,592 t-tests, 100 patients", work: "t-tests", data: "hundred", peer: scipy, aim: "≤ 1" },
    {
      title: "110,592 Mann–Whitney tests, 100 patients",
      work: "mann-whitney",
      data: "hundred",
      peer: scipy,
      aim: "≤ 1",
    },
    { title: "Pearson 65,280 × 78 × 300", work: "pearson", data: "correlate", peer: numpy, aim: "≤ 1.5" },
    { title: "the same with p", work: "pearson-p", data: "correlate", peer: numpy, aim: "≤ 0.5" },
  ];
  for (const { peer, ...row } of rows) printRow({ repeats: 5, ...row, programs: [ours, peer] });
  // The peer does a tenth of the samples.
  const selection = {
    work: "logistic-bootstrap",
    data: "wide",
    repeats: 1,
    rounds: 1,
    peersShare: 10,
    programs: [ours, glmnet],
  };
  printRow({ ...selection, title: "binomial lasso 200 × 110,592, 100 bootstraps", aim: "≤ 1" });
  printRow({ ...selection, title: "the same, two threads", aim: "≤ 0.6 (wall)", threads: 2 });
}
