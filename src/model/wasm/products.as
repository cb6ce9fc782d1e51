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
