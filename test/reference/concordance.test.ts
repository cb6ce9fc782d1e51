/**
 * Harrell's and Uno's concordance against R's survival (with standard error), Hmisc, scikit-survival and lifelines, and
 * bootstrapped. Hmisc's standard deviation is of another kind and not compared.
 */
import assert from "node:assert/strict";
import {
  type Concordance,
  concordance,
  concordanceBootstrap,
  survivalWeightedConcordance,
  unoConcordance,
} from "../../src/model/concordance.js";
import type { Cohort } from "../../src/table/cohort.js";
import { Scores } from "../../src/table/scores.js";
import type { SurvivalData } from "../../src/table/survival-data.js";
import {
  absence,
  assertAllClose,
  assertClose,
  readInput,
  readNumbers,
  readReference,
} from "../support/modelling-references.js";

/** The README of the references asks for exact counts and 1e-12. */
const TOLERANCE = 1e-12;

interface RReference {
  readonly harrell: {
    readonly c: number;
    readonly se: number;
    readonly count: Readonly<Record<"concordant" | "discordant" | "tied.x" | "tied.y" | "tied.xy", number>>;
  };
  readonly hmisc_rcorr_cens: { readonly C: number; readonly Dxy: number; readonly relevant: number };
  readonly uno_survival_pkg: {
    readonly untruncated: WeightedReference;
    readonly tau: readonly (WeightedReference & { readonly tau: number })[];
  };
  readonly timewt_S: WeightedReference;
  readonly timewt_S_over_G: WeightedReference;
}
interface WeightedReference {
  readonly c: number;
  readonly se: number;
  readonly count: Readonly<Record<"concordant" | "discordant" | "tied.x" | "tied.y" | "tied.xy", number>>;
}
interface BootstrapReference {
  readonly estimate: number;
  readonly replicates: readonly number[];
  readonly percentile_95: readonly number[];
  readonly basic_95: readonly number[];
  readonly normal_95: readonly number[];
  readonly se_boot: number;
  readonly bias: number;
  readonly bca: {
    readonly z0: number;
    readonly acceleration: number;
    readonly alpha_levels: readonly number[];
    readonly limits_95: readonly number[];
  };
}
interface PythonReference {
  readonly sksurv_censored: Readonly<Record<"c" | "concordant" | "discordant" | "tied_risk", number>>;
  readonly lifelines: number;
  readonly sksurv_ipcw_untruncated: { readonly c: number };
  readonly sksurv_ipcw_tau: Readonly<Record<string, { readonly c: number }>>;
}

/** What each case measures: input, column of the score, its sign, columns that must be complete. */
const cases = [
  { name: "lung_age", input: "lung.csv", column: "age", sign: 1, complete: [] },
  {
    name: "lung_neg_phkarno_many_ties",
    input: "lung.csv",
    column: "ph.karno",
    sign: -1,
    complete: ["time", "event", "ph.karno", "age"],
  },
  { name: "veteran_neg_karno", input: "veteran.csv", column: "karno", sign: -1, complete: [] },
  { name: "gse7390_size", input: "gse7390.csv", column: "size", sign: 1, complete: [] },
] as const;

