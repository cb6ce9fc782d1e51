/**
 * PNG files: grey pictures, and pictures that are grey but for some colors in a third of the usual size.
 *
 * Source: PNG specification, third edition, W3C 2025.
 * Layer:  plot; imports its own files.
 */
import { crc32, deflateSync } from "node:zlib";
import { chooseColors } from "./color-choice.js";
import type { Pixels } from "./raster.js";

/** @param shades  One byte a pixel, row by row from the top; length width × height. */
export function greyPng(shades: Uint8Array, width: number, height: number): Uint8Array {
  return encode(shades, width, height);
}

/** A picture in at most 255 colors: byte 0 is transparent, byte k is the k-th color. @param colors  Red, green, blue of each. */
export function palettePng(bytes: Uint8Array, width: number, height: number, colors: Uint8Array): Uint8Array {
  return encode(bytes, width, height, Uint8Array.of(0, 0, 0, ...colors), Uint8Array.of(0));
}

/**
 * A scan's picture in few bytes: 128 shades of grey, which are more than the eye tells apart, and 128 colors
 * that stand for all; each becomes the nearest of these. Opacity is ignored.
 */
export function compactPng({ rgba, width, height }: Pixels): Uint8Array {
  const colors = chooseColors(rgba, MOST_COLORS);
  const palette = new Uint8Array(3 * (SHADES + colors.length));
  for (let i = 0; i < SHADES; i++) palette.fill(Math.round((i * 255) / (SHADES - 1)), 3 * i, 3 * i + 3);
  for (const [i, color] of colors.entries()) palette.set(unpack(color), 3 * (SHADES + i));

  const placeOf = new Map(colors.map((color, i) => [color, SHADES + i]));
  const indices = new Uint8Array(width * height);
  for (let p = 0, q = 0; p < indices.length; p++, q += 4) {
    const [r, g, b] = [rgba[q], rgba[q + 1], rgba[q + 2]];
    if (r === g && g === b) {
      indices[p] = Math.round((r * (SHADES - 1)) / 255);
      continue;
    }
    const color = pack(r, g, b);
    let place = placeOf.get(color);
    if (place === undefined) {
      place = nearest(palette, r, g, b);
      placeOf.set(color, place);
    }
    indices[p] = place;
  }
  return encode(indices, width, height, palette);
}

/** Width and height of a PNG in pixels. */
export function pngSize(png: Uint8Array): { width: number; height: number } {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** The same picture, telling how many pixels it has per metre of paper. */
export function pngWithDensity(png: Uint8Array, perMetre: number): Uint8Array {
  const density = Buffer.alloc(9);
  density.writeUInt32BE(Math.round(perMetre), 0);
  density.writeUInt32BE(Math.round(perMetre), 4);
  density[8] = 1; // the unit is the metre
  return Buffer.concat([png.subarray(0, HEADER_END), chunk("pHYs", density), png.subarray(HEADER_END)]);
}

/** Signature, and the chunk that has to come first. */
const HEADER_END = 33;

const SHADES = 128;
const MOST_COLORS = 128;

function pack(r: number, g: number, b: number): number {
  return (r << 16) | (g << 8) | b;
}

function unpack(color: number): readonly [number, number, number] {
  return [color >> 16, (color >> 8) & 255, color & 255];
}

function nearest(palette: Uint8Array, r: number, g: number, b: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < palette.length; i += 3) {
    const distance = (palette[i] - r) ** 2 + (palette[i + 1] - g) ** 2 + (palette[i + 2] - b) ** 2;
    if (distance >= least) continue;
    least = distance;
    best = i / 3;
  }
  return best;
}

/** One byte a pixel: a shade, or a place in the palette. @param opacity  Of the first colors of the palette; others are opaque. */
function encode(
  bytes: Uint8Array,
  width: number,
  height: number,
  palette?: Uint8Array,
  opacity?: Uint8Array,
): Uint8Array {
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y++)
    filterRow(bytes, width, y, rows.subarray(y * (width + 1), (y + 1) * (width + 1)));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, palette === undefined ? 0 : 3, 0, 0, 0], 8); // 8 bits a pixel, grey or palette, no interlacing
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    ...(palette === undefined ? [] : [chunk("PLTE", palette)]),
    ...(opacity === undefined ? [] : [chunk("tRNS", opacity)]),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/**
 * Writes the differences of one row to its neighbours. Scans are smooth: the gradient filter ("Paeth") beats the others
 * on them, and costs nothing on flat areas.
 */
function filterRow(bytes: Uint8Array, width: number, y: number, row: Uint8Array): void {
  const start = y * width;
  row[0] = 4;
  for (let x = 0; x < width; x++) {
    const p = start + x;
    const left = x > 0 ? bytes[p - 1] : 0;
    const up = y > 0 ? bytes[p - width] : 0;
    const corner = x > 0 && y > 0 ? bytes[p - width - 1] : 0;
    const toLeft = Math.abs(up - corner);
    const toUp = Math.abs(left - corner);
    const toCorner = Math.abs(left + up - 2 * corner);
    const guess = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    row[x + 1] = bytes[p] - guess;
  }
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, "latin1");
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}
