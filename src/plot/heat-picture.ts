/**
 * The static picture of a heat map: its slice as a picture to lay over the scan's, and its color bar with the unit.
 *
 * Layer:  plot; imports core.
 */
import type { Plane, ScreenAxis } from "./anatomy.js";
import { type Heat, lowestLevel } from "./heat.js";
import { rampColors } from "./palette.js";
import { palettePng } from "./png.js";
import { escapeXml, type Renderer } from "./raster.js";
import type { Box } from "./slice.js";

const BAR_WIDTH = 150;
const BAR_HEIGHT = 9;
/** Height of the row of the color bar. */
export const HEAT_ROW = 24;

/**
 * One plane, as SVG. Voxels are drawn as they are, not smoothed: each color stands for one value.
 *
 * @param scale  Pixels per CSS pixel.
 * @returns "" if the plane has no value.
 */
export function drawHeat(heat: Heat, plane: Plane, at: number, box: Box, scale: number): string {
  const { size } = heat.map.geometry;
  const width = Math.max(1, Math.round(box.width * scale));
  const height = Math.max(1, Math.round(box.height * scale));
  const stride = [1, size[0], size[0] * size[1]];
  const across = offsets(plane.across, size[plane.across.axis], stride, width);
  const down = offsets(plane.down, size[plane.down.axis], stride, height);
  const start = at * stride[plane.through];
  const levels = new Uint8Array(width * height);
  const lowest = lowestLevel(heat);
  let isEmpty = true;
  for (let row = 0, p = 0; row < height; row++) {
    for (let column = 0; column < width; column++, p++) {
      const level = heat.levels[start + down[row] + across[column]];
      if (level < lowest) continue;
      levels[p] = level;
      isEmpty = false;
    }
  }
  if (isEmpty) return "";
  const png = Buffer.from(palettePng(levels, width, height, rampColors(heat.colors, 255))).toString("base64");
  return (
    `<image x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" preserveAspectRatio="none" ` +
    `opacity="${heat.opacity}" href="data:image/png;base64,${png}"/>`
  );
}

/** Name, lowest value, colors, highest value with the unit. @param key  Makes its name in the picture its own. */
export function drawHeatBar(heat: Heat, left: number, baseline: number, key: string, text: Renderer): string {
  const { colors, range, threshold } = heat;
  const stops = colors.map((color, n) => `<stop offset="${n / (colors.length - 1)}" stop-color="${color}"/>`);
  const [low, high] = heatEnds(heat);
  let x = left;
  let svg = `<defs><linearGradient id="radbook-${key}heat">${stops.join("")}</linearGradient></defs>`;
  const write = (line: string, weight: number): void => {
    svg += `<text x="${x}" y="${baseline}" font-weight="${weight}">${escapeXml(line)}</text>`;
    x += text.textWidth(line, 12, weight) + 10;
  };
  write(heat.name, 600);
  write(low, 400);
  svg += `<rect x="${x}" y="${baseline - BAR_HEIGHT}" width="${BAR_WIDTH}" height="${BAR_HEIGHT}" fill="url(#radbook-${key}heat)"/>`;
  if (threshold !== null) {
    const at = x + (BAR_WIDTH * (threshold - range[0])) / (range[1] - range[0]);
    svg += `<path d="M${at} ${baseline - BAR_HEIGHT - 3}V${baseline + 3}" stroke="#fff" stroke-width="1.5"/>`;
  }
  x += BAR_WIDTH + 10;
  write(high, 400);
  if (threshold !== null) write(`drawn from ${heatNumber(threshold)} up`, 400);
  return svg;
}

/** The ends of the color bar in words; the unit stands behind the upper one. */
export function heatEnds({ range, unit }: Pick<Heat, "range" | "unit">): readonly [string, string] {
  return [heatNumber(range[0]), `${heatNumber(range[1])}${unit === "" ? "" : ` ${unit}`}`];
}

/** A value of the map in three digits. */
export function heatNumber(value: number): string {
  return String(+value.toPrecision(3)).replace("-", "−");
}

/** For each pixel along a screen axis: offset of the voxel that it lies in. */
function offsets(
  { axis, reversed }: ScreenAxis,
  count: number,
  stride: readonly number[],
  pixels: number,
): Int32Array {
  return Int32Array.from({ length: pixels }, (_, pixel) => {
    const voxel = Math.min(count - 1, Math.floor(((pixel + 0.5) * count) / pixels));
    return stride[axis] * (reversed ? count - 1 - voxel : voxel);
  });
}
