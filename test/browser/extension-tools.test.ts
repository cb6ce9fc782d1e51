/** The scan viewer's tools as a person uses them: measure, window in numbers, colors, keys, touch, picture. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { colorAt, pixelsNear } from "./canvas-pixels.js";
import { useDesk } from "./desk.js";
import { huAt, inBall, SIZE, smallScan, VOLUME_MIME, writeNotebook } from "./extension-payloads.js";
import { colorCount, settled } from "./lab.js";

describe("the scan viewer's tools", () => {
  const desk = useDesk({ kernel: false });
  let page: Page;

  before(async function () {
    this.timeout(120_000);
    writeNotebook(path.join(desk.folder, "tools.ipynb"), [{ [VOLUME_MIME]: smallScan() }]);
    page = desk.page;
    await desk.open("tools.ipynb");
    await scan().locator(".rb-Volume-viewer").waitFor();
    await canvas("axial").scrollIntoViewIfNeeded();
  });

  beforeEach(async () => {
    await scan().getByRole("button", { name: "Reset the view" }).click();
    const clear = scan().getByRole("button", { name: "Delete all measurements" });
    if (await clear.isVisible()) await clear.click();
    await settled(page);
  });

  const scan = (): Locator => page.locator(".rb-Volume").first();
  const canvas = (plane: string): Locator => scan().locator(`.rb-Volume-plane[data-plane=${plane}] canvas`);
  const tool = (name: string): Promise<void> => scan().getByRole("button", { name }).click();
  const crosshair = (): Promise<string> => scan().getByTestId("readout-crosshair").innerText();
  const rows = (): Locator => scan().getByTestId("measurements").locator("tbody tr");
  const cells = async (row: number): Promise<string[]> => {
    await settled(page);
    return rows().nth(row).locator("td").allInnerTexts();
  };

  it("measures a length by a drag, in millimetres, with a line and a label", async () => {
    const before = await yellow(canvas("axial"));
    await tool("Measure a length");
    await drag([10, 10], [40, 30]);
    // 30 columns and 20 rows of 2 mm.
    assert.deepEqual((await cells(0)).slice(1, 4), [
      "Length",
      "axial 13",
      `${Math.hypot(60, 40).toFixed(1)} mm`,
    ]);
    assert.ok((await yellow(canvas("axial"))) > before + 100, "a line");
    await desk.shot("tools-length");
  });

  it("lets the end of a line be moved, and keeps the line on its slice", async () => {
    await tool("Measure a length");
    await drag([10, 10], [40, 10]);
    assert.equal((await cells(0))[3], "60.0 mm");
    await drag([40, 10], [30, 10]);
    assert.equal(await rows().count(), 1);
    assert.equal((await cells(0))[3], "40.0 mm");
    await page.keyboard.press("PageUp");
    await settled(page);
    assert.equal(await yellow(canvas("axial")), 0, "not on the next slice");
    await scan().getByRole("button", { name: "Length", exact: true }).click();
    await settled(page);
    assert.ok((await crosshair()).includes("12\nLPS"), "its name leads to its slice");
    assert.ok((await yellow(canvas("axial"))) > 50);
  });

  it("places both ends by keyboard and deletes by keyboard", async () => {
    await canvas("coronal").focus();
    await page.keyboard.press("l");
    await page.keyboard.press("Enter");
    for (let k = 0; k < 3; k++) await page.keyboard.press("ArrowUp");
    for (let k = 0; k < 4; k++) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    // 3 slices of 4 mm and 4 columns of 2 mm.
    assert.deepEqual((await cells(0)).slice(1, 4), [
      "Length",
      "coronal 23",
      `${Math.hypot(12, 8).toFixed(1)} mm`,
    ]);
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Escape");
    assert.equal(await rows().count(), 1, "Escape gives the second line up");
    await page.keyboard.press("Delete");
    await settled(page);
    assert.equal(await rows().count(), 0);
  });

  it("tells the statistics of the voxels in a rectangle and in an ellipse, with a histogram", async () => {
    await tool("Statistics in a rectangle");
    await drag([27.6, 3.6], [43.4, 11.4]);
    const values: number[] = [];
    for (let y = 4; y <= 11; y++) for (let x = 28; x <= 43; x++) values.push(huAt(x, y, 12));
    const rectangle = summary(values);
    assert.deepEqual((await cells(0)).slice(1, -1), [
      "Rectangle",
      "axial 13",
      `${values.length * 4} mm²`,
      String(values.length),
      ...rectangle,
    ]);
    const words = await scan().getByTestId("histogram").getByRole("img").getAttribute("aria-label");
    assert.match(words ?? "", /^Histogram from −560 to −\d+ HU, highest at −\d+/);

    await tool("Statistics in an ellipse");
    await drag([6.6, 14.6], [21.4, 29.4]); // Between two rings of voxels.
    const round: number[] = [];
    for (let y = 15; y <= 29; y++)
      for (let x = 7; x <= 21; x++) if (Math.hypot(x - 14, y - 22) <= 7.4) round.push(huAt(x, y, 12));
    assert.deepEqual((await cells(1)).slice(4, -1), [String(round.length), ...summary(round)]);
    await desk.shot("tools-statistics");
    await scan().getByRole("button", { name: "Delete Rectangle 1" }).click();
    await settled(page);
    assert.equal(await rows().count(), 1);
  });

  it("tells the statistics of a region of the whole scan", async () => {
    await scan().getByRole("button", { name: "Statistics of GTV-1" }).click();
    let inside = 0;
    for (let z = 0; z < SIZE[2]; z++)
      for (let y = 0; y < SIZE[1]; y++) for (let x = 0; x < SIZE[0]; x++) if (inBall(x, y, z)) inside++;
    const [, name, slice, size, ...numbers] = await cells(0);
    assert.deepEqual([name, slice], ["GTV-1", "all"]);
    assert.equal(Number.parseFloat(size), Number(((inside * 16) / 1000).toPrecision(4)));
    assert.deepEqual(numbers.slice(0, -1), [String(inside), "≈ 400", "≈ 0", "≈ 400", "≈ 400"]);
  });

  it("sets level and width in numbers, and colors, from its display menu", async () => {
    const before = await colorAt(canvas("axial"), 0.1, 0.5);
    await scan().getByTestId("window").click();
    await scan().getByRole("spinbutton", { name: "Level" }).fill("-250");
    await scan().getByRole("spinbutton", { name: "Width" }).fill("900");
    await settled(page);
    assert.equal(await scan().getByTestId("window").innerText(), "L -250 · W 900");
    assert.equal(await scan().getByRole("combobox", { name: "Grey window" }).inputValue(), "custom");
    await scan().getByRole("combobox", { name: "Colors" }).selectOption("Hot");
    await settled(page);
    await desk.shot("tools-display");
    // A third up the window: red is full, green begins, no blue.
    const [red, green, blue] = await colorOfVoxel(40, 8);
    const level = Math.floor((255 * (huAt(40, 8, 12) + 700)) / 900);
    for (const [k, channel] of [red, green, blue].entries()) {
      const expected = Math.min(255, Math.max(0, 3 * level - 255 * k));
      assert.ok(Math.abs(channel - expected) <= 3, `${channel} for ${expected}`);
    }
    await page.keyboard.press("Escape");
    assert.equal(await scan().getByRole("dialog", { name: "Display" }).count(), 0);
    const focused = await page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
    assert.equal(focused, "window", "the focus is back on the button");
    await canvas("axial").focus();
    await page.keyboard.press("i");
    await tool("Reset the view");
    await settled(page);
    assert.deepEqual(await colorAt(canvas("axial"), 0.1, 0.5), before);
  });

  it("inverts the grey values by a key, and shows voxels as blocks on request", async () => {
    const [grey] = await colorOfVoxel(40, 8);
    await canvas("axial").focus();
    await page.keyboard.press("i");
    await settled(page);
    const [inverted] = await colorOfVoxel(40, 8);
    assert.ok(Math.abs(inverted + grey - 255) <= 2, `${inverted} for ${grey}`);
    const smooth = await colorCount(canvas("coronal"));
    await scan().getByTestId("window").click();
    await scan().getByRole("checkbox", { name: "Smooth" }).uncheck();
    await settled(page);
    assert.ok((await colorCount(canvas("coronal"))) < smooth, "fewer shades");
  });

  it("lists its keys in a dialog that takes the focus and gives it back", async () => {
    await canvas("axial").focus();
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keys of the scan view" });
    await help.waitFor();
    assert.ok(await help.evaluate((node) => node.contains(document.activeElement)), "focus inside");
    assert.match(await help.innerText(), /Page up, Page down[\s\S]*slice/);
    await desk.shot("tools-help");
    await page.keyboard.press("r");
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "hidden" });
    assert.ok(await canvas("axial").evaluate((node) => node === document.activeElement), "focus back");
  });

  it("reaches every control by Tab, each with a name and a visible focus", async () => {
    await tool("Statistics in a rectangle");
    await drag([28, 4], [43, 11]);
    await scan().getByRole("combobox", { name: "Grey window" }).focus();
    const reached = new Set<string>();
    for (let k = 0; k < 60; k++) {
      const at = await page.evaluate(() => {
        const node = document.activeElement as HTMLElement;
        if (node.closest(".rb-Volume") === null) return null;
        const { outlineStyle, outlineWidth } = getComputedStyle(node);
        const name = node.getAttribute("aria-label") || node.innerText || node.closest("label")?.innerText;
        return { name: name ?? "", ring: outlineStyle !== "none" && outlineWidth !== "0px" };
      });
      if (at === null) break;
      assert.ok(at.name.trim() !== "", `a control without a name after ${[...reached].at(-1)}`);
      assert.ok(at.ring, `${at.name} shows its focus`);
      reached.add(at.name);
      await page.keyboard.press("Tab");
    }
    const controls = await scan()
      .locator("button:visible, select:visible, input:visible, canvas:visible")
      .count();
    assert.ok(reached.size >= controls - 1, `${reached.size} of ${controls} controls`);
  });

  it("zooms where the pointer is and pans, by wheel with Ctrl and by arrows", async () => {
    await clickVoxel(40, 8);
    const place = await placeOf(40, 8);
    await page.mouse.move(place.x, place.y);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -300);
    await page.keyboard.up("Control");
    await settled(page);
    const pointer = await scan().getByTestId("readout-pointer").innerText();
    assert.ok(pointer.includes("voxel 40, 8, 12"), pointer);
    await page.mouse.click(place.x, place.y);
    await settled(page);
    assert.ok((await crosshair()).includes("voxel 40, 8, 12"), "the voxel stays under the pointer");
    await page.keyboard.press("p");
    await page.keyboard.press("Shift+ArrowLeft");
    await page.keyboard.press("c");
    await settled(page);
    await page.mouse.click(place.x, place.y);
    await settled(page);
    assert.ok(!(await crosshair()).includes("voxel 40, 8, 12"), "panned away");
  });

  it("keeps its hint still for readers who want less motion", async () => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.locator(".jp-Cell-inputArea").first().click();
    await canvas("coronal").hover();
    await page.mouse.wheel(0, -60);
    const hint = scan().locator(".rb-Volume-hint");
    assert.equal(await hint.evaluate((node) => getComputedStyle(node).animationName), "none");
    await page.emulateMedia({ reducedMotion: null });
    await hint.waitFor({ state: "detached" });
  });

  it("saves a picture of the planes with outlines and measurements", async () => {
    await tool("Measure a length");
    await drag([10, 10], [40, 30]);
    const coming = page.waitForEvent("download");
    await tool("Save a picture");
    const file = await coming;
    assert.equal(file.suggestedFilename(), "Small-scan.png");
    const data = readFileSync(await file.path()).toString("base64");
    const found = await page.evaluate(async (base64) => {
      const image = new Image();
      image.src = `data:image/png;base64,${base64}`;
      await image.decode();
      const picture = document.createElement("canvas");
      picture.width = image.width;
      picture.height = image.height;
      const context = picture.getContext("2d");
      context?.drawImage(image, 0, 0);
      const pixels = context?.getImageData(0, 0, image.width, image.height).data ?? [];
      const counts = { line: 0, region: 0 };
      for (let p = 0; p < pixels.length; p += 4) {
        const [red = 0, green = 0, blue = 0] = pixels.slice(p, p + 3);
        if (Math.hypot(red - 0xff, green - 0xe4, blue - 0x5c) < 25) counts.line++;
        if (Math.hypot(red - 0xe6, green - 0x55, blue - 0x0d) < 25) counts.region++;
      }
      return { width: image.width, ...counts };
    }, data);
    assert.ok(found.width > 500 && found.line > 100 && found.region > 50, JSON.stringify(found));
  });

  it("scrolls slices by one finger and zooms by two", async () => {
    await touch([[[40, 8]], []]);
    await settled(page);
    assert.ok((await crosshair()).includes("voxel 40, 8, 12"), "a tap takes the pane and sets the crosshair");
    const { x, y } = await placeOf(20, 20);
    await touchAt([[[x, y]], [[x, y - 30]], [[x, y - 36]], []]);
    await settled(page);
    assert.ok((await crosshair()).includes("voxel 40, 8, 15"), await crosshair());
    const wide = await colorOfVoxel(2, 2);
    await touchAt([
      [
        [x - 20, y],
        [x + 20, y],
      ],
      [
        [x - 60, y],
        [x + 60, y],
      ],
      [],
    ]);
    await settled(page);
    assert.notDeepEqual(await colorOfVoxel(2, 2), wide, "another part of the plane");
    await page.mouse.click(x, y);
    await settled(page);
    assert.ok((await crosshair()).includes("voxel 20, 20, 15"), "what lay between the fingers stays there");
  });

  /** Screen place of the middle of a voxel of the axial plane at zoom 1. */
  async function placeOf(column: number, row: number): Promise<{ x: number; y: number }> {
    const box = await canvas("axial").boundingBox();
    assert.ok(box !== null);
    const scale = Math.min(box.width / SIZE[0], box.height / SIZE[1]);
    return {
      x: box.x + box.width / 2 + (column + 0.5 - SIZE[0] / 2) * scale,
      y: box.y + box.height / 2 + (row + 0.5 - SIZE[1] / 2) * scale,
    };
  }

  async function clickVoxel(column: number, row: number): Promise<void> {
    const { x, y } = await placeOf(column, row);
    await page.mouse.click(x, y);
    await settled(page);
  }

  /** Drags with the mouse from one voxel of the axial plane to another. */
  async function drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
    const [a, b] = [await placeOf(...from), await placeOf(...to)];
    await page.mouse.move(a.x, a.y);
    await page.mouse.down();
    await page.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2);
    await page.mouse.move(b.x, b.y);
    await page.mouse.up();
    await settled(page);
  }

  async function touch(steps: readonly (readonly (readonly [number, number])[])[]): Promise<void> {
    const places: [number, number][][] = [];
    for (const fingers of steps) {
      const at: [number, number][] = [];
      for (const [column, row] of fingers) {
        const { x, y } = await placeOf(column, row);
        at.push([x, y]);
      }
      places.push(at);
    }
    await touchAt(places);
  }

  /** Fingers on the screen, step by step; each step is where they are, none when they are lifted. */
  async function touchAt(steps: readonly (readonly (readonly [number, number])[])[]): Promise<void> {
    const client = await page.context().newCDPSession(page);
    for (const [step, fingers] of steps.entries()) {
      const type = step === 0 ? "touchStart" : fingers.length === 0 ? "touchEnd" : "touchMove";
      const touchPoints = fingers.map(([x, y], id) => ({ x, y, id }));
      await client.send("Input.dispatchTouchEvent", { type, touchPoints });
    }
    await client.detach();
  }

  async function colorOfVoxel(column: number, row: number): Promise<number[]> {
    const box = await canvas("axial").boundingBox();
    assert.ok(box !== null);
    const { x, y } = await placeOf(column, row);
    return colorAt(canvas("axial"), (x - box.x) / box.width, (y - box.y) / box.height);
  }
});

/** Mean, standard deviation, least and greatest as the table writes embedded values. */
function summary(values: readonly number[]): string[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return [mean, Math.sqrt(variance), Math.min(...values), Math.max(...values)].map(
    (value) => `≈ ${String(Number(value.toPrecision(4))).replace("-", "−")}`,
  );
}

/** Pixels in the color of measurements. */
function yellow(canvas: Locator): Promise<number> {
  return pixelsNear(canvas, [0xff, 0xe4, 0x5c]);
}
