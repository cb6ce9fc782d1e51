/**
 * SVG to PNG without a browser, and the width of text, both with the font that Radbook installs: a fresh machine
 * may have no font at all. resvg loads on first use, so that importing the library stays fast.
 *
 * Layer:  plot.
 */
import { createRequire } from "node:module";

/** Family of every text in our pictures; a browser without it takes the next one. */
export const FONT = "Inter, 'Helvetica Neue', Arial, sans-serif";

export interface Renderer {
  /** @param scale  Pixels per CSS pixel. */
  png(svg: string, scale: number): Uint8Array;
  /** Red, green, blue and opacity of each pixel, row by row from the top. */
  pixels(svg: string, scale: number): Pixels;
  /** Advance width of a line of text in CSS pixels. @param weight  CSS weight: 400 or 600. */
  textWidth(text: string, size: number, weight: number): number;
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

let shared: Promise<Renderer> | undefined;

/** The one renderer of this process. */
export function renderer(): Promise<Renderer> {
  shared ??= createRenderer();
  return shared;
}

async function createRenderer(): Promise<Renderer> {
  const { Resvg } = await import("@resvg/resvg-js");
  const files = fontFiles().map(({ file }) => file);
  const fontOf = (text: string) => ({
    fontFiles: files,
    defaultFontFamily: "Inter",
    sansSerifFamily: "Inter",
    // Looking through the machine's fonts is slow, and makes pictures differ between machines.
    loadSystemFonts: BEYOND_INTER.test(text),
  });

  const advance = (text: string, weight: number): number => {
    // Bounding boxes hold ink only: bars around the text keep its outer spaces and side bearings.
    const svg = textSvg(`|${text}|`, weight);
    const bars = new Resvg(textSvg("||", weight), { font: fontOf("") }).getBBox()?.width ?? 0;
    return (new Resvg(svg, { font: fontOf(text) }).getBBox()?.width ?? bars) - bars;
  };
  const known = new Map<string, number>();

  const render = (svg: string, scale: number) =>
    new Resvg(svg, { font: fontOf(svg), fitTo: { mode: "zoom", value: scale } }).render();

  return {
    png(svg: string, scale: number): Uint8Array {
      return render(svg, scale).asPng();
    },
    pixels(svg: string, scale: number): Pixels {
      const { width, height, pixels } = render(svg, scale);
      return { width, height, rgba: pixels };
    },
    textWidth(text: string, size: number, weight: number): number {
      const key = `${weight} ${text}`;
      let width = known.get(key);
      if (width === undefined) {
        width = advance(text, weight);
        if (known.size < MOST_KNOWN_WIDTHS) known.set(key, width);
      }
      return (width * size) / MEASURED_SIZE;
    },
  };
}

/** Regular and semi-bold. @returns Where they lie, and their CSS weight. */
export function fontFiles(): readonly { readonly file: string; readonly weight: 400 | 600 }[] {
  const { resolve } = createRequire(import.meta.url);
  return [
    { file: resolve("@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf"), weight: 400 },
    { file: resolve("@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf"), weight: 600 },
  ];
}

/** Characters that Inter lacks: all but Latin, Greek, Cyrillic, punctuation, arrows or mathematics. */
export const BEYOND_INTER: RegExp = /[\u0530-\u1dff\u2300-\uffff]/;
const MEASURED_SIZE = 100;
const MOST_KNOWN_WIDTHS = 10_000;

function textSvg(text: string, weight: number): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text font-family="Inter" ` +
    `font-size="${MEASURED_SIZE}" font-weight="${weight}" xml:space="preserve">${escapeXml(text)}</text></svg>`
  );
}

/** Text as it may stand in SVG; characters that XML forbids become spaces. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ufffd]/g, " ")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}
