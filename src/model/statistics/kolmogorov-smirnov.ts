/**
 * Kolmogorov and Smirnov's test of two samples: whether they come from one distribution.
 *
 * Source: Smirnov 1939; Schröer & Trenkler 1995, doi:10.1016/0167-9473(94)00040-P (exact, given the ties).
 * Layer:  model; imports core, table.
 */
import { InputError } from "../../core/errors.js";
import { formatP } from "../../table/render.js";
import { checkSample, concatenate, ranksOf, type Sample } from "./sample.js";
import { brief, shown, type TestResult } from "./test-result.js";

/** A two-sample Kolmogorov–Smirnov test, two-sided. `statistic` is D, the largest distance of the two distributions. */
export interface KolmogorovSmirnov extends TestResult {
  readonly exact: boolean;
}

/** As R's ks.test: the exact test where the product of the sizes is smaller. */
const EXACT_BELOW = 10_000;

/**
 * @param options.method  "exact" is the permutation distribution given the ties; default "auto": exact if m·n < 10,000.
 * @throws InputError on an empty sample or missing values.
 */
export function kolmogorovSmirnov(
  x: Sample,
  y: Sample,
  { method = "auto" }: { readonly method?: "auto" | "exact" | "asymptotic" } = {},
): KolmogorovSmirnov {
  if (!["auto", "exact", "asymptotic"].includes(method)) {
    throw new InputError(`the method must be "auto", "exact" or "asymptotic", found "${method}".`);
  }
  const first = checkSample("the first sample", x);
  const second = checkSample("the second sample", y);
  const [m, n] = [first.length, second.length];
  const all = concatenate([first, second]);
  const { rank, sizes } = ranksOf(all);
  // Number of values of the first sample in each group of equal values, from the midrank of the group.
  const firsts = new Map<number, number>();
  for (let i = 0; i < m; i++) firsts.set(rank[i], (firsts.get(rank[i]) ?? 0) + 1);
  const ends = new Uint8Array(m + n + 1);
  let seen = 0;
  let seenFirst = 0;
  let distance = 0;
  for (const size of sizes) {
    seenFirst += firsts.get(seen + (size + 1) / 2) ?? 0;
    seen += size;
    ends[seen] = 1;
    distance = Math.max(distance, Math.abs(n * seenFirst - m * (seen - seenFirst)));
  }
  const statistic = distance / m / n;
  const exact = method === "exact" || (method === "auto" && m * n < EXACT_BELOW);
  if (exact && m * n > 1e9) {
    throw new InputError(`the exact test of ${m} and ${n} values takes too long. Use method: "asymptotic".`);
  }
  const p = exact ? exactTail(m, n, distance, ends) : limitTail(Math.sqrt((m * n) / (m + n)) * statistic);
  const name = `Kolmogorov–Smirnov test${exact ? ", exact" : ""}`;
  const result = {
    method: name,
    statistic,
    p,
    exact,
    sentence: `The distributions (n = ${m} and ${n}) differed by at most D = ${brief(statistic)} (${name}, ${formatP(p)}).`,
  };
  return shown(result, [
    ["n", `${m}, ${n}`],
    ["D", statistic],
    ["p", p],
  ]);
}

/**
 * Share of the orders of m + n values in which the distance, times m·n, reaches `distance` at the end of a group of ties.
 * Walks over the lattice of how many of each sample have come, and collects what leaves the band.
 */
function exactTail(m: number, n: number, distance: number, ends: Uint8Array): number {
  // inside[j]: probability to come to (i, j) without having left the band.
  const inside = new Float64Array(n + 1);
  let left = 0;
  for (let i = 0; i <= m; i++) {
    for (let j = 0; j <= n; j++) {
      let here = i === 0 && j === 0 ? 1 : 0;
      const before = i + j - 1;
      if (i > 0) here += (inside[j] * (m - i + 1)) / (m + n - before);
      if (j > 0) here += (inside[j - 1] * (n - j + 1)) / (m + n - before);
      if (ends[i + j] === 1 && Math.abs(n * i - m * j) >= distance && distance > 0) {
        left += here;
        here = 0;
      }
      inside[j] = here;
    }
  }
  return distance === 0 ? 1 : Math.min(1, left);
}

/** P(K ≥ z) of Kolmogorov's distribution, the limit for large samples. */
function limitTail(z: number): number {
  if (z <= 0) return 1;
  if (z < 1) {
    // The other form of the theta function converges fast here.
    let sum = 0;
    for (let k = 1; k < 40; k += 2) sum += Math.exp(-(k * k * Math.PI * Math.PI) / (8 * z * z));
    return 1 - (Math.sqrt(2 * Math.PI) / z) * sum;
  }
  let sum = 0;
  for (let k = 1; k < 40; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * z * z);
  return sum;
}
