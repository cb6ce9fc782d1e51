/**
 * Histograms of boosting, gradient and curvature side by side: the source, in AssemblyScript, of `histograms-binary.ts`.
 *
 * All arrays lie in the module's memory; arguments named after an array are its address. A histogram of one column is 256
 * pairs of gradient and curvature, then 256 numbers of patients (i32). Every sum runs over its terms in their order:
 * `test/unit/histograms.test.ts` holds the same in plain loops, the judge.
 *
 * Translate with: npx tsx data-scripts/wasm/main.ts
 */

/** Where the numbers of patients begin. */
const COUNTS: usize = 256 * 16;
/** No side of a cut has less curvature than this. */
const LEAST_CURVATURE: f64 = 1e-3;
const TINY: f64 = 1e-15;

/**
 * Adds patients up by bin.
 *
 * @param bins       Bin of every patient, u8.
 * @param rows       Some patients, i32.
 * @param pairs      Gradient and curvature of each of those, in their order.
 * @param histogram  Written, whatever it held.
 * @param used       Bins of this column.
 */
export function addUp(bins: usize, rows: usize, count: i32, pairs: usize, histogram: usize, used: i32): void {
  memory.fill(histogram, 0, <usize>used << 4);
  memory.fill(histogram + COUNTS, 0, 1024);
  const stop = rows + (<usize>count << 2);
  for (; rows < stop; rows += 4) {
    const bin = <usize>load<u8>(bins + <usize>load<u32>(rows));
    const to = histogram + (bin << 4);
    v128.store(to, f64x2.add(v128.load(to), v128.load(pairs)));
    const many = histogram + COUNTS + (bin << 2);
    store<i32>(many, load<i32>(many) + 1);
    pairs += 16;
  }
}

/** Takes a part out of a histogram, so that the rest of its patients is left. */
export function takeOut(histogram: usize, part: usize, used: i32): void {
  const stop = <usize>used << 4;
  for (let at: usize = 0; at < stop; at += 16) {
    v128.store(histogram + at, f64x2.sub(v128.load(histogram + at), v128.load(part + at)));
  }
  for (let at = COUNTS; at < COUNTS + 1024; at += 16) {
    v128.store(histogram + at, i32x4.sub(v128.load(histogram + at), v128.load(part + at)));
  }
}

/**
 * Looks for the cut of a node that gains most along one column, and writes it down if it gains more than that known so far.
 *
 * @param cuts  Places between bins, one fewer than bins.
 * @param node  Nine doubles: gradient, curvature, number of patients, what the node is worth as it is; then the best cut:
 *              gain, column, bin, gradient and curvature left of it.
 */
export function scan(
  histogram: usize,
  cuts: i32,
  column: i32,
  minLeaf: i32,
  l2: f64,
  node: usize,
): void {
  const total = v128.load(node);
  const many = <i32>load<f64>(node, 16);
  const worth = load<f64>(node, 24);
  const penalty = f64x2.splat(l2);
  const tiny = f64x2.splat(TINY);
  let best = load<f64>(node, 32);
  let count: i32 = 0;
  let left = f64x2.splat(0);
  for (let first: i32 = 0; first < cuts; first += 64) {
    // An empty bin cuts as the one before it: only the others are visited.
    let filled = filledOf(histogram + COUNTS + (<usize>first << 2));
    for (; filled !== 0; filled &= filled - 1) {
      const bin = first + <i32>ctz(filled);
      if (bin >= cuts) return;
      count += load<i32>(histogram + COUNTS + (<usize>bin << 2));
      left = f64x2.add(left, v128.load(histogram + (<usize>bin << 4)));
      if (count < minLeaf || f64x2.extract_lane(left, 1) < LEAST_CURVATURE) continue;
      const right = f64x2.sub(total, left);
      if (many - count < minLeaf || f64x2.extract_lane(right, 1) < LEAST_CURVATURE) return;
      const gradients = v128.shuffle<f64>(left, right, 0, 2);
      const curvatures = v128.shuffle<f64>(left, right, 1, 3);
      const gains = f64x2.div(
        f64x2.mul(gradients, gradients),
        f64x2.add(f64x2.add(curvatures, penalty), tiny),
      );
      const gain = f64x2.extract_lane(gains, 0) + f64x2.extract_lane(gains, 1) - worth;
      if (gain > best) {
        best = gain;
        store<f64>(node, gain, 32);
        store<f64>(node, <f64>column, 40);
        store<f64>(node, <f64>bin, 48);
        v128.store(node, left, 56);
      }
    }
  }
}

/** One bit for each of 64 bins: whether it holds patients. */
// @ts-ignore: decorator
@inline
function filledOf(counts: usize): u64 {
  const none = i32x4.splat(0);
  let filled: u64 = 0;
  for (let at: i32 = 0; at < 64; at += 4) {
    const four = i32x4.bitmask(i32x4.ne(v128.load(counts + (<usize>at << 2)), none));
    filled |= <u64>four << at;
  }
  return filled;
}
