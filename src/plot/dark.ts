/**
 * Figures on a dark page: each color of the light theme has a counterpart.
 *
 * Layer:  plot; imports core (types).
 */

import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import type { Spec } from "./vega.js";

export type FigureTheme = "light" | "dark";

/**
 * Light color to dark one. The data colors are lifted until they stand out from the dark paper, in the same order of
 * lightness, so that they stay apart for every color vision; colors of the caller's own palette stay as they are.
 */
export const DARK_COLORS: Readonly<Record<string, string>> = {
  "#ffffff": "#111111", // paper, that of JupyterLab's dark theme
  "#1f2328": "#e6edf3", // ink
  "#656d76": "#a3adb8", // quiet ink
  "#d0d7de": "#484f58", // rule
  "#eaeef2": "#2b3138", // grid
  "#f7f7f7": "#24282e", // middle of a diverging scale
  "#0072B2": "#4C9BE8",
  "#D55E00": "#F0803C",
  "#009E73": "#2BC08F",
  "#CC79A7": "#E39AC4",
  "#56B4E9": "#A5DCFF",
  "#000000": "#F0F6FC",
  "#1277d3": "#3d9bf0",
  "#8b54c4": "#a878e0",
  "#e3175b": "#ff4d82",
};

/** @throws InputError if there is no such theme. */
export function inTheme(spec: Spec, theme: FigureTheme): Spec {
  if (theme === "light") return spec;
  if (theme !== "dark") {
    throw new InputError(`the theme must be "light" or "dark", found "${String(theme)}".`);
  }
  return recolor(spec, DARK_COLORS) as Spec;
}

/** The same value with each text that is a key replaced. Keys are hexadecimal colors: no name of a group is one. */
function recolor(value: Json, colors: Readonly<Record<string, string>>): Json {
  if (typeof value === "string") return Object.hasOwn(colors, value) ? colors[value] : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => recolor(item, colors));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, recolor(item, colors)]));
}
