/** What a person does at the keyboard and in the toolbar: complete, look up, interrupt, restart, while cells run too. */
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { useDesk } from "./desk.js";
import { waitForIdle } from "./lab.js";

const CELLS = [
  `/** Volume of a ball in ml. */
function ballMl(radiusMm: number): number {
  return (4 / 3) * Math.PI * radiusMm ** 3 / 1000;
}
const lesion = { label: "GTV-1", radiusMm: 10 };
ballMl(lesion.radiusMm).toFixed(2)`,
  "",
  "while (true) lesion.radiusMm += 0;",
  "await new Promise(() => undefined);",
  "lesion.label",
  `const width = controls.slider({ min: 1, max: 9, value: 4, label: "width" });
interact({ width }, ({ width }) => ({ [Symbol.for("Jupyter.display")]: () => ({
  "application/vnd.vegalite.v5+json": {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json", width: 240, height: 90,
    data: { values: Array.from({ length: width }, (_, i) => ({ bin: i, n: (i + 1) * 3 })) },
    mark: "bar", encoding: { x: { field: "bin", type: "ordinal" }, y: { field: "n", type: "quantitative" } },
  } }) }));`,
  "width.value * 100",
];

describe("a person at the notebook", function () {
  this.timeout(120_000);
  const desk = useDesk({ viewport: { width: 1300, height: 1400 } });
  let page: Page;

  before(async function () {
    this.timeout(180_000);
    page = desk.page;
    await desk.openCells("person.ipynb", CELLS);
    await desk.run(0);
  });

  const output = (index: number): Locator => desk.cell(index).locator(".jp-OutputArea-output");
  const offered = (): Locator => page.locator(".jp-Completer .jp-Completer-match");
  const press = (name: string): Promise<void> =>
    page.locator(`.jp-NotebookPanel-toolbar [data-jp-item-name="${name}"] jp-button`).click();

  /** Replaces the text of the second cell as a person would, and leaves the caret at its end. */
  async function type(text: string): Promise<void> {
    const editor = desk.cell(1).locator(".cm-content");
    await editor.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Delete");
    await page.keyboard.type(text);
  }

  async function offer(text: string, wanted: string): Promise<void> {
    await type(text);
    await page.keyboard.press("Tab");
    await offered().getByText(wanted, { exact: true }).first().waitFor();
  }

  async function take(): Promise<string> {
    await page.keyboard.press("Enter");
    await page.locator(".jp-Completer").waitFor({ state: "hidden" });
    return desk.cell(1).locator(".cm-content").innerText();
  }

  it("is offered the members of a value by Tab, with their kinds, and takes one by Enter", async () => {
    await offer("lesion.", "radiusMm");
    assert.deepEqual(await offered().allInnerTexts(), ["label", "radiusMm"]);
    await desk.shot("person-complete-member");
    await page.keyboard.press("ArrowDown");
    assert.equal(await take(), "lesion.radiusMm");
  });

  it("is offered packages in an import, and what a package exports", async () => {
    await offer('import { read } from "node:f', "node:fs");
    await desk.shot("person-complete-import");
    await page.keyboard.press("Escape");
    await type('import {  } from "node:fs";');
    for (let back = '} from "node:fs";'.length + 1; back > 0; back--) await page.keyboard.press("ArrowLeft");
    await page.keyboard.type("readFileS");
    await page.keyboard.press("Tab");
    await offered().getByText("readFileSync", { exact: true }).waitFor();
    assert.equal(await take(), 'import { readFileSync } from "node:fs";');
  });

  it("is offered magics", async () => {
    await offer("%t", "%time");
    assert.ok((await offered().allInnerTexts()).includes("%timeit"));
    await desk.shot("person-complete-magic");
    await page.keyboard.press("Escape");
  });

  it("reads signature and description of a function by Shift+Tab", async () => {
    await type("ballMl(");
    await page.keyboard.press("Shift+Tab");
    const tooltip = page.locator(".jp-Tooltip");
    await tooltip
      .getByText(/ballMl/)
      .first()
      .waitFor();
    const text = await tooltip.innerText();
    assert.match(text, /ballMl\(radiusMm: number\): number/);
    assert.match(text, /Volume of a ball in ml\./);
    await desk.shot("person-inspect");
    await page.keyboard.press("Escape");
    await tooltip.waitFor({ state: "detached" });
  });

  for (const [index, what] of [
    [2, "a blocking loop"],
    [3, "an endless await"],
  ] as const) {
    it(`completes while ${what} runs, ends it by the toolbar's button, and works on with earlier values`, async () => {
      await desk.begin(index);
      await page.waitForFunction(
        (at) => document.querySelectorAll(".jp-Cell .jp-InputPrompt")[at]?.textContent === "[*]:",
        index,
      );
      await offer("lesion.", "label");
      await page.keyboard.press("Escape");
      assert.equal(await desk.prompt(index), "*");
      await press("interrupt");
      await output(index).getByText("Interrupted").first().waitFor();
      await waitForIdle(page);
      await desk.run(4);
      assert.equal(await output(4).innerText(), "'GTV-1'");
      await desk.shot(`person-interrupt-${index}`);
    });
  }

  it("changes a chart with a slider's arrow keys, and reads its value in the next cell", async () => {
    await desk.run(5);
    const bars = desk.cell(5).locator(".vega-embed svg path[aria-roledescription=bar], .vega-embed canvas");
    await bars.first().waitFor();
    const slider = desk.cell(5).getByLabel("width");
    await slider.focus();
    for (let times = 0; times < 3; times++) await page.keyboard.press("ArrowRight");
    await desk.cell(5).locator(".rb-Control-value").getByText("7", { exact: true }).waitFor();
    await desk.run(6);
    assert.equal(await output(6).innerText(), "700");
    await desk.shot("person-slider");
  });

  it("restarts by the toolbar: names are gone, the counter is at 1", async () => {
    await press("restart");
    await page.getByRole("button", { name: "Confirm Kernel Restart" }).click();
    await waitForIdle(page);
    await desk.run(4);
    assert.equal(await desk.prompt(4), "1");
    assert.match(await output(4).first().innerText(), /Cannot find name 'lesion'/);
    await desk.run(0);
    assert.equal(await desk.prompt(0), "2");
    await desk.run(4);
    assert.equal(await output(4).innerText(), "'GTV-1'");
    await desk.shot("person-restart");
  });

  it("raised no error in the page", () => {
    assert.deepEqual(desk.faults, []);
  });
});
