/** Scans at the edge of what there is: no values, one voxel, one slice, thick slices, an empty region; live and saved. */
import assert from "node:assert/strict";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { pixels } from "./canvas-pixels.js";
import { useDesk } from "./desk.js";
import { packed, smallScan, VOLUME_MIME, writeNotebook } from "./extension-payloads.js";
import { colorCount, settled } from "./lab.js";

/** A PET of which only a cylinder was measured; half of the region "edge" lies outside of it. */
const PET = `import { Mask, plot, Volume } from "radbook";
const grid = (size: [number, number, number], spacing: [number, number, number]) =>
  ({ size, spacing, origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] }) as const;
const g = grid([40, 40, 20], [4, 4, 4]);
const suv = new Float32Array(32000).map((_, p) => {
  const [x, y] = [p % 40, Math.floor(p / 40) % 40];
  return Math.hypot(x - 20, y - 20) > 17 ? Number.NaN : 1 + 0.25 * (x % 4);
});
const beside = new Uint8Array(32000);
for (let x = 30; x < 40; x++) beside[x + 40 * (20 + 40 * 10)] = 1;
const pet = new Volume(suv, g, { modality: "PT", unit: "SUVbw", name: "PET" });
plot.volume(pet, { overlay: new Mask(beside, g, "edge"), center: [152, 80, 40] })`;
const ONE = `const g1 = grid([1, 1, 1], [2, 2, 2]);
const one = new Volume(Float32Array.of(42), g1, { modality: "CT", unit: "HU", name: "one voxel" });
plot.volume(one, { overlay: new Mask(Uint8Array.of(1), g1, "all") })`;
const SLICE = `plot.volume(new Volume(new Float32Array(3072).map((_, p) => p % 64), grid([64, 48, 1], [1, 1, 5]), { modality: "MR", unit: "" }))`;
const THICK = `plot.volume(new Volume(new Float32Array(120_000).map((_, p) => p % 100), grid([100, 100, 12], [0.5, 0.5, 5]), { modality: "MR", unit: "" }))`;
const EMPTY = `plot.volume(pet, { overlay: new Mask(new Uint8Array(32000), g, "nothing") })`;

describe("scans at the edge of what there is, live", function () {
  this.timeout(240_000);
  const desk = useDesk({ viewport: { width: 1400, height: 1000 } });
  let page: Page;
  const viewer = (cell: number): Locator => desk.cell(cell).locator(".rb-Volume-viewer");
  const readout = (cell: number): Promise<string> =>
    viewer(cell).getByTestId("readout-crosshair").innerText();
  const canvas = (cell: number, plane: string): Locator =>
    viewer(cell).locator(`[data-plane=${plane}] canvas`);

  before(async () => {
    page = desk.page;
    await desk.openCells("edges.ipynb", [PET, ONE, SLICE, THICK, EMPTY]);
    await desk.runAll();
  });

  it("says of a voxel without a number that it has no value, and of one beside what it is", async () => {
    await desk.cell(0).scrollIntoViewIfNeeded();
    await viewer(0).waitFor();
    assert.match(await readout(0), /no value\s+voxel 38, 20, 10/);
    await canvas(0, "axial").focus();
    await page.keyboard.press("Shift+ArrowLeft");
    await settled(page);
    assert.match(await readout(0), /1 SUVbw\s+voxel 28, 20, 10/);
    assert.ok((await colorCount(canvas(0, "axial"))) > 4);
  });

  it("leaves such voxels out of the statistics and of the histogram, and says how many", async () => {
    await viewer(0).getByRole("button", { name: "Statistics of edge" }).click();
    const row = viewer(0).getByTestId("measurements").locator("tbody tr");
    // x = 30 … 37 have values: 1.5, 1.75, 1, 1.25, 1.5, 1.75, 1, 1.25; the two beyond have none.
    assert.match(await row.innerText(), /8 \+ 2 without value\s+1\.375\s+0\.2795\s+1\s+1\.75/);
    assert.match(
      await viewer(0).getByTestId("measurements").getByRole("status").innerText(),
      /8 voxels, 2 more without value, mean 1.375 SUVbw/,
    );
    await desk.shot("edge-pet");
  });

  it("shows a scan of one voxel, its region also in 3D", async () => {
    await desk.cell(1).scrollIntoViewIfNeeded();
    await viewer(1).waitFor();
    assert.match(await readout(1), /42 HU\s+voxel 0, 0, 0[\s\S]*in all/);
    await viewer(1).getByRole("button", { name: "3D", exact: true }).click();
    await viewer(1).locator("[data-testid=scene][data-ready]").waitFor({ timeout: 60_000 });
    await page.waitForTimeout(500);
    const picture = await viewer(1).getByTestId("scene").screenshot();
    await desk.shot("edge-one");
    assert.ok(picture.length > 10_000, `${picture.length} bytes: the lines of the planes alone are less`);
  });

  it("shows a scan of one slice, and steps in it", async () => {
    await desk.cell(2).scrollIntoViewIfNeeded();
    await viewer(2).waitFor();
    for (const plane of ["axial", "coronal", "sagittal"])
      assert.ok((await colorCount(canvas(2, plane))) > 4, plane);
    await canvas(2, "axial").focus();
    const before = await pixels(canvas(2, "axial"));
    await page.keyboard.press("PageUp");
    await settled(page);
    assert.equal(await pixels(canvas(2, "axial")), before, "there is no other slice");
    await page.keyboard.press("ArrowRight");
    await settled(page);
    assert.match(await readout(2), /33\s+voxel 33, 24, 0/);
    await desk.shot("edge-slice");
  });

  it("shows slices ten times as thick as wide in true proportions", async () => {
    await desk.cell(3).scrollIntoViewIfNeeded();
    await viewer(3).waitFor();
    // 50 mm by 60 mm: what is bright on the right of the coronal plane ends where its 50 mm end.
    const [width, height] = await canvas(3, "coronal").evaluate((node: HTMLCanvasElement) => {
      const { width: w, height: h } = node;
      const row = node.getContext("2d")?.getImageData(0, Math.floor(0.3 * h), w, 1).data ?? [];
      const lit = Array.from({ length: w }, (_, x) => (row[4 * x] ?? 0) > 20);
      return [lit.lastIndexOf(true) - w / 2, h / 2];
    });
    assert.ok(Math.abs(width / height - 50 / 60) < 0.03, `${width} by ${height}`);
    await desk.shot("edge-thick");
  });

  it("refuses an empty region with words that say what to do", async () => {
    await desk
      .cell(4)
      .getByText('mask "nothing" is empty: no voxel lies inside. Check the region\'s name and the contour.')
      .waitFor();
  });
});

