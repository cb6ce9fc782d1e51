/** Tails and quantiles against R: distributions.json. */
import {
  betaQuantile,
  chiSquareTail,
  fQuantile,
  fTail,
  logChiSquareTail,
  logNormalCdf,
  logTTwoSided,
  normalCdf,
  normalQuantile,
  tQuantile,
  tTwoSided,
} from "../../src/core/distributions.js";
import { mannWhitneyCdf, signedRankCdf } from "../../src/model/statistics/rank-distribution.js";
import { absence, assertClose, readReference } from "../support/modelling-references.js";

/** The README of the references asks for p to 1e-10, relative also at p = 1e-40. */
const TOLERANCE = 1e-10;

type Case = Readonly<
  Record<
    "p" | "logp" | "z" | "t" | "df" | "x" | "f" | "df1" | "df2" | "a" | "b" | "w" | "v" | "m" | "n",
    number
  >
>;
type Kind =
  | "pnorm"
  | "qnorm"
  | "pt_two_sided"
  | "pt_frac_df"
  | "pchisq_upper"
  | "pf_upper"
  | "qt"
  | "qf"
  | "qbeta"
  | "wilcoxon_cdf"
  | "signrank_cdf";

describe("distributions as R", () => {
  if (absence !== null) {
    it(`are compared with distributions.json (skipped: ${absence})`, function () {
      this.skip();
    });
    return;
  }
  const reference = readReference<Readonly<Record<Kind, readonly Case[]>>>("distributions.json");
  const close = (actual: number, expected: number): void => assertClose(actual, expected, TOLERANCE, "value");

  for (const { z, p, logp } of reference.pnorm) {
    it(`normal: P(Z ≤ ${z}) = ${p}`, () => {
      // R gives 0 below z = -37.5, where the true value (2.9e-316 at -38) is no normal double; the logarithm tells.
      if (p > 0) close(normalCdf(z), p);
      close(logNormalCdf(z), logp);
    });
  }
  for (const { p, z } of reference.qnorm) {
    it(`normal: quantile of ${p} = ${z}`, () => close(normalQuantile(p), z));
  }
  for (const { t, df, p, logp } of reference.pt_two_sided) {
    it(`t: P(|T| ≥ ${t}), ${df} df = ${p}`, () => {
      close(tTwoSided(t, df), p);
      // R's logarithm is of one side.
      close(logTTwoSided(t, df) - Math.LN2, logp);
    });
  }
  for (const { t, df, p } of reference.pt_frac_df) {
    it(`t: P(|T| ≥ ${t}), ${df} df = ${p}`, () => close(tTwoSided(t, df), p));
  }
  for (const { x, df, p, logp } of reference.pchisq_upper) {
    it(`chi-square: P(X ≥ ${x}), ${df} df = ${p}`, () => {
      if (p > 0) close(chiSquareTail(x, df), p);
      close(logChiSquareTail(x, df), logp);
    });
  }
  for (const { f, df1, df2, p } of reference.pf_upper) {
    it(`F: P(F ≥ ${f}), ${df1} and ${df2} df = ${p}`, () => close(fTail(f, df1, df2), p));
  }
  for (const { p, df, t } of reference.qt) {
    it(`t: quantile of ${p}, ${df} df = ${t}`, () => close(tQuantile(p, df), t));
  }
  for (const { p, df1, df2, f } of reference.qf) {
    it(`F: quantile of ${p}, ${df1} and ${df2} df = ${f}`, () => close(fQuantile(p, df1, df2), f));
  }
  for (const { w, m, n, p } of reference.wilcoxon_cdf) {
    it(`rank sum: P(W ≤ ${w}), ${m} and ${n} values = ${p}`, () => close(mannWhitneyCdf(w, m, n), p));
  }
  for (const { v, n, p } of reference.signrank_cdf) {
    it(`signed rank: P(V ≤ ${v}), ${n} pairs = ${p}`, () => close(signedRankCdf(v, n), p));
  }
  for (const { p, a, b, x } of reference.qbeta) {
    it(`beta: quantile of ${p}, shapes ${a} and ${b} = ${x}`, () => close(betaQuantile(p, a, b), x));
  }
});
