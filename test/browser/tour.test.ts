/**
 * The tour as a person takes it: JupyterLab in Chromium, the Radbook kernel, "Run All Cells", then what is on the page.
 * With RADBOOK_DATA the scan is the real chest CT of the IBSI phantom, and once more the synthetic one without it.
 */
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import * as io from "../../src/io/index.js";
import type { Mask } from "../../src/volume/mask.js";
import type { Volume } from "../../src/volume/volume.js";
import { hasKernel, type Lab, openBrowser, openNotebook, runAll, startLab, whyNoLab } from "./lab.js";

const repository = path.resolve(import.meta.dirname, "..", "..");
const results = path.join(repository, "test-results");
const { RADBOOK_DATA } = process.env;

describe("the tour in JupyterLab", function () {
  this.timeout(600_000);
  takeTour("on the synthetic chest CT", undefined);
  if (RADBOOK_DATA === undefined) {
    it("on the real chest CT: skipped, RADBOOK_DATA names no folder with the IBSI phantom");
  } else {
    takeTour("on the real chest CT", path.resolve(RADBOOK_DATA));
  }
});

function takeTour(title: string, data: string | undefined): void {
  describe(title, () => {
    const folder = path.join(results, data === undefined ? "tour-synthetic" : "tour-real");
    let lab: Lab;
    let browser: Browser;
    let page: Page;
    let scan: { ct: Volume; tumor: Mask };

    before(async function () {
      const reason =
        whyNoLab() ?? (hasKernel("radbook") ? null : "the kernel is not installed: run npm run setup");
      if (reason !== null) {
        console.log(`      skipped: ${reason}`);
        this.skip();
      }
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      // A copy inside the repository: the notebook finds the library and the data, and its saved outputs stay out of git.
      cpSync(path.join(repository, "notebooks", "00-tour.ipynb"), path.join(folder, "00-tour.ipynb"));
      scan = await readSample(data);
      // An empty value counts as absent, and hides the one of this process.
      lab = await startLab({ root: folder, env: { RADBOOK_DATA: data ?? "" } });
      browser = await openBrowser();
      page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
      await openNotebook(page, lab, "00-tour.ipynb");
      await runAll(page);
    });

    after(async () => {
      await browser?.close();
      await lab?.stop();
    });

    const viewer = (): Locator => page.locator(".rb-Volume").first();

    it("runs every cell without an error", async () => {
      const errors = await page
        .locator(".jp-OutputArea-output[data-mime-type*=error], .jp-RenderedText[data-mime-type*=stderr]")
        .allTextContents();
      assert.deepEqual(errors, []);
      const prompts = await page.locator(".jp-CodeCell .jp-InputPrompt").allTextContents();
      assert.deepEqual(
        prompts.filter((prompt) => prompt !== "").map((prompt) => prompt.replace(/\D/g, "")),
        ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"],
      );
    });

    it("draws the scan live: three canvases that are not blank", async () => {
      await viewer().scrollIntoViewIfNeeded();
      await viewer().locator(".rb-Volume-viewer").waitFor();
      for (const plane of ["axial", "coronal", "sagittal"]) {
        const colors = await colorCount(viewer().locator(`.rb-Volume-plane[data-plane=${plane}] canvas`));
        assert.ok(colors > 40, `${plane} has ${colors} colors`);
      }
      assert.equal(await viewer().getByRole("combobox", { name: "Grey window" }).inputValue(), "lung");
      await page.screenshot({ path: path.join(folder, "scan.png") });
    });

    it("reads the tumour's centre in HU and millimetres, as the library does", async () => {
      const { ct, tumor } = scan;
      const center = tumor.centroidMm;
      const text = await viewer().getByTestId("readout-crosshair").innerText();
      assert.ok(
        text.includes(`${ct.atMm(center)} HU`.replace("-", "−")) || text.includes(`${ct.atMm(center)} HU`),
        text,
      );
      assert.ok(text.includes("GTV-1"), text);
    });

    it("shows that every feature of the digital phantom agrees with the published value", async () => {
      const caption = await page.getByText(/\d+ of \d+ features agree with the reference/).innerText();
      const [agreeing, all] = caption.match(/\d+/g) ?? [];
      assert.equal(agreeing, all);
      assert.ok(Number(all) >= 224, caption);
    });

    it("writes the numbers at risk under the Kaplan–Meier curves", async () => {
      const figure = page.locator(".rb-Figure").first();
      await figure.scrollIntoViewIfNeeded();
      await figure.locator("svg").waitFor();
      const texts = await figure.locator("svg text").allTextContents();
      assert.ok(texts.includes("Number at risk"), texts.join(" | "));
      // 60 patients in each group at the start, by the median cut of 120.
      assert.equal(texts.filter((text) => text === "60").length >= 2, true, texts.join(" | "));
      await page.screenshot({ path: path.join(folder, "survival.png") });
    });

    it("draws a dot for each patient and feature in the beeswarm", async () => {
      const figure = page.locator(".rb-Figure").nth(1);
      await figure.scrollIntoViewIfNeeded();
      await figure.locator("svg").waitFor();
      const texts = await figure.locator("svg text").allTextContents();
      for (const name of ["morph_diam", "stat_mad", "age"])
        assert.ok(texts.includes(name), texts.join(" | "));
      await page.screenshot({ path: path.join(folder, "beeswarm.png") });
    });
  });
}

/** The same scan and region that the notebook's first cells read. */
async function readSample(data: string | undefined): Promise<{ ct: Volume; tumor: Mask }> {
  const before = process.env.RADBOOK_DATA;
  if (data === undefined) delete process.env.RADBOOK_DATA;
  try {
    const sample = io.samples.chestCt();
    assert.ok(existsSync(sample.rtstruct));
    assert.equal(sample.isReal, data !== undefined);
    const ct = await io.readDicom(sample.ct);
    return { ct, tumor: (await io.readRtstruct(sample.rtstruct)).mask(sample.roi, ct) };
  } finally {
    if (before !== undefined) process.env.RADBOOK_DATA = before;
  }
}

/** Number of different colors on a canvas. */
function colorCount(canvas: Locator): Promise<number> {
  return canvas.evaluate((element: HTMLCanvasElement) => {
    const context = element.getContext("2d");
    if (context === null) return 0;
    const { data } = context.getImageData(0, 0, element.width, element.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}
