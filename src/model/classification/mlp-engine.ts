/**
 * Forward and backward pass of a multilayer perceptron, with the products of matrices in WebAssembly.
 *
 * Source: Rumelhart, Hinton & Williams 1986, doi:10.1038/323533a0; loss as in scikit-learn's MLPClassifier.
 * Layer:  model; imports its own folders.
 */
import { type Products, withProducts } from "../wasm/products.js";

export type Activation = "relu" | "tanh" | "logistic";

/** Units of each layer, the columns first. One output is the log odds of the second of two classes; k are one per class. */
export interface MlpShape {
  readonly sizes: readonly number[];
  readonly activation: Activation;
}

/** Where the numbers of one layer lie. Widths are multiples of 4; numbers beyond the units are 0 and stay so. */
interface LayerPlace {
  readonly inputs: number;
  readonly inputWidth: number;
  readonly units: number;
  readonly width: number;
  /** First weight (inputs × width, row-major) and first bias among all parameters. */
  readonly weights: number;
  readonly bias: number;
}

/** Probabilities are kept this far from 0 and 1 in the loss, as in scikit-learn. */
const LEAST = Number.EPSILON;

/** Calls `use` with a network that takes up to `batch` patients at a time. */
export function withMlp<T>(shape: MlpShape, batch: number, use: (engine: MlpEngine) => T): T {
  const { places, count } = placesOf(shape.sizes);
  const sizes: Record<string, number> = { input: 8 * batch * shape.sizes[0] };
  for (const name of ["params", "gradient", "mean", "square"]) sizes[name] = 8 * count;
  places.forEach(({ width, units, inputWidth }, l) => {
    sizes[`output${l}`] = 8 * batch * width;
    sizes[`delta${l}`] = 8 * batch * width;
    if (l > 0) sizes[`turned${l}`] = 8 * units * inputWidth;
  });
  return withProducts(sizes, Object.keys(sizes), ({ kernels, buffer, at }) => {
    const view = (name: string): View => ({
      address: at[name],
      values: new Float64Array(buffer, at[name], sizes[name] / 8),
    });
    const layers = places.map(
      (place, l): Layer => ({
        ...place,
        output: view(`output${l}`),
        delta: view(`delta${l}`),
        turned: l > 0 ? view(`turned${l}`) : view("input"),
      }),
    );
    const [input, params, gradient] = [view("input"), view("params"), view("gradient")];
    const moments = [at.mean, at.square] as const;
    return use(new MlpEngine(shape, kernels, { input, params, gradient, moments }, layers));
  });
}

function placesOf(sizes: readonly number[]): {
  readonly places: readonly LayerPlace[];
  readonly count: number;
} {
  let count = 0;
  const places = sizes.slice(1).map((units, l): LayerPlace => {
    const inputs = sizes[l];
    const width = Math.ceil(units / 4) * 4;
    const place = {
      inputs,
      inputWidth: l === 0 ? inputs : Math.ceil(inputs / 4) * 4,
      units,
      width,
      weights: count,
      bias: count + inputs * width,
    };
    count += (inputs + 1) * width;
    return place;
  });
  return { places, count };
}

/** An array in the module's memory. */
interface View {
  readonly address: number;
  readonly values: Float64Array;
}

interface Layer extends LayerPlace {
  readonly output: View;
  /** Derivative of the summed loss by what the units take in. */
  readonly delta: View;
  /** Transposed weights, for the way back. */
  readonly turned: View;
}

interface Memory {
  readonly input: View;
  readonly params: View;
  readonly gradient: View;
  /** Adam's running means of the gradient and of its square. */
  readonly moments: readonly [mean: number, square: number];
}

export class MlpEngine {
  /** Values of the patients of a batch, patient by patient. */
  readonly input: Float64Array;
  /** Weights and biases, layer by layer, and the derivative of the loss by each. */
  readonly params: Float64Array;
  readonly gradient: Float64Array;
  readonly #shape: MlpShape;
  readonly #products: Products;
  readonly #memory: Memory;
  readonly #layers: readonly Layer[];

  constructor(shape: MlpShape, products: Products, memory: Memory, layers: readonly Layer[]) {
    this.#shape = shape;
    this.#products = products;
    this.#memory = memory;
    this.#layers = layers;
    this.input = memory.input.values;
    this.params = memory.params.values;
    this.gradient = memory.gradient.values;
  }

