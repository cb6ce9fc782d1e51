/**
 * Inner loops of the texture families, eight voxels at a time: the source, in AssemblyScript, of `kernels-binary.ts`.
 *
 * All arrays lie in the module's memory; arguments named after an array are its address. Levels and bits lie with a border
 * of zeros around them that is as wide as two steps and a block of eight. `fast-walk.ts` lays the memory out and says what
 * each array means; `volume-walk.ts` and `zones.ts` hold the same in plain loops, which the tests hold against this.
 *
 * Translate with: npx tsx data-scripts/wasm/main.ts
 */

/**
 * Pairs, bits of the neighbours behind that are alike, and neighbourhoods.
 *
 * @param levels       u16 by voxel, 0 outside.
 * @param length       Voxels.
 * @param steps        13 × i32: array steps to the neighbours ahead.
 * @param bases        13 × i32: where the table of each direction starts in `pairs`, in bytes.
 * @param pairs        i32, (levels + 1)² a table.
 * @param side         Levels + 1.
 * @param behind       u16 by voxel, zero beforehand: bit d for a voxel of the same level one step back along direction d.
 * @param dependence   i32, `side` rows of 27.
 * @param voxels       i32 by level: those with a neighbour.
 * @param differences  f64 by level.
 * @param scratch      48 bytes.
 */
export function walk(
  levels: usize,
  length: i32,
  steps: usize,
  bases: usize,
  pairs: usize,
  side: i32,
  behind: usize,
  dependence: usize,
  voxels: usize,
  differences: usize,
  scratch: usize,
): void {
  const sides = i16x8.splat(<i16>side);
  const none = i16x8.splat(0);
  for (let p: i32 = 0; p < length; p += 8) {
    const here = levels + (<usize>p << 1);
    const level = v128.load(here);
    if (!v128.any_true(level)) continue;
    const rowLow = i32x4.extmul_low_i16x8_u(level, sides);
    const rowHigh = i32x4.extmul_high_i16x8_u(level, sides);
    let bits = none;
    let bit = i16x8.splat(1);
    // Comparisons give −1, so counts of them are negative.
    let alike = none;
    let absent = none;
    let sum = none;
    for (let d: usize = 0; d < 52; d += 4) {
      const step = <usize>load<i32>(steps + d) << 1;
      const table = pairs + <usize>load<i32>(bases + d);
      const before = v128.load(here - step);
      const after = v128.load(here + step);
      const same = i16x8.eq(before, level);
      bits = v128.or(bits, v128.and(same, bit));
      bit = i16x8.shl(bit, 1);
      alike = i16x8.add(alike, i16x8.add(same, i16x8.eq(after, level)));
      absent = i16x8.add(absent, i16x8.add(i16x8.eq(before, none), i16x8.eq(after, none)));
      sum = i16x8.add(sum, i16x8.add(before, after));
      const low = i32x4.shl(i32x4.add(rowLow, i32x4.extend_low_i16x8_u(before)), 2);
      const high = i32x4.shl(i32x4.add(rowHigh, i32x4.extend_high_i16x8_u(before)), 2);
      // Voxels outside have a row of their own.
      count(table + <usize>i32x4.extract_lane(low, 0));
      count(table + <usize>i32x4.extract_lane(low, 1));
      count(table + <usize>i32x4.extract_lane(low, 2));
      count(table + <usize>i32x4.extract_lane(low, 3));
      count(table + <usize>i32x4.extract_lane(high, 0));
      count(table + <usize>i32x4.extract_lane(high, 1));
      count(table + <usize>i32x4.extract_lane(high, 2));
      count(table + <usize>i32x4.extract_lane(high, 3));
    }
    v128.store(behind + (<usize>p << 1), v128.andnot(bits, i16x8.eq(level, none)));
    v128.store(scratch, alike);
    v128.store(scratch + 16, absent);
    v128.store(scratch + 32, sum);
    for (let lane: usize = 0; lane < 16; lane += 2) {
      const own = <usize>load<u16>(here + lane);
      if (own == 0) continue;
      count(dependence + ((own * 27 - <usize>(<i32>load<i16>(scratch + lane))) << 2));
      const known = 26 + <i32>load<i16>(scratch + 16 + lane);
      if (known == 0) continue;
      count(voxels + (own << 2));
      const mean = <f64>(<i32>load<u16>(scratch + 32 + lane)) / <f64>known;
      const total = differences + (own << 3);
      store<f64>(total, load<f64>(total) + Math.abs(<f64>own - mean));
    }
  }
}

/**
 * Finds runs of three and more voxels at their third one, and takes back the runs of one and two voxels that they were
 * taken for.
 *
 * @param bases    13 × i32: where the table of each direction starts in `runs`, in bytes.
 * @param runs     i32, `side` rows of `longest` a table: how much the counts of plain pairs must change.
 * @param scratch  16 bytes.
 */