describe("scans at the edge of what there is, saved", function () {
  this.timeout(120_000);
  const desk = useDesk({ kernel: false });
  const viewer = (): Locator => desk.page.locator(".rb-Volume-viewer").first();

  before(async () => {
    const scan = smallScan();
    const bytes = new Uint8Array(48 * 40 * 20).fill(1, 0, 19_200).fill(255, 19_200);
    bytes[14 + 48 * (22 + 40 * 12)] = 0;
    const embedded = { ...scan.embedded, missing: 0, voxels: packed(bytes) };
    const regions = [{ name: "nothing", color: "#e6550d", mask: packed(new Uint8Array(48 * 40 * 20)) }];
    writeNotebook(path.join(desk.folder, "saved.ipynb"), [{ [VOLUME_MIME]: { ...scan, embedded, regions } }]);
    await desk.open("saved.ipynb");
    await viewer().waitFor();
  });

  it("knows a voxel without a number among the bytes, and that the ends of the bytes are bounds", async () => {
    const crosshair = viewer().getByTestId("readout-crosshair");
    await crosshair.getByText("no value").waitFor();
    await viewer().locator("[data-plane=axial] canvas").focus();
    await desk.page.keyboard.press("ArrowRight");
    await crosshair.getByText("≥ 1550 HU").waitFor();
    await viewer().getByRole("slider", { name: "axial slice" }).fill("3");
    await crosshair.getByText("≤ -990 HU").waitFor();
  });

  it("shows an empty region as empty, with statistics of none and a 3D view of the rest", async () => {
    assert.match(await viewer().getByTestId("legend").innerText(), /nothing\s+empty/);
    await viewer().getByRole("button", { name: "Go to nothing" }).click();
    await viewer().getByRole("button", { name: "Statistics of nothing" }).click();
    assert.match(await viewer().getByTestId("measurements").locator("tbody tr").innerText(), /0 mL\s+0\s+–/);
    await viewer().getByRole("button", { name: "3D", exact: true }).click();
    await viewer().locator("[data-testid=scene][data-ready]").waitFor({ timeout: 60_000 });
    await desk.page.waitForTimeout(500);
    await desk.shot("edge-empty");
  });
});
