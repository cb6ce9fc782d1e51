/** Nearest neighbors, naive Bayes and discriminant analysis against scikit-learn: knn.json, gnb_lda.json. */
import assert from "node:assert/strict";
import * as classification from "../../src/model/classification/index.js";
import type { Probabilities } from "../../src/table/probabilities.js";
import { absence, assertAllClose, readReference } from "../support/modelling-references.js";
import { standardizedSplit } from "../support/standardized-split.js";

/** The README of the references asks for 1e-10. */
const TOLERANCE = 1e-10;

type Matrix = readonly (readonly number[])[];

interface KnnFit {
  readonly params: {
    readonly n_neighbors: number;
    readonly weights?: "distance";
    readonly metric?: "manhattan";
  };
  readonly neighbours_in_train: Matrix;
  readonly distance: Matrix;
  readonly proba: Matrix;
  readonly pred: readonly number[];
}

interface Lda {
  readonly coef: Matrix;
  readonly intercept: readonly number[];
  readonly means: Matrix;
  readonly proba: Matrix;
  readonly transform_test_first5_abs?: Matrix;
  readonly explained_variance_ratio?: readonly number[];
}

interface Discriminants {
  readonly gaussian_nb: {
    readonly theta: Matrix;
    readonly var: Matrix;
    readonly prior: readonly number[];
    readonly proba: Matrix;
    readonly log_proba: Matrix;
  };
  readonly lda_svd: Lda;
  readonly lda_lsqr: Lda;
  readonly "lda_lsqr_shrinkage_0.3": Lda;
  readonly lda_lsqr_shrinkage_auto_ledoit_wolf: Lda;
  readonly lda_eigen: Lda;
  readonly "qda_reg0.1": { readonly proba: Matrix };
}

describe("classifiers as scikit-learn", () => {
  if (absence !== null) {
    it(`are compared with knn.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const knn = readReference<Record<string, { readonly fits: readonly KnnFit[] }>>("knn.json");
  const others = readReference<Record<string, Discriminants>>("gnb_lda.json");
  for (const name of ["breast_cancer", "wine"]) {
    const { train, ...split } = standardizedSplit(name);
    const test = split.test.x;

    for (const r of knn[name]?.fits ?? []) {
      it(`${name}: neighbors, ${JSON.stringify(r.params)}`, () => {
        const { n_neighbors: k, weights, metric } = r.params;
        const fitted = classification
          .nearestNeighbors({ k, ...(weights && { weights }), ...(metric && { metric }) })
          .fit(train.x, train.y);
        const found = fitted.neighbors(test);
        assert.deepEqual([...found.rows], r.neighbours_in_train.flat());
        assertAllClose(found.distances, r.distance.flat(), TOLERANCE, "distance");
        const probability = fitted.predict(test);
        assertAllClose(probability.values, r.proba.flat(), TOLERANCE, "probability");
        assert.deepEqual(probability.likeliest().values.map(Number), r.pred);
      });
    }

    const r = others[name] as Discriminants;
    it(`${name}: naive Bayes`, () => {
      const fitted = classification.naiveBayes().fit(train.x, train.y);
      assertNear(fitted.means, r.gaussian_nb.theta, "means");
      assertAllClose(fitted.variances, r.gaussian_nb.var.flat(), TOLERANCE, "variances");
      assertAllClose(fitted.priors, r.gaussian_nb.prior, TOLERANCE, "priors");
      assertAllClose(fitted.logJoint(test), r.gaussian_nb.log_proba.flat(), TOLERANCE, "log joint");
      assertNear(fitted.predict(test).values, r.gaussian_nb.proba, "probability");
    });

    for (const [what, shrinkage, expected] of [
      ["svd", 0, r.lda_svd],
      ["lsqr", 0, r.lda_lsqr],
      ["shrinkage 0.3", 0.3, r["lda_lsqr_shrinkage_0.3"]],
      ["Ledoit and Wolf's shrinkage", "auto", r.lda_lsqr_shrinkage_auto_ledoit_wolf],
      ["eigen", 0, r.lda_eigen],
    ] as const) {
      it(`${name}: linear discriminant analysis, ${what}`, () => {
        const fitted = classification.linearDiscriminant({ shrinkage }).fit(train.x, train.y);
        const p = fitted.columns.length;
        const { coefficients: c, intercepts: b } = fitted;
        // With two classes scikit-learn gives the difference of their scores.
        const isBinary = fitted.classes.length === 2;
        const coefficients = isBinary ? c.slice(p).map((value, j) => value - (c[j] as number)) : c;
        const intercepts = isBinary ? [(b[1] as number) - (b[0] as number)] : b;
        assertNear(fitted.means, expected.means, "means");
        assertNear(coefficients, expected.coef, "coefficients");
        assertNear(intercepts, [expected.intercept], "intercepts");
        assertNear(fitted.predict(test).values, expected.proba, "probability");
        if (expected.transform_test_first5_abs === undefined) return;
        assertAllClose(fitted.explained, expected.explained_variance_ratio ?? [], TOLERANCE, "explained");
        const projected = fitted.transform(test.pick(test.ids.slice(0, 5)));
        assertNear(projected.toMatrix().map(Math.abs), expected.transform_test_first5_abs, "discriminants");
      });
    }

    it(`${name}: quadratic discriminant analysis`, () => {
      const fitted = classification.quadraticDiscriminant({ regularization: 0.1 }).fit(train.x, train.y);
      const found: Probabilities = fitted.predict(test);
      assertNear(found.values, r["qda_reg0.1"].proba, "probability");
    });
  }
});

/** Within 1e-10 of the largest of them: single ones may nearly cancel. */
function assertNear(actual: ArrayLike<number>, expected: Matrix, what: string): void {
  const values = expected.flat();
  assert.equal(actual.length, values.length, `${what}: length`);
  const size = Math.max(...values.map(Math.abs));
  values.forEach((value, at) => {
    const distance = Math.abs((actual[at] as number) - value);
    assert.ok(
      distance <= TOLERANCE * size,
      `${what}[${at}]: ${actual[at]} is not ${value}, off by ${distance / size}`,
    );
  });
}
