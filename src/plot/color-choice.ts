/**
 * A few colors that stand for all colors of a picture: the most frequent ones as they are, the others by median cut.
 *
 * Source: Heckbert 1982, doi:10.1145/800064.801294.
 * Layer:  plot; imports nothing.
 */

/** A color with how many pixels have it. */
interface Counted {
  readonly rgb: readonly [number, number, number];
  readonly count: number;
}

/** This share of the colors is taken as it is, so that lines and letters keep theirs. */
const EXACT_SHARE = 0.5;

/**
 * @param rgba  Red, green, blue and opacity of each pixel; greys and opacity are ignored.
 * @returns At most `most` colors, packed as 0xRRGGBB.
 */
export function chooseColors(rgba: Uint8Array, most: number): number[] {
  const counts = new Map<number, number>();
  for (let q = 0; q < rgba.length; q += 4) {
    const [r, g, b] = [rgba[q], rgba[q + 1], rgba[q + 2]];
    if (r === g && r === b) continue;
    const color = (r << 16) | (g << 8) | b;
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const byCount = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  if (byCount.length <= most) return byCount.map(([color]) => color);
  const exact = Math.floor(EXACT_SHARE * most);
  const rest = coarse(byCount.slice(exact));
  return [...byCount.slice(0, exact).map(([color]) => color), ...medianCut(rest, most - exact)];
}

/** Colors that differ by less than 8 in each channel are taken together, by their mean. */
function coarse(colors: readonly (readonly [number, number])[]): Counted[] {
  const bins = new Map<number, number[]>();
  for (const [color, count] of colors) {
    const key = color & 0xf8f8f8;
    const bin = bins.get(key) ?? [0, 0, 0, 0];
    bin[0] += count * (color >> 16);
    bin[1] += count * ((color >> 8) & 255);
    bin[2] += count * (color & 255);
    bin[3] += count;
    bins.set(key, bin);
  }
  return [...bins.values()].map(([r, g, b, count]) => ({ rgb: [r / count, g / count, b / count], count }));
}

/** Splits the box that is widest for its pixels, again and again; each box gives its mean. The root lets small areas keep their colors. */
function medianCut(colors: readonly Counted[], boxes: number): number[] {
  const made: (readonly Counted[])[] = [colors];
  while (made.length < boxes) {
    let widest = -1;
    let most = 0;
    made.forEach((box, n) => {
      const score = Math.sqrt(pixels(box)) * extent(box).width;
      if (score > most) [widest, most] = [n, score];
    });
    if (widest < 0) break;
    made.splice(widest, 1, ...halves(made[widest]));
  }
  return made.map(mean);
}

function halves(box: readonly Counted[]): readonly [Counted[], Counted[]] {
  const { axis } = extent(box);
  const sorted = [...box].sort((a, b) => a.rgb[axis] - b.rgb[axis]);
  const half = pixels(box) / 2;
  let seen = 0;
  let cut = 0;
  while (cut < sorted.length - 1 && seen < half) seen += sorted[cut++].count;
  return [sorted.slice(0, cut), sorted.slice(cut)];
}

function extent(box: readonly Counted[]): { axis: 0 | 1 | 2; width: number } {
  let found: { axis: 0 | 1 | 2; width: number } = { axis: 0, width: -1 };
  for (const axis of [0, 1, 2] as const) {
    let low = 255;
    let high = 0;
    for (const { rgb } of box) {
      low = Math.min(low, rgb[axis]);
      high = Math.max(high, rgb[axis]);
    }
    if (high - low > found.width) found = { axis, width: high - low };
  }
  return found;
}

function mean(box: readonly Counted[]): number {
  const total = pixels(box);
  const channel = (axis: 0 | 1 | 2): number =>
    Math.round(box.reduce((sum, { rgb, count }) => sum + count * rgb[axis], 0) / total);
  return (channel(0) << 16) | (channel(1) << 8) | channel(2);
}

function pixels(box: readonly Counted[]): number {
  return box.reduce((sum, { count }) => sum + count, 0);
}
