/**
 * Makes docs/gallery.md and its pictures: `npx tsx --conditions=source data-scripts/gallery/main.ts [picture …]`.
 *
 * Needs the synthetic data of `npm run data -- synthetic`. With names it draws these pictures only.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { compactPng } from "../../src/plot/png.js";
import { renderer } from "../../src/plot/raster.js";
import { examples } from "../../test/support/figure-examples.js";
import { GALLERY } from "./entries.js";
import { galleryPage } from "./page.js";
import { scanExamples } from "./scans.js";

const ROOT = path.resolve(import.meta.dirname, "..", "..");
const PICTURES = path.join(ROOT, "docs", "gallery");
/** Pixels per CSS pixel: sharp enough on a screen, small enough for a repository. */
const SCALE = 1.25;

await main(process.argv.slice(2));

async function main(wanted: readonly string[]): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  const scans = await scanExamples(path.join(ROOT, "data", "synthetic"));
  const { pixels } = await renderer();
  for (const { picture } of GALLERY.flatMap(({ entries }) => entries)) {
    if (wanted.length > 0 && !wanted.includes(picture)) continue;
    const drawing = scans[picture] ?? examples[picture]?.();
    if (drawing === undefined) throw new Error(`there is no figure "${picture}" among the examples.`);
    const png = compactPng(pixels(await drawing.svg(), SCALE));
    writeFileSync(path.join(PICTURES, `${picture}.png`), png);
    process.stdout.write(`${picture}.png ${Math.round(png.length / 1000)} kB\n`);
  }
  writeFileSync(path.join(ROOT, "docs", "gallery.md"), galleryPage());
}
