/** Support vector machines against scikit-learn: svm.json. */
import assert from "node:assert/strict";
import { type SvmOptions, svm } from "../../src/model/classification/svm.js";
import { fitSigmoid, type Sigmoid, sigmoidAt } from "../../src/model/classification/svm-sigmoid.js";
import { absence, readReference } from "../support/modelling-references.js";
import { standardizedSplit } from "../support/standardized-split.js";

/** The README of the references: decisions to 1e-6, the dual to 1e-9 relative. */
const DECISION = 1e-6;
const DUAL = 1e-9;
/** That of the reference: `tol` in its script. */
const TOLERANCE = 1e-10;

interface SvmFit {
  readonly params: {
    readonly kernel: "linear" | "rbf" | "poly";
    readonly C: number;
    readonly gamma?: number | "scale";
    readonly degree?: number;
    readonly coef0?: number;
    readonly class_weight?: "balanced";
  };
  readonly n_support: readonly number[];
  readonly support_0based_in_train: readonly number[];
  readonly dual_coef: readonly (readonly number[])[];
  readonly intercept: readonly number[];
  readonly decision_function_test: readonly number[] | readonly (readonly number[])[];
  readonly pred_test: readonly number[];
  readonly dual_objective?: number;
  readonly platt_on_train_decision?: {
    readonly train_decision: readonly number[];
    readonly a: number;
    readonly b: number;
    readonly test_proba: readonly number[];
  };
}

interface SvmCases {
  readonly gamma_scale: number;
  readonly fits: readonly SvmFit[];
}

describe("support vector machines as scikit-learn", () => {
  if (absence !== null) {
    it(`are compared with svm.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const reference = readReference<Readonly<Record<"breast_cancer" | "wine_ovo", SvmCases>>>("svm.json");
  for (const [input, cases] of [
    ["breast_cancer", reference.breast_cancer],
    ["wine", reference.wine_ovo],
  ] as const) {
    const { train, test } = standardizedSplit(input);
    for (const r of cases.fits) {
      const fitted = svm(optionsOf(r.params)).fit(train.x, train.y);
      const label = `${input}, ${JSON.stringify(r.params)}`;

      it(`decide as far from the boundary: ${label}`, () => {
        assertNear(fitted.decision(test.x), r.decision_function_test.flat(), DECISION, "decision");
        assertNear(fitted.intercepts, r.intercept, DECISION, "intercept");
        assert.deepEqual(fitted.decide(test.x).values.map(Number), r.pred_test);
        if (r.params.gamma === "scale")
          assertNear([fitted.kernel.gamma], [cases.gamma_scale], 1e-12, "gamma");
      });

      it(`rest on the same patients: ${label}`, () => {
        assert.deepEqual(fitted.supportCounts, r.n_support);
        const ids = r.support_0based_in_train.map((row) => train.x.ids[row]);
        assert.deepEqual(fitted.supportIds, ids);
        if (r.dual_objective === undefined) return;
        const gap = Math.abs((fitted.dual()[0] as number) - r.dual_objective);
        assert.ok(gap <= DUAL * Math.abs(r.dual_objective), `the dual differs by ${gap}`);
      });

      const { platt_on_train_decision: platt } = r;
      if (platt === undefined) continue;
      it(`give Platt's sigmoid: ${label}`, () => {
        const decisions = Float64Array.from(platt.train_decision);
        const isOutcome = Uint8Array.from(train.y.codes);
        const found = fitSigmoid(decisions, isOutcome);
        // The reference's search ends early: it is off by as much as the slope that it leaves.
        const left = newtonStep(decisions, isOutcome, platt);
        assert.ok(left < 1e-3, `the reference is off by ${left}`);
        assert.ok(newtonStep(decisions, isOutcome, found) < 1e-9, "a minimum");
        assertNear([found.a, found.b], [platt.a, platt.b], DECISION + 2 * left, "a and b");
        const p = fitted.decision(test.x).map((f) => sigmoidAt(found, f));
        assertNear(p, platt.test_proba, DECISION + 2 * left, "probability");
      });
    }
  }
});

function optionsOf({ kernel, C, gamma, degree, coef0, class_weight }: SvmFit["params"]): SvmOptions {
  return {
    kernel,
    cost: C,
    tolerance: TOLERANCE,
    ...(gamma !== undefined && { gamma }),
    ...(degree !== undefined && { degree }),
    ...(coef0 !== undefined && { coef0 }),
    ...(class_weight !== undefined && { classWeights: class_weight }),
  };
}

function assertNear(
  actual: ArrayLike<number>,
  expected: readonly number[],
  tolerance: number,
  what: string,
): void {
  assert.equal(actual.length, expected.length, `${what}: length`);
  expected.forEach((value, at) => {
    const gap = Math.abs((actual[at] as number) - value);
    assert.ok(gap <= tolerance, `${what}[${at}]: ${actual[at]} is not ${value}, off by ${gap}`);
  });
}

/** Length of the step to the minimum of Platt's likelihood, by its definition. */
function newtonStep(decisions: Float64Array, isOutcome: Uint8Array, { a, b }: Sigmoid): number {
  const outcomes = isOutcome.reduce((sum, one) => sum + one, 0);
  const others = isOutcome.length - outcomes;
  let [ga, gb, aa, ab, bb] = [0, 0, 0, 0, 0];
  decisions.forEach((f, row) => {
    const p = 1 / (1 + Math.exp(a * f + b));
    const rest = (isOutcome[row] === 1 ? (outcomes + 1) / (outcomes + 2) : 1 / (others + 2)) - p;
    ga += f * rest;
    gb += rest;
    aa += f * f * p * (1 - p);
    ab += f * p * (1 - p);
    bb += p * (1 - p);
  });
  const determinant = aa * bb - ab * ab;
  return Math.hypot((bb * ga - ab * gb) / determinant, (aa * gb - ab * ga) / determinant);
}
