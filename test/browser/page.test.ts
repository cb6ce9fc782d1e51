/** `npm run notebook` makes a page that shows every figure with no kernel, no server and no network. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { hasKernel, openBrowser, whyNoLab } from "./lab.js";

const repository = path.resolve(import.meta.dirname, "..", "..");
const folder = path.join(repository, "test-results", "page");

describe("the tour as a page", function () {
  this.timeout(300_000);
  let browser: Browser;
  let page: Page;

  before(async function () {
    const reason =
      whyNoLab() ?? (hasKernel("radbook") ? null : "the kernel is not installed: run npm run setup");
    if (reason !== null) {
      console.log(`      skipped: ${reason}`);
      this.skip();
    }
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const notebook = path.join(folder, "00-tour.ipynb");
    cpSync(path.join(repository, "notebooks", "00-tour.ipynb"), notebook);
    const { NODE_OPTIONS: _, ...env } = process.env;
    const run = spawnSync("npm", ["run", "notebook", "--", notebook], {
      cwd: repository,
      env,
      encoding: "utf8",
    });
    assert.equal(run.status, 0, run.stdout + run.stderr);
    browser = await openBrowser();
    const context = await browser.newContext({ offline: true, viewport: { width: 1100, height: 900 } });
    page = await context.newPage();
    await page.goto(pathToFileURL(path.join(folder, "00-tour.html")).href);
  });

  after(() => browser?.close());

  it("shows the scan as a picture, and the survival curves and the beeswarm drawn, each with its words", async () => {
    const scan = page.locator(".jp-OutputArea img");
    assert.equal(await scan.count(), 1);
    assert.match((await scan.getAttribute("alt")) ?? "", /axial, coronal and sagittal/);
    assert.ok(await scan.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 300));
    const figures = page.locator(".rb-Figure-stage");
    await figures.nth(1).locator("svg").waitFor();
    const words = await figures.evaluateAll((stages) =>
      stages.map((stage) => stage.getAttribute("aria-label")),
    );
    assert.equal(words.length, 2);
    assert.match(words[0] ?? "", /Kaplan–Meier.*Log-rank p/);
    assert.match(words[1] ?? "", /SHAP values of 120 patients/);
  });

  it("holds the tables and no error", () => {
    const html = readFileSync(path.join(folder, "00-tour.html"), "utf8");
    assert.match(html, /(\d+) of \1 features agree with the reference/);
    assert.match(html, /hazard ratio/);
    assert.doesNotMatch(
      html,
      /jp-RenderedText[^>]*data-mime-type="application\/vnd\.jupyter\.(error|stderr)"/,
    );
  });
});
