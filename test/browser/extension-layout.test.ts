/** The scan view's layout in the notebook: what a reader changed is there after saving and opening again. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import type { Locator, Page } from "playwright-core";
import { layoutOf, readLayout } from "../../labextension/src/volume/layout.js";
import { initialState } from "../../labextension/src/volume/state.js";
import { pixels } from "./canvas-pixels.js";
import { useDesk } from "./desk.js";
import { smallScan, VOLUME_MIME, writeNotebook } from "./extension-payloads.js";
import { settled } from "./lab.js";

describe("the layout of a scan view in the notebook", () => {
  const payload = smallScan();
  const state = { ...initialState(payload, [23.5, 19.5, 9.5]), zoom: 2, tool: "length" } as const;
  const line = { id: 3, kind: "length", plane: "axial", from: [1, 2.5, 3], to: [4, 5, 3] } as const;
  const layout = layoutOf({
    ...state,
    measurements: [line, { id: 4, kind: "region", region: 0 }],
    chosen: 3,
  });

  it("is read as it was written", () => {
    assert.deepEqual(readLayout(JSON.parse(JSON.stringify(layout)), payload), layout);
  });

  it("leaves out what is damaged, and keeps the rest", () => {
    const damaged = {
      ...layout,
      zoom: 1e9,
      tool: "axe",
      regions: [],
      measurements: [{ ...line, to: [1e9, 0, 0] }],
    };
    const { zoom: _zoom, tool: _tool, regions: _regions, measurements: _measurements, ...rest } = layout;
    assert.deepEqual(readLayout(damaged, payload), rest);
    assert.deepEqual(readLayout({ ...layout, window: { center: 0, width: 0 } }, payload).window, undefined);
  });

  it("is never more than the scan has, whatever a notebook holds", () => {
    const part = fc.oneof(fc.jsonValue(), fc.constantFrom(...(Object.values(layout) as unknown[])));
    const shape = Object.fromEntries(Object.keys(layout).map((name) => [name, part]));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.record(shape)), (value) => {
        const found = readLayout(value, payload);
        assert.ok((found.zoom ?? 1) >= 1 && (found.window?.width ?? 1) > 0);
        assert.ok(found.regions === undefined || found.regions.length === payload.regions.length);
        for (const [axis, at] of (found.cursor ?? []).entries())
          assert.ok(Number.isInteger(at) && at >= 0 && at < payload.geometry.size[axis]);
      }),
    );
  });
});

describe("a scan view that was changed, saved and opened again", () => {
  const desk = useDesk({ kernel: false });
  let page: Page;
  const scan = (): Locator => page.locator(".rb-Volume").first();
  const canvas = (): Locator => scan().locator(".rb-Volume-plane[data-plane=axial] canvas");
  const saved = (): { outputs: { metadata: Record<string, unknown> }[] } =>
    JSON.parse(readFileSync(path.join(desk.folder, "kept.ipynb"), "utf8")).cells[0];
  const kept = (): { measurements: unknown[]; tool: string; window: { width: number } } | undefined =>
    (saved().outputs[0].metadata[VOLUME_MIME] as { view: ReturnType<typeof kept> } | undefined)?.view;
  const reopen = async (): Promise<void> => {
    await desk.open("kept.ipynb");
    await scan().locator(".rb-Volume-viewer").waitFor();
    await settled(page);
  };

  before(async function () {
    this.timeout(120_000);
    writeNotebook(path.join(desk.folder, "kept.ipynb"), [{ [VOLUME_MIME]: smallScan() }]);
    page = desk.page;
    await reopen();
  });

  it("writes nothing into the notebook while nothing is changed", async () => {
    await canvas().hover();
    await page.waitForTimeout(600);
    await desk.save();
    assert.deepEqual(saved().outputs[0].metadata, {});
  });

  it("shows the same slice, window, colors, regions, tool and measurements", async function () {
    this.timeout(90_000);
    await scan().getByRole("slider", { name: "axial slice" }).fill("6");
    await scan().getByRole("combobox", { name: "Grey window" }).selectOption("Bone");
    await scan().getByRole("button", { name: "Show GTV-1" }).click();
    await scan().getByRole("button", { name: "Statistics of GTV-1" }).click();
    await canvas().focus();
    for (const key of ["i", "+", "l", "Enter", "ArrowRight", "ArrowRight", "ArrowRight", "Enter"])
      await page.keyboard.press(key);
    await desk.saveUntil(() => kept()?.measurements.length === 2 && kept()?.tool === "length");
    const before = await look();
    assert.deepEqual(before.rows.length, 2);
    assert.match(before.rows[1], /Length\s+axial 6\s+6\.0 mm/);
    await reopen();
    assert.deepEqual(await look(), before);
    await desk.shot("tools-layout");
  });

  it("is as the cell asked for it after a reset, also when it is opened again", async function () {
    this.timeout(90_000);
    await scan().getByRole("button", { name: "Reset the view" }).click();
    await scan().getByRole("button", { name: "Delete all measurements" }).click();
    await desk.saveUntil(() => kept()?.measurements.length === 0 && kept()?.window.width === 1400);
    await reopen();
    const { crosshair, window, rows } = await look();
    assert.ok(crosshair.includes("voxel 14, 22, 12"), crosshair);
    assert.deepEqual([window, rows], ["L -300 · W 1400", []]);
  });

  interface Look {
    readonly crosshair: string;
    readonly window: string;
    readonly pressed: readonly string[];
    readonly rows: readonly string[];
    readonly pixels: number;
  }

  /** What a reader sees once nothing moves any more: a busy machine paints late. */
  async function look(): Promise<Look> {
    for (let before = await glance(); ; ) {
      await page.waitForTimeout(1000);
      const now = await glance();
      if (isDeepStrictEqual(now, before)) return now;
      before = now;
    }
  }

  /** All that a reader sees of the view, with a number that stands for the axial pane's pixels. */
  async function glance(): Promise<Look> {
    await page.mouse.move(5, 5);
    await settled(page);
    return {
      crosshair: await scan().getByTestId("readout-crosshair").innerText(),
      window: await scan().getByTestId("window").innerText(),
      pressed: await scan()
        .locator("[aria-pressed=true]")
        .evaluateAll((nodes) => nodes.map((node) => node.getAttribute("aria-label") ?? "")),
      rows: await scan().getByTestId("measurements").locator("tbody tr").allInnerTexts(),
      pixels: await pixels(canvas()),
    };
  }
});
