/**
 * The static picture of a scan: three planes side by side in true proportions, as SVG.
 *
 * Layer:  plot; imports core, volume.
 */
import { indexToWorld, type Vec3 } from "../core/geometry.js";
import type { Mask } from "../volume/mask.js";
import type { Volume } from "../volume/volume.js";
import { anatomicalPlanes, obliqueDegrees, onScreen, type Plane, type ScreenAxis } from "./anatomy.js";
import { applyWindow, type NamedWindow } from "./grey-window.js";
import type { Heat } from "./heat.js";
import { drawHeat, drawHeatBar, HEAT_ROW } from "./heat-picture.js";
import { regionColor } from "./palette.js";
import { greyPng } from "./png.js";
import { escapeXml, FONT, type Renderer } from "./raster.js";
import { type Box, outlinePath, sampleSlice } from "./slice.js";

export interface VolumeScene {
  readonly volume: Volume;
  readonly regions: readonly Mask[];
  readonly heat: Heat | null;
  readonly window: NamedWindow;
  /** Whole voxel index at which the planes meet. */
  readonly cursor: Vec3;
  readonly title: string;
}

/** Pixels per CSS pixel of the planes: sharp on a dense screen and on paper. */
export const PICTURE_SCALE = 2;

const WIDTH = 960;
const MOST_HEIGHT = 520;
const LEAST_SIDE = 120;
const MARGIN = 16;
const GAP = 10;
const HEADER = 34;
const CAPTION = 24;
const LINE = 20;
// Greys only: colors mean regions.
const BACKGROUND = "#141414";
const QUIET = "#a6a6a6";
const LOUD = "#f2f2f2";

/** Draws the scene. The planes share one scale: a millimetre is as long in each of them. */
export function drawVolume(scene: VolumeScene, text: Renderer): string {
  const { svg, width, height } = drawScene(scene, "", text);
  return picture(svg, width, height);
}

/** Draws scenes below each other, with a sentence under them. */
export function drawVolumes(scenes: readonly VolumeScene[], note: string, text: Renderer): string {
  const drawings = scenes.map((scene, i) => drawScene(scene, `${i}-`, text));
  const width = Math.max(...drawings.map((drawing) => drawing.width));
  let y = 0;
  const parts = drawings.map((drawing) => {
    const line = y === 0 ? "" : `<path d="M${MARGIN} ${y}H${width - MARGIN}" stroke="#4a4a4a"/>`;
    const moved = `${line}<g transform="translate(0 ${y})">${drawing.svg}</g>`;
    y += drawing.height;
    return moved;
  });
  if (note === "") return picture(parts.join(""), width, y);
  const words = fit(note, 12, 400, width - 2 * MARGIN, text);
  const below = `<text x="${MARGIN}" y="${y + 6}" fill="${QUIET}">${escapeXml(words)}</text>`;
  return picture(parts.join("") + below, width, y + 6 + MARGIN);
}