  /** Weights (inputs × units, row-major) and biases of each layer, copied. */
  layers(): readonly MlpLayer[] {
    return this.#layers.map(({ inputs, units, width, weights, bias }) => {
      const own = new Float64Array(inputs * units);
      for (let i = 0; i < inputs; i++)
        for (let u = 0; u < units; u++) own[i * units + u] = this.params[weights + i * width + u];
      return { weights: own, bias: this.params.slice(bias, bias + units) };
    });
  }

  /** Takes weights and biases over. */
  load(layers: readonly MlpLayer[]): void {
    this.#layers.forEach(({ inputs, units, width, weights, bias }, l) => {
      const given = layers[l];
      for (let i = 0; i < inputs; i++)
        for (let u = 0; u < units; u++) this.params[weights + i * width + u] = given.weights[i * units + u];
      this.params.set(given.bias, bias);
    });
  }

  /** Derivatives in the layout of `layers`, copied. */
  gradients(): readonly MlpLayer[] {
    const kept = this.params.slice();
    this.params.set(this.gradient);
    const found = this.layers();
    this.params.set(kept);
    return found;
  }

  /**
   * Probabilities of the first `m` patients of `input`: of the second class if there is one output, else of each class,
   * row-major.
   */
  forward(m: number): Float64Array {
    const { activation } = this.#shape;
    const last = this.#layers.length - 1;
    const { input, params } = this.#memory;
    let from = input.address;
    this.#layers.forEach(({ inputs, inputWidth, units, width, weights, bias, output }, l) => {
      const isRelu = l < last && activation === "relu";
      const start = params.address + 8 * weights;
      this.#products.multiply(from, 8 * inputWidth, 8, start, output.address, m, inputs, width);
      this.#products.addRow(output.address, params.address + 8 * bias, m, width, Number(isRelu));
      if (l === last && units > 1) normalize(output.values, m, units, width);
      else if (!isRelu) activate(l === last || activation === "logistic", output.values, m, units, width);
      from = output.address;
    });
    const { units, width, output } = this.#layers[last];
    const found = new Float64Array(m * units);
    for (let row = 0; row < m; row++)
      for (let u = 0; u < units; u++) found[row * units + u] = output.values[row * width + u];
    return found;
  }

  /**
   * Writes the derivatives of the mean loss of the first `m` patients of `input`.
   *
   * @param codes  Class of each of them.
   * @param l2  Weight of half the sum of squares of the weights, which is divided by `m`.
   * @returns The loss.
   */
  backward(m: number, codes: Uint32Array, l2: number): number {
    const probability = this.forward(m);
    const last = this.#layers.length - 1;
    const { units: outputs, width: outputWidth, delta: outputDelta } = this.#layers[last];
    let loss = 0;
    for (let row = 0; row < m; row++) {
      for (let u = 0; u < outputs; u++) {
        const p = probability[row * outputs + u];
        const target = outputs === 1 ? codes[row] : codes[row] === u ? 1 : 0;
        outputDelta.values[row * outputWidth + u] = p - target;
        const kept = Math.min(Math.max(p, LEAST), 1 - LEAST);
        if (target === 1) loss -= Math.log(kept);
        else if (outputs === 1) loss -= Math.log(1 - kept);
      }
    }
    let squares = 0;
    for (let l = last; l >= 0; l--) {
      const layer = this.#layers[l];
      const { inputs, inputWidth, width, weights, bias, delta } = layer;
      const { input, params, gradient } = this.#memory;
      const before = l === 0 ? input : this.#layers[l - 1].output;
      const target = gradient.address + 8 * weights;
      this.#products.multiply(before.address, 8, 8 * inputWidth, delta.address, target, inputs, m, width);
      this.#products.decay(params.address + 8 * weights, target, bias - weights, l2, m);
      squares += sumOfSquares(this.params, weights, bias);
      this.#products.columnSums(delta.address, m, width, gradient.address + 8 * bias);
      this.#products.decay(params.address + 8 * bias, gradient.address + 8 * bias, width, 0, m);
      if (l > 0) this.#sendBack(layer, this.#layers[l - 1], m);
    }
    return loss / m + (0.5 * l2 * squares) / m;
  }

  /** One step of Adam, the `count`th from 1, along the derivatives that `backward` left. */
  adam(count: number, learningRate: number): void {
    const [first, second] = [0.9, 0.999];
    const rate = (learningRate * Math.sqrt(1 - second ** count)) / (1 - first ** count);
    const { params, gradient, moments } = this.#memory;
    this.#products.adam(
      params.address,
      gradient.address,
      ...moments,
      params.values.length,
      rate,
      first,
      second,
      1e-8,
    );
  }

  #sendBack(layer: Layer, before: Layer, m: number): void {
    const { inputs, inputWidth, units, width, weights, delta, turned } = layer;
    for (let i = 0; i < inputs; i++)
      for (let u = 0; u < units; u++)
        turned.values[u * inputWidth + i] = this.params[weights + i * width + u];
    this.#products.multiply(
      delta.address,
      8 * width,
      8,
      turned.address,
      before.delta.address,
      m,
      units,
      inputWidth,
    );
    const { activation } = this.#shape;
    if (activation === "relu")
      this.#products.reluSlope(before.output.address, before.delta.address, m * inputWidth);
    else slope(activation === "logistic", before.output.values, before.delta.values, m * inputWidth);
  }
}

/** One layer: inputs × units, row-major, and one bias per unit. */
export interface MlpLayer {
  readonly weights: Float64Array;
  readonly bias: Float64Array;
}

function sumOfSquares(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at++) sum += values[at] * values[at];
  return sum;
}

/** Logistic function or hyperbolic tangent. */
function activate(isLogistic: boolean, values: Float64Array, m: number, units: number, width: number): void {
  for (let row = 0; row < m; row++) {
    for (let at = row * width; at < row * width + units; at++) {
      values[at] = isLogistic ? 1 / (1 + Math.exp(-values[at])) : Math.tanh(values[at]);
    }
  }
}

/** Multiplies by the derivative of the activation, which its value tells. */
function slope(isLogistic: boolean, values: Float64Array, delta: Float64Array, count: number): void {
  if (isLogistic) for (let at = 0; at < count; at++) delta[at] *= values[at] * (1 - values[at]);
  else for (let at = 0; at < count; at++) delta[at] *= 1 - values[at] * values[at];
}

/** Softmax of each row. */
function normalize(values: Float64Array, m: number, units: number, width: number): void {
  for (let row = 0; row < m; row++) {
    const start = row * width;
    let most = Number.NEGATIVE_INFINITY;
    for (let u = 0; u < units; u++) most = Math.max(most, values[start + u]);
    let sum = 0;
    for (let u = 0; u < units; u++) sum += values[start + u] = Math.exp(values[start + u] - most);
    for (let u = 0; u < units; u++) values[start + u] /= sum;
  }
}
