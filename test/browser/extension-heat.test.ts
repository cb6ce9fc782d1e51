/** A heat map over a scan in JupyterLab: colors, color bar, opacity, read-out. */
import assert from "node:assert/strict";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { useDesk } from "./desk.js";
import { ballHeat, SIZE, smallScan, VOLUME_MIME, writeNotebook } from "./extension-payloads.js";
import { settled } from "./lab.js";

describe("a heat map over a scan", () => {
  const desk = useDesk({ kernel: false });
  let page: Page;
  const scan = (): Locator => page.locator(".rb-Volume").first();
  const legend = (): Locator => scan().getByTestId("heat");

  before(async function () {
    this.timeout(120_000);
    // White in this window is the ball, so that colors over it are easy to foretell.
    const payload = { ...smallScan(), window: { center: 0, width: 800 }, heat: ballHeat() };
    const plain = smallScan();
    writeNotebook(path.join(desk.folder, "heat.ipynb"), [
      { [VOLUME_MIME]: payload },
      { [VOLUME_MIME]: plain },
    ]);
    page = desk.page;
    await desk.open("heat.ipynb");
    await scan().locator(".rb-Volume-viewer").waitFor();
    await settled(page);
  });

  it("has its name, the ends of its color bar and their unit in the legend; a scan without one has none", async () => {
    const text = await legend().innerText();
    assert.match(text, /cm_contrast\s+7\s+14\s+21 HU²\s+Opacity 50 %\s+All values/);
    const bar = await legend()
      .locator(".rb-Volume-heatBar")
      .evaluate((node) => getComputedStyle(node).backgroundImage);
    assert.match(
      bar,
      /linear-gradient\(to right, rgb\(0, 0, 255\), rgb\(128, 128, 128\), rgb\(255, 255, 0\)\)/,
    );
    assert.equal(await page.locator(".rb-Volume").nth(1).getByTestId("heat").isVisible(), false);
  });

  it("mixes its colors with the grey below in all planes, voxel by voxel", async () => {
    // White below, half of the color of x above; beside the lines of the crosshair.
    for (const x of [9, 12, 19]) {
      const expected = mixed(x);
      assertColor(await colorAt("axial", x, 24), expected);
    }
    assertColor(await colorAt("coronal", 17, 14), mixed(17));
    // Outside of the ball the scan is grey.
    const [red, green, blue] = await colorAt("axial", 30, 24);
    assert.ok(red === green && green === blue, `${red} ${green} ${blue}`);
  });

  it("tells the value under the crosshair", async () => {
    assert.match(
      await scan().getByTestId("readout-crosshair").innerText(),
      /in GTV-1\s+cm_contrast ≈ 14 HU²/,
    );
  });

  it("becomes more and less visible by its slider, and is hidden and shown again", async () => {
    const slider = legend().getByRole("slider", { name: "Opacity of cm_contrast" });
    assert.equal(await slider.inputValue(), "50");
    await slider.fill("100");
    await settled(page);
    assertColor(await colorAt("axial", 9, 24), mixed(9, 1));
    await legend().getByRole("button", { name: "Show cm_contrast" }).click();
    await settled(page);
    assertColor(await colorAt("axial", 9, 24), [255, 255, 255]);
    await legend().getByRole("button", { name: "Show cm_contrast" }).click();
    await slider.fill("50");
    await settled(page);
    assertColor(await colorAt("axial", 9, 24), mixed(9));
  });

  it("is drawn from a value up by its second slider, also where its voxels are still told", async () => {
    const from = legend().getByRole("slider", { name: "Draw cm_contrast from" });
    assert.equal(await from.getAttribute("aria-valuetext"), "All values");
    await from.fill("14");
    await settled(page);
    assertColor(await colorAt("axial", 9, 24), [255, 255, 255]);
    assertColor(await colorAt("axial", 19, 24), mixed(19));
    assert.equal(await from.getAttribute("aria-valuetext"), "From 14 HU²");
    assert.match(await legend().innerText(), /From 14 HU²/);
    const taken = await legend()
      .locator(".rb-Volume-heatBar")
      .evaluate((node) => Number.parseFloat(getComputedStyle(node, "::before").width) / node.clientWidth);
    assert.ok(Math.abs(taken - 0.5) < 0.02, `${taken} of the bar is taken out`);
    await scan().getByRole("button", { name: "Reset the view" }).click();
    await settled(page);
    assertColor(await colorAt("axial", 9, 24), mixed(9));
  });

  it("is reset with the view", async () => {
    await legend().getByRole("slider", { name: "Opacity" }).fill("10");
    await scan().getByRole("button", { name: "Reset the view" }).click();
    await settled(page);
    assert.equal(await legend().getByRole("slider", { name: "Opacity" }).inputValue(), "50");
  });

  it("has every control inside its edges on a narrow page and on a telephone", async () => {
    // With the file browser beside it, the view is as wide as on a half and as on a telephone.
    for (const width of [1000, 700]) {
      await page.setViewportSize({ width, height: 900 });
      await settled(page);
      const viewer = scan().locator(".rb-Volume-viewer");
      const outside = await viewer.evaluate((node) => {
        const { left, right } = node.getBoundingClientRect();
        return [...node.querySelectorAll<HTMLElement>("button, select, input, canvas")]
          .filter((one) => one.offsetParent !== null)
          .map((one) => ({ name: one.getAttribute("aria-label"), box: one.getBoundingClientRect() }))
          .filter(({ box }) => box.left < left - 1 || box.right > right + 1)
          .map(({ name }) => name);
      });
      assert.deepEqual(outside, [], `${width} pixels wide`);
      await desk.shot(`heat-${width}`);
    }
    // The axial plane has the whole width of a telephone.
    const [axial, grid] = await Promise.all(
      ["[data-plane=axial]", ".rb-Volume-grid3"].map((part) => scan().locator(part).boundingBox()),
    );
    assert.equal(axial?.width, grid?.width);
    await page.setViewportSize({ width: 1400, height: 1000 });
  });

  /** Color of the middle of a voxel: column and row from the left and top of the plane, which fits its pane. */
  async function colorAt(plane: "axial" | "coronal", x: number, other: number): Promise<number[]> {
    const canvas = scan().locator(`.rb-Volume-plane[data-plane=${plane}] canvas`);
    // Voxels are 2 × 2 × 4 mm.
    const [rows, height] = plane === "axial" ? [SIZE[1], 2 * SIZE[1]] : [SIZE[2], 4 * SIZE[2]];
    const row = plane === "axial" ? other : SIZE[2] - 1 - other;
    const place = { columns: SIZE[0], width: 2 * SIZE[0], rows, height, column: x, row };
    return canvas.evaluate((node, p) => {
      const view = node as HTMLCanvasElement;
      const scale = Math.min(view.width / p.width, view.height / p.height);
      const left = view.width / 2 + ((p.column + 0.5) / p.columns - 0.5) * p.width * scale;
      const top = view.height / 2 + ((p.row + 0.5) / p.rows - 0.5) * p.height * scale;
      const data = view.getContext("2d")?.getImageData(Math.floor(left), Math.floor(top), 1, 1).data;
      return Array.from(data ?? []).slice(0, 3);
    }, place);
  }
});

/** The color of a voxel of the ball at x, over white. */
function mixed(x: number, opacity = 0.5): number[] {
  const share = (x - 7) / 14;
  const color =
    share < 0.5
      ? [256 * share, 256 * share, 255 - 254 * share]
      : [128 + 254 * (share - 0.5), 128 + 254 * (share - 0.5), 128 - 256 * (share - 0.5)];
  return color.map((channel) => 255 * (1 - opacity) + channel * opacity);
}

function assertColor(found: readonly number[], expected: readonly number[]): void {
  const off = Math.max(...expected.map((channel, k) => Math.abs(channel - (found[k] ?? -1))));
  assert.ok(off <= 4, `${found.join(", ")}, not ${expected.map(Math.round).join(", ")}`);
}