function picture(content: string, width: number, height: number): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="${FONT}" font-size="12" fill="${LOUD}">` +
    `<rect width="100%" height="100%" fill="${BACKGROUND}"/>${content}</svg>`
  );
}

interface Drawing {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** @param key  Makes the names in it differ from those of other scenes of the picture. */
function drawScene(scene: VolumeScene, key: string, text: Renderer): Drawing {
  const planes = anatomicalPlanes(scene.volume.geometry);
  const { boxes, width, height, pixelsPerMm } = arrange(scene.volume, planes);
  const top = MARGIN + HEADER + CAPTION;
  const panels = boxes.map((box) => drawPanel(scene, box, top, height, key));
  const bar = drawScaleBar(pixelsPerMm, boxes[0], top + height);
  const legend = drawLegend(scene, width, top + height + 14, text);
  const bottom = top + height + 14 + legend.height;
  const heat = scene.heat === null ? "" : drawHeatBar(scene.heat, MARGIN, bottom + 14, key, text);
  const total = bottom + (scene.heat === null ? 0 : HEAT_ROW) + MARGIN - 4;
  const svg = drawHeader(scene, width, text) + panels.join("") + bar + legend.svg + heat;
  return { svg, width, height: total };
}

/** Where one plane stands in the picture, in CSS pixels. */
interface PanelBox {
  readonly plane: Plane;
  readonly left: number;
  /** Of the black panel. */
  readonly width: number;
  /** Of the scan in it. */
  readonly imageWidth: number;
  readonly imageHeight: number;
}

interface Arrangement {
  readonly boxes: readonly PanelBox[];
  readonly width: number;
  /** Of the panels. */
  readonly height: number;
  readonly pixelsPerMm: number;
}

function arrange(volume: Volume, planes: readonly Plane[]): Arrangement {
  const { size, spacing } = volume.geometry;
  const extents = planes.map(({ across, down }) => ({
    width: size[across.axis] * spacing[across.axis],
    height: size[down.axis] * spacing[down.axis],
  }));
  const room = WIDTH - 2 * MARGIN - 2 * GAP;
  const widest = extents.reduce((sum, extent) => sum + extent.width, 0);
  const highest = Math.max(...extents.map((extent) => extent.height));
  const pixelsPerMm = Math.min(room / widest, MOST_HEIGHT / highest);

  let left = MARGIN;
  const boxes = planes.map((plane, i) => {
    const imageWidth = Math.max(1, extents[i].width * pixelsPerMm);
    const imageHeight = Math.max(1, extents[i].height * pixelsPerMm);
    const box: PanelBox = { plane, left, width: Math.max(LEAST_SIDE, imageWidth), imageWidth, imageHeight };
    left += box.width + GAP;
    return box;
  });
  const height = Math.ceil(Math.max(LEAST_SIDE, highest * pixelsPerMm));
  return { boxes, width: Math.round(Math.max(left - GAP + MARGIN, WIDTH / 2)), height, pixelsPerMm };
}

function drawHeader({ title, window, volume }: VolumeScene, width: number, text: Renderer): string {
  const unit = volume.quantity.unit === "" ? "" : ` ${volume.quantity.unit}`;
  const range = `${round(window.center - window.width / 2)} to ${round(window.center + window.width / 2)}${unit}`;
  const windowText = window.name === "" ? `window ${range}` : `${window.name} window, ${range}`;
  const room = width - 2 * MARGIN - text.textWidth(windowText, 12, 400) - 24;
  return (
    `<text x="${MARGIN}" y="${MARGIN + 17}" font-size="15" font-weight="600">${escapeXml(fit(title, 15, 600, room, text))}</text>` +
    `<text x="${width - MARGIN}" y="${MARGIN + 17}" text-anchor="end" fill="${QUIET}">${escapeXml(windowText)}</text>`
  );
}

function drawPanel(scene: VolumeScene, box: PanelBox, top: number, height: number, key: string): string {
  const { volume, regions, heat, window, cursor } = scene;
  const { plane, left, width, imageWidth, imageHeight } = box;
  const geometry = volume.geometry;
  const at = cursor[plane.through];
  const image: Box = {
    x: left + (width - imageWidth) / 2,
    y: top + (height - imageHeight) / 2,
    width: imageWidth,
    height: imageHeight,
  };

  const outlines = regions.map((region, i) => {
    const path = outlinePath(region, plane, at, image);
    if (path === "") return "";
    // The dark edge keeps the outline visible on bright tissue.
    const stroke = (color: string, thick: number): string =>
      `<path d="${path}" fill="none" stroke="${color}" stroke-width="${thick}" stroke-linecap="round"/>`;
    return stroke("#000000", 2.8) + stroke(regionColor(i), 1.5);
  });

  const part = (axis: ScreenAxis): number =>
    (onScreen(geometry, axis, cursor) + 0.5) / geometry.size[axis.axis];
  const mm = indexToWorld(geometry, cursor)[plane.world];
  const clip = `radbook-${key}${plane.name.toLowerCase()}`;
  return (
    `<text x="${left}" y="${top - 8}"><tspan font-weight="600">${plane.name}</tspan>` +
    `<tspan dx="8" fill="${QUIET}">${"xyz"[plane.world]} ${signed(mm)} mm</tspan></text>` +
    `<clipPath id="${clip}"><rect x="${left}" y="${top}" width="${width}" height="${height}"/></clipPath>` +
    `<g clip-path="url(#${clip})"><rect x="${left}" y="${top}" width="${width}" height="${height}" fill="#000"/>` +
    drawSlice(volume, plane, at, window, image) +
    (heat === null ? "" : drawHeat(heat, plane, at, image, PICTURE_SCALE)) +
    outlines.join("") +
    drawCrosshair(image, part(plane.across), part(plane.down)) +
    "</g>" +
    drawEdges(plane, left, top, width, height)
  );
}

function drawSlice(volume: Volume, plane: Plane, at: number, window: NamedWindow, box: Box): string {
  const width = Math.max(1, Math.round(box.width * PICTURE_SCALE));
  const height = Math.max(1, Math.round(box.height * PICTURE_SCALE));
  const shades = new Uint8Array(width * height);
  applyWindow(sampleSlice(volume, plane, at, width, height), window, shades);
  const png = Buffer.from(greyPng(shades, width, height)).toString("base64");
  return (
    `<image x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" preserveAspectRatio="none" ` +
    `href="data:image/png;base64,${png}"/>`
  );
}

/** Lines to the place where the planes meet, open around it so that they do not hide what lies there. */
function drawCrosshair({ x, y, width, height }: Box, across: number, down: number): string {
  const cx = x + across * width;
  const cy = y + down * height;
  const open = 14;
  const line = (x1: number, y1: number, x2: number, y2: number): string =>
    x2 - x1 + (y2 - y1) > 0 ? `M${x1} ${y1}L${x2} ${y2}` : "";
  const path =
    line(x, cy, cx - open, cy) +
    line(cx + open, cy, x + width, cy) +
    line(cx, y, cx, cy - open) +
    line(cx, cy + open, cx, y + height);
  return path === ""
    ? ""
    : `<g fill="none"><path d="${path}" stroke="#000" stroke-opacity="0.35" stroke-width="2.5"/>` +
        `<path d="${path}" stroke="#fff" stroke-opacity="0.6"/></g>`;
}

