/** Support vector machines and multilayer perceptrons: their definitions, and on any small data set probabilities or a typed error. */
import assert from "node:assert/strict";
import fc from "fast-check";
import * as classification from "../../src/model/classification/index.js";
import { type MlpLayer, withMlp } from "../../src/model/classification/mlp-engine.js";
import { couplePairs } from "../../src/model/classification/svm-sigmoid.js";
import type { FeatureTable } from "../../src/table/feature-table.js";
import { labelsOf } from "../support/outcomes.js";
import { type SmallPatient, smallPatient, smallTable } from "../support/small-patients.js";
import { anyValue, assertSound, soundOrNull } from "../support/sound-results.js";

/** The issue asks for at least this many data sets per family. */
const RUNS = 20_000;

function countAnswers(
  recipes: Readonly<
    Record<string, { fit(x: FeatureTable, y: ReturnType<typeof labelsOf>): classification.Classifier }>
  >,
): Record<string, number> {
  const answers: Record<string, number> = {};
  const names = Object.keys(recipes);
  fc.assert(
    fc.property(
      fc.array(smallPatient(anyValue, 3), { maxLength: 9 }),
      fc.constantFrom(...names),
      (rows, name) => {
        const [x, y] = [smallTable(rows), labelsOf(rows.map(({ label }) => label))];
        const predicted = soundOrNull(() => recipes[name]?.fit(x, y).predict(x) ?? null);
        if (predicted === null) return;
        answers[name] = (answers[name] ?? 0) + 1;
        assertSound(predicted.values, [], name);
        assert.deepEqual(predicted.ids, x.ids);
      },
    ),
    { numRuns: RUNS },
  );
  for (const name of names) {
    // Two patients of each class, whom a recipe may need, are not in all of these data sets.
    const enough = RUNS / names.length / 8;
    assert.ok((answers[name] ?? 0) > enough, `${name}: only ${answers[name]} had an answer`);
  }
  return answers;
}

describe("support vector machines", function () {
  this.timeout(300_000);

  it(`give probabilities or a typed error, ${RUNS} data sets`, () => {
    countAnswers({
      rbf: classification.svm(),
      linear: classification.svm({ kernel: "linear", cost: 10 }),
      poly: classification.svm({ kernel: "poly", coef0: 1, classWeights: "balanced" }),
      sigmoid: classification.svm({ kernel: "sigmoid", gamma: "auto" }),
    });
  });

  it("meet the conditions of the minimum: on the margin, inside it or outside it", () => {
    const patients = fc.array(smallPatient(fc.integer({ min: -4, max: 4 }), 2), {
      minLength: 4,
      maxLength: 14,
    });
    fc.assert(
      fc.property(
        patients,
        fc.constantFrom(0.1, 1, 20),
        fc.constantFrom("rbf", "linear"),
        (rows, cost, kernel) => {
          fc.pre(new Set(rows.map(({ label }) => label)).size === 2);
          const [x, y] = [smallTable(rows), labelsOf(rows.map(({ label }) => label))];
          const fitted = classification.svm({ kernel, cost, tolerance: 1e-6 }).fit(x, y);
          const decision = fitted.decision(x);
          let sum = 0;
          rows.forEach(({ label }, row) => {
            const at = fitted.supportIds.indexOf(String(row));
            const own = at < 0 ? 0 : (fitted.coefficients[at] as number);
            const side = label === 1 ? 1 : -1;
            const margin = side * (decision[row] as number);
            sum += own;
            assert.ok(own * side >= 0 && own * side <= cost, `coefficient ${own}`);
            // Rows are kept in single precision while the minimum is looked for.
            if (own * side < cost) assert.ok(margin >= 1 - 1e-4, `margin ${margin} of a free patient`);
            if (own !== 0) assert.ok(margin <= 1 + 1e-4, `margin ${margin} of a support vector`);
          });
          assert.ok(Math.abs(sum) <= 1e-9 * cost, `coefficients sum to ${sum}`);
        },
      ),
    );
  });

  it("give the same probabilities for the same seed, others for another", () => {
    const rows = Array.from(
      { length: 40 },
      (_, row): SmallPatient => ({
        label: row % 3,
        values: [Math.sin(row * 7) + (row % 3), Math.cos(row * 3)],
      }),
    );
    const [x, y] = [smallTable(rows), labelsOf(rows.map(({ label }) => label))];
    const predicted = (seed: number): Float64Array =>
      classification.svm({ seed }).fit(x, y).predict(x).values;
    assert.deepEqual(predicted(1), predicted(1));
    assert.notDeepEqual(predicted(1), predicted(2));
  });

  it("couple pairs of consistent probabilities to those that they came from", () => {
    const share = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(fc.array(share, { minLength: 2, maxLength: 5 }), (shares) => {
        const total = shares.reduce((sum, one) => sum + one, 0);
        const pairs = shares.flatMap((a, i) => shares.slice(i + 1).map((b) => a / (a + b)));
        const found = couplePairs(pairs, shares.length, { rounds: 10_000, close: 1e-13 });
        shares.forEach((one, c) => {
          assert.ok(Math.abs((found[c] as number) - one / total) < 1e-6, `class ${c}`);
        });
      }),
    );
  });

  it("say what is wrong with options and data", () => {
    const rows: SmallPatient[] = [0, 0, 1, 1].map((label, at) => ({ label, values: [1e100 * at, at * at] }));
    const [x, y] = [smallTable(rows), labelsOf(rows.map(({ label }) => label))];
    assert.throws(() => classification.svm({ cost: 0 }), /cost must be positive/);
    assert.throws(() => classification.svm({ gamma: -1 }), /gamma must be 0 or more/);
    assert.throws(
      () => classification.svm({ classWeights: { b: -2 } }),
      /weight of class "b" must be positive/,
    );
    assert.throws(() => classification.svm({ classWeights: { b: 2 } }).fit(x, y), /names "b", but .* 0, 1/);
    assert.throws(
      () => classification.svm({ kernel: "poly", gamma: 1, degree: 9 }).fit(x, y),
      /poly kernel overflows/,
    );
  });
});

