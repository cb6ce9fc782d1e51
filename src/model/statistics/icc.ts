/**
 * Intraclass correlation: how well raters, scanners or segmentations agree on the same subjects. All six forms.
 *
 * Source: Shrout & Fleiss 1979, doi:10.1037/0033-2909.86.2.420; McGraw & Wong 1996, doi:10.1037/1082-989X.1.1.30.
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { fQuantile, fTail } from "../../core/distributions.js";
import { InputError, NumericalError } from "../../core/errors.js";
import { limitsOfF, type MeanSquares, meanSquaresOf, singleIcc } from "../../core/intraclass.js";
import { formatNumber, formatP, renderTable } from "../../table/render.js";
import { checkConfidence, checkSample, type Sample } from "./sample.js";
import { brief, type ConfidenceInterval, checkFinite, formatInterval } from "./test-result.js";

/**
 * The six forms after Shrout and Fleiss. 1: each subject has its own raters; 2: raters are a sample of all, absolute
 * agreement; 3: these raters only, consistency. "k": of the mean of all raters.
 */
export type IccForm = "ICC1" | "ICC2" | "ICC3" | "ICC1k" | "ICC2k" | "ICC3k";

/** One form with its interval and the F test that it is above 0. */
export interface IccEstimate {
  readonly form: IccForm;
  readonly value: number;
  readonly interval: ConfidenceInterval;
  readonly f: number;
  readonly degreesOfFreedom: readonly [number, number];
  readonly p: number;
}

/** All six forms, by their names and in a list. */
export interface Icc extends Readonly<Record<IccForm, IccEstimate>> {
  readonly all: readonly IccEstimate[];
  readonly subjects: number;
  readonly raters: number;
  /** Mean squares of the analysis of variance: subjects, raters, rest. */
  readonly meanSquares: { readonly subjects: number; readonly raters: number; readonly rest: number };
  /** About ICC2, which radiomics reports for reproducibility of features. */
  readonly sentence: string;
}

/**
 * @param byRater  k ≥ 2 columns, one per rater, each with the same n ≥ 2 subjects in the same order.
 * @throws InputError on unequal lengths, too few raters or subjects, or missing values; NumericalError if all raters agree
 *   exactly or subjects do not differ.
 *
 * @example
 * const { ICC2 } = model.statistics.icc([volumeByReaderA, volumeByReaderB]);
 */
export function icc(
  byRater: readonly Sample[],
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): Icc {
  checkConfidence(confidence);
  if (byRater.length < 2) throw new InputError(`at least 2 raters are compared, found ${byRater.length}.`);
  const columns = byRater.map((values, at) => checkSample(`rater ${at + 1}`, values, 2));
  const n = columns[0].length;
  const k = columns.length;
  const odd = columns.findIndex((values) => values.length !== n);
  if (odd >= 0) {
    throw new InputError(
      `each rater needs a value for each subject, but rater 1 has ${n} and rater ${odd + 1} has ${columns[odd].length}.`,
    );
  }
  const { subjects, raters, rest, within } = checkedMeanSquares(columns);
  const outer = (1 + confidence) / 2;
  const dfSubjects = n - 1;
  const build = (
    form: IccForm,
    value: number,
    f: number,
    df2: number,
    limits: readonly [number, number],
  ): IccEstimate => {
    checkFinite("the intraclass correlation", value, f, ...limits);
    const interval = { lower: limits[0], upper: limits[1], confidence };
    return { form, value, interval, f, degreesOfFreedom: [dfSubjects, df2], p: fTail(f, dfSubjects, df2) };
  };
  const single = (f: number): number => (f - 1) / (f + k - 1);
  const mean = (f: number): number => 1 - 1 / f;
  const both = (limits: readonly [number, number], of: (f: number) => number): readonly [number, number] => [
    of(limits[0]),
    of(limits[1]),
  ];

  const [f1, df1] = [subjects / within, n * (k - 1)];
  const [f3, df3] = [subjects / rest, (n - 1) * (k - 1)];
  // Limits of the F ratio give those of the forms 1 and 3.
  const limits1 = limitsOfF(f1, dfSubjects, df1, confidence);
  const limits3 = limitsOfF(f3, dfSubjects, df3, confidence);
  const icc2 = (subjects - rest) / (subjects + (k - 1) * rest + (k * (raters - rest)) / n);
  const limits2 = absoluteLimits({ subjects, raters, rest }, icc2, n, k, outer);
  const averaged = (value: number): number => (value * k) / (1 + value * (k - 1));
  const all = [
    build("ICC1", single(f1), f1, df1, both(limits1, single)),
    build("ICC2", icc2, f3, df3, limits2),
    build("ICC3", single(f3), f3, df3, both(limits3, single)),
    build("ICC1k", mean(f1), f1, df1, both(limits1, mean)),
    build("ICC2k", (subjects - rest) / (subjects + (raters - rest) / n), f3, df3, both(limits2, averaged)),
    build("ICC3k", mean(f3), f3, df3, both(limits3, mean)),
  ];
  const [ICC1, ICC2, ICC3, ICC1k, ICC2k, ICC3k] = all;
  const result = {
    ICC1,
    ICC2,
    ICC3,
    ICC1k,
    ICC2k,
    ICC3k,
    all,
    subjects: n,
    raters: k,
    meanSquares: { subjects, raters, rest },
    sentence: `The intraclass correlation of ${k} raters on ${n} subjects was ${brief(ICC2.value)} (${formatInterval(ICC2.interval)}; two-way random effects, absolute agreement, single rater).`,
  };
  return showAs(result, () => show(result));
}