describe("Harrell's concordance as R, Hmisc, scikit-survival and lifelines", () => {
  if (absence !== null) {
    it(`is compared with cindex.json and cindex_python.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const fromR = readReference<Readonly<Record<string, RReference>>>("cindex.json");
  const fromPython = readReference<Readonly<Record<string, PythonReference>>>("cindex_python.json");

  it("has a case for each data set of both files", () => {
    const names = cases.map((known) => known.name).sort();
    for (const file of [fromR, fromPython]) {
      const sets = Object.keys(file).filter((key) => key !== "versions" && key !== "rule");
      assert.deepEqual(sets.sort(), names);
    }
  });

  for (const { name, input, column, sign, complete } of cases) {
    const data = (): { readonly y: SurvivalData; readonly risk: Scores } => {
      const cohort: Cohort = readInput(input).complete(complete);
      const y = cohort.survival({ time: "time", event: "event", unit: "days" });
      const score = cohort
        .numeric([column])
        .column(column)
        .map((value) => sign * value);
      return { y, risk: new Scores(y.ids, score, column) };
    };
    it(`agrees on ${name}: counts exactly, C and standard error to ${TOLERANCE}`, () => {
      const { y, risk } = data();
      const found = concordance(y, risk);
      const { harrell, hmisc_rcorr_cens } = fromR[name] as RReference;
      const { sksurv_censored, lifelines } = fromPython[name] as PythonReference;
      assert.deepEqual(
        [found.concordant, found.discordant, found.tiedRisk, found.tiedTime, found.tiedBoth],
        (["concordant", "discordant", "tied.x", "tied.y", "tied.xy"] as const).map(
          (key) => harrell.count[key],
        ),
      );
      assert.deepEqual(
        [found.concordant, found.discordant, found.tiedRisk],
        [sksurv_censored.concordant, sksurv_censored.discordant, sksurv_censored.tied_risk],
      );
      // Hmisc counts each pair from both sides.
      assert.equal(2 * (found.concordant + found.discordant + found.tiedRisk), hmisc_rcorr_cens.relevant);
      for (const c of [harrell.c, hmisc_rcorr_cens.C, sksurv_censored.c, lifelines]) {
        assertClose(found.c, c, TOLERANCE, "C");
      }
      assertClose(found.standardError, harrell.se, TOLERANCE, "standard error");
      assertClose(2 * found.c - 1, hmisc_rcorr_cens.Dxy, 10 * TOLERANCE, "Somers' D");
    });

    it(`agrees on ${name} by Uno and by weights S: counts, C and standard error to ${TOLERANCE}`, () => {
      const { y, risk } = data();
      const { uno_survival_pkg: uno, timewt_S, timewt_S_over_G } = fromR[name] as RReference;
      assertWeighted(unoConcordance(y, risk), uno.untruncated);
      // S / G weighs as 1 / G² does.
      assertWeighted(unoConcordance(y, risk), timewt_S_over_G);
      assertWeighted(survivalWeightedConcordance(y, risk), timewt_S);
      for (const r of uno.tau) assertWeighted(unoConcordance(y, risk, { until: r.tau }), r);
      const { sksurv_ipcw_untruncated, sksurv_ipcw_tau } = fromPython[name] as PythonReference;
      const { c } = unoConcordance(y, risk, { watched: "at" });
      assertClose(c, sksurv_ipcw_untruncated.c, TOLERANCE, "C as scikit-survival");
      for (const [until, r] of Object.entries(sksurv_ipcw_tau)) {
        const truncated = unoConcordance(y, risk, { watched: "at", until: Number(until) });
        assertClose(truncated.c, r.c, TOLERANCE, `C until ${until} as scikit-survival`);
      }
    });
  }

  it(`has the replicates and the intervals of cindex_bootstrap.json, to ${TOLERANCE}`, () => {
    const r = readReference<BootstrapReference>("cindex_bootstrap.json");
    const cohort = readInput("lung.csv");
    const y = cohort.survival({ time: "time", event: "event", unit: "days" });
    const rows = readNumbers("boot_idx_lung_400x228.csv");
    const found = concordanceBootstrap(y, cohort.numeric(["age"]).scores("age"), { rows });
    assertClose(found.estimate, r.estimate, TOLERANCE, "estimate");
    assertAllClose(found.replicates, r.replicates, TOLERANCE, "replicate");
    for (const [name, limits] of [
      ["percentile", r.percentile_95],
      ["basic", r.basic_95],
      ["normal", r.normal_95],
      ["bca", r.bca.limits_95],
    ] as const) {
      assertAllClose([found[name]?.lower ?? 0, found[name]?.upper ?? 0], limits, TOLERANCE, name);
    }
    assertClose(found.standardError, r.se_boot, TOLERANCE, "standard error");
    // A difference of numbers near 0.55 keeps 1e-12 of them.
    assertClose(found.bias, r.bias, 1e3 * TOLERANCE, "bias");
    assertClose(found.bca?.biasCorrection ?? 0, r.bca.z0, TOLERANCE, "z0");
    assertClose(found.bca?.acceleration ?? 0, r.bca.acceleration, 1e3 * TOLERANCE, "acceleration");
    assertAllClose(found.bca?.levels ?? [], r.bca.alpha_levels, TOLERANCE, "levels");
  });
});

function assertWeighted(found: Concordance, r: WeightedReference): void {
  assertClose(found.c, r.c, TOLERANCE, "C");
  assertClose(found.standardError, r.se, TOLERANCE, "standard error");
  const counts = [found.concordant, found.discordant, found.tiedRisk, found.tiedTime, found.tiedBoth];
  assertAllClose(
    counts,
    (["concordant", "discordant", "tied.x", "tied.y", "tied.xy"] as const).map((key) => r.count[key]),
    TOLERANCE,
    "pairs",
  );
}
