/** The scan viewer and the figures in JupyterLab, drawn from saved outputs without a kernel. */
import assert from "node:assert/strict";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { colorAt, pixels, pixelsNear } from "./canvas-pixels.js";
import { useDesk } from "./desk.js";
import {
  barSpec,
  FIGURE_MIME,
  huAt,
  inBall,
  SIZE,
  smallFigure,
  smallScan,
  VOLUME_MIME,
  writeNotebook,
} from "./extension-payloads.js";
import { colorCount, settled } from "./lab.js";

describe("the JupyterLab extension", () => {
  const desk = useDesk({ kernel: false });
  let page: Page;

  before(async function () {
    this.timeout(120_000);
    writeNotebook(path.join(desk.folder, "saved.ipynb"), [
      { [VOLUME_MIME]: smallScan() },
      { [FIGURE_MIME]: smallFigure() },
      { [VOLUME_MIME]: smallScan({ embedded: false }) },
    ]);
    page = desk.page;
    await desk.open("saved.ipynb");
    await scan().locator(".rb-Volume-viewer").waitFor();
  });

  beforeEach(async () => {
    await scan().getByRole("button", { name: "Reset the view" }).click();
    await settled(page);
  });

  const scan = (): Locator => page.locator(".rb-Volume").first();
  const canvas = (plane: string): Locator => scan().locator(`.rb-Volume-plane[data-plane=${plane}] canvas`);
  const crosshair = (): Promise<string> => scan().getByTestId("readout-crosshair").innerText();

  it("paints three planes that are not blank", async () => {
    for (const plane of ["axial", "coronal", "sagittal"]) {
      const colors = await colorCount(canvas(plane));
      assert.ok(colors > 40, `${plane} has ${colors} colors`);
    }
  });

  it("reads voxel, LPS position, value and region at the crosshair", async () => {
    const text = await crosshair();
    // The ball is 400 HU; LPS = origin + spacing × index.
    for (const part of ["400 HU", "voxel 14, 22, 12", "LPS -19.0, 5.0, 148.0 mm", "in GTV-1"])
      assert.ok(text.includes(part), `${part} in ${text}`);
  });

  it("moves the other planes to where the axial plane is clicked, and reads the voxel there", async () => {
    const before = await pixels(canvas("coronal"));
    await clickVoxel(canvas("axial"), 40, 8);
    await settled(page);
    const text = await crosshair();
    assert.ok(text.includes("voxel 40, 8, 12"), text);
    assert.ok(text.includes(`${huAt(40, 8, 12)} HU`), text);
    assert.ok(!inBall(40, 8, 12) && !text.includes("GTV-1"), text);
    assert.notEqual(await pixels(canvas("coronal")), before);
  });

  it("shows the patient's right on the left, anterior and superior up", async () => {
    // The ramp grows towards L and P, so the dark corner is at the right and anterior.
    const dark = await shadeAt(canvas("axial"), 0.3, 0.1);
    const bright = await shadeAt(canvas("axial"), 0.75, 0.9);
    assert.ok(dark < bright, `${dark} < ${bright}`);
    // In the coronal plane the ramp grows towards S, which is up.
    const low = await shadeAt(canvas("coronal"), 0.85, 0.8);
    const high = await shadeAt(canvas("coronal"), 0.85, 0.2);
    assert.ok(high > low, `${high} > ${low}`);
  });

  it("changes pixels with a window preset and says which window it is", async () => {
    const before = await pixels(canvas("axial"));
    await scan().getByRole("combobox", { name: "Grey window" }).selectOption("Bone");
    await settled(page);
    assert.notEqual(await pixels(canvas("axial")), before);
    assert.equal(await scan().getByTestId("window").innerText(), "L 400 · W 1800");
  });

  it("drags the window with the right button", async () => {
    const box = await boxOf(canvas("axial"));
    await page.mouse.move(box.x + 60, box.y + 60);
    await page.mouse.down({ button: "right" });
    await page.mouse.move(box.x + 160, box.y + 20, { steps: 4 });
    await page.mouse.up({ button: "right" });
    await settled(page);
    // 1400 HU over 700 pixels: 100 pixels to the right widen by 200, 40 up lower the center by 80.
    assert.equal(await scan().getByTestId("window").innerText(), "L -380 · W 1600");
    assert.equal(await page.locator(".lm-Menu").count(), 0, "no context menu");
  });

  it("answers the keyboard and keeps JupyterLab's shortcuts away", async () => {
    await canvas("axial").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("PageUp");
    await settled(page);
    assert.ok((await crosshair()).includes("voxel 15, 23, 13"), await crosshair());
    await page.keyboard.press("r");
    await settled(page);
    assert.ok((await crosshair()).includes("voxel 14, 22, 12"));
    assert.equal(await page.locator(".jp-RawCell").count(), 0, "r resets the view, the cell stays code");
  });

  it("scrolls slices with the wheel only after a click, so that the page keeps its scroll", async () => {
    await page.keyboard.press("Escape");
    await page.locator(".jp-Cell-inputArea").first().click();
    const box = await boxOf(canvas("axial"));
    await page.mouse.move(box.x + 50, box.y + 50);
    await page.mouse.wheel(0, -120);
    await page.waitForTimeout(200);
    await settled(page);
    assert.ok((await crosshair()).includes("voxel 14, 22, 12"), await crosshair());
    await clickVoxel(canvas("axial"), 14, 22);
    await page.mouse.wheel(0, -60);
    await page.waitForTimeout(200);
    await settled(page);
    assert.ok((await crosshair()).includes("voxel 14, 22, 13"), await crosshair());
  });

  it("goes to a slice by its slider", async () => {
    await scan().getByRole("slider", { name: "axial slice" }).fill("3");
    await settled(page);
    assert.ok((await crosshair()).includes("voxel 14, 22, 2"), await crosshair());
  });

  it("hides, shows and fills the outline of a region", async () => {
    const drawn = await regionPixels(canvas("axial"));
    assert.ok(drawn > 50, `${drawn} pixels of the outline`);
    await scan().getByRole("button", { name: "Fill GTV-1" }).click();
    await settled(page);
    const shades = await pixels(canvas("axial"));
    await scan().getByRole("button", { name: "Show GTV-1" }).click();
    await settled(page);
    assert.equal(await regionPixels(canvas("axial")), 0);
    assert.notEqual(await pixels(canvas("axial")), shades);
    await scan().getByRole("button", { name: "Show GTV-1" }).click();
    await scan().getByRole("button", { name: "Fill GTV-1" }).click();
  });

  it("enlarges a plane and shows the others again", async () => {
    await scan().getByRole("button", { name: "Enlarge coronal" }).click();
    await canvas("axial").waitFor({ state: "hidden" });
    await scan().getByRole("button", { name: "Enlarge coronal" }).click();
    await canvas("axial").waitFor({ state: "visible" });
  });

  it("opens 3D on request and draws the region there", async function () {
    this.timeout(90_000);
    await scan().getByRole("button", { name: "3D", exact: true }).click();
    await scan().locator("[data-testid=scene][data-ready]").waitFor({ timeout: 60_000 });
    await page.waitForTimeout(500);
    const picture = await scan().getByTestId("scene").screenshot();
    assert.ok(picture.length > 4000, `${picture.length} bytes: a flat pane compresses to less`);
    await scan().getByRole("button", { name: "3D", exact: true }).click();
    await scan().getByTestId("scene").waitFor({ state: "hidden" });
    assert.equal(await scan().locator("[data-testid=scene] canvas").count(), 0, "the context is given back");
  });

  it("keeps the picture with a sentence when there is neither kernel nor embedded scan", async () => {
    const third = page.locator(".rb-Volume").nth(1);
    await third.scrollIntoViewIfNeeded();
    assert.equal(await third.locator("img").count(), 1);
    assert.equal(await third.locator(".rb-Note").innerText(), "Run the cell to look around.");
  });

  it("draws a figure as SVG whose text is on the page, with its alternative", async () => {
    const figure = page.locator(".rb-Figure").first();
    await figure.locator("svg").waitFor();
    assert.ok((await figure.locator("svg").textContent())?.includes(String(barSpec().title)));
    const stage = figure.getByRole("img", { name: "Survival of 12 patients" });
    assert.equal(await stage.count(), 1);
    assert.equal(await figure.getByRole("button", { name: "SVG" }).count(), 1);
    assert.equal(await figure.locator('svg [fill^="url("]').count(), 1, "the color bar keeps its gradient");
  });
});

/** Red, 0 … 255, at a place given as parts of the canvas. */
async function shadeAt(canvas: Locator, right: number, down: number): Promise<number> {
  return (await colorAt(canvas, right, down))[0];
}

/** Pixels in the color of GTV-1. */
function regionPixels(canvas: Locator): Promise<number> {
  return pixelsNear(canvas, [0xe6, 0x55, 0x0d]);
}

async function boxOf(canvas: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  assert.ok(box !== null);
  return box;
}

/** Clicks the middle of a column and row of the axial plane, which fits its pane in true millimetres. */
async function clickVoxel(canvas: Locator, column: number, row: number): Promise<void> {
  const { width, height } = await boxOf(canvas);
  const scale = Math.min(width / SIZE[0], height / SIZE[1]);
  await canvas.click({
    position: {
      x: width / 2 + (column + 0.5 - SIZE[0] / 2) * scale,
      y: height / 2 + (row + 0.5 - SIZE[1] / 2) * scale,
    },
  });
}
