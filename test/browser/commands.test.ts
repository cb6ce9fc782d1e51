/** Radbook's launcher cards, menus and commands, as a person uses them. */
import assert from "node:assert/strict";
import path from "node:path";
import type { Locator, Page, Response } from "playwright-core";
import { useDesk } from "./desk.js";
import { smallScan, VOLUME_MIME, writeNotebook } from "./extension-payloads.js";
import { waitForIdle } from "./lab.js";

describe("Radbook's commands", function () {
  this.timeout(180_000);
  const desk = useDesk();
  let page: Page;
  /** Files of the extension, as JupyterLab asks for them. */
  const loaded: Response[] = [];

  before(async function () {
    this.timeout(120_000);
    page = desk.page;
    page.on("response", (answer) => {
      if (answer.url().includes("/lab/extensions/@radbook/")) loaded.push(answer);
    });
    await desk.openCells("first.ipynb", ["1 + 1"]);
    page.setDefaultTimeout(90_000); // The settings editor draws every form.
  });

  const menu = async (name: string, item: string): Promise<void> => {
    await page.getByRole("menuitem", { name, exact: true }).click();
    await page.locator(".lm-Menu-itemLabel").getByText(item, { exact: true }).click();
  };
  const dialog = (): Locator => page.locator(".jp-Dialog");
  const tab = (): Promise<string> =>
    page.locator("#jp-main-dock-panel .lm-TabBar-tab.jp-mod-current .lm-TabBar-tabLabel").innerText();

  it("loads little with JupyterLab: the engines come with the first view", async () => {
    const sizes = await Promise.all(loaded.map(async (answer) => (await answer.body()).length));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    assert.ok(loaded.length > 0 && total < 250_000, `${loaded.length} files with ${total} bytes`);
    assert.ok(Math.max(...sizes) < 150_000, `the largest has ${Math.max(...sizes)} bytes`);
  });

  it("shows the keys of the views from the menu Help, and by a shortcut", async () => {
    await menu("Help", "Radbook Keyboard Help");
    await dialog()
      .getByRole("table", { name: /A plane of a scan/ })
      .waitFor();
    assert.match(await dialog().innerText(), /Page up, Page down\s+Next and previous slice/);
    await desk.shot("commands-keys");
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    await page.keyboard.press("Alt+Shift+K");
    await dialog().getByRole("button", { name: "Close" }).click();
  });

  it("starts scans as the settings say", async () => {
    const file = path.join(desk.folder, "scans.ipynb");
    writeNotebook(file, [{ [VOLUME_MIME]: smallScan() }]);
    await menu("Settings", "Settings Editor");
    await page.locator(".jp-PluginList-entry", { hasText: "Radbook" }).click();
    const settings = page.locator(".jp-SettingsPanel");
    await settings.locator("select[id$=_window]").selectOption("CT: bone");
    const saved = page.waitForResponse(
      (answer) =>
        answer.request().method() === "PUT" && /contourWidth.{1,5}4/.test(answer.request().postData() ?? ""),
    );
    await settings.locator("input[id$=_contourWidth]").fill("4");
    await desk.shot("commands-settings");
    await saved;
    await desk.open("scans.ipynb", page, false);
    await page.locator(".rb-Volume-viewer").waitFor();
    assert.equal(await page.getByTestId("window").innerText(), "L 400 · W 1800");
    await desk.shot("commands-settings-taken");
    await desk.open("first.ipynb");
  });

  it("says where the tour is when the server shows another folder", async () => {
    await menu("Help", "Radbook Tour");
    await dialog().getByText("The tour is not here").waitFor();
    assert.match(await dialog().innerText(), /npm start/);
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
  });

  it("makes a notebook from the launcher's card whose cells run as they are", async () => {
    await page.keyboard.press("Control+Shift+L");
    const card = page.locator(".jp-LauncherCard", { hasText: "New Radiomics Notebook" });
    await card.waitFor();
    const picture = card.locator("img");
    assert.ok(await picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0));
    await desk.shot("commands-launcher");
    await card.click();
    await page.getByRole("heading", { name: "A radiomics study" }).waitFor();
    await waitForIdle(page);
    assert.match(await tab(), /^Untitled\d*\.ipynb$/);
    const panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
    await panel.getByText("TypeScript (Radbook)").first().waitFor();
    await menu("Run", "Run All Cells");
    await panel.locator(".rb-Figure-stage svg").waitFor({ timeout: 120_000 });
    await waitForIdle(page);
    assert.equal(await panel.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count(), 0);
    await panel.locator(".rb-Volume-viewer canvas").first().waitFor();
    const curve = panel.locator(".rb-Figure-stage");
    assert.match((await curve.getAttribute("aria-label")) ?? "", /Kaplan–Meier.*Log-rank p/);
    await desk.shot("commands-template");
  });

  it("raised no error in the page", () => {
    assert.deepEqual(desk.faults, []);
  });
});
