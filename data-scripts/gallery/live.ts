/**
 * Takes the pictures of live views for the gallery, in JupyterLab and Chromium, on synthetic data only:
 * `npx tsx --conditions=source data-scripts/gallery/live.ts [picture …]`.
 *
 * Needs what `npm run setup` installs. With names it takes these pictures only.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { compactPng } from "../../src/plot/png.js";
import { openBrowser, startLab } from "../../test/browser/lab.js";
import { LIVE } from "./live-entries.js";
import { type Place, SCENES } from "./live-scenes.js";

const ROOT = path.resolve(import.meta.dirname, "..", "..");
const PICTURES = path.join(ROOT, "docs", "gallery");
/** A repository is no place for larger ones. */
const MOST_BYTES = 250_000;

await main(process.argv.slice(2));

async function main(wanted: readonly string[]): Promise<void> {
  const entries = LIVE.filter(({ picture }) => wanted.length === 0 || wanted.includes(picture));
  mkdirSync(path.join(ROOT, "test-results"), { recursive: true });
  const root = mkdtempSync(path.join(ROOT, "test-results", "gallery-"));
  const lab = await startLab({ root, env: { RADBOOK_DATA: path.join(ROOT, "data") } });
  const browser = await openBrowser();
  try {
    for (const { picture, call } of entries) {
      const scene = SCENES[picture];
      if (scene === undefined) throw new Error(`live-scenes.ts has no scene "${picture}".`);
      const { width, height, dark = false } = scene;
      const colorScheme = dark ? "dark" : "light";
      const page = await browser.newPage({ viewport: { width, height }, colorScheme });
      page.setDefaultTimeout(120_000);
      const place: Place = { page, lab, root, name: picture, call };
      const png = await pictureOf(page, await scene.show(place));
      if (png.length > MOST_BYTES) throw new Error(`${picture} has ${png.length} bytes: crop it.`);
      writeFileSync(path.join(PICTURES, `${picture}.png`), png);
      process.stdout.write(`${picture}.png ${Math.round(png.length / 1000)} kB\n`);
      await page.context().close();
    }
  } finally {
    await browser.close();
    await lab.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

/** What the page shows there, in few bytes; the browser itself reads the picture that it took. */
async function pictureOf(
  page: Page,
  { page: shown, clip }: Awaited<ReturnType<Scene["show"]>>,
): Promise<Uint8Array> {
  const taken = await shown.screenshot({ clip, animations: "disabled" });
  const { width, height, data } = await page.evaluate(
    async (source) => {
      const picture = await createImageBitmap(await (await fetch(source)).blob());
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      const context = canvas.getContext("2d");
      context?.drawImage(picture, 0, 0);
      const pixels =
        context?.getImageData(0, 0, picture.width, picture.height).data ?? new Uint8ClampedArray();
      const address = await new Promise<string>((done) => {
        const reader = new FileReader();
        reader.onload = () => done(String(reader.result));
        reader.readAsDataURL(new Blob([pixels]));
      });
      return { width: picture.width, height: picture.height, data: address.slice(address.indexOf(",") + 1) };
    },
    `data:image/png;base64,${taken.toString("base64")}`,
  );
  return compactPng({ rgba: Buffer.from(data, "base64"), width, height });
}

type Scene = (typeof SCENES)[string];
