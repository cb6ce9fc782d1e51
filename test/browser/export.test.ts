/** A notebook exported as a page: its figures answer the pointer and its embedded scans scroll, with no server and no network. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Locator, Page } from "playwright-core";
import { useDesk } from "./desk.js";
import {
  FIGURE_MIME,
  smallFigure,
  smallScan,
  TWIN,
  VOLUME_MIME,
  writeNotebook,
} from "./extension-payloads.js";
import { colorCount, settled } from "./lab.js";

const CELLS = [
  `import { io, model, plot } from "radbook";
const files = io.samples.cohort();
const survival = (await io.readCohort(files.clinical)).survival({ time: "time", event: "event", unit: "months" });
plot.kaplanMeier(model.kaplanMeier(survival), { atRisk: true })`,
  `const [first] = files.lesions;
const ct = await io.readNifti(first.ct, { modality: "CT" });
plot.volume(ct, { overlay: await io.readNiftiMask(first.mask), window: "lung", embed: true })`,
  "plot.volume(ct)",
];

describe("a notebook exported as a page", function () {
  this.timeout(240_000);
  const desk = useDesk({ viewport: { width: 1200, height: 1000 } });
  let page: Page;
  /** What the page asked for beyond itself. */
  const asked: string[] = [];

  before(async function () {
    this.timeout(240_000);
    desk.page.setDefaultTimeout(90_000);
    await desk.openCells("study.ipynb", CELLS);
    await desk.runAll();
    page = await openExport("study");
  });

  /** Exports the notebook in front from the menu File, and opens the file with no network. */
  async function openExport(name: string): Promise<Page> {
    const made = desk.page.waitForEvent("download", { timeout: 90_000 });
    await desk.page.getByRole("menuitem", { name: "File", exact: true }).click();
    await desk.page
      .locator(".lm-Menu-itemLabel")
      .getByText(/^Export Notebook as Interactive Page/)
      .click();
    const file = path.join(desk.folder, `${name}.html`);
    await (await made).saveAs(file);
    const exported = await desk.newPage();
    await exported.context().setOffline(true);
    exported.on("request", (request) => {
      if (!/^(file|data|blob):/.test(request.url())) asked.push(request.url());
    });
    exported.on("pageerror", (error) => desk.faults.push(error.message));
    await exported.goto(pathToFileURL(file).href);
    return exported;
  }

  const scan = (): Locator => page.locator(".rb-Volume-viewer");

  it("shows the numbers under the pointer", async () => {
    const stage = page.locator(".rb-Figure-stage");
    assert.match((await stage.getAttribute("aria-label")) ?? "", /Kaplan–Meier/);
    await stage.locator("svg [aria-roledescription='line mark']").first().waitFor({ state: "attached" });
    const box = await stage.boundingBox();
    assert.ok(box);
    const tip = page.locator(".rb-Figure-tip");
    for (let x = 0.25; x < 0.8 && (await tip.isHidden()); x += 0.02)
      for (let y = 0.15; y < 0.6 && (await tip.isHidden()); y += 0.02)
        await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
    assert.match(await tip.innerText(), /\d/);
    await page.screenshot({ path: "test-results/export-figure.png" });
  });

  it("scrolls the slices of an embedded scan", async () => {
    await scan().scrollIntoViewIfNeeded();
    const canvas = scan().locator("[data-plane=axial] canvas");
    assert.ok((await colorCount(canvas)) > 40);
    const voxel = (): Promise<string> => page.getByTestId("readout-crosshair").innerText();
    const before = await voxel();
    await canvas.click();
    await page.keyboard.press("PageUp");
    await settled(page);
    assert.notEqual(await voxel(), before);
    await page.screenshot({ path: "test-results/export-scan.png" });
  });

  it("keeps a scan without embedded voxels as a picture with its words", async () => {
    const pictures = page.locator(".jp-OutputArea img");
    assert.equal(await pictures.count(), 1);
    assert.match((await pictures.getAttribute("alt")) ?? "", /axial, coronal and sagittal/);
    assert.equal(await scan().count(), 1);
  });

  it("asks for nothing beyond the file", () => {
    assert.deepEqual(asked, []);
  });

  it("has no script when JupyterLab does not trust the notebook", async () => {
    const file = path.join(desk.folder, "stranger.ipynb");
    writeNotebook(file, [
      { [FIGURE_MIME]: smallFigure() },
      { [VOLUME_MIME]: smallScan() },
      { "text/html": "<b id='words'>words</b><script>document.title = 'taken'</script>", "image/png": "" },
    ]);
    // The last cell has no picture that would be taken first.
    writeFileSync(file, readFileSync(file, "utf8").replace('"image/png":"",', ""));
    await desk.open("stranger.ipynb", desk.page, false);
    const html = await openExport("stranger");
    assert.equal(await html.locator("script").count(), 0);
    assert.equal(await html.locator("#words, b", { hasText: "words" }).count(), 1);
    const pictures = html.locator(`img[src="data:image/png;base64,${TWIN}"]`);
    assert.equal(await pictures.count(), 2);
    assert.notEqual(await html.title(), "taken");
  });

  it("raised no error in a page", () => {
    assert.deepEqual(desk.faults, []);
  });
});