function checkedMeanSquares(columns: readonly Float64Array[]): MeanSquares {
  const found = meanSquaresOf(columns);
  if (!found.isConsistent) return found;
  throw new NumericalError(
    "the raters differ by nothing or by a constant: the intraclass correlation has no error, and its interval no value. " +
      "Check that they are not the same column.",
  );
}

/** Value and 95 % interval of one form. */
export type ShiftedIcc = Pick<IccEstimate, "value" | "interval">;

/**
 * One form where the raters differ by exactly a constant, as the limit of an error that vanishes: consistency is perfect, and
 * Satterthwaite's degrees of freedom of absolute agreement become those between the raters.
 *
 * @param columns  As of `icc`, none of them constant.
 * @returns null where the raters differ by more: `icc` then has the answer.
 */
export function shiftedIcc(columns: readonly Float64Array[], form: IccForm): ShiftedIcc | null {
  const { subjects, raters, within, isConsistent, isEqual } = meanSquaresOf(columns);
  if (!isConsistent) return null;
  const [n, k, confidence] = [columns[0].length, columns.length, 0.95];
  const outer = (1 + confidence) / 2;
  const given = (value: number, lower: number, upper: number): ShiftedIcc => {
    checkFinite("the intraclass correlation", value, lower, upper);
    const of = form.endsWith("k") ? (one: number): number => (one * k) / (1 + one * (k - 1)) : Number;
    return { value: of(value), interval: { lower: of(lower), upper: of(upper), confidence } };
  };
  if (isEqual || form.startsWith("ICC3")) return given(1, 1, 1);
  if (form.startsWith("ICC1")) {
    const { value, lower, upper } = singleIcc(subjects / within, n, k, n * (k - 1), confidence);
    return given(value, lower, upper);
  }
  const share = (f: number): number => (n * f * subjects) / (n * f * subjects + k * raters);
  return given(share(1), share(1 / fQuantile(outer, n - 1, k - 1)), share(fQuantile(outer, k - 1, n - 1)));
}

/** Limits of ICC2 by Satterthwaite's degrees of freedom. */
function absoluteLimits(
  { subjects, raters, rest }: Icc["meanSquares"],
  icc2: number,
  n: number,
  k: number,
  outer: number,
): readonly [number, number] {
  const fRaters = raters / rest;
  const a = n * (1 + (k - 1) * icc2) - k * icc2;
  const df =
    ((k - 1) * (n - 1) * (k * icc2 * fRaters + a) ** 2) /
    ((n - 1) * k ** 2 * icc2 ** 2 * fRaters ** 2 + a ** 2);
  checkFinite("the intraclass correlation", df, 1 / df);
  const above = fQuantile(outer, n - 1, df);
  const below = fQuantile(outer, df, n - 1);
  const spread = k * raters + (k * n - k - n) * rest;
  return [
    (n * (subjects - above * rest)) / (above * spread + n * subjects),
    (n * (below * subjects - rest)) / (spread + n * below * subjects),
  ];
}

function show({ all, subjects, raters, sentence }: Icc): MimeBundle {
  return renderTable({
    title: `Intraclass correlation of ${raters} raters on ${subjects} subjects`,
    header: ["form", "value", "interval", "F", "p"],
    rows: all.map(({ form, value, interval, f, p }) => [
      form,
      formatNumber(value, 3),
      formatInterval(interval),
      formatNumber(f, 4),
      formatP(p),
    ]),
    notes: [sentence],
  });
}