describe("multilayer perceptrons", function () {
  this.timeout(300_000);

  it(`give probabilities or a typed error, ${RUNS} data sets`, () => {
    countAnswers({
      relu: classification.mlp({ hidden: [3], maxEpochs: 4 }),
      tanh: classification.mlp({ hidden: [2, 3], activation: "tanh", solver: "sgd", maxEpochs: 4, batch: 3 }),
      logistic: classification.mlp({ hidden: [], activation: "logistic", maxEpochs: 3, learningRate: 10 }),
      stopping: classification.mlp({ hidden: [5], validation: 0.3, patience: 1, maxEpochs: 6 }),
    });
  });

  it("know the derivative of their loss by every weight", () => {
    const network = fc.record({
      hidden: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }),
      outputs: fc.constantFrom(1, 3),
      activation: fc.constantFrom("tanh" as const, "logistic" as const, "relu" as const),
      seed: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(network, ({ hidden, outputs, activation, seed }) => {
        const sizes = [3, ...hidden, outputs];
        const wave = (at: number): number => Math.sin(seed + 1.7 * at) + 0.013;
        const layers = sizes.slice(1).map(
          (units, l): MlpLayer => ({
            weights: Float64Array.from({ length: (sizes[l] as number) * units }, (_, at) =>
              wave(at + 31 * l),
            ),
            bias: Float64Array.from({ length: units }, (_, at) => wave(at + 17 * l + 5)),
          }),
        );
        const codes = Uint32Array.from({ length: 5 }, (_, row) => row % (outputs === 1 ? 2 : 3));
        withMlp({ sizes, activation }, 5, (engine) => {
          engine.load(layers);
          engine.input.set(Float64Array.from({ length: 15 }, (_, at) => wave(3 * at)));
          engine.backward(5, codes, 0.3);
          const found = engine.gradient.slice();
          const step = 1e-5;
          for (let at = 0; at < found.length; at++) {
            const kept = engine.params[at] as number;
            // Padding has no derivative and no weight.
            if (kept === 0) {
              assert.equal(found[at], 0);
              continue;
            }
            engine.params[at] = kept + step;
            const above = engine.backward(5, codes, 0.3);
            engine.params[at] = kept - step;
            const below = engine.backward(5, codes, 0.3);
            engine.params[at] = kept;
            const slope = (above - below) / (2 * step);
            // A unit at the bend of relu has two slopes: finite steps may see both.
            const allowed = activation === "relu" ? 0.05 : 1e-7;
            assert.ok(
              Math.abs(slope - (found[at] as number)) <= allowed * (1 + Math.abs(slope)),
              `${at}: ${slope}`,
            );
          }
        });
      }),
    );
  });

  it("say what is wrong with options and data", () => {
    assert.throws(() => classification.mlp({ hidden: [0] }), /at least 1, found 0/);
    assert.throws(() => classification.mlp({ momentum: 2 }), /momentum must be from 0 to 1, found 2/);
    const rows: SmallPatient[] = [0, 0, 1].map((label, at) => ({ label, values: [at, 1] }));
    const [x, y] = [smallTable(rows), labelsOf(rows.map(({ label }) => label))];
    assert.throws(() => classification.mlp({ validation: 0.2 }).fit(x, y), /class "1" has one patient/);
    const large = smallTable(
      rows.map(({ label, values: [a, b] }) => ({ label, values: [1e120 * a, 1e150 * b] })),
    );
    assert.throws(
      () => classification.mlp({ learningRate: 1e200, maxEpochs: 5 }).fit(large, y),
      /grow beyond all limits/,
    );
  });
});
