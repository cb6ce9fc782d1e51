/**
 * Local regression: straight lines through the neighbors of each place, with the pointwise interval of the curve.
 *
 * Source: Cleveland & Devlin 1988, doi:10.1080/01621459.1988.10478639; numbers as R's `loess(degree = 1)`, computed directly.
 * Layer:  model; imports core.
 */
import { tQuantile } from "../../core/distributions.js";
import { InputError } from "../../core/errors.js";
import { checkConfidence, checkSample, type Sample } from "./sample.js";

export interface LoessOptions {
  /** Share of the points that each line sees, default 0.75. */
  readonly span?: number;
  /** Coverage of the pointwise interval, default 0.95. */
  readonly confidence?: number;
}

/** The curve at each distinct x, rising. */
export interface Loess {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly standardError: Float64Array;
  /** NaN, as the errors, where the curve goes through all points, so that nothing is left to estimate their scatter from. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Standard deviation of the points around the curve, taken to be the same everywhere. */
  readonly residualScale: number;
  /** Of the residuals: their expected sum of squares over the variance. The interval is Student's with these (a little wide). */
  readonly degreesOfFreedom: number;
}

/** Degrees of freedom below which the points lie on the curve. */
const NONE = 1e-6;

/**
 * @throws InputError if lengths differ, a value is missing, there are no 2 points, or an option is out of its range.
 *
 * @example
 * model.statistics.loess(x.column("age"), model.coxResiduals(fitted, "martingale").values)
 */
export function loess(x: Sample, y: Sample, { span = 0.75, confidence = 0.95 }: LoessOptions = {}): Loess {
  const given = checkSample("x", x);
  const heights = checkSample("y", y);
  const n = given.length;
  if (heights.length !== n || n < 2) {
    throw new InputError(`a smooth curve needs 2 or more points, found ${n} x and ${heights.length} y.`);
  }
  if (!(span > 0 && span <= 1)) throw new InputError(`span must lie above 0 and up to 1, found ${span}.`);
  checkConfidence(confidence);
  const order = Uint32Array.from(given, (_, i) => i).sort((a, b) => given[a] - given[b]);
  const sorted = Float64Array.from(order, (i) => given[i]);
  const values = Float64Array.from(order, (i) => heights[i]);
  const seen = Math.max(2, Math.min(n, Math.floor(span * n + 1e-5)));
  const places: LocalLine[] = [];
  let squares = 0;
  let degreesOfFreedom = n;
  for (let at = 0, left = 0; at < n; ) {
    let end = at + 1;
    while (end < n && sorted[end] === sorted[at]) end++;
    while (left + seen < n && sorted[at] - sorted[left] > sorted[left + seen] - sorted[at]) left++;
    const line = localLine(sorted, values, at, left, seen);
    places.push(line);
    for (let i = at; i < end; i++) squares += (values[i] - line.height) ** 2;
    degreesOfFreedom += (end - at) * (line.weightSquares - 2 * line.ownWeight);
    at = end;
  }
  const isExact = degreesOfFreedom < NONE;
  const residualScale = isExact ? 0 : Math.sqrt(squares / degreesOfFreedom);
  const half = isExact ? Number.NaN : tQuantile(1 - (1 - confidence) / 2, degreesOfFreedom);
  const curve = Float64Array.from(places, ({ height }) => height);
  const standardError = Float64Array.from(places, ({ weightSquares }) =>
    isExact ? Number.NaN : residualScale * Math.sqrt(weightSquares),
  );
  return {
    x: Float64Array.from(new Set(sorted)),
    y: curve,
    standardError,
    lower: curve.map((height, k) => height - half * standardError[k]),
    upper: curve.map((height, k) => height + half * standardError[k]),
    residualScale,
    degreesOfFreedom: Math.max(0, degreesOfFreedom),
  };
}

/** Height of a line at its place: a weighted sum of the points' heights. */
interface LocalLine {
  readonly height: number;
  /** Weight of a point at the place itself. */
  readonly ownWeight: number;
  /** Sum of the squares of all weights. */
  readonly weightSquares: number;
}

function localLine(x: Float64Array, y: Float64Array, at: number, left: number, seen: number): LocalLine {
  const n = x.length;
  const center = x[at];
  const reach = Math.max(center - x[left], x[left + seen - 1] - center);
  // Where more points than are seen have one x, all of them count, and no others.
  let first = left;
  let last = left + seen;
  if (reach === 0) {
    while (first > 0 && x[first - 1] === center) first--;
    while (last < n && x[last] === center) last++;
  }
  const tricube = (j: number): number =>
    reach === 0 ? 1 : Math.max(0, 1 - (Math.abs(x[j] - center) / reach) ** 3) ** 3;
  let total = 0;
  let sum = 0;
  for (let j = first; j < last; j++) {
    const weight = tricube(j);
    total += weight;
    sum += weight * (x[j] - center);
  }
  const shift = sum / total;
  let spread = 0;
  for (let j = first; j < last; j++) spread += (tricube(j) / total) * (x[j] - center - shift) ** 2;
  // Where all weight lies at nearly one x, a slope would be noise.
  const hasSlope = Math.sqrt(spread) > 1e-3 * (x[n - 1] - x[0]);
  const part = (j: number): number =>
    (tricube(j) / total) * (hasSlope ? 1 - (shift * (x[j] - center - shift)) / spread : 1);
  let height = 0;
  let weightSquares = 0;
  for (let j = first; j < last; j++) {
    const weight = part(j);
    height += weight * y[j];
    weightSquares += weight * weight;
  }
  return { height, ownWeight: part(at), weightSquares };
}