export function longRuns(
  levels: usize,
  behind: usize,
  length: i32,
  steps: usize,
  bases: usize,
  runs: usize,
  longest: i32,
  scratch: usize,
): void {
  for (let p: i32 = 0; p < length; p += 8) {
    const here = behind + (<usize>p << 1);
    const bits = v128.load(here);
    if (!v128.any_true(bits)) continue;
    let thirds = i16x8.splat(0);
    let bit = i16x8.splat(1);
    for (let d: usize = 0; d < 52; d += 4) {
      const step = <usize>load<i32>(steps + d) << 1;
      const begun = v128.and(v128.load(here - step), bit);
      thirds = v128.or(thirds, v128.andnot(v128.and(begun, bits), v128.load(here - 2 * step)));
      bit = i16x8.shl(bit, 1);
    }
    if (!v128.any_true(thirds)) continue;
    v128.store(scratch, thirds);
    for (let lane: usize = 0; lane < 16; lane += 2) {
      let left = <i32>load<u16>(scratch + lane);
      if (left == 0) continue;
      const level = <i32>load<u16>(levels + (<usize>p << 1) + lane);
      while (left != 0) {
        const d = ctz(left);
        left &= left - 1;
        const step = <usize>load<i32>(steps + (<usize>d << 2)) << 1;
        let run = 3;
        let ahead = here + lane + step;
        while (((<i32>load<u16>(ahead) >> d) & 1) != 0) {
          ahead += step;
          run++;
        }
        const row = runs + <usize>load<i32>(bases + (<usize>d << 2)) + (<usize>(level * longest) << 2);
        add(row + (<usize>(run - 1) << 2), 1);
        add(row, run - 2);
        add(row + 4, 1 - run);
      }
    }
  }
}

/**
 * Zones by union and find, numbered in the order of their first voxels.
 *
 * @param positions  i32, ascending: the voxels of the region.
 * @param enough     u16 by set of 13 neighbours: one of each group that hangs together.
 * @param parent     i32 by voxel.
 * @param distances  u16 by voxel, or 0.
 * @param zoneLevel  u16 by zone; so are zoneSize (i32) and zoneDistance (u16).
 * @returns The number of zones.
 */
export function zones(
  levels: usize,
  behind: usize,
  positions: usize,
  count: i32,
  steps: usize,
  enough: usize,
  parent: usize,
  distances: usize,
  zoneLevel: usize,
  zoneSize: usize,
  zoneDistance: usize,
): i32 {
  for (let n: i32 = 0; n < count; n++) {
    const p = load<i32>(positions + (<usize>n << 2));
    let left = <i32>load<u16>(enough + (<usize>load<u16>(behind + (<usize>p << 1)) << 1));
    let root = p;
    if (left != 0) {
      root = rootOf(parent, p - load<i32>(steps + (<usize>ctz(left) << 2)));
      left &= left - 1;
      while (left != 0) {
        const other = rootOf(parent, p - load<i32>(steps + (<usize>ctz(left) << 2)));
        left &= left - 1;
        if (other < root) {
          store<i32>(parent + (<usize>root << 2), other);
          root = other;
        } else {
          store<i32>(parent + (<usize>other << 2), root);
        }
      }
    }
    store<i32>(parent + (<usize>p << 2), root);
  }
  // Parents come before their children, so one pass finds every root; roots are replaced by ~zone, which is negative.
  let found: i32 = 0;
  for (let n: i32 = 0; n < count; n++) {
    const p = load<i32>(positions + (<usize>n << 2));
    const own = parent + (<usize>p << 2);
    const above = load<i32>(own);
    const d = distances == 0 ? <u16>0 : load<u16>(distances + (<usize>p << 1));
    if (above == p) {
      store<i32>(own, ~found);
      store<u16>(zoneLevel + (<usize>found << 1), load<u16>(levels + (<usize>p << 1)));
      store<i32>(zoneSize + (<usize>found << 2), 1);
      store<u16>(zoneDistance + (<usize>found << 1), d);
      found++;
      continue;
    }
    const zone = load<i32>(parent + (<usize>above << 2));
    store<i32>(own, zone);
    const size = zoneSize + (<usize>~zone << 2);
    store<i32>(size, load<i32>(size) + 1);
    const nearest = zoneDistance + (<usize>~zone << 1);
    if (d < load<u16>(nearest)) store<u16>(nearest, d);
  }
  return found;
}

/**
 * Sums over a ball around each voxel, from sums along its rows.
 *
 * @param before     f64: before[p] is the sum of everything before voxel p.
 * @param positions  i32, ascending.
 * @param offsets    Pairs of i32: where each row of the ball starts and ends from its middle, in bytes of `before`.
 * @param rows       Number of pairs.
 * @param total      f64 by position, written.
 */
