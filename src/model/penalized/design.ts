/**
 * The columns of a table as a penalised regression sees them: centred and scaled on the fly, never copied, so that a
 * table that fills the memory can be fitted.
 *
 * Layer:  model; imports nothing.
 */

/** Columns with the centre and scale that chosen rows give them. */
export interface Design {
  /** Values of each column as they are, one per row of the table. */
  readonly columns: readonly Float64Array[];
  readonly center: Float64Array;
  /** What one unit of the standardised column is; 0 for a column that is constant in these rows. */
  readonly scale: Float64Array;
  /** Root of the mean square of the standardised column in these rows, weights aside. */
  readonly spread: Float64Array;
}

/** A deviation this small against the mean is rounding. */
const CONSTANT = 1e-13;

/**
 * @param rows  The patients that centre and scale are taken from.
 * @param standardize  Scale by the standard deviation (over n); otherwise only centre.
 * @param weights  Of every row of the table: mean and standard deviation are then weighted. Default 1 for each.
 */
export function designOf(
  columns: readonly Float64Array[],
  rows: Uint32Array,
  standardize: boolean,
  weights: Float64Array | null = null,
): Design {
  const p = columns.length;
  const center = new Float64Array(p);
  const scale = new Float64Array(p);
  const spread = new Float64Array(p);
  const moments = { mean: 0, deviation: 0 };
  for (let j = 0; j < p; j++) {
    writeMoments(columns[j], rows, moments);
    let { mean, deviation } = moments;
    let plain = deviation;
    if (weights !== null) {
      mean = weightedMean(columns[j], rows, weights);
      deviation = weightedDeviation(columns[j], rows, weights, mean);
      plain = Math.hypot(plain, mean - moments.mean);
    }
    center[j] = mean;
    if (!(deviation > CONSTANT * Math.abs(mean))) continue;
    scale[j] = standardize ? deviation : 1;
    spread[j] = plain / scale[j];
  }
  return { columns, center, scale, spread };
}

/** Mean and standard deviation over n, in two passes: what rounding took from the mean is given back to both. */
function writeMoments(
  column: Float64Array,
  rows: Uint32Array,
  out: { mean: number; deviation: number },
): void {
  const n = rows.length;
  const whole = n - (n % 4);
  // Four sums, so that one addition need not wait for the last.
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let at = 0; at < whole; at += 4) {
    a += column[rows[at]];
    b += column[rows[at + 1]];
    c += column[rows[at + 2]];
    d += column[rows[at + 3]];
  }
  for (let at = whole; at < n; at++) a += column[rows[at]];
  const mean = (a + b + (c + d)) / n;
  a = 0;
  b = 0;
  c = 0;
  d = 0;
  for (let at = 0; at < whole; at += 2) {
    const one = column[rows[at]] - mean;
    const other = column[rows[at + 1]] - mean;
    a += one;
    b += other;
    c += one * one;
    d += other * other;
  }
  for (let at = whole; at < n; at++) {
    const one = column[rows[at]] - mean;
    a += one;
    c += one * one;
  }
  const rest = (a + b) / n;
  out.mean = mean + rest;
  out.deviation = Math.sqrt(Math.max(0, (c + d) / n - rest * rest));
}

function weightedMean(column: Float64Array, rows: Uint32Array, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let at = 0; at < rows.length; at++) {
    sum += weights[rows[at]] * column[rows[at]];
    total += weights[rows[at]];
  }
  const mean = sum / total;
  let rest = 0;
  for (let at = 0; at < rows.length; at++) rest += weights[rows[at]] * (column[rows[at]] - mean);
  return mean + rest / total;
}

function weightedDeviation(
  column: Float64Array,
  rows: Uint32Array,
  weights: Float64Array,
  mean: number,
): number {
  let squares = 0;
  let total = 0;
  for (let at = 0; at < rows.length; at++) {
    const difference = column[rows[at]] - mean;
    squares += weights[rows[at]] * difference * difference;
    total += weights[rows[at]];
  }
  return Math.sqrt(squares / total);
}

/** Standardised values of column `j` at `rows`, written from `offset` of `out`. */
export function gatherColumn(
  { columns, center, scale }: Design,
  j: number,
  rows: Uint32Array,
  out: Float64Array,
  offset: number,
): void {
  const column = columns[j];
  const middle = center[j];
  const unit = scale[j];
  for (let at = 0; at < rows.length; at++) out[offset + at] = (column[rows[at]] - middle) / unit;
}

/**
 * Inner product of a standardised column with a vector over all rows of the table, which is 0 for rows that are not used.
 *
 * @returns 0 for a constant column.
 */
export function columnDot({ columns, center, scale }: Design, j: number, vector: Float64Array): number {
  if (scale[j] === 0) return 0;
  const column = columns[j];
  const middle = center[j];
  const n = vector.length;
  const whole = n - (n % 4);
  // Four sums, so that one addition need not wait for the last.
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let row = 0; row < whole; row += 4) {
    a += (column[row] - middle) * vector[row];
    b += (column[row + 1] - middle) * vector[row + 1];
    c += (column[row + 2] - middle) * vector[row + 2];
    d += (column[row + 3] - middle) * vector[row + 3];
  }
  for (let row = whole; row < n; row++) a += (column[row] - middle) * vector[row];
  return (a + b + (c + d)) / scale[j];
}
