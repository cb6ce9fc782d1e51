/**
 * A figure as a file for print: PDF and SVG with the fonts that they need inside, PNG that knows its size on paper.
 *
 * Source: PNG specification, third edition, W3C 2025, section 11.3.4.3 (pHYs); CSS Fonts 4 (`@font-face`).
 * Layer:  plot; imports core, io.
 */
import { InputError } from "../core/errors.js";
import { readBytes } from "../io/file.js";
import { pngWithDensity } from "./png.js";
import { BEYOND_INTER, fontFiles, renderer } from "./raster.js";

/** Width of print columns in millimetres: one, and both with the gap between (as Nature and RSNA print). */
export const COLUMN_MM: Readonly<Record<"single" | "double", number>> = { single: 89, double: 183 };

export type FigureEnding = "pdf" | "svg" | "png";

/** CSS pixels and points per inch. */
const CSS_PIXELS = 96;
const POINTS = 72;
const MM = 25.4;
/** Text of 12 CSS pixels at the figure's own size; journals want at least 5 points in print. */
const TEXT_PIXELS = 12;
const LEAST_POINTS = 5;

/** What the end of a file name asks for. @throws InputError if it is none of the three. */
export function endingOf(file: string): FigureEnding {
  const ending = /\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase();
  if (ending === "pdf" || ending === "svg" || ending === "png") return ending;
  throw new InputError(
    `a figure is saved as .pdf, .svg or .png, found "${file}". Change the end of the file's name.`,
  );
}

/**
 * Width on paper of a figure.
 *
 * @param width  In millimetres, a column by name, or undefined: one column if its text stays readable there, else both.
 * @throws InputError if it is no width that a page has.
 */
export function paperWidth(svg: string, width: number | "single" | "double" | undefined): number {
  if (width === undefined) {
    const shrunk = COLUMN_MM.single / ((sizeOf(svg).width / CSS_PIXELS) * MM);
    return ((TEXT_PIXELS * POINTS) / CSS_PIXELS) * shrunk >= LEAST_POINTS
      ? COLUMN_MM.single
      : COLUMN_MM.double;
  }
  const mm = typeof width === "number" ? width : COLUMN_MM[width];
  if (mm >= 10 && mm <= 2000) return mm;
  throw new InputError(
    `the width must be "single", "double" or 10 to 2000 millimetres, found ${String(width)}.`,
  );
}

/** @param dpi  Dots per inch of a PNG. @throws InputError if PDF is asked for text that its font lacks. */
export async function figureBytes(
  svg: string,
  ending: FigureEnding,
  widthMm: number,
  { dpi, title, alternative }: { readonly dpi: number; readonly title: string; readonly alternative: string },
): Promise<Uint8Array | string> {
  if (ending === "svg") return printedSvg(svg, widthMm);
  if (ending === "pdf") return printedPdf(svg, widthMm, title, alternative);
  const scale = ((widthMm / MM) * dpi) / sizeOf(svg).width;
  return pngWithDensity((await renderer()).png(svg, scale), dpi / (MM / 1000));
}

function sizeOf(svg: string): { readonly width: number; readonly height: number } {
  const found = /<svg[^>]*? width="([\d.]+)" height="([\d.]+)"/.exec(svg);
  return { width: Number(found?.[1]), height: Number(found?.[2]) };
}

/** Sized in millimetres, with the letters that it uses. */
async function printedSvg(svg: string, widthMm: number): Promise<string> {
  const { width, height } = sizeOf(svg);
  const mm = (pixels: number): string => `${Number(((pixels * widthMm) / width).toFixed(3))}mm`;
  const style = await fontFaces(svg);
  return svg
    .replace(`width="${width}" height="${height}"`, `width="${mm(width)}" height="${mm(height)}"`)
    .replace(/<svg[^>]*>/, (head) => `${head}<style>${style}</style>`);
}

async function fontFaces(svg: string): Promise<string> {
  const { default: subset } = await import("subset-font");
  const letters = [...svg.matchAll(/<text\b[^>]*>([^<]*)/g)].map((match) => plainText(match[1])).join("");
  const faces = fontFiles().map(async ({ file, weight }) => {
    const font = await subset(Buffer.from(await readBytes(file)), letters, { targetFormat: "woff2" });
    const source = `data:font/woff2;base64,${font.toString("base64")}`;
    return `@font-face{font-family:Inter;font-weight:${weight};src:url(${source}) format("woff2")}`;
  });
  return (await Promise.all(faces)).join("");
}

function plainText(xml: string): string {
  return xml
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&");
}

async function printedPdf(
  svg: string,
  widthMm: number,
  title: string,
  alternative: string,
): Promise<Uint8Array> {
  const odd = BEYOND_INTER.exec(svg);
  if (odd !== null) {
    throw new InputError(
      `the font of the PDF has no "${odd[0]}". Save as .svg or .png, or write the label in Latin, Greek or Cyrillic.`,
    );
  }
  const [{ default: PdfDocument }, { default: drawSvg }] = await Promise.all([
    import("pdfkit"),
    import("svg-to-pdfkit"),
  ]);
  const pixels = sizeOf(svg);
  const width = (widthMm / MM) * POINTS;
  const height = (width * pixels.height) / pixels.width;
  const document = new PdfDocument({
    size: [width, height],
    margin: 0,
    lang: "en",
    // The same figure gives the same bytes: no date of making.
    info: { Title: title, Subject: alternative, Creator: "Radbook", CreationDate: new Date(0) },
  });
  const chunks: Buffer[] = [];
  document.on("data", (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => document.on("end", resolve).on("error", reject));
  for (const { file, weight } of fontFiles()) document.registerFont(`Inter ${weight}`, file);
  drawSvg(document as unknown as Parameters<typeof drawSvg>[0], svg, 0, 0, {
    width,
    height,
    fontCallback: (_family, isBold) => (isBold ? "Inter 600" : "Inter 400"),
    warningCallback: (warning) => {
      throw new Error(`the figure cannot be drawn as PDF: ${warning}`);
    },
  });
  document.end();
  await ended;
  return Buffer.concat(chunks);
}
