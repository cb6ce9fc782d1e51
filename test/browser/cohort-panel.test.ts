/** The side panel with a notebook's patients: 5,000 of them, filtered, sorted and chosen by keyboard and pointer. */
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { useDesk } from "./desk.js";
import { settled } from "./lab.js";

const CELLS = [
  `import { Cohort, model, plot } from "radbook";
const ids = Array.from({ length: 5000 }, (_, i) => "P" + String(i + 1).padStart(4, "0"));
const cohort = new Cohort(ids, [
  { name: "age", cells: ids.map((_, i) => String(40 + ((i * 7) % 45))) },
  { name: "sex", cells: ids.map((_, i) => (i % 3 === 0 ? "female" : "male")) },
]);
cohort`,
  `import { io, selection } from "radbook";
const files = io.samples.cohort();
selection.opens(files.lesions.map(({ id, ct, mask }) => ({ id, image: ct, mask })), { modality: "CT", window: "lung" });
await io.readCohort(files.clinical)`,
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
    assert.match(await first.innerText(), /^P0001\s+age 40 · sex female$/);
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
    await panel().getByRole("combobox", { name: "Sort by" }).selectOption("By age");
    await panel().getByRole("button", { name: "Descending" }).click();
    await list()
      .getByRole("option")
      .first()
      .getByText(/age 82/)
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
