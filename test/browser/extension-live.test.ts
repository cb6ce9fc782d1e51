/** The scan viewer with a kernel: full resolution over the comm, a restart, a kernel that does not know the scan. */
import assert from "node:assert/strict";
import path from "node:path";
import type { Page } from "playwright-core";
import { useDesk } from "./desk.js";
import { smallScan, VOLUME_MIME, writeNotebook } from "./extension-payloads.js";

/** A scan whose values no byte can hold, so that only full resolution reads 1234 HU. */
const CELL = `import { Mask, plot, Volume } from "radbook";
const geometry = { size: [20, 16, 12], spacing: [1, 1, 2], origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] } as const;
const voxels = new Float32Array(20 * 16 * 12).map((_, p) => p % 20);
voxels[10 + 20 * (8 + 16 * 6)] = 1234;
const inside = new Uint8Array(voxels.length);
inside[10 + 20 * (8 + 16 * 6)] = 1;
const scan = new Volume(voxels, geometry, { modality: "CT", unit: "HU", name: "live scan" });
plot.volume(scan, { overlay: new Mask(inside, geometry, "spot"), window: "bone" })`;

describe("the scan viewer with a kernel", () => {
  const desk = useDesk();
  let page: Page;

  before(async function () {
    this.timeout(180_000);
    const stale = { [VOLUME_MIME]: smallScan({ embedded: false }) };
    writeNotebook(path.join(desk.folder, "live.ipynb"), [stale], { name: "radbook", source: CELL });
    page = desk.page;
    await desk.open("live.ipynb");
  });

  it("keeps the saved picture while the kernel does not know the scan", async () => {
    await page.getByText("Run the cell to look around.").waitFor();
    assert.equal(await page.locator(".rb-Volume img.rb-Twin").count(), 1);
  });

  it("colors TypeScript", async () => {
    const colors = await page
      .locator(".jp-CodeCell .cm-line span")
      .evaluateAll((spans) => new Set(spans.map((span) => getComputedStyle(span).color)).size);
    assert.ok(colors >= 3, `${colors} colors in the cell`);
  });

  it("reads a value in full resolution after the cell has run", async function () {
    this.timeout(180_000);
    await desk.runAll();
    await page.locator(".rb-Volume-viewer").waitFor();
    const text = await page.getByTestId("readout-crosshair").innerText();
    assert.ok(text.includes("1234 HU") && text.includes("voxel 10, 8, 6") && text.includes("in spot"), text);
  });

  it("is live again after the page is loaded anew", async function () {
    this.timeout(90_000);
    await desk.save();
    await page.reload();
    await page.locator(".rb-Volume-viewer").waitFor({ timeout: 60_000 });
  });

  it("keeps the view when the kernel restarts", async function () {
    this.timeout(90_000);
    await page.getByRole("button", { name: "Restart the kernel", exact: true }).click();
    await page.getByRole("button", { name: "Confirm Kernel Restart" }).click();
    await page.waitForTimeout(2000);
    await page.getByTestId("readout-crosshair").getByText("1234 HU").waitFor();
  });

  it("opens a large scan with a coarse copy, which the exact one replaces in place", async function () {
    this.timeout(180_000);
    const large = CELL.replaceAll("20, 16, 12", "320, 256, 150")
      .replace("20 * 16 * 12", "320 * 256 * 150")
      .replaceAll("10 + 20 * (8 + 16 * 6)", "161 + 320 * (129 + 256 * 75)");
    await desk.openCells("large.ipynb", [large]);
    await page.evaluate(`globalThis.sawBoth = false;
      new MutationObserver(() => {
        const scan = document.querySelector(".rb-Volume");
        if (scan?.querySelector(".rb-Volume-viewer") && scan.querySelector("progress")) globalThis.sawBoth = true;
      }).observe(document.body, { childList: true, subtree: true });`);
    await desk.runAll();
    const readout = page.getByTestId("readout-crosshair").last();
    await readout.getByText("1234 HU").waitFor();
    assert.match(await readout.innerText(), /voxel 161, 129, 75/);
    assert.doesNotMatch(await readout.innerText(), /≈/);
    assert.equal(
      await page.evaluate("globalThis.sawBoth"),
      true,
      "the view opened only when all voxels were there",
    );
    assert.equal(await page.locator(".rb-Volume progress").count(), 0);
  });
});
