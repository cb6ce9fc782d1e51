/** Seeded patients, with features, outcomes, models and explanations: what the example figures show. */
import { randomStream } from "../../src/core/random.js";
import { Explanation } from "../../src/explain/explanation.js";
import { histogramBoosting } from "../../src/model/classification/boost-histogram.js";
import type { BoostingModel } from "../../src/model/classification/boost-model.js";
import { coxnet } from "../../src/model/coxnet.js";
import type { LearningCurve } from "../../src/model/validation/learning-curve.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { Labels } from "../../src/table/labels.js";
import { Scores } from "../../src/table/scores.js";
import { SurvivalData } from "../../src/table/survival-data.js";

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

/** Name, unit, and what makes of a drawn value (about 10, 20, 30 … with a deviation of 3 to 6) one that the feature can have. */
const FEATURES: readonly (readonly [name: string, unit: string, toValue: (drawn: number) => number])[] = [
  ["Volume", "mL", (drawn) => drawn],
  ["Minor axis length", "mm", (drawn) => drawn],
  ["Joint entropy", "", (drawn) => 8 + (drawn - 31) / 4],
  ["Run length non-uniformity", "", (drawn) => 20 * drawn],
  ["90th percentile", "HU", (drawn) => 40 + 4 * (drawn - 50)],
  ["Zone variance", "", (drawn) => 10 * drawn],
  ["Contrast", "", (drawn) => drawn],
  ["Coarseness", "", (drawn) => drawn / 10_000],
  ["Age", "years", (drawn) => 66 + 0.9 * (drawn - 90)],
];

/** Values that follow the hidden cause less and less; neighbours resemble one another. */
const drawn: readonly Float64Array[] = FEATURES.map((_, j) =>
  Float64Array.from(
    hidden,
    (cause, i) =>
      10 * (j + 1) +
      (j % 3 === 1 ? -1 : 1) * cause * (3 - j / 3) +
      (1 + j / 2) * random.normal() +
      ((i * 7) % 5) * (j % 2),
  ),
);

export const features: FeatureTable = new FeatureTable(
  ids,
  FEATURES.map(([name, unit, toValue], j) => ({ name, unit, values: drawn[j].map(toValue) })),
);

/** Nobody is followed for more than five years. */
const deaths = hidden.map((cause) => -30 * Math.exp(-0.9 * cause) * Math.log(random.uniform()));
export const follow: SurvivalData = new SurvivalData(
  ids,
  deaths.map((death) => Math.round(10 * Math.min(60, death) + 1) / 10),
  hidden.map((cause, i) => random.uniform() < 0.75 + 0.05 * Math.sign(cause) && deaths[i] < 60),
  "months",
);

export const net = coxnet({ folds: 5, seed: 7 }).fit(features, follow);

/** Of a model with an interaction: age matters more where volume is large. One value is missing. */
export const explanation: Explanation = (() => {
  const p = FEATURES.length;
  const data = features.toMatrix();
  data[5 * p + 2] = Number.NaN;
  const means = drawn.map((values) => values.reduce((sum, value) => sum + value, 0) / ids.length);
  const values = Float64Array.from(data, (value, at) => {
    const [i, j] = [Math.floor(at / p), at % p];
    const own = (Number.isNaN(value) ? 0 : drawn[j][i] - means[j]) / (j + 1);
    const sign = j === 8 ? Math.sign(drawn[0][i] - means[0]) : j % 3 === 1 ? -1 : 1;
    return 0.4 * own * sign * (1 - j / 10);
  });
  return new Explanation({
    ids,
    features: FEATURES.map(([name, unit]) => ({ name, unit })),
    values,
    data,
    base: 0.2,
    outputUnit: "log hazard",
  });
})();

/** The same with grades of the minor axis, in log odds, in the order of time with a shift. */
export const graded: Explanation = (() => {
  const p = FEATURES.length;
  const { data, values } = explanation;
  return new Explanation({
    ids,
    features: explanation.features,
    values: values.map((value, at) => (at % p === 3 && at > (p * ids.length) / 2 ? value + 0.5 : value)),
    data: data.map((value, at) => (at % p === 1 ? Math.round((value - 20) / 4) : value)),
    base: -0.4,
    outputUnit: "log odds of relapse",
  });
})();

