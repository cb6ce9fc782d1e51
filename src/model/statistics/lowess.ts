/**
 * Locally weighted straight lines through a scatter, robust to outliers.
 *
 * Source: Cleveland 1979, doi:10.1080/01621459.1979.10481038; numbers as R's `lowess`.
 * Layer:  model; imports core.
 */
import { InputError } from "../../core/errors.js";
import { checkSample, type Sample } from "./sample.js";

export interface LowessOptions {
  /** Share of the points that each line sees, default 2/3. */
  readonly span?: number;
  /** Rounds in which outliers lose weight, default 3. */
  readonly rounds?: number;
  /** Points nearer than this are joined by a straight line instead of being fitted; default 1 % of the range of x. */
  readonly delta?: number;
}

/** The smooth curve: one point per value of x, x rising. */
export interface Lowess {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * @returns As many points as were given, at the same x.
 * @throws InputError if lengths differ, a value is missing, there are no 2 points, or an option is out of its range.
 *
 * @example
 * model.statistics.lowess(x.column("age"), model.nullResiduals(os).values)
 */
export function lowess(
  x: Sample,
  y: Sample,
  { span = 2 / 3, rounds = 3, delta }: LowessOptions = {},
): Lowess {
  const given = checkSample("x", x);
  const heights = checkSample("y", y);
  const n = given.length;
  if (heights.length !== n || n < 2) {
    throw new InputError(`a smooth curve needs 2 or more points, found ${n} x and ${heights.length} y.`);
  }
  if (!(span > 0 && span <= 1)) throw new InputError(`span must lie above 0 and up to 1, found ${span}.`);
  if (!(Number.isInteger(rounds) && rounds >= 0)) {
    throw new InputError(`rounds must be a whole number from 0 on, found ${rounds}.`);
  }
  const order = Uint32Array.from(given, (_, i) => i).sort((a, b) => given[a] - given[b]);
  const points: Points = {
    x: Float64Array.from(order, (i) => given[i]),
    y: Float64Array.from(order, (i) => heights[i]),
    weight: new Float64Array(n).fill(1),
    seen: Math.max(2, Math.min(n, Math.floor(span * n + 1e-7))),
  };
  const step = delta ?? 0.01 * (points.x[n - 1] - points.x[0]);
  if (!(step >= 0)) throw new InputError(`delta must not be negative, found ${step}.`);
  const smooth = new Float64Array(n);
  for (let round = 0; ; round++) {
    pass(points, step, smooth);
    if (round === rounds || !downweigh(points, smooth)) break;
  }
  return { x: points.x, y: smooth };
}

interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** For robustness, 0 to 1; rewritten by each round. */
  readonly weight: Float64Array;
  /** How many points each line sees. */
  readonly seen: number;
}

/** One curve through all points: fitted more than `delta` apart, straight between. */
function pass(points: Points, delta: number, smooth: Float64Array): void {
  const { x, seen } = points;
  const n = x.length;
  let left = 0;
  let last = -1;
  for (let at = 0; last < n - 1; ) {
    while (left + seen < n && x[at] - x[left] > x[left + seen] - x[at]) left++;
    smooth[at] = localLine(points, at, left);
    for (let between = last + 1; between < at; between++) {
      const part = (x[between] - x[last]) / (x[at] - x[last]);
      smooth[between] = part * smooth[at] + (1 - part) * smooth[last];
    }
    last = at;
    const end = x[last] + delta;
    let next = last + 1;
    for (; next < n && x[next] <= end; next++) {
      if (x[next] !== x[last]) continue;
      smooth[next] = smooth[last];
      last = next;
    }
    at = Math.max(last + 1, next - 1);
  }
}

/** Height at point `at` of the line through the points around it; the point's own height if none has weight. */
function localLine({ x, y, weight, seen }: Points, at: number, left: number): number {
  const n = x.length;
  const center = x[at];
  const reach = Math.max(center - x[left], x[left + seen - 1] - center);
  const weights: number[] = [];
  let total = 0;
  // Beyond the points seen, others as far as the farthest of them count too.
  for (let j = left; j < n; j++) {
    const distance = Math.abs(x[j] - center);
    if (distance > 0.999 * reach) {
      if (x[j] > center) break;
      weights.push(0);
      continue;
    }
    const near = distance <= 0.001 * reach ? 1 : (1 - (distance / reach) ** 3) ** 3;
    weights.push(near * weight[j]);
    total += near * weight[j];
  }
  if (total <= 0) return y[at];
  let mean = 0;
  let height = 0;
  weights.forEach((w, k) => {
    mean += (w / total) * x[left + k];
    height += (w / total) * y[left + k];
  });
  let spread = 0;
  let slope = 0;
  weights.forEach((w, k) => {
    const distance = x[left + k] - mean;
    spread += (w / total) * distance * distance;
    slope += (w / total) * distance * (y[left + k] - height);
  });
  // Where all weight lies at nearly one x, a slope would be noise.
  if (Math.sqrt(spread) <= 0.001 * (x[n - 1] - x[0])) return height;
  return height + ((center - mean) / spread) * slope;
}

/** Distances up to this share of the largest height are rounding: nothing lies farther out than the rest. */
const ROUNDING = 1e-14;

/** New weights from the distances to the curve; false if the curve passes through nearly all points. */
function downweigh({ y, weight }: Points, smooth: Float64Array): boolean {
  const n = y.length;
  const distances = y.map((value, i) => Math.abs(value - smooth[i]));
  const sorted = distances.slice().sort();
  const half = Math.floor(n / 2);
  const limit = n % 2 === 0 ? 3 * (sorted[half] + sorted[n - half - 1]) : 6 * sorted[half];
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / n;
  const largest = y.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (limit < 1e-7 * mean || limit <= ROUNDING * largest) return false;
  for (let i = 0; i < n; i++) {
    const part = distances[i] / limit;
    weight[i] = part <= 0.001 ? 1 : part <= 0.999 ? (1 - part * part) ** 2 : 0;
  }
  return true;
}
