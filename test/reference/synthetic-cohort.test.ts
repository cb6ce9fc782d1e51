/** The causal model of the synthetic cohort gives the event rates, prevalences and oracle scores of its specification. */
import assert from "node:assert/strict";
import {
  drawPatient,
  type Label,
  type Patient,
  PRESETS,
  riskOf,
} from "../../data-scripts/synthetic/patient.js";

const N = 4000;

/** Events, cancer deaths (share of patients) and Harrell's C of the true risk, simulated for 300,000 patients. */
const OUTCOMES = [
  { preset: "sbrt", events: 0.67, cancer: 0.57, oracle: 0.751 },
  { preset: "resected-local", events: 0.09, cancer: 0.08, oracle: 0.773 },
  { preset: "resected-external", events: 0.23, cancer: 0.21, oracle: 0.79 },
] as const;

const PREVALENCE: readonly (readonly [Label, number])[] = [
  ["LVI", 0.35],
  ["PI", 0.55],
  ["EGFR", 0.41],
  ["KRAS", 0.16],
  ["ALK", 0.08],
  ["TP53", 0.37],
  ["PIK3CA", 0.17],
  ["ROS1", 0.05],
  ["PD1_L1", 0.45],
  ["T4", 0.21],
];

function cohort(preset: keyof typeof PRESETS): Patient[] {
  return Array.from({ length: N }, (_, index) => drawPatient(2026, index, PRESETS[preset]));
}

describe("the synthetic cohort's causal model", () => {
  for (const { preset, events, cancer, oracle } of OUTCOMES) {
    it(`gives preset ${preset} a share of ${events} events, ${cancer} from cancer, and oracle C ${oracle}`, () => {
      const patients = cohort(preset);
      const share = (test: (p: Patient) => boolean): number => patients.filter(test).length / N;
      assertShare(
        share((p) => p.outcome.event),
        events,
        "events",
      );
      assertShare(
        share((p) => p.outcome.cause === "cancer"),
        cancer,
        "cancer deaths",
      );
      // The standard error of C is about 0.35/√events near C = 0.75; three of them are allowed.
      const error = 3 * (0.35 / Math.sqrt(events * N));
      const c = concordance(patients);
      assert.ok(Math.abs(c - oracle) < error, `C ${c}, expected ${oracle} ± ${error}`);
    });
  }

  it("gives each label its prevalence", () => {
    const patients = cohort("sbrt");
    for (const [label, expected] of PREVALENCE) {
      assertShare(patients.filter((p) => p.labels[label]).length / N, expected, label);
    }
  });

  it("correlates the hidden causes as written", () => {
    const patients = cohort("sbrt");
    const r = (a: "H" | "P" | "E" | "I" | "M", b: "H" | "P" | "E" | "I" | "M"): number =>
      patients.reduce((sum, { latents }) => sum + latents[a] * latents[b], 0) / N;
    const expected = [
      ["H", "M", 0.4],
      ["P", "M", 0.4],
      ["H", "P", 0.3],
      ["P", "E", 0.2],
      ["I", "E", -0.3],
      ["H", "E", 0],
      ["H", "I", 0],
      ["I", "M", 0],
      ["E", "E", 1],
    ] as const;
    // A product of standard normals has a variance of at most 2.
    for (const [a, b, value] of expected)
      assert.ok(Math.abs(r(a, b) - value) < 4 * Math.sqrt(2 / N), `${a}, ${b}`);
  });

  it("keeps outcomes when lesions are drawn again to fit a smaller crop", () => {
    for (let index = 0; index < 50; index++) {
      const free = drawPatient(1, index, PRESETS.sbrt);
      const small = drawPatient(1, index, PRESETS.sbrt, 20);
      assert.deepEqual(small.outcome, free.outcome);
      assert.deepEqual(small.latents, free.latents);
    }
  });
});

/** Published to two digits: half of the last digit, and four standard errors of a share. */
function assertShare(found: number, expected: number, what: string): void {
  const tolerance = 0.005 + 4 * Math.sqrt((expected * (1 - expected)) / N);
  assert.ok(Math.abs(found - expected) < tolerance, `${what}: ${found}, expected ${expected} ± ${tolerance}`);
}

/** Harrell's C of the true log hazard for death of any cause. */
function concordance(patients: readonly Patient[]): number {
  const rows = patients.map((p) => ({ ...p.outcome, risk: riskOf(p.latents, p.clinical.age) }));
  let pairs = 0;
  let right = 0;
  for (const a of rows) {
    if (!a.event) continue;
    for (const b of rows) {
      if (b.time <= a.time) continue;
      pairs++;
      if (a.risk > b.risk) right++;
    }
  }
  return right / pairs;
}
