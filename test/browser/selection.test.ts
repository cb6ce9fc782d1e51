/** Linked selection as a person uses it: click, brush, keys, table, cells both ways, the scan of a patient, dark theme, strangers' ids. */
import assert from "node:assert/strict";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { useDesk } from "./desk.js";
import { FIGURE_MIME, writeNotebook } from "./extension-payloads.js";

const DATA = `import { explain, FeatureTable, Labels, Mask, model, plot, selection, SurvivalData, Volume } from "radbook";
const ids = Array.from({ length: 40 }, (_, i) => "P" + String(i + 1).padStart(3, "0"));
const wave = (k: number): Float64Array => Float64Array.from(ids, (_, i) => 4 + 0.4 * ((i * (17 + 4 * k)) % 40));
const features = new FeatureTable(ids, ["Volume", "Entropy", "Contrast"].map((name, k) => ({ name, unit: k === 0 ? "mL" : "", values: wave(k) })));
const follow = new SurvivalData(ids, ids.map((_, i) => 2 + ((i * 7) % 40)), ids.map((_, i) => i % 3 !== 0), "months");
const risk = new Labels(ids, ids.map((_, i) => (i % 2 === 0 ? "low" : "high")), { classes: ["low", "high"], name: "risk" });
const data = features.toMatrix();
const explanation = new explain.Explanation({ ids, features: ["Volume", "Entropy", "Contrast"].map((name) => ({ name, unit: "" })),
  values: data.map((value, at) => (value - 10) / (1 + (at % 3))), data, base: 0, outputUnit: "log hazard" });
const geometry = { size: [24, 20, 12], spacing: [1, 1, 2], origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] } as const;
const inside = new Uint8Array(24 * 20 * 12);
for (const [x, y, z] of [[15, 6, 8], [16, 6, 8], [15, 7, 8], [16, 7, 8]]) inside[x + 24 * (y + 20 * z)] = 1;
selection.opens(ids.slice(0, 30).map((id, n) => ({
  id,
  image: new Volume(Float32Array.from({ length: inside.length }, (_, p) => ((p * 13) % 400) + n), geometry, { modality: "CT", unit: "HU" }),
  mask: new Mask(inside, geometry, "GTV-1"),
})), { heat: (scan) => scan });`;

