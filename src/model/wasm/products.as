/**
 * Products of matrices of doubles, two numbers at a time: the source, in AssemblyScript, of `products-binary.ts`.
 *
 * All arrays lie in the module's memory; arguments named after an array are its address. Every sum runs over its terms in
 * their order, so that blocks change no bit: `test/unit/products.test.ts` holds the same in plain loops, the judge.
 *
 * Translate with: npx tsx data-scripts/wasm/main.ts
 */

/**
 * c = a · b.
 *
 * @param a      Element (i, t) lies `i · aRow + t · aStep` bytes on, so that a transposed matrix needs no copy.
 * @param b      k × n, row-major.
 * @param c      m × n, row-major.
 * @param n      A multiple of 4.
 */
export function multiply(
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  c: usize,
  m: i32,
  k: i32,
  n: i32,
): void {
  const width = <usize>n << 3;
  let i: i32 = 0;
  for (; i + 4 <= m; i += 4) {
    const from = a + <usize>i * aRow;
    const to = c + <usize>i * width;
    for (let j: usize = 0; j < width; j += 32) {
      let c00 = f64x2.splat(0);
      let c01 = c00;
      let c10 = c00;
      let c11 = c00;
      let c20 = c00;
      let c21 = c00;
      let c30 = c00;
      let c31 = c00;
      let x = from;
      let y = b + j;
      for (let t: i32 = 0; t < k; t++) {
        const b0 = v128.load(y);
        const b1 = v128.load(y, 16);
        let one = v128.load64_splat(x);
        c00 = f64x2.add(c00, f64x2.mul(one, b0));
        c01 = f64x2.add(c01, f64x2.mul(one, b1));
        one = v128.load64_splat(x + aRow);
        c10 = f64x2.add(c10, f64x2.mul(one, b0));
        c11 = f64x2.add(c11, f64x2.mul(one, b1));
        one = v128.load64_splat(x + aRow * 2);
        c20 = f64x2.add(c20, f64x2.mul(one, b0));
        c21 = f64x2.add(c21, f64x2.mul(one, b1));
        one = v128.load64_splat(x + aRow * 3);
        c30 = f64x2.add(c30, f64x2.mul(one, b0));
        c31 = f64x2.add(c31, f64x2.mul(one, b1));
        x += aStep;
        y += width;
      }
      v128.store(to + j, c00);
      v128.store(to + j, c01, 16);
      v128.store(to + width + j, c10);
      v128.store(to + width + j, c11, 16);
      v128.store(to + width * 2 + j, c20);
      v128.store(to + width * 2 + j, c21, 16);
      v128.store(to + width * 3 + j, c30);
      v128.store(to + width * 3 + j, c31, 16);
    }
  }
  for (; i < m; i++) {
    const from = a + <usize>i * aRow;
    const to = c + <usize>i * width;
    for (let j: usize = 0; j < width; j += 32) {
      let c0 = f64x2.splat(0);
      let c1 = c0;
      let x = from;
      let y = b + j;
      for (let t: i32 = 0; t < k; t++) {
        const one = v128.load64_splat(x);
        c0 = f64x2.add(c0, f64x2.mul(one, v128.load(y)));
        c1 = f64x2.add(c1, f64x2.mul(one, v128.load(y, 16)));
        x += aStep;
        y += width;
      }
      v128.store(to + j, c0);
      v128.store(to + j, c1, 16);
    }
  }
}

/**
 * Centers rows and brings them to length 1, unless their squares leave the range that holds all digits.
 *
 * @param values  m × n, row-major, written in place; 8 sums run side by side.
 * @param stats   Of each row: the sum of squares around the mean, and the largest absolute value before.
 */
