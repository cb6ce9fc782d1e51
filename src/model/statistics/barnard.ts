/**
 * Barnard's exact test of two shares: more powerful than Fisher's, because only the sizes of the two groups are fixed.
 *
 * Source: Barnard 1947; with the pooled Wald statistic (Suissa & Shuster 1985, doi:10.2307/2981892).
 * Layer:  model; imports core, table.
 */
import { NumericalError } from "../../core/errors.js";
import { formatP } from "../../table/render.js";
import { type Counts, checkCounts } from "./contingency.js";
import { logChoose } from "./hypergeometric.js";
import { brief, shown, type TestResult } from "./test-result.js";

/** Barnard's test. `statistic` is the pooled z of the two shares. */
export interface BarnardTest extends TestResult {
  /** The common share that makes the table least surprising. */
  readonly nuisance: number;
}

const MOST_TABLES = 40_000;
const GRID = 1000;

/**
 * Two-sided test of a fourfold table whose columns are the two groups, as SciPy has it.
 *
 * @throws InputError as `fisher`; NumericalError for more than 40,000 possible tables.
 */
export function barnard(table: Counts): BarnardTest {
  const { counts, columns, rows } = checkCounts(table);
  const [m, n] = columns;
  if (rows.length !== 2 || columns.length !== 2 || (m + 1) * (n + 1) > MOST_TABLES) {
    throw new NumericalError(
      `Barnard's test is for 2 × 2 tables with groups of up to about 200, found ${rows.length} × ${columns.length} and groups of ${m} and ${n}. ` +
        "Use statistics.fisher or statistics.chiSquare.",
    );
  }
  const statistic = pooledZ(counts[0][0], m, counts[0][1], n);
  // Tables that are at least as extreme: their number of successes and the logarithm of their multiplicity.
  const successes: number[] = [];
  const ways: number[] = [];
  for (let a = 0; a <= m; a++) {
    for (let b = 0; b <= n; b++) {
      if (Math.abs(pooledZ(a, m, b, n)) < Math.abs(statistic) * (1 - 1e-12)) continue;
      successes.push(a + b);
      ways.push(logChoose(m, a) + logChoose(n, b));
    }
  }
  const tail = (share: number): number => {
    const [hit, miss] = [Math.log(share), Math.log1p(-share)];
    let sum = 0;
    for (let at = 0; at < ways.length; at++) {
      sum += Math.exp(ways[at] + successes[at] * hit + (m + n - successes[at]) * miss);
    }
    return sum;
  };
  const nuisance = statistic === 0 ? 0.5 : maximize(tail);
  const p = statistic === 0 ? 1 : Math.min(1, tail(nuisance));
  const result = {
    method: "Barnard's exact test",
    statistic,
    p,
    nuisance,
    sentence: `The shares were ${brief(counts[0][0] / m)} and ${brief(counts[0][1] / n)} (Barnard's exact test, ${formatP(p)}).`,
  };
  return shown(result, [
    ["z", statistic],
    ["p", p],
    ["common share", nuisance],
  ]);
}

/** Difference of two shares over its pooled error; 0 if all or none have it. */
function pooledZ(a: number, m: number, b: number, n: number): number {
  const share = (a + b) / (m + n);
  const variance = share * (1 - share) * (1 / m + 1 / n);
  return variance === 0 ? 0 : (a / m - b / n) / Math.sqrt(variance);
}

/** Where a smooth function on (0, 1) is largest: the best point of a grid, then golden sections around it. */
function maximize(of: (at: number) => number): number {
  let best = 0.5 / GRID;
  for (let step = 1; step < GRID; step++) {
    if (of((step + 0.5) / GRID) > of(best)) best = (step + 0.5) / GRID;
  }
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.max(1e-12, best - 1 / GRID), Math.min(1 - 1e-12, best + 1 / GRID)];
  while (high - low > 1e-12) {
    const left = high - ratio * (high - low);
    const right = low + ratio * (high - low);
    if (of(left) > of(right)) high = right;
    else low = left;
  }
  return (low + high) / 2;
}
