/** The side panel with a notebook's patients: 5,000 of them, filtered, sorted and chosen by keyboard and pointer. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { useDesk } from "./desk.js";
import { settled } from "./lab.js";

const CELLS = [
  `import { Cohort, model, plot } from "radbook";
const ids = Array.from({ length: 5000 }, (_, i) => "P" + String(i + 1).padStart(4, "0"));
const cohort = new Cohort(ids, [
  { name: "age", cells: ids.map((_, i) => String(40 + ((i * 7) % 45))) },
  { name: "sex", cells: ids.map((_, i) => (i % 3 === 0 ? "female" : "male")) },
  { name: "hospital", cells: ids.map((_, i) => "H" + (i % 40)) },
  { name: "stage", cells: ids.map((_, i) => ["I", "II", "III"][i % 3]) },
  { name: "os_months", cells: ids.map((_, i) => String(1 + ((i * 13) % 97))) },
  { name: "deceased", cells: ids.map((_, i) => String(i % 2)) },
]);
cohort`,
  `import { io, selection } from "radbook";
const files = io.samples.cohort();
selection.opens(files.lesions.map(({ id, ct, mask }) => ({ id, image: ct, mask })), { modality: "CT", window: "lung" });
await io.readCohort(files.clinical)`,
  'cohort.numeric(["age", "os_months"]).describe()',
];

describe("the panel with a notebook's patients", function () {
  this.timeout(240_000);
  const desk = useDesk();
  let page: Page;

  before(async function () {
    this.timeout(240_000);
    page = desk.page;
    page.setDefaultTimeout(60_000);
    await desk.openCells("cohort.ipynb", CELLS);
    await page.keyboard.press("Alt+Shift+P");
  });

  const panel = (): Locator => page.getByRole("region", { name: "Patients of the notebook" });
  const list = (): Locator => panel().getByRole("listbox", { name: "Patients" });
  const status = (): Locator => panel().getByRole("status");
  /** The patient that keys act on. */
  const active = (): Promise<string> =>
    list().evaluate((box) => {
      const id = box.getAttribute("aria-activedescendant") ?? "";
      return document.getElementById(id)?.querySelector(".rb-Cohort-id")?.textContent ?? "";
    });
  const until = async (words: RegExp): Promise<void> => status().getByText(words).waitFor();

  it("says what to do while no cell has shown a cohort, then shows the cohort of the notebook", async () => {
    await panel().getByText("await io.readCohort(file)").waitFor();
    await desk.shot("cohort-empty");
    await desk.run(0);
    await until(/^5,000 patients/);
    const first = list().getByRole("option").first();
    // Outcome, time, stage, then who it is.
    assert.match(await first.innerText(), /^P0001\s+deceased 0 · os_months 1 · stage I · age 40$/);
  });

  it("keeps a handful of 5,000 rows in the page, also at the end", async () => {
    assert.ok((await list().getByRole("option").count()) < 40);
    await list().focus();
    await page.keyboard.press("End");
    await list().getByRole("option", { name: /P5000/ }).waitFor();
    assert.equal(await active(), "P5000");
    assert.equal(await list().getByRole("option", { name: /P5000/ }).getAttribute("aria-posinset"), "5000");
    assert.ok((await list().getByRole("option").count()) < 40);
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
    await settled(page);
    assert.equal(await active(), "P0002");
  });

  it("lets the person choose the columns beside each patient, and keeps them in the notebook", async () => {
    const columns = panel().getByRole("button", { name: "Columns" });
    await columns.click();
    await panel().getByRole("checkbox", { name: "age", exact: true }).uncheck();
    await panel().getByRole("checkbox", { name: "deceased" }).uncheck();
    await panel().getByRole("checkbox", { name: "hospital" }).check();
    const first = list().getByRole("option").first();
    await first.getByText("os_months 1 · stage I · hospital H0").waitFor();
    await desk.shot("cohort-columns");
    await page.keyboard.press("Escape");
    assert.ok(await panel().getByRole("checkbox", { name: "age", exact: true }).isHidden());
    assert.ok(await columns.evaluate((button) => button === document.activeElement));
    await desk.save();
    const { metadata } = JSON.parse(readFileSync(path.join(desk.folder, "cohort.ipynb"), "utf8"));
    assert.deepEqual(metadata.radbook_panel, { Cohort: ["os_months", "stage", "hospital"] });
    await desk.open("cohort.ipynb");
    await page.keyboard.press("Alt+Shift+P");
    await first.getByText("os_months 1 · stage I · hospital H0").waitFor();
    await list().focus();
    await page.keyboard.press("ArrowDown");
  });

  it("offers no rows to choose where they are no patients", async () => {
    await desk.run(2);
    await desk.cell(2).locator(".rb-Table tbody tr").nth(1).waitFor();
    assert.match(await desk.cell(2).locator("tbody tr").first().innerText(), /^age/);
    assert.equal(await desk.cell(2).locator(".rb-mod-row").count(), 0);
    assert.equal(await panel().getByRole("combobox", { name: "Table of patients" }).count(), 0);
    await list().focus();
  });

  it("chooses by Space and by pointer, and nobody by Escape and by the command", async () => {
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await until(/· 2 chosen/);
    await desk.shot("cohort-chosen");
    assert.equal(await list().locator('[aria-selected="true"]').count(), 2);
    await list().getByRole("option", { name: /P0006/ }).click();
    await until(/· 1 chosen/);
    await page.keyboard.press("Escape");
    await until(/^5,000 patients\s*$/);
    await page.keyboard.press("Space");
    await until(/· 1 chosen/);
    await page.getByRole("menuitem", { name: "View", exact: true }).click();
    await page.locator(".lm-Menu-itemLabel").getByText("Clear the Selection of Patients").click();
    await until(/^5,000 patients\s*$/);
  });

  it("filters all rows by the kernel, and sorts them", async () => {
    await panel().getByRole("searchbox", { name: "Filter patients" }).fill("sex:female age>80");
    await until(/^111 patients/);
    await panel().getByRole("combobox", { name: "Sort by" }).selectOption("By os_months");
    await panel().getByRole("button", { name: "Descending" }).click();
    await list()
      .getByRole("option")
      .first()
      .getByText(/os_months 97/)
      .waitFor();
    await page.keyboard.press("Tab");
    await desk.shot("cohort-filtered");
    await panel().getByRole("searchbox", { name: "Filter patients" }).fill("nobody");
    await until(/^0 patients/);
    assert.equal(await list().getByRole("option").count(), 0);
  });

  it("shows the lesions of patients whose scans the notebook knows, and opens a scan by Enter", async () => {
    await panel().getByRole("searchbox", { name: "Filter patients" }).fill("");
    await desk.run(1);
    await panel().getByRole("combobox", { name: "Table of patients" }).selectOption({ index: 1 });
    await until(/^120 patients/);
    const first = list().getByRole("option", { name: /SYN-0001/ });
    const picture = first.locator("img");
    await picture.waitFor({ timeout: 60_000 });
    assert.ok(
      await picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth === 88),
    );
    assert.match(await first.innerText(), /CT · \S+/);
    await list().focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await page.locator(".rb-ScanTab .rb-Volume-viewer").waitFor({ timeout: 60_000 });
    await list()
      .getByRole("option", { name: /SYN-0008/ })
      .locator("img")
      .waitFor({ timeout: 60_000 });
    await desk.shot("cohort-scan");
  });

  it("raised no error in the page", () => {
    assert.deepEqual(desk.faults, []);
  });
});
