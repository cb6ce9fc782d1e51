/**
 * Strength of the degrees of spherical harmonics in a pattern of bits on a sphere, as PyRadiomics computes it.
 *
 * Layer:  radiomics; imports nothing.
 */

interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/**
 * With Y of one degree at every point: c_m = Σ_v bit_v Y_m(v), then √(Σ_v (Σ_m c_m Y_m(v))²) without any conjugate, of
 * which PyRadiomics keeps the real part.
 *
 * @returns For each degree 0 … levels − 1 a function of the bits.
 */
export function harmonics(
  vertices: readonly (readonly number[])[],
  radius: number,
  levels: number,
): ((bits: Uint8Array) => number)[] {
  // PyRadiomics hands SciPy the polar angle in place of the azimuth and the other way round.
  const azimuth = vertices.map(([, , z]) => Math.acos(Math.min(1, Math.max(-1, z / radius))));
  const polar = vertices.map(([x, y]) => Math.atan2(y, x));
  return Array.from({ length: levels }, (_, degree) => {
    const orders = Array.from({ length: 2 * degree + 1 }, (_, k) =>
      harmonic(degree, k - degree, azimuth, polar),
    );
    return strength(orders);
  });
}

function strength(orders: readonly Complex[]): (bits: Uint8Array) => number {
  const products = orders.map((a) => orders.map((b) => dot(a, b)));
  const re = new Float64Array(orders.length);
  const im = new Float64Array(orders.length);
  return (bits) => {
    for (let m = 0; m < orders.length; m++) {
      re[m] = 0;
      im[m] = 0;
      for (let v = 0; v < bits.length; v++) {
        if (bits[v] === 0) continue;
        re[m] += orders[m].re[v];
        im[m] += orders[m].im[v];
      }
    }
    let sumRe = 0;
    let sumIm = 0;
    for (let a = 0; a < orders.length; a++) {
      for (let b = 0; b < orders.length; b++) {
        const r = re[a] * re[b] - im[a] * im[b];
        const i = re[a] * im[b] + im[a] * re[b];
        sumRe += r * products[a][b].re - i * products[a][b].im;
        sumIm += r * products[a][b].im + i * products[a][b].re;
      }
    }
    return Math.sqrt((Math.hypot(sumRe, sumIm) + sumRe) / 2);
  };
}

/** Σ_v a(v) b(v). */
function dot(a: Complex, b: Complex): { re: number; im: number } {
  let re = 0;
  let im = 0;
  for (let v = 0; v < a.re.length; v++) {
    re += a.re[v] * b.re[v] - a.im[v] * b.im[v];
    im += a.re[v] * b.im[v] + a.im[v] * b.re[v];
  }
  return { re, im };
}

/** Y of a degree n and an order m, with the sign of Condon and Shortley. */
function harmonic(n: number, m: number, azimuth: readonly number[], polar: readonly number[]): Complex {
  const k = Math.abs(m);
  let scale = (2 * n + 1) / (4 * Math.PI);
  for (let f = n - k + 1; f <= n + k; f++) scale /= f;
  // Y of order −k is the conjugate of that of order k, with the sign of (−1)^k.
  const sign = m < 0 && k % 2 === 1 ? -1 : 1;
  const re = new Float64Array(azimuth.length);
  const im = new Float64Array(azimuth.length);
  for (let v = 0; v < azimuth.length; v++) {
    const size = sign * Math.sqrt(scale) * legendre(n, k, Math.cos(polar[v]));
    re[v] = size * Math.cos(m * azimuth[v]);
    im[v] = size * Math.sin(m * azimuth[v]);
  }
  return { re, im };
}

/** Associated Legendre function of order m ≥ 0. */
function legendre(n: number, m: number, x: number): number {
  let last = 0;
  let value = 1;
  const sine = Math.sqrt(Math.max(0, 1 - x * x));
  for (let k = 1; k <= m; k++) value *= -(2 * k - 1) * sine;
  for (let l = m + 1; l <= n; l++) {
    const next = ((2 * l - 1) * x * value - (l + m - 1) * last) / (l - m);
    last = value;
    value = next;
  }
  return value;
}
