/** Scans beside each other in JupyterLab: they move together by millimetres, and apart when told so. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { pixels } from "./canvas-pixels.js";
import { useDesk } from "./desk.js";
import { smallScan, VOLUMES_MIME, writeNotebook } from "./extension-payloads.js";
import { settled } from "./lab.js";

describe("scans beside each other", () => {
  const desk = useDesk({ kernel: false });
  let page: Page;
  const view = (): Locator => page.getByTestId("compare");
  const scan = (index: number): Locator => view().locator(".rb-Volume-viewer").nth(index);
  const crosshair = (index: number): Promise<string> =>
    scan(index).getByTestId("readout-crosshair").innerText();

  before(async function () {
    this.timeout(120_000);
    const first = smallScan();
    // The same scan, 8 mm (two slices) further up in the patient; and one of another kind.
    const { origin } = first.geometry;
    const moved = { ...first.geometry, origin: [origin[0], origin[1], origin[2] + 8] };
    const second = { ...smallScan(), name: "Follow-up", geometry: moved };
    const third = { ...smallScan(), name: "MR", modality: "MR", unit: "" };
    writeNotebook(path.join(desk.folder, "compare.ipynb"), [
      {
        [VOLUMES_MIME]: {
          version: 1,
          id: "c",
          link: true,
          note: "Not registered.",
          scans: [first, second, third],
        },
      },
    ]);
    page = desk.page;
    await desk.open("compare.ipynb");
    await scan(2).waitFor();
    await settled(page);
  });

  it("shows each with its name, and the note", async () => {
    for (const [index, name] of ["Small scan", "Follow-up", "MR"].entries())
      assert.ok((await scan(index).innerText()).includes(name));
    assert.ok((await view().innerText()).includes("Not registered."));
  });

  it("moves all to the same millimetres", async () => {
    await scan(0).getByRole("slider", { name: "axial slice" }).fill("16");
    await settled(page);
    assert.match(await crosshair(0), /voxel 14, 22, 15\s+LPS -19.0, 5.0, 160.0 mm/);
    assert.match(await crosshair(1), /voxel 14, 22, 13\s+LPS -19.0, 5.0, 160.0 mm/);
    assert.match(await crosshair(2), /voxel 14, 22, 15\s+LPS -19.0, 5.0, 160.0 mm/);
    await scan(1).getByRole("slider", { name: "axial slice" }).fill("10");
    await settled(page);
    assert.match(await crosshair(0), /voxel 14, 22, 11\s/);
  });

  it("says where a scan does not reach", async () => {
    await scan(0).getByRole("slider", { name: "axial slice" }).fill("1");
    await settled(page);
    const cells = view().locator(".rb-Compare-outside");
    assert.deepEqual(await cells.allTextContents(), ["", "This scan does not reach there.", ""]);
    await scan(0).getByRole("slider", { name: "axial slice" }).fill("5");
    await settled(page);
    assert.deepEqual(await cells.allTextContents(), ["", "", ""]);
  });

  it("shares the window of scans of one kind only", async () => {
    const level = (index: number): Promise<string> => scan(index).getByTestId("window").innerText();
    const before = await level(2);
    await scan(1).getByRole("combobox", { name: "Grey window" }).selectOption("lung");
    await settled(page);
    assert.deepEqual([await level(0), await level(1)], ["L -600 · W 1500", "L -600 · W 1500"]);
    assert.equal(await level(2), before);
  });

  it("moves one alone when they are not linked, and brings them together again", async () => {
    const link = view().getByRole("button", { name: "Move together" });
    assert.equal(await link.getAttribute("aria-pressed"), "true");
    await link.click();
    await scan(0).getByRole("slider", { name: "axial slice" }).fill("18");
    await settled(page);
    assert.match(await crosshair(0), /voxel 14, 22, 17\s/);
    assert.match(await crosshair(2), /voxel 14, 22, 4\s/);
    await link.click();
    await settled(page);
    assert.match(await crosshair(2), /voxel 14, 22, 17\s/);
    await desk.shot("compare");
  });

  /** What the tests wait for in the comparison's kept layout. */
  interface Kept {
    readonly link?: boolean;
    readonly views: readonly ({ cursor: readonly number[]; palette: string; preset: string } | null)[];
  }
  const saved = (): Record<string, unknown> =>
    JSON.parse(readFileSync(path.join(desk.folder, "compare.ipynb"), "utf8")).cells[0].outputs[0].metadata;
  /** All that a reader sees of the scans' state. */
  const look = async (): Promise<readonly string[]> => {
    await page.mouse.move(5, 5);
    await settled(page);
    const texts = [0, 1, 2].map(async (index) => [
      await crosshair(index),
      await scan(index).getByTestId("window").innerText(),
      String(await pixels(scan(index).locator("[data-plane=axial] canvas"))),
    ]);
    const link = view().getByRole("button", { name: "Move together" });
    const outside = await view().locator(".rb-Compare-outside").allTextContents();
    return [
      ...(await Promise.all(texts)).flat(),
      ...outside,
      String(await link.getAttribute("aria-pressed")),
    ];
  };
  const saveAndReopen = async (holds: (kept: Kept) => boolean): Promise<void> => {
    await desk.saveUntil(() => {
      const kept = saved()[VOLUMES_MIME] as Kept | undefined;
      return kept !== undefined && holds(kept);
    });
    await desk.open("compare.ipynb");
    await scan(2).waitFor();
  };

  it("keeps slices, windows, colors and the link in the notebook", async function () {
    this.timeout(90_000);
    // Linked, in the slice that the second scan does not reach.
    await scan(0).getByRole("slider", { name: "axial slice" }).fill("1");
    await scan(2).locator("[data-plane=axial] canvas").focus();
    await page.keyboard.press("i");
    const linked = await look();
    assert.ok(linked.includes("This scan does not reach there."));
    await saveAndReopen(({ views }) => views[0]?.cursor[2] === 0 && views[2]?.palette !== "grey");
    assert.deepEqual(await look(), linked);
    // Apart, each in its own slice and window.
    await view().getByRole("button", { name: "Move together" }).click();
    await scan(0).getByRole("slider", { name: "axial slice" }).fill("7");
    await scan(1).getByRole("combobox", { name: "Grey window" }).selectOption("bone");
    const apart = await look();
    assert.equal(apart.at(-1), "false");
    await saveAndReopen(({ link, views }) => link === false && views[1]?.preset === "bone");
    assert.deepEqual(await look(), apart);
    await desk.shot("compare-kept");
  });

  it("writes nothing by being opened", async function () {
    this.timeout(60_000);
    const before = JSON.stringify(saved());
    await scan(1).locator("[data-plane=axial] canvas").hover();
    await page.waitForTimeout(600);
    await desk.save();
    assert.equal(JSON.stringify(saved()), before);
  });
});