/** Of each class of three, which share the features out differently. */
export const byClass: Readonly<Record<string, Explanation>> = Object.fromEntries(
  ["adenocarcinoma", "squamous cell carcinoma", "large cell carcinoma"].map((name, c) => [
    name,
    new Explanation({
      ...explanation,
      values: explanation.values.map((value, at) => 0.2 * value * (1 + Math.cos((at % FEATURES.length) + c))),
      base: 0.3,
      outputUnit: `probability of ${name}`,
    }),
  ]),
);

/** The same before they become probabilities. */
export const byClassInLogOdds: Readonly<Record<string, Explanation>> = Object.fromEntries(
  Object.entries(byClass).map(([name, one], c) => [
    name,
    new Explanation({
      ...one,
      values: one.values.map((value) => 3 * value),
      base: c - 1.5,
      outputUnit: `log odds of ${name}`,
    }),
  ]),
);

export const both = {
  Radiomics: { y: outcome, score: radiomics },
  Clinical: { y: outcome, score: clinical },
};

export const predicted: Labels = new Labels(
  ids,
  Array.from(radiomics.values, (value) => (value > 0.5 ? "relapse" : "none")),
  { classes: ["none", "relapse"], name: "predicted" },
);
const HISTOLOGY = ["adenocarcinoma", "squamous cell carcinoma", "large cell carcinoma"] as const;
export const stage = new Labels(
  ids,
  Array.from(ids, (_, i) => HISTOLOGY[(i * i) % 3]),
  { classes: HISTOLOGY, name: "histology" },
);
export const grade = new Labels(
  ids,
  ids.map((_, i) => ["I", "II", "III"][(i * 7) % 3]),
  { classes: ["I", "II", "III"], name: "grade" },
);
export const grown = new Labels(
  ids,
  Array.from(ids, (_, i) => HISTOLOGY[i % 5 === 0 ? (i + 1) % 3 : (i * i) % 3]),
  {
    classes: HISTOLOGY,
    name: "predicted",
  },
);
export const readerB: Float64Array = features
  .column("Volume")
  .map((value) => 1.02 * value + 0.3 + 0.8 * random.normal());

/** Sixty features in families: those of one family resemble one another. */
export const many = new FeatureTable(
  ids,
  Array.from({ length: 60 }, (_, j) => ({
    name: `Texture feature ${j + 1}`,
    unit: "",
    values: Float64Array.from(
      hidden,
      (cause, i) => cause * Math.sin(j % 7) + Math.cos(i * (1 + (j % 5))) + 0.6 * random.normal(),
    ),
  })),
);

export const risk = new Labels(
  ids,
  Array.from(radiomics.values, (value) => (value > 0.45 ? "high" : "low")),
  {
    classes: ["low", "high"],
    name: "risk",
  },
);
/** Kind of each patient's event, and of the censored. */
export const cause: Labels = new Labels(
  ids,
  Array.from(ids, (_, i) => (follow.event[i] === 0 ? "none" : i % 3 === 0 ? "other death" : "relapse")),
  { name: "cause" },
);
export const times = [6, 12, 18, 24, 36] as const;
/** Relapse comes before death. */
export const relapseFree = new SurvivalData(
  ids,
  follow.time.map((time, i) => time * (0.4 + ((i * 7) % 10) / 20)),
  follow.event.map((event, i) => (event === 1 || i % 4 === 0 ? 1 : 0)),
  "months",
);

/** As a repeated cross-validation of growing training parts would find it. */
export const learning: LearningCurve = {
  metric: "auc",
  method: "5-fold cross-validation",
  sentence: "More patients still help.",
  points: [20, 40, 60, 80, 96].map((size) => ({
    size,
    training: 0.8 + 2 / size,
    held: {
      value: 0.82 - 2.4 / size,
      interval: { lower: 0.74 - 3 / size, upper: 0.9 - 2 / size, confidence: 0.95 },
    },
  })),
};

export const chosen = features.select(["Volume", "Minor axis length", "Age"]);
/** Trees, whose pairs of features can be told apart. */
export const boosted = (): BoostingModel =>
  histogramBoosting({ rounds: 30, learningRate: 0.1 }).fit(chosen, outcome);
