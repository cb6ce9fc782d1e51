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
