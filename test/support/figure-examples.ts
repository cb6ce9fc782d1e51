/** One of each figure, of seeded patients: what the tests of figures look at, and the notebook that shows all of them. */
import { randomStream } from "../../src/core/random.js";
import type { Figure } from "../../src/plot/figure.js";
import * as plot from "../../src/plot/index.js";
import { Labels } from "../../src/table/labels.js";
import { Scores } from "../../src/table/scores.js";

const random = randomStream("figures");

export const ids: readonly string[] = Array.from(
  { length: 120 },
  (_, i) => `P${String(i + 1).padStart(3, "0")}`,
);
/** What everything of a patient depends on. */
const hidden: readonly number[] = ids.map(() => random.normal());

/** A score that knows the hidden cause, the less the more noise. */
function scoreOf(name: string, noise: number): Scores {
  const values = hidden.map((cause) => 1 / (1 + Math.exp(-(cause + noise * random.normal() - 0.5))));
  return new Scores(ids, Float64Array.from(values), name);
}

export const outcome: Labels = new Labels(
  ids,
  hidden.map((cause) => (random.uniform() < 1 / (1 + Math.exp(-(1.6 * cause - 0.5))) ? "relapse" : "none")),
  { classes: ["none", "relapse"], name: "outcome" },
);
export const radiomics: Scores = scoreOf("Radiomics", 0.4);
export const clinical: Scores = scoreOf("Clinical", 1.5);

const both = {
  Radiomics: { y: outcome, score: radiomics },
  Clinical: { y: outcome, score: clinical },
};

/** By name, each made when it is asked for. */
export const examples: Readonly<Record<string, () => Figure>> = {
  roc: () => plot.roc(both, { title: "Relapse within two years" }),
  "one-roc": () => plot.roc(both.Radiomics),
  "precision-recall": () => plot.precisionRecall(both),
};
