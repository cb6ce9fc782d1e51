/** A notebook exported as a page: its figures answer the pointer and its embedded scans scroll, with no server and no network. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Locator, Page } from "playwright-core";
import { samples } from "../../src/io/index.js";
import { writeCells } from "./cells.js";
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
  {
    markdown:
      String.raw`Cox's model takes the hazard as $h(t \mid x) = h_0(t)\, e^{\beta^\top x}$; what is maximal is

$$\ell(\beta) = \sum_{i:\,\delta_i = 1} \Bigl( \beta^\top x_i - \log \sum_{j:\,t_j \ge t_i} e^{\beta^\top x_j} \Bigr)$$

\begin{align*} a &= b \\ c &= d \end{align*}

Costs in code stay as they are: ` + "`$1 and $2`.",
  },
  `import { explain, io, model, plot } from "radbook";
const files = io.samples.cohort();
const cohort = await io.readCohort(files.clinical);
const survival = cohort.survival({ time: "time", event: "event", unit: "months" });
plot.kaplanMeier(model.kaplanMeier(survival, { by: cohort.labels("sex") }), { atRisk: true })`,
  `const x = cohort.numeric(["age", "smoker"], { units: { age: "years" } });
plot.beeswarm(explain.linear(model.cox().fit(x, survival), x))`,
  "cohort",
  `const [first] = files.lesions;
const ct = await io.readNifti(first.ct, { modality: "CT" });
plot.volume(ct, { overlay: await io.readNiftiMask(first.mask), window: "lung", embed: true })`,
  "plot.volume(ct)",
];

/** Lines of the sample cohort without their head. */
const CLINICAL = readFileSync(samples.cohort().clinical, "utf8").trim().split("\n").slice(1);

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
    const stage = page.locator(".rb-Figure-stage").first();
    assert.match((await stage.getAttribute("aria-label")) ?? "", /Kaplan–Meier/);
    await stage.locator("svg [aria-roledescription='line mark']").first().waitFor({ state: "attached" });
    const box = await stage.boundingBox();
    assert.ok(box);
    const tip = page.locator(".rb-Figure-tip").first();
    for (let x = 0.25; x < 0.8 && (await tip.isHidden()); x += 0.02)
      for (let y = 0.15; y < 0.6 && (await tip.isHidden()); y += 0.02)
        await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
    assert.match(await tip.innerText(), /\d/);
    await page.screenshot({ path: "test-results/export-figure.png" });
  });

  it("sets formulas with letters of its own, and none in code", async () => {
    const markdown = page.locator(".jp-RenderedMarkdown").first();
    assert.equal(await markdown.locator(".katex").count(), 3);
    assert.equal(await markdown.locator(".katex-error").count(), 0);
    assert.equal(await markdown.locator("code").innerText(), "$1 and $2");
    const fonts = await page.evaluate(async () => {
      await document.fonts.ready;
      return [...document.fonts].filter(({ status }) => status === "loaded").map(({ family }) => family);
    });
    assert.ok(fonts.includes("KaTeX_Math") && fonts.includes("KaTeX_Main"), fonts.join());
  });

  it("chooses in every figure and table who is chosen in one, says how many, and lets go", async () => {
    const [km, swarm] = [page.locator(".rb-Figure").nth(0), page.locator(".rb-Figure").nth(1)];
    const rows = page.locator("tr.rb-mod-row");
    const bar = page.locator(".rb-Chosen-text");
    await rows.nth(2).click();
    await bar.getByText("1 patient chosen").waitFor();
    assert.equal(await page.locator(".rb-Chosen-names").innerText(), "SYN-0003");
    assert.equal(await swarm.locator(".rb-mod-chosen").count(), 2, "one dot for each feature");
    assert.ok((await km.locator(".rb-mod-chosen, .rb-mod-some").count()) > 0, "its place on the curve");
    await km.locator(".role-legend-label .rb-mod-patient").first().click();
    const women = CLINICAL.filter((line) => line.includes(",female,")).length;
    await bar.getByText(`${women} patients chosen`).waitFor();
    assert.equal(await swarm.locator(".rb-mod-chosen").count(), 2 * women);
    await page.getByRole("button", { name: "Only chosen" }).click();
    const sex = page.locator("tr.rb-mod-row").first().locator("td").nth(1);
    assert.equal(
      await sex.evaluate((cell) => getComputedStyle(cell).textAlign),
      "left",
      "words, as in the notebook",
    );
    await page.getByText(/^1–10 of \d+, filtered from 100$/).waitFor();
    await page.screenshot({ path: "test-results/export-chosen.png", fullPage: true });
    await page.getByRole("button", { name: "Clear" }).click();
    await bar.waitFor({ state: "hidden" });
    assert.equal(await page.locator(".rb-Figure-stage .rb-mod-chosen").count(), 0);
    await swarm.locator(".rb-Figure-frame").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Space");
    await bar.getByText("1 patient chosen").waitFor();
    assert.doesNotMatch((await swarm.locator(".rb-Figure-frame").getAttribute("aria-label")) ?? "", /scan/);
    await page.keyboard.press("Escape");
    await bar.waitFor({ state: "hidden" });
    assert.ok(await page.getByText("Only chosen").isHidden());
  });

  it("sorts and filters the part of a table that it holds, and says that it is a part", async () => {
    await page.getByText("This page holds the first 100 of 120 rows; the notebook shows all.").waitFor();
    await page.getByRole("searchbox", { name: "Filter rows" }).fill("sex:female age>80");
    const known = CLINICAL.slice(0, 100).map((line) => line.split(","));
    const old = known.filter(([, age, sex]) => sex === "female" && Number(age) > 80);
    assert.ok(old.length > 0);
    await page.getByText(`–${old.length} of ${old.length}, filtered from 100`).waitFor();
    await page.getByTitle("Sort by age").click();
    const youngest = old.sort((a, b) => Number(a[1]) - Number(b[1]))[0]?.[0];
    await page.locator("tr.rb-mod-row").first().getByText(String(youngest)).waitFor();
    await page.getByRole("searchbox", { name: "Filter rows" }).fill("");
  });

  it("follows the system into the dark, and back", async () => {
    const label = page.locator(".rb-Figure-stage .role-axis-label text").first();
    /** Lightness of the page's ground, of its words, and of those in a figure, from 0 to 255. */
    const lightness = async (): Promise<readonly number[]> => {
      const colors = await label.evaluate((drawn) => {
        const { backgroundColor, color } = getComputedStyle(document.body);
        return [backgroundColor, color, getComputedStyle(drawn).fill];
      });
      return colors.map((color) => Number(/\d+/.exec(color)?.[0]));
    };
    const [paper = 0, ink = 255, inFigure = 255] = await lightness();
    assert.ok(paper > 200 && ink < 100 && inFigure < 100, `${paper} ${ink} ${inFigure}`);
    const drawnLight = await label.elementHandle();
    await page.emulateMedia({ colorScheme: "dark" });
    await page.waitForFunction((drawn) => drawn?.isConnected === false, drawnLight);
    const [ground = 255, words = 0, inDark = 0] = await lightness();
    assert.ok(ground < 60 && words > 180 && inDark > 150, `${ground} ${words} ${inDark}`);
    await page.locator("tr.rb-mod-row").nth(1).click();
    await page.screenshot({ path: "test-results/export-dark.png", fullPage: true });
    await page.emulateMedia({ colorScheme: "light" });
    await page.waitForFunction(() => document.body.dataset.jpThemeLight === "true");
    await page.locator(".rb-Chosen").getByRole("button", { name: "Clear" }).click();
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

  it("asks for nothing beyond the file, and names nothing to ask for", async () => {
    assert.deepEqual(asked, []);
    assert.equal(await page.locator("script[src], link[href], img:not([src^='data:'])").count(), 0);
  });

  it("carries no script where there is nothing to draw", async () => {
    writeCells(path.join(desk.folder, "plain.ipynb"), [{ markdown: "Words alone." }]);
    await desk.open("plain.ipynb");
    const html = await openExport("plain");
    assert.equal(await html.locator("script").count(), 0);
    assert.equal(await html.getByText("KaTeX").count(), 0);
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
