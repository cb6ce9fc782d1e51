/** Every view of a notebook by keyboard and by name: what a person has who sees no pointer, or nothing at all. */
import assert from "node:assert/strict";
import path from "node:path";
import type { CDPSession, Locator, Page } from "playwright-core";
import { useDesk } from "./desk.js";
import {
  ballHeat,
  FIGURE_MIME,
  smallFigure,
  smallScan,
  VOLUME_MIME,
  VOLUMES_MIME,
  writeNotebook,
} from "./extension-payloads.js";

const TABLE_MIME = "application/vnd.radbook.table+json";
/** Roles of which a person must be told what they are for. */
const NAMED = new Set([
  "button",
  "canvas",
  "checkbox",
  "combobox",
  "img",
  "image",
  "link",
  "listbox",
  "searchbox",
  "slider",
  "spinbutton",
  "textbox",
]);

/** A cohort of 30 patients as a cell has shown it. */
function savedTable(): Record<string, unknown> {
  const column = (name: string, numeric: boolean, key: boolean) => ({
    name,
    unit: "",
    numeric,
    key,
    selectable: key,
  });
  return {
    version: 1,
    id: "saved-cohort",
    title: "Cohort",
    rowCount: 30,
    columns: [column("id", false, true), column("age", true, false)],
    rows: Array.from({ length: 30 }, (_, i) => [`P${i + 1}`, 40 + i]),
  };
}

describe("the views of a notebook", function () {
  this.timeout(240_000);
  const desk = useDesk({ kernel: false, viewport: { width: 1500, height: 1100 } });
  let page: Page;
  let session: CDPSession;

  before(async function () {
    this.timeout(240_000);
    page = desk.page;
    page.setDefaultTimeout(60_000);
    writeNotebook(path.join(desk.folder, "views.ipynb"), [
      { [VOLUME_MIME]: { ...smallScan(), heat: ballHeat() } },
      { [FIGURE_MIME]: smallFigure() },
      { [TABLE_MIME]: savedTable() },
    ]);
    await desk.open("views.ipynb");
    await page.keyboard.press("Alt+Shift+P");
    await page.getByRole("option", { name: /P1\b/ }).first().waitFor();
    await page.locator(".rb-Volume-viewer").waitFor();
    await page.locator(".rb-Figure-stage svg").waitFor();
    session = await page.context().newCDPSession(page);
  });

  it("have a name for every control and picture", async () => {
    const { nameless, seen, views } = await namesIn(session, ".rb-Volume, .rb-Figure, .rb-Table, .rb-Cohort");
    assert.equal(views, 4);
    assert.deepEqual(nameless, []);
    assert.ok(seen > 30, `${seen} controls and pictures`);
  });

  for (const [name, view] of [
    ["a scan", ".rb-Volume-viewer"],
    ["a figure", ".rb-Figure"],
    ["a table", ".rb-Table"],
    ["the list of patients", ".rb-Cohort"],
  ] as const) {
    it(`give the keyboard every control of ${name}, and show where it is`, async () => {
      await walkAll(page.locator(view).first());
      await desk.shot(`focus-${view.slice(4)}`);
    });
  }

  it("give the keyboard every control of a comparison, each with a name", async () => {
    const scans = [smallScan(), smallScan()];
    writeNotebook(path.join(desk.folder, "compared.ipynb"), [
      { [VOLUMES_MIME]: { version: 1, id: "c", link: true, note: "", scans } },
    ]);
    await desk.open("compared.ipynb");
    await page.locator(".rb-Compare .rb-Volume-viewer").nth(1).waitFor();
    const { nameless, seen } = await namesIn(session, ".rb-Compare");
    assert.deepEqual(nameless, []);
    assert.ok(seen > 30, `${seen} controls and pictures`);
    await walkAll(page.locator(".rb-Compare"));
    await desk.shot("focus-Compare");
  });
});

const PATIENTS = `import { FeatureTable, Mask, selection, Volume } from "radbook";
const geometry = { size: [24, 20, 12], spacing: [1, 1, 2], origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] } as const;
const inside = new Uint8Array(24 * 20 * 12);
inside[15 + 24 * (6 + 20 * 8)] = 1;
selection.opens(["P1", "P2"].map((id) => ({
  id,
  image: new Volume(Float32Array.from(inside, (_, p) => p % 400), geometry, { modality: "CT", unit: "HU" }),
  mask: new Mask(inside, geometry, "GTV-1"),
})));
new FeatureTable(["P1", "P2"], [{ name: "age", unit: "", values: Float64Array.of(50, 60) }])`;
const CONTROLS = `interact({ bars: [1, 9], color: ["teal", "crimson"], label: "" }, ({ bars }) => bars);
interact({ window: controls.range({ min: -1000, max: 400, step: 100, label: "window" }), dose: 2,
  tint: controls.color({ value: "#00aa00", label: "tint" }) }, (chosen) => JSON.stringify(chosen));
display(controls.slider({ min: 0, max: 9, value: 4 }));
display(controls.button({ label: "Count" }));
controls.checkbox({ label: "sure" })`;

