/**
 * Colors of the grey values: grey, inverted grey for PET as it is read, and hot.
 *
 * Layer:  labextension, volume.
 */

/** How grey values become colors. */
export type PaletteName = "grey" | "inverted" | "hot";

export const PALETTES: readonly { readonly name: PaletteName; readonly label: string }[] = [
  { name: "grey", label: "Grey" },
  { name: "inverted", label: "Inverted grey" },
  { name: "hot", label: "Hot" },
];

/** 256 opaque pixels from the low to the high end of the window, in the byte order of `ImageData`. */
export function paletteColors(name: PaletteName): Uint32Array {
  const known = made.get(name);
  if (known !== undefined) return known;
  const colors = new Uint32Array(256);
  for (let level = 0; level < 256; level++) {
    const [red, green, blue] = CHANNELS[name](level);
    colors[level] = (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
  }
  made.set(name, colors);
  return colors;
}

const made = new Map<PaletteName, Uint32Array>();

type Color = readonly [red: number, green: number, blue: number];

const CHANNELS: Readonly<Record<PaletteName, (level: number) => Color>> = {
  grey: (level) => [level, level, level],
  inverted: (level) => [255 - level, 255 - level, 255 - level],
  // Black over red and yellow to white; each third brings one channel to its full.
  hot: (level) => [third(level, 0), third(level, 1), third(level, 2)],
};

function third(level: number, part: 0 | 1 | 2): number {
  return Math.min(255, Math.max(0, 3 * level - 255 * part));
}
