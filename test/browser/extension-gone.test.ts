/** A comparison whose kernel is killed while it sends the scans, and shut down afterwards: pictures stay, the cell mends it. */
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { useDesk } from "./desk.js";
import { colorCount } from "./lab.js";

/** Two scans that take seconds to arrive. */
const CELL = `import { plot, Volume } from "radbook";
const size = [400, 320, 150] as const;
const geometry = { size, spacing: [1, 1, 2], origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] } as const;
const voxels = new Float32Array(size[0] * size[1] * size[2]);
for (let p = 0; p < voxels.length; p++) voxels[p] = p % 400;
const named = (name: string) => new Volume(voxels, geometry, { modality: "CT", unit: "HU", name });
plot.compare([named("before"), named("after")])`;
const PIDS = "[process.pid, process.ppid].join()";

describe("a comparison whose kernel goes away", function () {
  this.timeout(240_000);
  const desk = useDesk();
  let page: Page;
  const output = (): Locator => desk.cell(1).locator(".rb-Volume");
  const readout = (index: number): Locator => output().getByTestId("readout-crosshair").nth(index);

  before(async () => {
    page = desk.page;
    await desk.openCells("gone.ipynb", [PIDS, CELL]);
    await desk.run(0);
  });

  it("keeps its pictures when it is killed while the voxels arrive, and says what to do", async () => {
    const [, parent] = (await desk.cell(0).locator(".jp-OutputArea-output").innerText())
      .replace(/[^\d,]/g, "")
      .split(",");
    await desk.begin(1);
    // At once: what the kernel has sent already would still arrive.
    await page.waitForFunction(() => document.querySelector(".rb-Volume progress") !== null, undefined, {
      polling: "raf",
      timeout: 120_000,
    });
    process.kill(Number(parent), "SIGKILL");
    await output()
      .getByText("The kernel went away while it sent the scan. Run the cell to look around.")
      .waitFor();
    assert.equal(await output().locator("progress").count(), 0);
    const shown = output().locator("img.rb-Twin, canvas.rb-Volume-canvas");
    assert.ok((await shown.count()) > 0, "nothing is shown");
    await desk.shot("gone-killed");
  });

  it("shows every voxel when the cell has run again", async () => {
    const dismiss = page.locator(".jp-Dialog").getByRole("button");
    if (await dismiss.first().isVisible()) await dismiss.first().click();
    await desk.run(1);
    for (const index of [0, 1]) {
      await readout(index).getByText("200 HU").waitFor();
      assert.doesNotMatch(await readout(index).innerText(), /≈/);
    }
    assert.equal(await output().locator("progress").count(), 0);
    assert.equal(await output().getByText("Run the cell").count(), 0);
  });

  it("goes on with what it has when the kernel is shut down", async () => {
    await page.getByRole("menuitem", { name: "Kernel", exact: true }).click();
    await page.getByRole("menuitem", { name: "Shut Down Kernel", exact: true }).click();
    await page.getByText("No Kernel", { exact: false }).first().waitFor();
    const axial = output().locator("[data-plane=axial] canvas").first();
    await axial.focus();
    await page.keyboard.press("ArrowRight");
    for (const index of [0, 1]) await readout(index).getByText("201 HU").waitFor();
    assert.ok((await colorCount(axial)) > 4);
    await desk.shot("gone-shut-down");
  });
});
