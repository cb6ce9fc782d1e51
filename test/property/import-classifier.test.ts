/** Imported classifiers: any change of a good file gives probabilities or a typed error. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { importClassifier } from "../../src/model/classification/import-classifier.js";
import { FeatureTable } from "../../src/table/feature-table.js";
import { rowIds } from "../support/outcomes.js";
import { assertSound, soundOrNull } from "../support/sound-results.js";

/** The issue asks for at least this many data sets per family. */
const RUNS = 20_000;

type File = Readonly<Record<string, unknown>>;

const common = {
  format: "deepradscore-classifier/1",
  endpoint: "EGFR",
  model: "deep",
  features: ["a", "b"],
  classes: [0, 1],
};
const files: readonly File[] = [
  {
    ...common,
    kind: "gaussian_nb",
    class_prior: [0.4, 0.6],
    theta: [
      [0, 1],
      [1, 0],
    ],
    variance: [
      [1, 2],
      [2, 1],
    ],
  },
  { ...common, kind: "linear_logistic", coef: [1, -2], intercept: 0.5 },
  {
    ...common,
    kind: "mlp",
    activation: "tanh",
    output_activation: "logistic",
    layers: [
      {
        weights: [
          [1, 2, 0],
          [0, -1, 1],
        ],
        bias: [0, 1, 0],
      },
      { weights: [[1], [-1], [2]], bias: [0.5] },
    ],
  },
  {
    ...common,
    kind: "knn",
    n_neighbors: 2,
    weights: "uniform",
    metric: "euclidean",
    train_x: [
      [0, 0],
      [1, 1],
      [2, 0],
    ],
    train_y: [0, 1, 1],
  },
  {
    ...common,
    kind: "random_forest",
    trees: [
      {
        left: [1, -1, -1],
        right: [2, -1, -1],
        feature: [0, -2, -2],
        threshold: [0.5, -2, -2],
        counts: [
          [2, 2],
          [2, 0],
          [0, 2],
        ],
      },
    ],
  },
  {
    ...common,
    kind: "svc",
    kernel: "rbf",
    gamma: 0.5,
    support_vectors: [
      [0, 0],
      [1, 1],
    ],
    dual_coef: [-1, 1],
    n_support: [1, 1],
    intercept: 0.1,
    platt_a: -1,
    platt_b: 0.1,
  },
];

const odd = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -3, max: 3, noNaN: true }) },
  fc.constantFrom(null, true, "", "a", "rbf", [], {}, [null], [[]], -1, 0, 2, 3, 1e308, -1e308, 0.5),
  fc.array(fc.integer({ min: -2, max: 3 }), { maxLength: 4 }),
  fc.array(fc.array(fc.integer({ min: -2, max: 3 }), { maxLength: 3 }), { maxLength: 3 }),
);

const x = new FeatureTable(rowIds(3), [
  { name: "a", unit: "", values: Float64Array.of(0, 1, -3) },
  { name: "b", unit: "", values: Float64Array.of(2, 0.5, 1e6) },
]);

describe("imported classifiers", function () {
  this.timeout(120_000);

  it("take good files", () => {
    for (const file of files) {
      const fitted = importClassifier(file);
      assertSound(fitted.predict(x).values, [], String(file.kind));
      assert.equal(fitted.decide(x).length, 3);
    }
  });

  it(`give probabilities or a typed error, ${RUNS} changed files`, () => {
    let answers = 0;
    const change = fc.record({
      file: fc.constantFrom(...files),
      key: fc.nat(),
      depth: fc.nat({ max: 3 }),
      value: odd,
    });
    fc.assert(
      fc.property(change, ({ file, key, depth, value }) => {
        const predicted = soundOrNull(() => importClassifier(changed(file, key, depth, value)).predict(x));
        if (predicted === null) return;
        answers++;
        assertSound(predicted.values, [], String(file.kind));
      }),
      { numRuns: RUNS },
    );
    assert.ok(answers > RUNS / 10 && answers < RUNS * 0.95, `${answers} of ${RUNS} had an answer`);
  });

  it("say which field is wrong", () => {
    assert.throws(
      () => importClassifier(null),
      /the model file must be an object of named fields, found null/,
    );
    assert.throws(() => importClassifier({}), /"format" of the model file must be one of .*, found nothing/);
    const [bayes, linear, network] = files as readonly [File, File, File];
    assert.throws(
      () =>
        importClassifier({
          ...bayes,
          variance: [
            [1, 0],
            [1, 1],
          ],
        }),
      /variances are positive/,
    );
    assert.throws(
      () => importClassifier({ ...linear, coef: [1] }),
      /"coef" of the model file must be 2 finite numbers, found \[1\]/,
    );
    assert.throws(
      () => importClassifier({ ...network, layers: [{ weights: [[1]], bias: [0] }] }),
      /1 rows of weights for 2 inputs/,
    );
  });
});

/** The file with another value somewhere, at most `depth` levels down. */
function changed(node: unknown, key: number, depth: number, value: unknown): unknown {
  if (typeof node !== "object" || node === null) return value;
  const keys = Object.keys(node);
  const name = keys[key % keys.length] ?? "0";
  const inner = (node as File)[name];
  const next = depth > 0 ? changed(inner, Math.floor(key / 7), depth - 1, value) : value;
  if (Array.isArray(node)) return node.map((one, at) => (String(at) === name ? next : (one as unknown)));
  return { ...node, [name]: next };
}
