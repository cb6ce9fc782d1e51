/**
 * Training of a multilayer perceptron by batches: Adam, or gradient descent with Nesterov's momentum.
 *
 * Source: Kingma & Ba 2015, arXiv:1412.6980; Nesterov 1983; Glorot & Bengio 2010 (where the weights start); rules of
 *         stopping as in scikit-learn's MLPClassifier.
 * Layer:  model; imports core and its own folder.
 */
import { NumericalError } from "../../core/errors.js";
import { type RandomStream, randomStream, shuffle } from "../../core/random.js";
import { type Activation, type MlpEngine, type MlpLayer, withMlp } from "./mlp-engine.js";
import type { Training } from "./training.js";

/** Every option with its value. */
export interface MlpSettings {
  readonly hidden: readonly number[];
  readonly activation: Activation;
  readonly solver: "adam" | "sgd";
  readonly l2: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly schedule: "constant" | "adaptive";
  readonly momentum: number;
  readonly maxEpochs: number;
  readonly tolerance: number;
  readonly patience: number;
  readonly validation: number;
  readonly seed: number;
}

/** What training found. */
export interface MlpTraining {
  readonly sizes: readonly number[];
  readonly layers: readonly MlpLayer[];
  /** Mean loss of each epoch. */
  readonly losses: Float64Array;
  /** Share of the patients held out for stopping that was classified rightly after each epoch; empty without any. */
  readonly validationScores: Float64Array;
  /** Whether training stopped by itself. */
  readonly converged: boolean;
}

/** @throws NumericalError if the weights grow beyond all limits. */
export function trainMlp({ matrix, p, codes, classes }: Training, settings: MlpSettings): MlpTraining {
  const sizes = [p, ...settings.hidden, classes.length === 2 ? 1 : classes.length];
  const random = randomStream(`${settings.seed}/mlp`);
  const { held, train } = holdOut(codes, classes.length, settings.validation, random);
  const batch = Math.min(settings.batch, train.length);
  return withMlp({ sizes, activation: settings.activation }, batch, (engine) => {
    start(engine, sizes, settings.activation, random);
    const step = settings.solver === "adam" ? adam(engine, settings) : nesterov(engine, settings);
    const batchCodes = new Uint32Array(batch);
    const stop = new Stopping(settings, held.length > 0);
    const losses: number[] = [];
    const scores: number[] = [];
    const order = train.slice();
    while (losses.length < settings.maxEpochs && !stop.done) {
      shuffle(order, random);
      let sum = 0;
      for (let from = 0; from < order.length; from += batch) {
        const rows = order.subarray(from, from + batch);
        gather(matrix, p, codes, rows, engine.input, batchCodes);
        sum += engine.backward(rows.length, batchCodes, settings.l2) * rows.length;
        step.move();
      }
      const loss = sum / order.length;
      losses.push(loss);
      if (!Number.isFinite(loss)) throw grown();
      if (held.length > 0) scores.push(scoreOf(engine, matrix, p, codes, held, batch));
      stop.look(loss, scores.at(-1), engine.params, step);
    }
    if (stop.best !== null) engine.params.set(stop.best);
    if (!engine.params.every(Number.isFinite)) throw grown();
    return {
      sizes,
      layers: engine.layers(),
      losses: Float64Array.from(losses),
      validationScores: Float64Array.from(scores),
      converged: stop.done,
    };
  });
}

function grown(): NumericalError {
  return new NumericalError(
    "the weights of the perceptron grow beyond all limits. Standardize the columns, or use a smaller learning rate.",
  );
}

/** The first patients of each class in a random order are held out, at least one. */
function holdOut(
  codes: Uint32Array,
  k: number,
  share: number,
  random: RandomStream,
): { readonly held: Uint32Array; readonly train: Uint32Array } {
  const rows = Uint32Array.from(codes, (_, row) => row);
  if (share === 0) return { held: new Uint32Array(0), train: rows };
  const isHeld = new Uint8Array(codes.length);
  for (let c = 0; c < k; c++) {
    const members = rows.filter((row) => codes[row] === c);
    shuffle(members, random);
    for (const row of members.subarray(0, Math.max(1, Math.round(share * members.length)))) isHeld[row] = 1;
  }
  return { held: rows.filter((row) => isHeld[row] === 1), train: rows.filter((row) => isHeld[row] === 0) };
}