describe("linked selection in a notebook", () => {
  const desk = useDesk({ viewport: { width: 1500, height: 2800 } });
  let page: Page;
  let km: Locator;
  let swarm: Locator;
  let scatter: Locator;
  let table: Locator;
  const bar = (): Locator => page.locator(".rb-Chosen-text");
  const chosen = (figure: Locator): Locator => figure.locator(".rb-mod-chosen");
  const faded = (figure: Locator): Promise<number> =>
    figure
      .locator(".rb-mod-patient")
      .evaluateAll(
        (all) => all.filter((one) => one instanceof SVGElement && one.style.opacity !== "").length,
      );
  /** What the last cell says when it runs. */
  const inCell = async (): Promise<string> => {
    await desk.run(5);
    return desk.cell(5).locator(".jp-OutputArea-output").innerText();
  };

  before(async function () {
    this.timeout(300_000);
    await desk.openCells("linked.ipynb", [
      DATA,
      "plot.kaplanMeier(model.kaplanMeier(follow, { by: risk }))",
      "plot.beeswarm(explanation)",
      'plot.dependence(explanation, "Volume", { color: null, histogram: false })',
      "features",
      "selection.ids.join()",
      'selection.set(["P002", "P004", "P037"])',
    ]);
    page = desk.page;
    for (const at of [0, 1, 2, 3, 4]) await desk.run(at);
    [km, swarm, scatter] = [1, 2, 3].map((at) => desk.cell(at).locator(".rb-Figure")) as [
      Locator,
      Locator,
      Locator,
    ];
    table = desk.cell(4).locator(".rb-Table");
    await scatter.locator(".rb-mod-patient").first().waitFor();
  });

  it("chooses the patient of a clicked dot in every view and in the next cell", async function () {
    this.timeout(120_000);
    assert.equal(await scatter.locator(".rb-mod-patient").count(), 40);
    await scatter.locator(".rb-mod-patient").nth(2).click();
    await bar().getByText("1 patient chosen").waitFor();
    assert.equal(await chosen(scatter).count(), 1);
    assert.equal(await faded(scatter), 39);
    assert.equal(await chosen(swarm).count(), 3, "one dot for each feature");
    assert.equal(await faded(swarm), 117);
    assert.ok(
      (await chosen(km).count()) + (await km.locator(".rb-mod-some").count()) > 0,
      "its place on the curve",
    );
    assert.equal(
      await table
        .locator("tr.rb-mod-chosen")
        .innerText()
        .then((text) => text.slice(0, 4)),
      "P003",
    );
    assert.equal(await inCell(), "'P003'");
    await desk.shot("selection-light");
  });

  it("adds with a modifier key, chooses a curve's group by its legend, and lets go by Escape", async () => {
    await swarm
      .locator(".rb-mod-patient")
      .nth(7)
      .click({ modifiers: ["Control"] });
    await bar().getByText("2 patients chosen").waitFor();
    await km.locator(".role-legend-label .rb-mod-patient").nth(1).click();
    await bar().getByText("20 patients chosen").waitFor();
    assert.equal(await chosen(scatter).count(), 20);
    await km.locator(".rb-Figure-frame").press("Escape");
    await bar().waitFor({ state: "hidden" });
    assert.equal(await faded(scatter), 0);
  });

  it("brushes an interval along an axis and a box over the dots", async function () {
    this.timeout(60_000);
    await scatter.scrollIntoViewIfNeeded();
    const area = (await scatter.locator(".role-frame .background").first().boundingBox()) ?? assert.fail();
    const drag = async (from: readonly [number, number], to: readonly [number, number]): Promise<void> => {
      await page.mouse.move(...(from as [number, number]));
      await page.mouse.down();
      await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, { steps: 3 });
      await page.mouse.move(...(to as [number, number]), { steps: 3 });
      await page.mouse.up();
    };
    const below = area.y + area.height + 12;
    await drag([area.x + 2, below], [area.x + area.width / 2, below]);
    await bar().waitFor();
    // The left half of the axis: volumes below its middle.
    const places = await scatter.locator(".rb-mod-patient").evaluateAll((all) =>
      all.map((one) => {
        const box = one.getBoundingClientRect();
        return [box.left + box.width / 2, one.classList.contains("rb-mod-chosen")] as const;
      }),
    );
    for (const [x, isChosen] of places)
      assert.equal(isChosen, x >= area.x + 2 && x <= area.x + area.width / 2);
    const half = places.filter(([, isChosen]) => isChosen).length;
    assert.ok(half > 5 && half < 35, `${half} chosen`);
    await drag([area.x + area.width / 2, area.y + area.height / 2], [area.x + area.width - 1, area.y + 1]);
    const middle = area.x + area.width / 2;
    const chosenPlaces = await chosen(scatter).evaluateAll((all) =>
      all.map((one) => one.getBoundingClientRect().right),
    );
    assert.ok(chosenPlaces.length > 5 && chosenPlaces.every((x) => x > middle), chosenPlaces.join());
    await page.locator(".rb-Chosen").getByRole("button", { name: "Clear" }).click();
    await bar().waitFor({ state: "hidden" });
    assert.equal(await inCell(), "''");
  });

  it("shows in every view what a cell sets, and the table can show only them", async function () {
    this.timeout(90_000);
    await desk.run(6);
    await bar().getByText("3 patients chosen").waitFor();
    assert.equal(await chosen(scatter).count(), 3);
    await table.getByRole("button", { name: "Only chosen" }).click();
    await table.getByText("1–3 of 3, filtered from 40").waitFor();
    assert.equal(await table.locator("tr.rb-mod-chosen").count(), 3);
    await table.locator("tr.rb-mod-row").nth(2).click();
    await bar().getByText("1 patient chosen").waitFor();
    await table.getByText("1–1 of 1, filtered from 40").waitFor();
    assert.equal(await inCell(), "'P037'");
    await table.locator("tr.rb-mod-row").first().press("Escape");
    await table.getByText("1–10 of 40").waitFor();
  });

  it("goes by keys through groups and patients", async () => {
    const frame = scatter.locator(".rb-Figure-frame");
    await frame.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const spoken = await scatter.locator(".rb-Spoken").innerText();
    assert.match(spoken, /^P\d{3}$/);
    await page.keyboard.press("Space");
    assert.equal(await inCell(), `'${spoken}'`);
  });

  it("opens the scan of a double-clicked patient at the lesion, with its heat map", async function () {
    this.timeout(120_000);
    await scatter.locator(".rb-mod-patient").nth(4).dblclick();
    const tab = page.locator(".rb-ScanTab");
    await tab.locator(".rb-Volume-viewer").waitFor();
    const text = await tab.getByTestId("readout-crosshair").innerText();
    assert.match(text, /voxel 1[56], [67], 8/);
    assert.ok(text.includes("in GTV-1"), text);
    assert.ok((await tab.innerText()).includes("P005"));
    await desk.shot("selection-scan");
    await table.locator("tr.rb-mod-row").nth(1).press("Enter");
    await page.getByRole("tab", { name: "Scan of P002" }).waitFor();
    await swarm.scrollIntoViewIfNeeded();
    await scatter.locator(".rb-mod-patient").nth(35).dblclick();
    await tab
      .getByText(/The scan of P036 cannot be opened: selection\.opens\(…\) knows 30 patients/)
      .waitFor();
    await page.getByRole("tab", { name: "Scan of P036" }).locator(".lm-TabBar-tabCloseIcon").click();
  });

  it("keeps the selection in the dark theme, and tells it to a kernel that was restarted", async function () {
    this.timeout(180_000);
    await page.getByRole("menuitem", { name: "Settings", exact: true }).click();
    await page.getByText("Theme", { exact: true }).hover();
    await page.getByText("JupyterLab Dark", { exact: true }).click();
    await page.waitForFunction(() => document.body.dataset.jpThemeName === "JupyterLab Dark");
    await chosen(scatter).first().waitFor();
    await desk.shot("selection-dark");
    await page.getByRole("button", { name: "Restart the kernel", exact: true }).click();
    await page.getByRole("button", { name: "Confirm Kernel Restart" }).click();
    await page.waitForTimeout(2000);
    await desk.run(0);
    assert.equal(await inCell(), "'P036'");
  });

  it("takes no more from a stranger's notebook than short texts", async function () {
    this.timeout(90_000);
    const rows = ["<img src=x onerror=alert(1)>", "", "x".repeat(5000), 7, { a: 1 }, ["P1"], null].map(
      (id, i) => ({ id, x: i, y: 1 }),
    );
    const spec = {
      $schema: "https://vega.github.io/schema/vega-lite/v5.json",
      data: { values: [...rows, { ids: ["a", 3, "a", "y".repeat(201)], x: 8, y: 1 }] },
      mark: { type: "circle", size: 200 },
      encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
    };
    const payload = { version: 1, kind: "roc", alternative: "hostile", spec, groups: { a: ["b"] } };
    writeNotebook(path.join(desk.folder, "hostile-ids.ipynb"), [{ [FIGURE_MIME]: payload }]);
    await desk.open("hostile-ids.ipynb", page, false);
    const marks = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .rb-mod-patient");
    await marks.first().waitFor();
    assert.equal(await marks.count(), 2);
    await marks.first().click();
    const names = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .rb-Chosen-names");
    assert.equal(await names.innerText(), "<img src=x onerror=alert(1)>");
    assert.equal(await names.locator("img").count(), 0);
    await marks.nth(1).click({ modifiers: ["Shift"] });
    assert.equal(await names.innerText(), "<img src=x onerror=alert(1)>, a");
    assert.deepEqual(desk.faults, []);
  });
});