function drawEdges(plane: Plane, left: number, top: number, width: number, height: number): string {
  const middle = top + height / 2 + 4;
  const center = left + width / 2;
  const places = [
    [left + 7, middle, "start"],
    [left + width - 7, middle, "end"],
    [center, top + 16, "middle"],
    [center, top + height - 7, "middle"],
  ] as const;
  const letters = places.map(
    ([x, y, anchor], i) => `<text x="${x}" y="${y}" text-anchor="${anchor}">${plane.edges[i]}</text>`,
  );
  return `<g font-weight="600" stroke="#000" stroke-width="3" stroke-linejoin="round" paint-order="stroke">${letters.join("")}</g>`;
}

/** A bar of a round length in the lower left corner of the first panel; the panels share their scale. */
function drawScaleBar(pixelsPerMm: number, panel: PanelBox, bottom: number): string {
  const mm = ROUND_MM.findLast((length) => length * pixelsPerMm <= panel.width * 0.3) ?? ROUND_MM[0];
  const length = mm * pixelsPerMm;
  const x = panel.left + 10;
  const y = bottom - 12;
  const label = mm >= 10 && mm % 10 === 0 ? `${mm / 10} cm` : `${mm} mm`;
  return (
    `<path d="M${x} ${y - 4}V${y}H${x + length}V${y - 4}" fill="none" stroke="#000" stroke-width="3.5"/>` +
    `<path d="M${x} ${y - 4}V${y}H${x + length}V${y - 4}" fill="none" stroke="${LOUD}" stroke-width="1.5"/>` +
    `<text x="${x}" y="${y - 9}" font-size="11" stroke="#000" stroke-width="3" paint-order="stroke">${label}</text>`
  );
}

const ROUND_MM = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];

/** Regions with their colors and volumes, then what the scan is made of. */
function drawLegend(
  { regions, volume }: VolumeScene,
  width: number,
  top: number,
  text: Renderer,
): { svg: string; height: number } {
  let svg = "";
  let x = MARGIN;
  let y = top + 12;
  for (const [i, region] of regions.entries()) {
    const size = `${millilitres(region)} mL`;
    const name = fit(region.name, 12, 400, width - 2 * MARGIN - 120, text);
    const nameWidth = text.textWidth(name, 12, 400);
    const itemWidth = 20 + nameWidth + 8 + text.textWidth(size, 12, 400);
    if (x > MARGIN && x + itemWidth > width - MARGIN) {
      x = MARGIN;
      y += LINE;
    }
    svg +=
      `<rect x="${x}" y="${y - 8}" width="13" height="6" rx="2" fill="${regionColor(i)}"/>` +
      `<text x="${x + 20}" y="${y}">${escapeXml(name)}<tspan dx="8" fill="${QUIET}">${size}</tspan></text>`;
    x += itemWidth + 24;
  }
  const facts = fit(describeGrid(volume), 12, 400, width - 2 * MARGIN, text);
  const factsWidth = text.textWidth(facts, 12, 400);
  if (regions.length > 0 && x + factsWidth > width - MARGIN) y += LINE;
  svg += `<text x="${width - MARGIN}" y="${y}" text-anchor="end" fill="${QUIET}">${escapeXml(facts)}</text>`;
  return { svg, height: y - top + 6 };
}

function describeGrid({ geometry, quantity }: Volume): string {
  const spacing = geometry.spacing.map((s) => +s.toPrecision(3)).join(" × ");
  const tilt = obliqueDegrees(geometry);
  const oblique = tilt > 0.5 ? `, oblique by ${tilt.toFixed(0)}°` : "";
  return `${quantity.modality} · ${geometry.size.join(" × ")} voxels of ${spacing} mm${oblique}`;
}

/** Volume of a region with as many digits as help. */
export function millilitres(region: Mask): string {
  const value = region.volumeMm3 / 1000;
  return value >= 100 ? value.toFixed(0) : value >= 0.1 ? value.toFixed(1) : value.toPrecision(1);
}

/** Shortens a text to a width in CSS pixels. */
function fit(line: string, size: number, weight: number, room: number, text: Renderer): string {
  if (text.textWidth(line, size, weight) <= room) return line;
  const characters = [...line];
  while (characters.length > 1 && text.textWidth(`${characters.join("")}…`, size, weight) > room)
    characters.pop();
  return `${characters.join("")}…`;
}

/** One decimal, with a true minus sign. */
function signed(value: number): string {
  return round(Number(value.toFixed(1)), 6);
}

function round(value: number, digits = 4): string {
  return String(+value.toPrecision(digits)).replace("-", "−");
}
