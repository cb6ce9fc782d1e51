/**
 * One patient of the synthetic cohort: hidden causes, clinical data, lesion traits, outcome and labels.
 *
 * No image enters an outcome: images are drawn from the traits, and traits and hazards from the same hidden causes. Each purpose has a
 * random stream of its own, so that a change of image size changes no outcome.
 */
import { type RandomStream, randomStream } from "../../src/core/random.js";

/** Hidden causes, standard normal: hypoxia, proliferation, invasion, immune response, metabolism. */
export interface Latents {
  readonly H: number;
  readonly P: number;
  readonly E: number;
  readonly I: number;
  readonly M: number;
}

export interface Clinical {
  readonly age: number;
  readonly male: boolean;
  readonly smoker: boolean;
  readonly scanner: "A" | "B";
}

/** What the lesion looks like. Lengths in mm. */
export interface Traits {
  readonly logVolume: number;
  readonly spicules: number;
  /** Width of the edge from 10 % to 90 %. */
  readonly edge: number;
  readonly lobulation: number;
  readonly solidHu: number;
  readonly pleuralDistance: number;
  readonly axisRatios: readonly [number, number, number];
  readonly textureSd: number;
  readonly textureLength: number;
  readonly necroticFraction: number;
  readonly halo: number;
  readonly logSuvMax: number;
}

export interface Outcome {
  /** Months to death or end of follow-up. */
  readonly time: number;
  readonly event: boolean;
  readonly cause: "cancer" | "other" | "";
}

export const LABELS = [
  "LVI",
  "PI",
  "EGFR",
  "KRAS",
  "ALK",
  "TP53",
  "PIK3CA",
  "ROS1",
  "PD1_L1",
  "NULL",
  "T4",
] as const;
export type Label = (typeof LABELS)[number];

export interface Patient {
  readonly index: number;
  readonly id: string;
  readonly seed: number;
  readonly latents: Latents;
  readonly clinical: Clinical;
  readonly traits: Traits;
  /** How often the traits were drawn again because the lesion would not fit its crop. */
  readonly redraws: number;
  /** Size of the anatomy, 1 on average. */
  readonly bodyScale: number;
  readonly outcome: Outcome;
  readonly labels: Readonly<Record<Label, boolean>>;
  readonly histology: "ADC" | "SCC" | "other";
}

/** Follow-up of a study: Weibull scale and mean of other deaths in months, and the range of the follow-up. */
export interface Preset {
  readonly cancerScale: number;
  readonly otherMean: number;
  readonly followUp: readonly [number, number];
}

export const PRESETS = {
  sbrt: { cancerScale: 50, otherMean: 300, followUp: [18, 96] },
  "resected-local": { cancerScale: 420, otherMean: 2500, followUp: [6, 60] },
  "resected-external": { cancerScale: 250, otherMean: 2500, followUp: [12, 96] },
} as const satisfies Record<string, Preset>;

const WEIBULL_SHAPE = 1.3;

/** Draws patient `index` of a cohort. Lesions of a larger diameter (mm) are drawn again. */
export function drawPatient(
  seed: number,
  index: number,
  preset: Preset,
  largestDiameter: number = Number.POSITIVE_INFINITY,
): Patient {
  const stream = (name: string): RandomStream => randomStream(`${seed}/${index}/${name}`);
  const latents = drawLatents(stream("latent"));
  const clinical = drawClinical(stream("clinical"));
  const trait = stream("trait");
  const bodyScale = 1 + 0.05 * trait.normal();
  let traits = drawTraits(trait, latents);
  let redraws = 0;
  for (; 2 * radiusOfVolume(traits.logVolume) > largestDiameter && redraws < 1000; redraws++) {
    traits = drawTraits(trait, latents);
  }
  const mutation = stream("mutation");
  return {
    index,
    id: `SYN-${String(index + 1).padStart(4, "0")}`,
    seed,
    latents,
    clinical,
    traits,
    redraws,
    bodyScale,
    outcome: drawOutcome(stream("outcome"), latents, clinical, preset),
    labels: drawLabels(mutation, latents, clinical, traits),
    histology: drawHistology(mutation, latents),
  };
}

/** Radius (mm) of the ball of a volume given as ln mm³. */
export function radiusOfVolume(logVolume: number): number {
  return Math.cbrt((3 * Math.exp(logVolume)) / (4 * Math.PI));
}

/** Log hazard of death from cancer. */
export function riskOf({ H, P, E, I, M }: Latents, age: number): number {
  return 0.75 * E + 0.5 * H + 0.4 * P - 0.4 * I + 0.35 * M + 0.03 * (age - 65);
}

export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Correlations in the order H, P, E, I, M. */
const CORRELATION: readonly (readonly number[])[] = [
  [1, 0.3, 0, 0, 0.4],
  [0.3, 1, 0.2, 0, 0.4],
  [0, 0.2, 1, -0.3, 0],
  [0, 0, -0.3, 1, 0],
  [0.4, 0.4, 0, 0, 1],
];
const MIXING: readonly (readonly number[])[] = cholesky(CORRELATION);