describe("the views that a kernel feeds", function () {
  this.timeout(240_000);
  const desk = useDesk({ viewport: { width: 1500, height: 1400 } });
  let page: Page;

  before(async function () {
    this.timeout(240_000);
    page = desk.page;
    await desk.openCells("fed.ipynb", [PATIENTS, CONTROLS, 'selection.set(["P1"])']);
    for (const at of [0, 1, 2]) await desk.run(at);
    await desk.cell(1).locator(".rb-Control-checkbox").waitFor();
    await page.locator(".rb-Chosen-line").waitFor();
  });

  it("have a name for every control, also for one without a label", async () => {
    const session = await page.context().newCDPSession(page);
    const { nameless, seen } = await namesIn(session, ".rb-Widget, .rb-Chosen");
    assert.deepEqual(nameless, []);
    assert.ok(seen >= 11, `${seen} controls`);
  });

  it("give the keyboard the controls of cells and the bar of the chosen, and show where it is", async () => {
    const widgets = page.locator(".rb-Widget");
    for (let at = 0; at < (await widgets.count()); at++) await walkAll(widgets.nth(at));
    await desk.shot("focus-Widget");
    await walkAll(page.locator(".rb-Chosen"));
    await desk.shot("focus-Chosen");
  });

  it("open the scan of a patient by a key, whose caption tells and changes the choice", async () => {
    await desk.cell(0).locator("tr.rb-mod-row").nth(1).focus();
    await page.keyboard.press("Enter");
    const tab = page.locator(".rb-ScanTab");
    await tab.locator(".rb-Volume-viewer").waitFor();
    const caption = tab.locator(".rb-ScanTab-caption");
    const choose = caption.getByRole("button", { name: "Choose P2" });
    const bar = page.locator(".rb-Chosen-names");
    // Before: another patient, or by the key this one.
    if ((await choose.getAttribute("aria-pressed")) === "true") await choose.press("Enter");
    await caption.getByText("is not chosen").waitFor();
    await choose.press("Enter");
    await caption.getByText("is chosen").waitFor();
    assert.equal(await bar.innerText(), "P2");
    await desk.shot("scan-tab-caption");
    const session = await page.context().newCDPSession(page);
    const { nameless, seen } = await namesIn(session, ".rb-ScanTab");
    assert.deepEqual(nameless, []);
    assert.ok(seen > 20, `${seen} controls`);
    await walkAll(tab);
    await page.locator(".rb-Chosen").getByRole("button", { name: "Clear" }).click();
    await caption.getByText("is not chosen").waitFor();
  });
});

/** The controls and pictures of some views as they are read aloud. */
async function namesIn(
  session: CDPSession,
  selector: string,
): Promise<{ readonly views: number; readonly seen: number; readonly nameless: readonly string[] }> {
  const { root } = await session.send("DOM.getDocument", { depth: 0 });
  const { nodeIds } = await session.send("DOM.querySelectorAll", { nodeId: root.nodeId, selector });
  let seen = 0;
  const nameless: string[] = [];
  for (const nodeId of nodeIds) {
    const { nodes } = await session.send("Accessibility.queryAXTree", { nodeId });
    for (const { role, name, ignored, backendDOMNodeId } of nodes) {
      if (ignored || !NAMED.has(String(role?.value).toLowerCase())) continue;
      seen++;
      if (String(name?.value ?? "").trim() === "") nameless.push(`${role?.value} ${backendDOMNodeId}`);
    }
  }
  return { views: nodeIds.length, seen, nameless };
}

/** Every control of a view has its turn by Tab, and shows it. */
async function walkAll(root: Locator): Promise<void> {
  await root.scrollIntoViewIfNeeded();
  const controls = await visibleControls(root);
  assert.ok(controls.length > 0);
  const { reached, unseen } = await walk(root.page(), root, controls.length);
  assert.deepEqual(
    controls.filter((control) => !reached.includes(control)),
    [],
  );
  assert.deepEqual(unseen, []);
}

/** What a pointer could use, each by a mark that the walk recognizes. */
function visibleControls(root: Locator): Promise<string[]> {
  return root.evaluate((view) => {
    const all = view.querySelectorAll<HTMLElement>(
      "button, input, select, textarea, [role=listbox], canvas[tabindex]",
    );
    return [...all]
      .filter((one) => one.offsetParent !== null && !one.matches(":disabled, [aria-hidden=true] *"))
      .map((one, at) => {
        one.dataset.walk = `${at} ${one.localName} ${one.getAttribute("aria-label") ?? one.textContent?.slice(0, 20) ?? ""}`;
        return one.dataset.walk;
      });
  });
}

/** Goes through a view by Tab from its first control on: what had the focus, and of that, what did not show it. */
async function walk(
  page: Page,
  root: Locator,
  count: number,
): Promise<{ reached: string[]; unseen: string[] }> {
  const reached: string[] = [];
  const unseen: string[] = [];
  await root.locator("[data-walk]").first().focus();
  for (let i = 0; i < 2 * count + 20; i++) {
    // As after a key press, so that the browser shows the focus.
    const at = await page.evaluate(() => {
      const active = document.activeElement as HTMLElement;
      const styles = [active, ...active.querySelectorAll(".rb-mod-active")].map((one) =>
        getComputedStyle(one),
      );
      const ring = styles.some(
        ({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && outlineWidth !== "0px",
      );
      return { mark: active.dataset.walk ?? "", ring };
    });
    if (at.mark !== "") {
      if (reached.includes(at.mark)) break;
      reached.push(at.mark);
      if (!at.ring && i > 0) unseen.push(at.mark);
    }
    await page.keyboard.press("Tab");
  }
  return { reached, unseen };
}
