/**
 * Harrell's concordance against R's survival (with standard error), Hmisc, scikit-survival and lifelines.
 * Of cindex.json and cindex_python.json, not covered yet: Uno's concordance (uno_survival_pkg, sksurv_ipcw_*), the
 * weights S and S/G (timewt_*), and Hmisc's standard deviation, which is of another kind.
 */
import assert from "node:assert/strict";
import { concordance } from "../../src/model/concordance.js";
import type { Cohort } from "../../src/table/cohort.js";
import { Scores } from "../../src/table/scores.js";
import { absence, assertClose, readInput, readReference } from "../support/modelling-references.js";

/** The README of the references asks for exact counts and 1e-12. */
const TOLERANCE = 1e-12;

interface RReference {
  readonly harrell: {
    readonly c: number;
    readonly se: number;
    readonly count: Readonly<Record<"concordant" | "discordant" | "tied.x" | "tied.y" | "tied.xy", number>>;
  };
  readonly hmisc_rcorr_cens: { readonly C: number; readonly relevant: number };
}
interface PythonReference {
  readonly sksurv_censored: Readonly<Record<"c" | "concordant" | "discordant" | "tied_risk", number>>;
  readonly lifelines: number;
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
    it(`agrees on ${name}: counts exactly, C and standard error to ${TOLERANCE}`, () => {
      const cohort: Cohort = readInput(input).complete(complete);
      const y = cohort.survival({ time: "time", event: "event", unit: "days" });
      const score = cohort
        .numeric([column])
        .column(column)
        .map((value) => sign * value);
      const found = concordance(y, new Scores(y.ids, score, column));
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
    });
  }
});