export function unitRows(values: usize, m: i32, n: i32, smallest: f64, largest: f64, stats: usize): void {
  const width = <usize>n << 3;
  const whole = width & ~63;
  for (let i: i32 = 0; i < m; i++) {
    const stop = values + width;
    const blocks = values + whole;
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let at = values;
    for (; at < blocks; at += 64) {
      s0 = f64x2.add(s0, v128.load(at));
      s1 = f64x2.add(s1, v128.load(at, 16));
      s2 = f64x2.add(s2, v128.load(at, 32));
      s3 = f64x2.add(s3, v128.load(at, 48));
    }
    s0 = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
    let sum = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
    for (; at < stop; at += 8) sum += load<f64>(at);
    const mean = sum / <f64>n;

    const middle = f64x2.splat(mean);
    let size = f64x2.splat(0);
    s0 = size;
    s1 = size;
    s2 = size;
    s3 = size;
    for (at = values; at < blocks; at += 64) {
      const v0 = v128.load(at);
      const v1 = v128.load(at, 16);
      const v2 = v128.load(at, 32);
      const v3 = v128.load(at, 48);
      size = f64x2.pmax(size, f64x2.pmax(f64x2.abs(v0), f64x2.abs(v1)));
      size = f64x2.pmax(size, f64x2.pmax(f64x2.abs(v2), f64x2.abs(v3)));
      const d0 = f64x2.sub(v0, middle);
      const d1 = f64x2.sub(v1, middle);
      const d2 = f64x2.sub(v2, middle);
      const d3 = f64x2.sub(v3, middle);
      v128.store(at, d0);
      v128.store(at, d1, 16);
      v128.store(at, d2, 32);
      v128.store(at, d3, 48);
      s0 = f64x2.add(s0, f64x2.mul(d0, d0));
      s1 = f64x2.add(s1, f64x2.mul(d1, d1));
      s2 = f64x2.add(s2, f64x2.mul(d2, d2));
      s3 = f64x2.add(s3, f64x2.mul(d3, d3));
    }
    s0 = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
    let squares = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
    let most = max(f64x2.extract_lane(size, 0), f64x2.extract_lane(size, 1));
    for (; at < stop; at += 8) {
      const value = load<f64>(at);
      most = max(most, abs(value));
      store<f64>(at, value - mean);
      squares += (value - mean) * (value - mean);
    }
    store<f64>(stats, squares);
    store<f64>(stats, most, 8);
    stats += 16;

    if (squares > smallest && squares < largest) {
      const share = 1 / sqrt(squares);
      const shares = f64x2.splat(share);
      for (at = values; at < blocks; at += 64) {
        v128.store(at, f64x2.mul(v128.load(at), shares));
        v128.store(at, f64x2.mul(v128.load(at, 16), shares), 16);
        v128.store(at, f64x2.mul(v128.load(at, 32), shares), 32);
        v128.store(at, f64x2.mul(v128.load(at, 48), shares), 48);
      }
      for (; at < stop; at += 8) store<f64>(at, load<f64>(at) * share);
    }
    values = stop;
  }
}

/**
 * Inner products of rows of one matrix with rows of another, cut to [-1, 1]; NaN stays.
 *
 * @param x        m × n, row-major.
 * @param y        `columns` rows, four at a time: element t of rows 4 q … 4 q + 3 lies at 4 (q n + t) … + 3.
 * @param out      m × columns, row-major, with room for 3 more.
 * @param m        A multiple of 4.
 */
export function correlate(x: usize, y: usize, out: usize, m: i32, n: i32, columns: i32): void {
  const width = <usize>columns << 3;
  const row = <usize>n << 3;
  // Backwards: what the last panel writes beyond its row is written again by the first panel of the next row.
  for (let q: i32 = (columns - 1) >> 2; q >= 0; q--) {
    const panel = y + <usize>q * (row << 2);
    let from = x;
    let to = out + (<usize>q << 5);
    for (let i: i32 = 0; i < m; i += 4) {
      const stop = from + row;
      let b = panel;
      let c00 = f64x2.splat(0);
      let c01 = c00;
      let c10 = c00;
      let c11 = c00;
      let c20 = c00;
      let c21 = c00;
      let c30 = c00;
      let c31 = c00;
      for (let a = from; a < stop; a += 8) {
        const b0 = v128.load(b);
        const b1 = v128.load(b, 16);
        let one = v128.load64_splat(a);
        c00 = f64x2.add(c00, f64x2.mul(one, b0));
        c01 = f64x2.add(c01, f64x2.mul(one, b1));
        one = v128.load64_splat(a + row);
        c10 = f64x2.add(c10, f64x2.mul(one, b0));
        c11 = f64x2.add(c11, f64x2.mul(one, b1));
        one = v128.load64_splat(a + row * 2);
        c20 = f64x2.add(c20, f64x2.mul(one, b0));
        c21 = f64x2.add(c21, f64x2.mul(one, b1));
        one = v128.load64_splat(a + row * 3);
        c30 = f64x2.add(c30, f64x2.mul(one, b0));
        c31 = f64x2.add(c31, f64x2.mul(one, b1));
        b += 32;
      }
      storeCut(to, c00, c01);
      storeCut(to + width, c10, c11);
      storeCut(to + width * 2, c20, c21);
      storeCut(to + width * 3, c30, c31);
      from += row << 2;
      to += width << 2;
    }
  }
}

/** Stores four numbers, cut to [-1, 1]. */
// @ts-ignore: decorator
@inline
function storeCut(to: usize, first: v128, second: v128): void {
  const one = f64x2.splat(1);
  const less = f64x2.splat(-1);
  v128.store(to, f64x2.pmax(f64x2.pmin(first, one), less));
  v128.store(to, f64x2.pmax(f64x2.pmin(second, one), less), 16);
}

