/**
 * All pairs of k groups compared, with p adjusted for their number.
 *
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../../core/display.js";
import { InputError, NumericalError } from "../../core/errors.js";
import { formatNumber, renderTable } from "../../table/render.js";
import { type Adjustment, adjust } from "./adjust.js";
import { checkGroups, type Groups } from "./groups.js";
import { mannWhitney } from "./mann-whitney.js";
import { meanOf, squaresAround } from "./sample.js";
import { tTest } from "./test-result.js";

/** One pair of groups. */
export interface PairComparison {
  readonly first: string;
  readonly second: string;
  /** Before adjustment. */
  readonly p: number;
  readonly adjusted: number;
}

/** All pairs. */
export interface PairwiseComparison {
  readonly method: string;
  readonly adjustment: Adjustment;
  readonly pairs: readonly PairComparison[];
}

export interface PairwiseOptions {
  /** "t": the pooled standard deviation of all groups; "mann-whitney" (default): ranks, with continuity correction. */
  readonly test?: "t" | "mann-whitney";
  /** Default "holm". */
  readonly adjustment?: Adjustment;
}

/**
 * @throws InputError on fewer than 2 groups; NumericalError if values do not differ.
 *
 * @example
 * model.statistics.pairwise({ adeno, squamous, largeCell }, { test: "t" })
 */
export function pairwise(
  groups: Groups,
  { test = "mann-whitney", adjustment = "holm" }: PairwiseOptions = {},
): PairwiseComparison {
  if (test !== "t" && test !== "mann-whitney") {
    throw new InputError(`the test of pairs must be "t" or "mann-whitney", found "${String(test)}".`);
  }
  const { names, samples } = checkGroups(groups, 2, test === "t" ? 2 : 1);
  const compare = test === "t" ? pooledT(samples) : rankSums(samples);
  const method = test === "t" ? "t tests with the pooled standard deviation" : "Mann–Whitney tests";
  return comparePairs(names, compare, method, adjustment);
}

/** All pairs of groups by a test of two. @param compare  p of the ith against the jth group. */
export function comparePairs(
  names: readonly string[],
  compare: (i: number, j: number) => number,
  method: string,
  adjustment: Adjustment,
): PairwiseComparison {
  const found = names.flatMap((first, i) =>
    names.slice(i + 1).map((second, k) => ({ first, second, p: compare(i, i + 1 + k) })),
  );
  const adjusted = adjust(
    found.map((pair) => pair.p),
    adjustment,
  );
  const result = {
    method,
    adjustment,
    pairs: found.map((pair, at) => ({ ...pair, adjusted: adjusted[at] })),
  };
  return showAs(result, () => show(result));
}

function pooledT(samples: readonly Float64Array[]): (i: number, j: number) => number {
  const means = samples.map(meanOf);
  const df = samples.reduce((sum, sample) => sum + sample.length - 1, 0);
  const squares = samples.reduce((sum, sample, g) => sum + squaresAround(sample, means[g]), 0);
  const sd = Math.sqrt(squares / df);
  if (!(sd > 0 && Number.isFinite(sd))) {
    throw new NumericalError(
      "the t tests of pairs need values that differ inside the groups. Drop constant features first.",
    );
  }
  return (i, j) => {
    const error = sd * Math.sqrt(1 / samples[i].length + 1 / samples[j].length);
    return tTest((means[i] - means[j]) / error, df, "two-sided");
  };
}

function rankSums(samples: readonly Float64Array[]): (i: number, j: number) => number {
  return (i, j) => mannWhitney(samples[i], samples[j], { method: "asymptotic" }).p;
}

function show({ method, adjustment, pairs }: PairwiseComparison): MimeBundle {
  return renderTable({
    title: `All pairs: ${method}, p adjusted by ${adjustment}`,
    header: ["pair", "p", "adjusted p"],
    rows: pairs.map(({ first, second, p, adjusted }) => [
      `${first} – ${second}`,
      formatNumber(p, 3),
      formatNumber(adjusted, 3),
    ]),
  });
}
