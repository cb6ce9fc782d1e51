/** Multilayer perceptrons against scikit-learn: mlp_forward_gradient.json, and "mlp" of stochastic_bands.json. */
import assert from "node:assert/strict";
import { mlp } from "../../src/model/classification/mlp.js";
import { type MlpLayer, withMlp } from "../../src/model/classification/mlp-engine.js";
import * as metrics from "../../src/model/metrics/index.js";
import { absence, assertClose, readReference } from "../support/modelling-references.js";
import { standardizedSplit } from "../support/standardized-split.js";

/** The README of the references asks for 1e-10. */
const TOLERANCE = 1e-10;
/** The README: the mean of at least 10 seeds. */
const SEEDS = 10;

type Matrix = readonly (readonly number[])[];

interface ForwardGradient {
  readonly hidden: readonly number[];
  readonly activation: "relu";
  readonly alpha: number;
  readonly coefs: readonly Matrix[];
  readonly intercepts: Matrix;
  readonly full_batch_loss: number;
  readonly coef_grads: readonly Matrix[];
  readonly intercept_grads: Matrix;
  readonly test_proba: Matrix;
}

type Band = Readonly<Record<"mean" | "sd" | "min" | "max" | "q01" | "q99", number>>;

interface Bands {
  readonly mlp: {
    readonly params: {
      readonly alpha: number;
      readonly hidden_layer_sizes: readonly number[];
      readonly max_iter: number;
    };
    readonly auc: Band;
    readonly accuracy: Band;
    readonly logloss: Band;
  };
}

describe("multilayer perceptrons as scikit-learn", function () {
  this.timeout(120_000);
  if (absence !== null) {
    it(`are compared with mlp_forward_gradient.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const gradients = readReference<Record<string, ForwardGradient>>("mlp_forward_gradient.json");
  const bands = readReference<Record<string, Bands>>("stochastic_bands.json");
  for (const name of ["breast_cancer", "wine"]) {
    const { train, test } = standardizedSplit(name);

    it(`${name}: loss, derivatives and probabilities for given weights`, () => {
      const r = gradients[name] as ForwardGradient;
      const layers = r.coefs.map((weights, l): MlpLayer => layerOf(weights, r.intercepts[l] ?? []));
      const outputs = r.intercepts.at(-1)?.length ?? 0;
      const shape = { sizes: [train.x.columns.length, ...r.hidden, outputs], activation: r.activation };
      withMlp(shape, train.x.length, (engine) => {
        engine.load(layers);
        engine.input.set(train.x.toMatrix());
        assertClose(
          engine.backward(train.x.length, train.y.codes, r.alpha),
          r.full_batch_loss,
          TOLERANCE,
          "loss",
        );
        engine.gradients().forEach(({ weights, bias }, l) => {
          assertNear(weights, r.coef_grads[l]?.flat() ?? [], `gradient of layer ${l}`);
          assertNear(bias, r.intercept_grads[l] ?? [], `gradient of the biases of layer ${l}`);
        });
        engine.input.set(test.x.toMatrix());
        const found = engine.forward(test.x.length);
        const expected = outputs === 1 ? r.test_proba.map(([, second]) => second ?? 0) : r.test_proba.flat();
        assertNear(found, expected, "probability");
      });
    });

    it(`${name}: area, accuracy and log loss of ${SEEDS} seeds lie in scikit-learn's band`, () => {
      const r = (bands[name] as Bands).mlp;
      const found = Array.from({ length: SEEDS }, (_, seed) => {
        const { alpha, hidden_layer_sizes: hidden, max_iter: maxEpochs } = r.params;
        const predicted = mlp({ hidden, l2: alpha, maxEpochs, seed }).fit(train.x, train.y).predict(test.x);
        const likeliest = predicted.likeliest().values;
        return {
          auc:
            predicted.classes.length === 2
              ? metrics.areaUnderCurve(test.y, predicted.of("1"))
              : predicted.classes.reduce(
                  (sum, one) =>
                    sum + metrics.areaUnderCurve(test.y, predicted.of(one), { positive: one }) / 3,
                  0,
                ),
          accuracy: test.y.values.filter((value, row) => value === likeliest[row]).length / test.y.length,
          logloss:
            test.y.codes.reduce(
              (sum, code, row) =>
                sum - Math.log(predicted.values[row * predicted.classes.length + code] as number),
              0,
            ) / test.y.length,
        };
      });
      for (const key of ["auc", "accuracy", "logloss"] as const) {
        const { q01, q99, min, max, sd } = r[key];
        const values = found.map((one) => one[key]);
        const mean = values.reduce((sum, value) => sum + value, 0) / SEEDS;
        assert.ok(mean >= q01 && mean <= q99, `${key}: mean ${mean} is not in [${q01}, ${q99}]`);
        if (key === "logloss")
          assert.ok(Math.max(...values) <= max + 2 * sd, `${key}: ${Math.max(...values)}`);
        else assert.ok(Math.min(...values) >= min - 2 * sd, `${key}: ${Math.min(...values)}`);
      }
    });
  }

  it("same seed, same bits", () => {
    const { train, test } = standardizedSplit("wine");
    const learned = (seed: number): Float64Array =>
      mlp({ hidden: [8, 6], maxEpochs: 30, solver: "sgd", seed })
        .fit(train.x, train.y)
        .predict(test.x).values;
    assert.deepEqual(learned(3), learned(3));
    assert.notDeepEqual(learned(3), learned(4));
  });
});

function layerOf(weights: Matrix, bias: readonly number[]): MlpLayer {
  return { weights: Float64Array.from(weights.flat()), bias: Float64Array.from(bias) };
}

/** Within 1e-10 of the largest of them: derivatives are sums that nearly cancel. */
function assertNear(actual: ArrayLike<number>, expected: readonly number[], what: string): void {
  assert.equal(actual.length, expected.length, `${what}: length`);
  const size = Math.max(...expected.map(Math.abs));
  expected.forEach((value, at) => {
    const gap = Math.abs((actual[at] as number) - value);
    assert.ok(gap <= TOLERANCE * size, `${what}[${at}]: ${actual[at]} is not ${value}, off by ${gap}`);
  });
}
