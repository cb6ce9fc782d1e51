/** The 3D pane whose graphics the browser takes away, and a browser that has none: slices go on, and 3D comes back. */
import assert from "node:assert/strict";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { pixels } from "./canvas-pixels.js";
import { useDesk } from "./desk.js";
import { smallScan, VOLUME_MIME, writeNotebook } from "./extension-payloads.js";
import { openBrowser, settled } from "./lab.js";

describe("the 3D pane of a scan", () => {
  const desk = useDesk({ kernel: false });
  const viewer = (page: Page): Locator => page.locator(".rb-Volume-viewer").first();
  const scene = (page: Page): Locator => viewer(page).getByTestId("scene");
  const canvas = (page: Page): Locator => viewer(page).locator("[data-plane=axial] canvas");

  before(async function () {
    this.timeout(120_000);
    writeNotebook(path.join(desk.folder, "scene.ipynb"), [{ [VOLUME_MIME]: smallScan() }]);
    await desk.open("scene.ipynb");
    await viewer(desk.page).waitFor();
  });

  it("says that its graphics are gone, leaves the slices, and comes back by its button", async function () {
    this.timeout(90_000);
    const { page } = desk;
    await viewer(page).getByRole("button", { name: "3D", exact: true }).click();
    const ready = viewer(page).locator("[data-testid=scene][data-ready]");
    await ready.waitFor({ timeout: 60_000 });
    await scene(page)
      .locator("canvas")
      .evaluate((node: HTMLCanvasElement) =>
        node.getContext("webgl2")?.getExtension("WEBGL_lose_context")?.loseContext(),
      );
    await scene(page).getByText("The browser took the graphics of this 3D view away.").waitFor();
    assert.equal(await scene(page).locator("canvas").count(), 0, "nothing stale stays behind the words");
    await desk.shot("scene-lost");
    await scrolls(page);
    await scene(page).getByRole("button", { name: "Show 3D here again" }).click();
    await ready.waitFor({ timeout: 60_000 });
    assert.equal(await scene(page).getByRole("status").innerText(), "");
    await page.waitForTimeout(500);
    const picture = await scene(page).screenshot();
    assert.ok(picture.length > 4000, `${picture.length} bytes: a flat pane compresses to less`);
    await desk.shot("scene-again");
  });

  it("says in a browser without WebGL that there is no 3D, and the slices work", async function () {
    this.timeout(120_000);
    const browser = await openBrowser({ webgl: false });
    try {
      const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
      await desk.open("scene.ipynb", page);
      await viewer(page).getByRole("button", { name: "3D", exact: true }).click();
      const words =
        "3D is not available here: this browser offers no WebGL 2. The three slices work without it.";
      await scene(page).getByText(words).waitFor();
      await scene(page).getByRole("button", { name: "Try again" }).click();
      await scene(page).getByText(words).waitFor();
      await scrolls(page);
    } finally {
      await browser.close();
    }
  });

  /** Moves to another slice, which must look otherwise. */
  async function scrolls(page: Page): Promise<void> {
    await settled(page);
    const before = await pixels(canvas(page));
    await canvas(page).focus();
    await page.keyboard.press("PageUp");
    await settled(page);
    assert.notEqual(await pixels(canvas(page)), before);
  }
});
