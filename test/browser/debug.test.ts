/** The debugger in JupyterLab: a click on a gutter, the stop in that line, the variables, steps, and the end. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { useDesk } from "./desk.js";
import { waitForIdle } from "./lab.js";

/** The second cell is the one with the breakpoint; its functions lie in the first. */
const CELLS = [
  `let total = 100;
function volumeMl(radiusMm: number): number {
  const cubed: number = radiusMm ** 3;
  return (4 / 3) * Math.PI * cubed / 1000;
}`,
  `interface Lesion { name: string; radiusMm: number }
const lesion: Lesion = { name: "GTV-1", radiusMm: 10 };
const ml = volumeMl(lesion.radiusMm);
total += 1;
ml.toFixed(3)`,
];

describe("the debugger in JupyterLab", () => {
  const desk = useDesk({ viewport: { width: 1500, height: 1000 } });
  let page: Page;

  before(async function () {
    this.timeout(180_000);
    page = desk.page;
    await desk.openCells("debug.ipynb", CELLS);
  });

  const line = (): Promise<string> => page.locator(".jp-DebuggerEditor-highlight").innerText();
  const press = (name: string): Promise<void> =>
    page.locator(`.jp-DebuggerSidebar [data-jp-item-name="${name}"] jp-button`).click();
  const step = async (name: string, expected: string): Promise<void> => {
    await press(name);
    await page.locator(".jp-DebuggerEditor-highlight", { hasText: expected }).waitFor();
  };
  const variable = (name: string): ReturnType<Page["locator"]> =>
    page
      .locator(".jp-DebuggerVariables .jp-TreeItem")
      .filter({ has: page.locator(".jp-DebuggerVariables-name").getByText(name, { exact: true }) })
      .first();

  it("is turned on by its button, and shows the notebook's variables", async function () {
    this.timeout(180_000);
    await page.locator(".jp-CodeCell").first().click();
    await page.keyboard.press("Shift+Enter");
    await waitForIdle(page);
    await page.locator(".jp-DebuggerBugButton").click();
    await page.locator(".cm-gutter.cm-breakpoint-gutter").nth(1).waitFor();
    await variable("total").waitFor();
    assert.match(await variable("total").innerText(), /100/);
  });

  it("stops at the breakpoint of a clicked gutter, and shows the variables there", async function () {
    this.timeout(90_000);
    const cell = page.locator(".jp-CodeCell").nth(1);
    const third = await cell.locator(".cm-line").nth(2).boundingBox();
    const gutter = await cell.locator(".cm-gutter.cm-breakpoint-gutter").boundingBox();
    assert.ok(third && gutter);
    await page.mouse.click(gutter.x + gutter.width / 2, third.y + third.height / 2);
    await page.locator(".jp-DebuggerBreakpoint").waitFor();
    await cell.locator(".cm-line").nth(4).click();
    await page.keyboard.press("Shift+Enter");
    await page.locator(".jp-DebuggerEditor-highlight").waitFor();
    assert.match(await line(), /const ml = volumeMl/);
    await page.locator(".jp-DebuggerCallstackFrame").first().waitFor();
    await variable("lesion").waitFor();
    assert.match(await variable("lesion").innerText(), /GTV-1/);
    await desk.shot("debugger-stop");
  });

  it("steps into the function of the earlier cell and out again", async function () {
    this.timeout(90_000);
    await step("step-in", "cubed: number");
    await variable("radiusMm").waitFor();
    assert.match(await variable("radiusMm").innerText(), /10/);
    await step("step-over", "return");
    await step("step-out", "total");
    await desk.shot("debugger-steps");
  });

  it("goes on to the cell's result", async function () {
    this.timeout(90_000);
    await press("continue");
    await page.locator(".jp-OutputArea-output").getByText("'4.189'").waitFor();
    await waitForIdle(page);
    assert.equal(await page.locator(".jp-DebuggerEditor-highlight").count(), 0);
  });

  it("keeps the breakpoint at its statement when a line is written above it", async function () {
    this.timeout(90_000);
    const cell = page.locator(".jp-CodeCell").nth(1);
    await cell.locator(".cm-line").first().click();
    await page.keyboard.press("Home");
    await page.keyboard.type("// one line more");
    await page.keyboard.press("Enter");
    await page.locator(".jp-DebuggerBreakpoint", { hasText: /4\s*$/ }).waitFor();
    await page.keyboard.press("Control+Enter");
    await page.locator(".jp-DebuggerEditor-highlight").waitFor();
    assert.match(await line(), /const ml = volumeMl/);
    await desk.shot("debugger-moved");
    await press("continue");
    await page.locator(".jp-DebuggerEditor-highlight").waitFor({ state: "detached" });
    await waitForIdle(page);
  });
});