export function ballSums(
  before: usize,
  positions: usize,
  count: i32,
  offsets: usize,
  rows: i32,
  total: usize,
): void {
  const end = offsets + (<usize>rows << 3);
  let n: i32 = 0;
  while (n < count) {
    const at = positions + (<usize>n << 2);
    const p = load<i32>(at);
    const here = before + (<usize>p << 3);
    const into = total + (<usize>n << 3);
    // Four voxels that follow one another.
    if (n + 3 < count && load<i32>(at + 12) == p + 3) {
      let low = f64x2.splat(0);
      let high = f64x2.splat(0);
      for (let row = offsets; row < end; row += 8) {
        const from = here + load<i32>(row);
        const to = here + load<i32>(row + 4);
        low = f64x2.add(low, f64x2.sub(v128.load(to), v128.load(from)));
        high = f64x2.add(high, f64x2.sub(v128.load(to + 16), v128.load(from + 16)));
      }
      v128.store(into, low);
      v128.store(into + 16, high);
      n += 4;
      continue;
    }
    let sum: f64 = 0;
    for (let row = offsets; row < end; row += 8) {
      sum += load<f64>(here + load<i32>(row + 4)) - load<f64>(here + load<i32>(row));
    }
    store<f64>(into, sum);
    n++;
  }
}

/**
 * Replaces each value by the sum of all up to it; values that are not finite count 0.
 *
 * @param values    f64.
 * @param counting  1: sums of 1 for each finite value instead.
 * @returns How many values are not finite.
 */
export function runningSum(values: usize, count: i32, counting: i32): i32 {
  let sum: f64 = 0;
  let unknown: i32 = 0;
  const end = values + (<usize>count << 3);
  for (let at = values; at < end; at += 8) {
    const v = load<f64>(at);
    // What is not finite has no difference to itself.
    if (v - v == 0) sum += counting != 0 ? 1 : v;
    else unknown++;
    store<f64>(at, sum);
  }
  return unknown;
}

/**
 * Makes a symmetric matrix tridiagonal by Householder reflections; only its lower triangle is read and kept.
 *
 * @param a         f64, n rows of n, overwritten.
 * @param diagonal  f64 of the result.
 * @param beside    f64: at k the number between k − 1 and k.
 * @param v         n f64 for the reflection; so is w.
 */
export function tridiagonal(a: usize, n: i32, diagonal: usize, beside: usize, v: usize, w: usize): void {
  const width = <usize>n << 3;
  for (let k = n - 1; k > 0; k--) {
    // Row k, columns 0 … k − 1, becomes (0, …, 0, beside).
    const bytes = <usize>k << 3;
    const last = a + <usize>k * width;
    const norm = Math.sqrt(dot(last, last, bytes));
    store<f64>(diagonal + bytes, load<f64>(last + bytes));
    const tip = load<f64>(last + bytes - 8);
    const alpha = tip > 0 ? -norm : norm;
    store<f64>(beside + bytes, norm == 0 ? 0 : alpha);
    if (norm == 0) continue;
    memory.copy(v, last, bytes);
    store<f64>(v + bytes - 8, tip - alpha);
    const scale = 2 / dot(v, v, bytes);
    for (let i: usize = 0; i < bytes; i += 8) {
      const row = a + (i >> 3) * width;
      const own = load<f64>(v + i);
      const sum = load<f64>(row + i) * own + dot(row, v, i);
      addScaled(w, row, own, i);
      store<f64>(w + i, sum);
    }
    const half = (scale * scale * dot(v, w, bytes)) / 2;
    for (let i: usize = 0; i < bytes; i += 8) {
      store<f64>(w + i, scale * load<f64>(w + i) - half * load<f64>(v + i));
    }
    for (let i: usize = 0; i < bytes; i += 8) {
      const row = a + (i >> 3) * width;
      addScaled(row, w, -load<f64>(v + i), i + 8);
      addScaled(row, v, -load<f64>(w + i), i + 8);
    }
  }
  store<f64>(diagonal, load<f64>(a));
}

/** Σ a b over so many bytes. */
function dot(a: usize, b: usize, bytes: usize): f64 {
  let sums = f64x2.splat(0);
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) sums = f64x2.add(sums, f64x2.mul(v128.load(a + at), v128.load(b + at)));
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  if (at < bytes) sum += load<f64>(a + at) * load<f64>(b + at);
  return sum;
}

/** Adds `factor` times what lies at `from` to what lies at `to`. */
function addScaled(to: usize, from: usize, factor: f64, bytes: usize): void {
  const factors = f64x2.splat(factor);
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    v128.store(to + at, f64x2.add(v128.load(to + at), f64x2.mul(factors, v128.load(from + at))));
  }
  if (at < bytes) store<f64>(to + at, load<f64>(to + at) + factor * load<f64>(from + at));
}

/** The root of a voxel's tree; halves the way there. */
function rootOf(parent: usize, start: i32): i32 {
  let node = start;
  let above = load<i32>(parent + (<usize>node << 2));
  while (above != node) {
    const next = load<i32>(parent + (<usize>above << 2));
    store<i32>(parent + (<usize>node << 2), next);
    node = next;
    above = load<i32>(parent + (<usize>node << 2));
  }
  return node;
}

// @ts-ignore: decorator
@inline
function count(cell: usize): void {
  store<i32>(cell, load<i32>(cell) + 1);
}

// @ts-ignore: decorator
@inline
function add(cell: usize, n: i32): void {
  store<i32>(cell, load<i32>(cell) + n);
}
