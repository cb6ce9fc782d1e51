/**
 * Colors that people with any color vision tell apart, and that print.
 *
 * Source: Okabe & Ito 2008, "Color universal design".
 * Layer:  plot; imports core.
 */
import { InputError } from "../core/errors.js";

/** On a black background: the darkest of the set comes last. */
export const REGION_COLORS: readonly string[] = [
  "#E69F00",
  "#56B4E9",
  "#009E73",
  "#F0E442",
  "#D55E00",
  "#CC79A7",
  "#0072B2",
];

/** On white: yellow is left out, it would vanish. */
export const GROUP_COLORS: readonly string[] = [
  "#0072B2",
  "#D55E00",
  "#009E73",
  "#CC79A7",
  "#E69F00",
  "#56B4E9",
  "#000000",
];

/** From a low to a high feature value. Blue and red differ for every color vision; purple between them. */
export const VALUE_RAMP: readonly string[] = ["#1277d3", "#8b54c4", "#e3175b"];

/**
 * From low to high over a scan: as bright as it is high for every color vision ("viridis" of Smith & van der Walt 2015, CC0).
 */
export const HEAT_RAMP: readonly string[] = [
  "#440154",
  "#482878",
  "#3e4989",
  "#31688e",
  "#26828e",
  "#1f9e89",
  "#35b779",
  "#6ece58",
  "#b5de2b",
  "#fde725",
];

/** From low to high over a scan, as nuclear medicine shows PET: black, red, yellow, white, each brighter than the one before. */
export const HOT_RAMP: readonly string[] = ["#000000", "#a00000", "#ff4000", "#ffc000", "#ffff80", "#ffffff"];

/** From −1 over 0 to 1: orange and blue differ for every color vision. */
export const DIVERGING: readonly string[] = ["#D55E00", "#f7f7f7", "#0072B2"];

/** A feature value that is missing, or that no single feature has. */
export const NO_VALUE_COLOR = "#9a9a9a";

/** Color of the i-th region; the colors repeat after the seventh, where names must tell the regions apart. */
export function regionColor(index: number): string {
  return REGION_COLORS[index % REGION_COLORS.length];
}

/** Evenly spaced colors of a ramp: red, green, blue of each. @param count  At least 2. */
export function rampColors(ramp: readonly string[], count: number): Uint8Array {
  const stops = ramp.map((color) => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)));
  return Uint8Array.from({ length: 3 * count }, (_, n) => {
    const place = (Math.floor(n / 3) / (count - 1)) * (stops.length - 1);
    const before = Math.min(stops.length - 2, Math.floor(place));
    const [from, to] = [stops[before][n % 3], stops[before + 1][n % 3]];
    return Math.round(from + (place - before) * (to - from));
  });
}

/** @throws InputError if there are fewer colors than groups, or one is not a CSS hexadecimal color. */
export function groupColors(count: number, palette: readonly string[] = GROUP_COLORS): readonly string[] {
  const odd = palette.find((color) => !/^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(color));
  if (odd !== undefined) {
    throw new InputError(`"${odd}" is not a hexadecimal color. Write colors like "#0072B2" in palette.`);
  }
  if (count > palette.length) {
    throw new InputError(
      `${count} groups need ${count} colors, but the palette has ${palette.length}. ` +
        "Merge small groups, or give a longer palette.",
    );
  }
  return palette.slice(0, count);
}
