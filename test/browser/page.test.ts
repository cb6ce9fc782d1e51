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

  it("shows the scan, the survival curves and the beeswarm as pictures with their words", async () => {
    const pictures = await page.locator(".jp-OutputArea img").evaluateAll((images) =>
      (images as HTMLImageElement[]).map(({ alt, complete, naturalWidth }) => ({
        alt,
        drawn: complete && naturalWidth > 300,
      })),
    );
    assert.equal(pictures.length, 3);
    for (const { alt, drawn } of pictures) assert.ok(drawn, alt);
    for (const [i, words] of [
      /axial, coronal and sagittal/,
      /Kaplan–Meier.*Log-rank p/,
      /SHAP values of 120 patients/,
    ].entries()) {
      assert.match(pictures[i]?.alt ?? "", words);
    }
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