function drawLatents(stream: RandomStream): Latents {
  const white = [0, 1, 2, 3, 4].map(() => stream.normal());
  const mixed = MIXING.map((row) => row.reduce((sum, weight, j) => sum + weight * white[j], 0));
  return { H: mixed[0], P: mixed[1], E: mixed[2], I: mixed[3], M: mixed[4] };
}

function drawClinical(stream: RandomStream): Clinical {
  const age = Math.min(88, Math.max(38, 65 + 9 * stream.normal()));
  const smoker = stream.uniform() < 0.55;
  const male = stream.uniform() < 0.55;
  const scanner = stream.uniform() < 0.5 ? "B" : "A";
  return { age, smoker, male, scanner };
}

function drawTraits(stream: RandomStream, { H, P, E, I, M }: Latents): Traits {
  const g = (): number => stream.normal();
  const logVolume = 8.4 + 0.5 * P + 0.25 * H + 0.35 * g();
  const spicules = stream.poisson(Math.exp(0.9 + 0.7 * E));
  const edge = 0.8 + 1.8 * logistic(0.9 * E + 0.4 * I + 0.4 * g());
  const lobulation = 0.05 + 0.09 * logistic(P + 0.6 * g());
  const solidHu = 35 + 9 * I + 7 * g();
  const pleuralDistance = Math.max(0, 22 - 6 * E + 9 * g());
  const [a, b] = [Math.exp(0.12 * g()), Math.exp(0.12 * g())];
  return {
    logVolume,
    spicules,
    edge,
    lobulation,
    solidHu,
    pleuralDistance,
    axisRatios: [a, b, 1 / (a * b)],
    textureSd: 25 * Math.exp(0.3 * E - 0.2 * I + 0.15 * g()),
    textureLength: 2.6 * Math.exp(-0.25 * E + 0.12 * g()),
    necroticFraction: 0.45 * logistic(1.6 * (H - 0.5) + 0.4 * g()),
    halo: Math.max(0, 1.2 + 1.2 * I + 0.8 * g()),
    logSuvMax: 1.6 + 0.45 * M + 0.12 * P + 0.2 * g(),
  };
}

function drawOutcome(stream: RandomStream, latents: Latents, { age }: Clinical, preset: Preset): Outcome {
  const eta = riskOf(latents, age);
  const cancer = preset.cancerScale * (-Math.log(stream.uniform()) * Math.exp(-eta)) ** (1 / WEIBULL_SHAPE);
  const other = -Math.log(stream.uniform()) * preset.otherMean * Math.exp(-0.05 * (age - 65));
  const [from, to] = preset.followUp;
  const censored = from + (to - from) * stream.uniform();
  const time = Math.min(cancer, other, censored);
  if (time === censored) return { time, event: false, cause: "" };
  return { time, event: true, cause: time === cancer ? "cancer" : "other" };
}

function drawLabels(
  stream: RandomStream,
  { H, P, E, I, M }: Latents,
  { age, smoker }: Clinical,
  traits: Traits,
): Record<Label, boolean> {
  const happens = (logit: number): boolean => stream.uniform() < logistic(logit);
  const smoking = (smoker ? 1 : 0) - 0.55;
  return {
    LVI: happens(-0.9 + 1.6 * E),
    PI: happens(0.7 + 1.2 * E - 0.09 * (traits.pleuralDistance - 18)),
    EGFR: happens(-0.5 - P + I - 1.2 * smoking),
    KRAS: happens(-2.2 + 1.2 * M + smoking),
    ALK: happens(-3.2 + 1.3 * I - 0.067 * (age - 65)),
    TP53: happens(-0.8 + 1.4 * P + 0.7 * H),
    PIK3CA: happens(-2.2 + 1.1 * M + 0.6 * H),
    ROS1: happens(-3.4 + 1.1 * E + 0.8 * I),
    PD1_L1: happens(-0.3 + 1.6 * I + 0.5 * E),
    NULL: happens(-0.85),
    T4: traits.logVolume + 0.2 * stream.normal() > 9,
  };
}

function drawHistology(stream: RandomStream, { H, P, I, M }: Latents): Patient["histology"] {
  const weights = [0.9 * I - 0.6 * M, 0.9 * M + 0.5 * P - 0.5, -1 + 0.3 * H].map(Math.exp);
  const total = weights[0] + weights[1] + weights[2];
  const u = stream.uniform() * total;
  if (u < weights[0]) return "ADC";
  return u < weights[0] + weights[1] ? "SCC" : "other";
}

/** Lower triangle L with L·Lᵀ = m. */
function cholesky(m: readonly (readonly number[])[]): number[][] {
  const lower = m.map((row) => row.map(() => 0));
  for (let i = 0; i < m.length; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = m[i][j];
      for (let k = 0; k < j; k++) rest -= lower[i][k] * lower[j][k];
      lower[i][j] = i === j ? Math.sqrt(rest) : rest / lower[j][j];
    }
  }
  return lower;
}
