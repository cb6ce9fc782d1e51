/**
 * The tour as a person takes it: JupyterLab in Chromium, the Radbook kernel, "Run All Cells", then what is on the page.
 * With RADBOOK_DATA the scan is the real chest CT of the IBSI phantom, and once more the synthetic one without it.
 */
import assert from "node:assert/strict";
import { cpSync, existsSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import * as io from "../../src/io/index.js";
import type { Mask } from "../../src/volume/mask.js";
import type { Volume } from "../../src/volume/volume.js";
import { useDesk } from "./desk.js";
import { colorCount } from "./lab.js";

const repository = path.resolve(import.meta.dirname, "..", "..");
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
    const shots = data === undefined ? "tour-synthetic" : "tour-real";
    // An empty value counts as absent, and hides the one of this process.
    const desk = useDesk({ env: { RADBOOK_DATA: data ?? "" } });
    let page: Page;
    let scan: { ct: Volume; tumor: Mask };

    before(async () => {
      const notebook = "00-tour.ipynb";
      cpSync(path.join(repository, "notebooks", notebook), path.join(desk.folder, notebook));
      scan = await readSample(data);
      page = desk.page;
      await desk.open(notebook);
      await desk.runAll();
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
      await desk.shot(`${shots}-scan`);
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
      await desk.shot(`${shots}-survival`);
    });

    it("draws a dot for each patient and feature in the beeswarm", async () => {
      const figure = page.locator(".rb-Figure").nth(1);
      await figure.scrollIntoViewIfNeeded();
      await figure.locator("svg").waitFor();
      const texts = await figure.locator("svg text").allTextContents();
      for (const name of ["morph_diam", "stat_mad", "age"])
        assert.ok(texts.includes(name), texts.join(" | "));
      await desk.shot(`${shots}-beeswarm`);
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