/** Uniform weights and biases that keep the variance from layer to layer. */
function start(
  engine: MlpEngine,
  sizes: readonly number[],
  activation: Activation,
  random: RandomStream,
): void {
  const factor = activation === "logistic" ? 2 : 6;
  engine.load(
    sizes.slice(1).map((units, l) => {
      const bound = Math.sqrt(factor / (sizes[l] + units));
      const draw = (): number => bound * (2 * random.uniform() - 1);
      const weights = Float64Array.from({ length: sizes[l] * units }, draw);
      return { weights, bias: Float64Array.from({ length: units }, draw) };
    }),
  );
}

function gather(
  matrix: Float64Array,
  p: number,
  codes: Uint32Array,
  rows: Uint32Array,
  input: Float64Array,
  batchCodes: Uint32Array,
): void {
  for (let at = 0; at < rows.length; at++) {
    const from = rows[at] * p;
    for (let j = 0; j < p; j++) input[at * p + j] = matrix[from + j];
    batchCodes[at] = codes[rows[at]];
  }
}

/** Moves the parameters by their derivatives. */
interface Step {
  move(): void;
  /** Goes on with a fifth of the rate. @returns False if that is too little to matter. */
  slow(): boolean;
}

function adam(engine: MlpEngine, { learningRate }: MlpSettings): Step {
  let count = 0;
  return { move: () => engine.adam(++count, learningRate), slow: () => false };
}

function nesterov({ params, gradient }: MlpEngine, settings: MlpSettings): Step {
  const { momentum, learningRate, schedule } = settings;
  const velocity = new Float64Array(params.length);
  let rate = learningRate;
  return {
    move: () => {
      for (let at = 0; at < params.length; at++) {
        const pull = rate * gradient[at];
        velocity[at] = momentum * velocity[at] - pull;
        params[at] += momentum * velocity[at] - pull;
      }
    },
    slow: () => {
      if (schedule === "constant" || rate <= 1e-6) return false;
      rate /= 5;
      return true;
    },
  };
}

/** Share of the held-out patients whose likeliest class is theirs. */
function scoreOf(
  engine: MlpEngine,
  matrix: Float64Array,
  p: number,
  codes: Uint32Array,
  held: Uint32Array,
  batch: number,
): number {
  let right = 0;
  const own = new Uint32Array(batch);
  for (let from = 0; from < held.length; from += batch) {
    const rows = held.subarray(from, from + batch);
    gather(matrix, p, codes, rows, engine.input, own);
    const found = engine.forward(rows.length);
    const k = found.length / rows.length;
    for (let at = 0; at < rows.length; at++) {
      const values = found.subarray(at * k, at * k + k);
      const likeliest = k === 1 ? Number(values[0] > 0.5) : values.indexOf(Math.max(...values));
      if (likeliest === own[at]) right++;
    }
  }
  return right / held.length;
}

/** Ends training when nothing has become better for long. */
class Stopping {
  done = false;
  /** Parameters with the best score of the held-out patients. */
  best: Float64Array | null = null;
  readonly #settings: MlpSettings;
  #bestLoss = Number.POSITIVE_INFINITY;
  #bestScore = Number.NEGATIVE_INFINITY;
  #useless = 0;
  readonly #byScore: boolean;

  constructor(settings: MlpSettings, byScore: boolean) {
    this.#settings = settings;
    this.#byScore = byScore;
  }

  look(loss: number, score: number | undefined, params: Float64Array, step: Step): void {
    const { tolerance, patience } = this.#settings;
    if (this.#byScore && score !== undefined) {
      this.#useless = score < this.#bestScore + tolerance ? this.#useless + 1 : 0;
      if (score > this.#bestScore) {
        this.#bestScore = score;
        this.best = params.slice();
      }
    } else {
      this.#useless = loss > this.#bestLoss - tolerance ? this.#useless + 1 : 0;
      this.#bestLoss = Math.min(this.#bestLoss, loss);
    }
    if (this.#useless <= patience) return;
    this.done = !step.slow();
    this.#useless = 0;
  }
}