/**
 * Inner products of one vector with all rows of a matrix.
 *
 * @param panels  The rows, eight at a time: element t of rows 8 q … 8 q + 7 lies at 8 (q p + t) … + 7; zeros fill the last.
 * @param count   Panels.
 * @param x       p numbers.
 * @param out     8 numbers a panel.
 */
export function dotPanels(panels: usize, count: i32, p: i32, x: usize, out: usize): void {
  let from = panels;
  const stop = x + (<usize>p << 3);
  for (let q: i32 = 0; q < count; q++) {
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let at = x; at < stop; at += 8) {
      const one = v128.load64_splat(at);
      s0 = f64x2.add(s0, f64x2.mul(one, v128.load(from)));
      s1 = f64x2.add(s1, f64x2.mul(one, v128.load(from, 16)));
      s2 = f64x2.add(s2, f64x2.mul(one, v128.load(from, 32)));
      s3 = f64x2.add(s3, f64x2.mul(one, v128.load(from, 48)));
      from += 64;
    }
    v128.store(out, s0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
    out += 64;
  }
}

/**
 * Adds a row to all rows of a matrix; with `relu`, negative results become 0.
 *
 * @param values  m × n, row-major, written in place.
 * @param n       A multiple of 4.
 */
export function addRow(values: usize, row: usize, m: i32, n: i32, relu: i32): void {
  const width = <usize>n << 3;
  const floor = f64x2.splat(relu != 0 ? 0.0 : -Infinity);
  for (let i: i32 = 0; i < m; i++) {
    for (let j: usize = 0; j < width; j += 16) {
      v128.store(values, f64x2.max(f64x2.add(v128.load(values), v128.load(row + j)), floor));
      values += 16;
    }
  }
}

/**
 * Sums of the columns, over the rows in their order.
 *
 * @param values  m × n, row-major.
 * @param n       A multiple of 4.
 */
export function columnSums(values: usize, m: i32, n: i32, out: usize): void {
  const width = <usize>n << 3;
  for (let j: usize = 0; j < width; j += 32) {
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let from = values + j;
    for (let i: i32 = 0; i < m; i++) {
      s0 = f64x2.add(s0, v128.load(from));
      s1 = f64x2.add(s1, v128.load(from, 16));
      from += width;
    }
    v128.store(out + j, s0);
    v128.store(out + j, s1, 16);
  }
}

/** Zeroes `delta` where `values` is not positive. @param count  Numbers, a multiple of 2. */
export function reluSlope(values: usize, delta: usize, count: i32): void {
  const zero = f64x2.splat(0);
  const stop = values + (<usize>count << 3);
  for (; values < stop; values += 16) {
    v128.store(delta, v128.and(v128.load(delta), f64x2.gt(v128.load(values), zero)));
    delta += 16;
  }
}

/** gradient = (gradient + l2 · params) / m. @param count  Numbers, a multiple of 2. */
export function decay(params: usize, gradient: usize, count: i32, l2: f64, m: f64): void {
  const weight = f64x2.splat(l2);
  const size = f64x2.splat(m);
  const stop = params + (<usize>count << 3);
  for (; params < stop; params += 16) {
    const pull = f64x2.add(v128.load(gradient), f64x2.mul(weight, v128.load(params)));
    v128.store(gradient, f64x2.div(pull, size));
    gradient += 16;
  }
}

/**
 * One step of Adam: running means of the gradient and of its square decide how far each parameter moves.
 *
 * @param count  Numbers, a multiple of 2.
 */
export function adam(
  params: usize,
  gradient: usize,
  mean: usize,
  square: usize,
  count: i32,
  rate: f64,
  first: f64,
  second: f64,
  epsilon: f64,
): void {
  const b1 = f64x2.splat(first);
  const c1 = f64x2.splat(1 - first);
  const b2 = f64x2.splat(second);
  const c2 = f64x2.splat(1 - second);
  const step = f64x2.splat(rate);
  const small = f64x2.splat(epsilon);
  const stop = params + (<usize>count << 3);
  for (; params < stop; params += 16) {
    const g = v128.load(gradient);
    const m = f64x2.add(f64x2.mul(b1, v128.load(mean)), f64x2.mul(c1, g));
    const v = f64x2.add(f64x2.mul(b2, v128.load(square)), f64x2.mul(f64x2.mul(c2, g), g));
    v128.store(mean, m);
    v128.store(square, v);
    const move = f64x2.div(f64x2.mul(step, m), f64x2.add(f64x2.sqrt(v), small));
    v128.store(params, f64x2.sub(v128.load(params), move));
    gradient += 16;
    mean += 16;
    square += 16;
  }
}
