/** How the pictures of live views are taken: what a person does in JupyterLab, and which part of the page is shown. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Locator, Page } from "playwright-core";
import { beginCell, cellOf, runCell, writeCells } from "../../test/browser/cells.js";
import { type Lab, openNotebook, settled } from "../../test/browser/lab.js";
import { LIVE_DATA } from "./live-entries.js";

/** Where a scene plays. */
export interface Place {
  readonly page: Page;
  readonly lab: Lab;
  /** Folder that the server shows. */
  readonly root: string;
  readonly name: string;
  /** The cell that makes the view. */
  readonly call: string;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A part of a page. */
interface Shot {
  readonly page: Page;
  readonly clip: Box;
}

interface Scene {
  readonly width: number;
  readonly height: number;
  readonly dark?: boolean;
  show(place: Place): Promise<Shot>;
}

const RUN_MS = 300_000;

export const SCENES: Readonly<Record<string, Scene>> = {
  "live-scan": scan(async (view) => {
    await view.getByRole("button", { name: "Fill Ring of 5 mm" }).click();
    await view.getByRole("button", { name: "3D", exact: true }).click();
    await view.locator("[data-plane=scene] canvas").waitFor();
    await view.page().waitForTimeout(3000); // The surface is made of the whole scan.
  }),
  "live-measure": scan(async (view) => {
    await drag(view, "Measure a length", [0.32, 0.67], [0.405, 0.575]);
    await drag(view, "Statistics in an ellipse", [0.465, 0.63], [0.535, 0.7]);
    await view.getByRole("button", { name: /^Statistics of / }).click();
  }),
  "live-fusion": scan(() => Promise.resolve()),
  "live-heat": scan(async (view) => {
    const canvas = view.locator("[data-plane=axial] canvas");
    await canvas.focus();
    for (let k = 0; k < 4; k++) await view.page().keyboard.press("+");
  }),
  "live-compare": {
    width: 1300,
    height: 1100,
    async show(place) {
      await runAllOf(place, [LIVE_DATA, place.call]);
      const view = cellOf(place.page, 1).getByTestId("compare");
      await view.locator(".rb-Volume-viewer").nth(1).waitFor();
      await view.scrollIntoViewIfNeeded();
      await place.page.waitForTimeout(1000);
      return around(view);
    },
  },
  "live-linked": {
    width: 1160,
    height: 1700,
    async show(place) {
      const { page, call } = place;
      await runAllOf(place, [LIVE_DATA, ...call.split("\n"), "selection.ids.length"]);
      const scatter = cellOf(page, 2).locator(".rb-Figure");
      const area = await boxOf(scatter.locator(".role-frame .background").first());
      await page.mouse.move(area.x + 0.72 * area.width, area.y + 2);
      await page.mouse.down();
      await page.mouse.move(area.x + 0.9 * area.width, area.y + 0.5 * area.height, { steps: 4 });
      await page.mouse.move(area.x + area.width - 1, area.y + area.height - 2, { steps: 4 });
      await page.mouse.up();
      await page
        .locator(".rb-Chosen-text")
        .getByText(/patients chosen/)
        .waitFor();
      await cellOf(page, 3).getByRole("button", { name: "Only chosen" }).click();
      await runCell(page, 4, RUN_MS);
      return between(cellOf(page, 1), cellOf(page, 4), page.locator(".rb-Chosen-line"));
    },
  },
  "live-panel": {
    width: 1240,
    height: 760,
    async show(place) {
      const { page, call } = place;
      const files = 'import { io, selection } from "radbook";\nconst files = io.samples.cohort();';
      await runAllOf(place, [`${files}\n${call}\nawait io.readCohort(files.clinical)`]);
      await page.keyboard.press("Alt+Shift+P");
      const list = page.getByRole("listbox", { name: "Patients" });
      await list.getByRole("option").nth(6).locator("img").waitFor();
      await list.getByRole("option").nth(2).dblclick();
      await page.locator(".rb-ScanTab .rb-Volume-viewer").waitFor();
      await page.waitForTimeout(2000);
      return whole(place);
    },
  },
  "live-progress": {
    width: 900,
    height: 700,
    async show(place) {
      const { page, call } = place;
      const slow =
        "const measure = (_: string): void => { const end = Date.now() + 120; while (Date.now() < end); };";
      await openCells(place, [LIVE_DATA, slow, call]);
      for (const at of [0, 1]) await runCell(page, at, RUN_MS);
      await beginCell(page, 2);
      await page.waitForTimeout(6000);
      return around(cellOf(page, 2));
    },
  },
  "live-widgets": {
    width: 900,
    height: 900,
    async show(place) {
      await runAllOf(place, [LIVE_DATA, place.call]);
      await cellOf(place.page, 1).locator(".rb-Figure-stage svg").waitFor();
      return around(cellOf(place.page, 1));
    },
  },
  "live-debugger": {
    width: 1200,
    height: 560,
    async show(place) {
      const { page, call } = place;
      await openCells(place, [
        "function volumeMl(radiusMm: number): number {\n  return ((4 / 3) * Math.PI * radiusMm ** 3) / 1000;\n}",
        `const lesion = { name: "GTV-1", radiusMm: 10 };\n${call}\nml.toFixed(3)`,
      ]);
      await runCell(page, 0, RUN_MS);
      await page.locator(".jp-DebuggerBugButton").click();
      const gutter = cellOf(page, 1).locator(".cm-gutter.cm-breakpoint-gutter");
      await gutter.waitFor();
      const second = await boxOf(cellOf(page, 1).locator(".cm-line").nth(1));
      const { x, width } = await boxOf(gutter);
      await page.mouse.click(x + width / 2, second.y + second.height / 2);
      await page.locator(".jp-DebuggerBreakpoint").waitFor();
      await beginCell(page, 1);
      await page.locator(".jp-DebuggerEditor-highlight").waitFor();
      await page.locator(".jp-DebuggerVariables").getByText("lesion").first().waitFor();
      return whole(place);
    },
  },
  "live-launcher": {
    width: 1000,
    height: 640,
    async show(place) {
      await openCells(place, [""]);
      await place.page.getByRole("button", { name: "New Launcher" }).first().click();
      await place.page.locator(".jp-LauncherCard", { hasText: "New Radiomics Notebook" }).waitFor();
      return around(place.page.locator(".jp-Launcher-content"));
    },
  },
  "live-settings": {
    width: 1240,
    height: 500,
    async show(place) {
      const { page } = place;
      await openCells(place, [""]);
      await page.getByRole("menuitem", { name: "Settings", exact: true }).click();
      await page.locator(".lm-Menu-itemLabel").getByText("Settings Editor", { exact: true }).click();
      await page.locator(".jp-PluginList-entry", { hasText: "Radbook" }).click();
      const form = page.locator(".jp-SettingsPanel");
      await form.locator("select[id$=_window]").waitFor();
      return around(form);
    },
  },
  "live-page": {
    width: 1000,
    height: 1100,
    dark: true,
    async show(place) {
      const { page, root, name } = place;
      const curves = 'plot.kaplanMeier(model.kaplanMeier(os, { by: cohort.labels("sex") }))';
      await runAllOf(place, [LIVE_DATA, curves, "cohort", "plot.beeswarm(explanation)"]);
      const made = page.waitForEvent("download");
      await page.keyboard.press("Alt+Shift+E");
      const file = path.join(root, `${name}.html`);
      await (await made).saveAs(file);
      await page.goto(pathToFileURL(file).href);
      await page.locator(".rb-Figure-stage svg").nth(1).waitFor();
      await page.locator(".role-legend-label .rb-mod-patient").first().click();
      await page.evaluate(() => document.querySelectorAll(".jp-Cell")[1]?.scrollIntoView());
      await settled(page);
      return whole(place);
    },
  },
};

/** The view of one scan, after what a person does in it. */
function scan(act: (view: Locator) => Promise<void>): Scene {
  return {
    width: 1300,
    height: 1000,
    async show(place) {
      await runAllOf(place, [LIVE_DATA, place.call]);
      const view = cellOf(place.page, 1).locator(".rb-Volume");
      await view.locator(".rb-Volume-viewer").waitFor();
      await view.scrollIntoViewIfNeeded();
      await act(view);
      await place.page.mouse.move(5, 5);
      await place.page.waitForTimeout(1500); // Every voxel has come.
      await settled(place.page);
      return around(view);
    },
  };
}

/** Drags over the axial plane, between places given as parts of its width and height. */
async function drag(
  view: Locator,
  tool: string,
  from: readonly [number, number],
  to: readonly [number, number],
): Promise<void> {
  await view.getByRole("button", { name: tool }).click();
  const { x, y, width, height } = await boxOf(view.locator("[data-plane=axial] canvas").first());
  const { mouse } = view.page();
  await mouse.move(x + from[0] * width, y + from[1] * height);
  await mouse.down();
  await mouse.move(x + to[0] * width, y + to[1] * height, { steps: 5 });
  await mouse.up();
}

async function openCells({ page, lab, root, name }: Place, cells: readonly string[]): Promise<void> {
  writeCells(path.join(root, `${name}.ipynb`), cells);
  await openNotebook(page, lab, `${name}.ipynb`);
  // The list of files is no part of any picture.
  await page.keyboard.press("Control+b");
}

async function runAllOf(place: Place, cells: readonly string[]): Promise<void> {
  await openCells(place, cells);
  for (const at of cells.keys()) await runCell(place.page, at, RUN_MS);
}

async function around(part: Locator): Promise<Shot> {
  await part.scrollIntoViewIfNeeded();
  return { page: part.page(), clip: await boxOf(part) };
}

/** From the top of one part to the foot of another, also where a third lies. */
async function between(first: Locator, last: Locator, third: Locator): Promise<Shot> {
  await first.evaluate((node) => node.scrollIntoView({ block: "start" }));
  const boxes = [await boxOf(first), await boxOf(last), await boxOf(third)];
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const width = Math.max(...boxes.map((box) => box.x + box.width)) - x;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) - y;
  return { page: first.page(), clip: { x, y, width, height } };
}

function whole({ page }: Place): Shot {
  const { width, height } = page.viewportSize() ?? { width: 1000, height: 800 };
  return { page, clip: { x: 0, y: 0, width, height } };
}

async function boxOf(part: Locator): Promise<Box> {
  const box = await part.boundingBox();
  if (box === null) throw new Error("a part of the picture is not in sight.");
  return box;
}
