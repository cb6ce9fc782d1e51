/** Progress, tables, controls, questions and anywidget modules in JupyterLab, as a person uses them. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { RESULTS, useDesk } from "./desk.js";
import { waitForIdle } from "./lab.js";

const CELLS = [
  `for (const patient of progress(["a", "b", "c", "d", "e", "f"], { label: "Patients" }))
  for (const slice of progress(5, { label: "Slices" })) { const end = Date.now() + 250; while (Date.now() < end); }`,
  `const rows = Array.from({ length: 100_000 }, (_, i) => ({ id: "P" + i, age: (i * 7919) % 100_003, volume: i / 7 }));
display.table(rows, { title: "Patients" });`,
  `interact({ bars: [1, 9], color: ["teal", "crimson"], label: "" }, ({ bars, color, label }) => ({
  [Symbol.for("Jupyter.display")]: () => ({
    "image/svg+xml": \`<svg xmlns="http://www.w3.org/2000/svg" width="300" height="80">\${Array.from({ length: bars },
      (_, i) => \`<rect x="\${i * 30}" y="\${70 - 7 * i}" width="20" height="\${10 + 7 * i}" fill="\${color}"/>\`).join("")}</svg>\`,
    "text/plain": bars + " " + color + " " + label }) }));
const go = controls.button({ label: "Count", onClick: () => console.log("clicked", go.value) });
display(go);
const sure = controls.checkbox({ label: "sure" });
sure.onChange((value) => console.log("sure", value));
sure`,
  `const counter = widget({
  esm: \`
    function render({ model, el }) {
      const button = document.createElement("button");
      button.className = "test-any";
      const update = () => { button.textContent = "count is " + model.get("count") + ", first byte " + model.get("bytes").getUint8(0); };
      button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); model.send({ hello: 1 }, undefined, [new Uint8Array([5, 6]).buffer]); };
      model.on("change:count", update);
      model.on("msg:custom", (content, buffers) => { button.title = content.reply + ":" + buffers[0].getUint8(0); });
      update();
      el.append(button);
    }
    export default { render };\`,
  css: ".test-any { color: rgb(1, 2, 3) }",
  state: { count: 1, bytes: new Uint8Array([42]) },
});
counter.on("msg:custom", (content, buffers) => counter.send({ reply: "sum" }, [new Uint8Array([buffers[0][0] + buffers[0][1]])]));
display(counter);
display(counter);`,
  `const name = prompt("Your name?");
const secret = await input("Password", { password: true });
name + " " + secret.length`,
  `interact({ window: controls.range({ min: -1000, max: 400, step: 100, label: "window" }), dose: 2,
  tint: controls.color({ value: "#00aa00", label: "tint" }) }, (chosen) => JSON.stringify(chosen));
const locked = controls.text({ label: "locked", value: "not now" });
locked.disabled = true;
locked`,
];

describe("widgets in JupyterLab", () => {
  const desk = useDesk({ viewport: { width: 1400, height: 1400 } });
  const cell = (index: number): Locator => desk.cell(index);
  let page: Page;

  before(async function () {
    this.timeout(180_000);
    page = desk.page;
    await desk.openCells("widgets.ipynb", CELLS);
  });

  it("moves bars while a cell blocks, and leaves one line", async function () {
    this.timeout(120_000);
    await desk.begin(0);
    const bars = cell(0).getByRole("progressbar");
    await bars.nth(1).waitFor();
    const text = (): Promise<string> => cell(0).locator(".jp-OutputArea").innerText();
    await desk.shot("widgets-progress");
    assert.match(await text(), /^Patients\s+[0-5] of 6[\s\S]*\nSlices\s+\d of 5/);
    const early = Number(await bars.first().getAttribute("aria-valuenow"));
    await page.waitForFunction(
      (from) => Number(document.querySelector('[role="progressbar"]')?.getAttribute("aria-valuenow")) > from,
      early,
    );
    await cell(0)
      .getByText(/^Patients: 6 in \d/)
      .waitFor();
    assert.equal(await bars.count(), 0);
    assert.equal(await cell(0).locator(".jp-OutputArea-child").count(), 1);
  });

  it("pages and sorts 100,000 rows of which the page holds few", async function () {
    this.timeout(120_000);
    await desk.begin(1);
    const table = cell(1).locator(".rb-Table");
    await table.getByText("1–10 of 100,000").waitFor();
    assert.equal(await table.locator("tbody tr").count(), 10);
    await table.getByRole("button", { name: "Last page" }).click();
    await table.getByText("99,991–100,000 of 100,000").waitFor();
    assert.equal(await table.locator("tbody tr").last().locator("td").first().innerText(), "P99999");
    await table.getByRole("button", { name: "age", exact: true }).click();
    await table.locator('th[aria-sort="ascending"]').waitFor();
    assert.deepEqual(await column(table, 1, 3), ["0", "1", "2"]);
    await table.getByRole("button", { name: "age", exact: true }).click();
    await table.locator('th[aria-sort="descending"]').waitFor();
    assert.deepEqual(await column(table, 1, 2), ["100002", "100001"]);
    // By the keyboard, too: the focus stays on the column.
    await page.keyboard.press("Enter");
    await table.locator('th[aria-sort="descending"]').waitFor({ state: "detached" });
    assert.deepEqual(await column(table, 0, 2), ["P0", "P1"]);
    await table.getByLabel("Rows a page").selectOption("25");
    await table.getByText("1–25 of 100,000").waitFor();
    await desk.shot("widgets-table");
    assert.ok((await page.locator("*").count()) < 6_000);
  });

  it("filters 100,000 rows in the kernel while a person types, and sorts what is left", async function () {
    this.timeout(120_000);
    const table = cell(1).locator(".rb-Table");
    const box = table.getByRole("searchbox", { name: "Filter rows" });
    await table.getByLabel("Rows a page").selectOption("10");
    await box.focus();
    await page.keyboard.type("id:P1234");
    await table.getByText("1–10 of 11, filtered from 100,000").waitFor();
    assert.equal((await column(table, 0, 1))[0], "P1234");
    await page.keyboard.type(" age>50000");
    await table.getByText(/of [1-9], filtered from 100,000/).waitFor();
    await table.getByRole("button", { name: "age", exact: true }).click();
    await table.locator('th[aria-sort="ascending"]').waitFor();
    const ages = (await column(table, 1, 10)).map(Number);
    assert.ok(ages.every((age) => age > 50_000));
    assert.deepEqual(
      ages,
      ages.toSorted((a, b) => a - b),
    );
    await desk.shot("widgets-filter");
    await box.fill("nobody");
    await table.getByText("no rows, filtered from 100,000").waitFor();
    await box.focus();
    await page.keyboard.press("Escape");
    await table.getByText("1–10 of 100,000").waitFor();
    assert.equal(await box.inputValue(), "");
  });

  it("changes a picture with a slider, a choice and a text, and counts clicks", async function () {
    this.timeout(120_000);
    await desk.begin(2);
    const slider = cell(2).getByLabel("bars");
    await slider.waitFor();
    const picture = async (bars: number, color: string): Promise<void> => {
      await page.waitForFunction(
        ([count, fill]) => {
          const images = [...document.querySelectorAll<HTMLImageElement>(".jp-Cell img")];
          return images.some((image) => {
            const text = decodeURIComponent(image.src);
            return text.split("<rect").length - 1 === count && text.includes(`fill="${fill}"`);
          });
        },
        [bars, color] as const,
      );
    };
    await picture(5, "teal");
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await picture(7, "teal");
    await cell(2).getByLabel("color").selectOption("crimson");
    await picture(7, "crimson");
    await cell(2).getByRole("button", { name: "Count" }).click();
    await cell(2).getByText("clicked 1").waitFor();
    await cell(2).getByLabel("sure").check();
    await cell(2).getByText("sure true").waitFor();
    await desk.shot("widgets-controls");
  });

  it("shows an anywidget module in two views with one state, bytes and messages", async function () {
    this.timeout(120_000);
    await desk.begin(3);
    const buttons = cell(3).locator(".test-any");
    await buttons.nth(1).waitFor();
    assert.equal(await buttons.first().innerText(), "count is 1, first byte 42");
    await buttons.first().click();
    await cell(3).getByText("count is 2").nth(1).waitFor();
    await page.locator('.test-any[title="sum:11"]').first().waitFor();
    assert.equal(await buttons.first().evaluate((one) => getComputedStyle(one).color), "rgb(1, 2, 3)");
  });

  it("asks by prompt() and input(), hiding a password", async function () {
    this.timeout(120_000);
    await desk.begin(4);
    const box = cell(4).locator(".jp-Stdin-input");
    await box.waitFor();
    await box.fill("Ada");
    await box.press("Enter");
    const hidden = cell(4).locator('.jp-Stdin-input[type="password"]');
    await hidden.waitFor();
    await hidden.fill("1234");
    await hidden.press("Enter");
    await cell(4).getByText("'Ada 4'").waitFor();
  });

  it("takes a pair, a typed number and a color by the keyboard, and leaves a disabled field alone", async function () {
    this.timeout(120_000);
    await desk.begin(5);
    const shown = (text: string): Promise<void> => cell(5).getByText(text).first().waitFor();
    await cell(5).getByLabel("window from").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowLeft");
    await shown('"window":[-900,300]');
    await cell(5).getByText("-900 – 300").waitFor();
    const dose = cell(5).getByLabel("dose");
    await dose.fill("2.75");
    await shown('"dose":2.75');
    await dose.fill("");
    assert.equal(await dose.getAttribute("aria-invalid"), "true");
    await cell(5).getByLabel("tint").fill("#0000ff");
    await shown('"tint":"#0000ff"');
    await shown('"dose":2.75');
    assert.equal(await cell(5).getByLabel("locked").isDisabled(), true);
    await desk.shot("widgets-more-controls");
  });

  it("saves one quiet line, the first page and no code of widgets", async function () {
    this.timeout(60_000);
    await waitForIdle(page);
    await desk.save();
    const saved = readFileSync(path.join(desk.folder, "widgets.ipynb"), "utf8");
    const { cells } = JSON.parse(saved) as { cells: { outputs: { data?: Record<string, unknown> }[] }[] };
    assert.equal(cells[0]?.outputs.length, 1);
    assert.match(String(cells[0]?.outputs[0]?.data?.["text/plain"]), /^Patients: 6 in /);
    assert.ok(JSON.stringify(cells[1]).length < 60_000);
    assert.ok(!JSON.stringify(cells[3]?.outputs).includes("createElement"));
    // On paper, controls say what was chosen last, also where a cell's value is one.
    const papers = (at: number): string[] =>
      (cells[at]?.outputs ?? []).map(({ data }) => [data?.["text/plain"]].flat().join(""));
    assert.deepEqual(papers(2).slice(0, 3), ["bars: 7", "color: crimson", "label: "]);
    assert.ok(papers(2).includes("sure: true"), papers(2).join("\n"));
    assert.equal(papers(5)[0], "window: -900 – 300");
  });

  it("shows the saved page without a kernel, and lets controls rest", async function () {
    this.timeout(120_000);
    const other = await desk.newPage();
    const cells = (
      JSON.parse(readFileSync(path.join(desk.folder, "widgets.ipynb"), "utf8")) as { cells: object[] }
    ).cells;
    writeFileSync(
      path.join(desk.folder, "saved.ipynb"),
      JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }),
    );
    await desk.open("saved.ipynb", other, false);
    const table = other.locator(".rb-Table").first();
    await table.getByText("1–10 of 100,000").waitFor();
    await table.getByRole("button", { name: "Next page" }).click();
    await table.getByText("11–20 of 100,000").waitFor();
    await table.getByRole("button", { name: "age", exact: true }).click();
    await table.getByText("Run the cell to sort the table").waitFor();
    await table.getByRole("searchbox").fill("P7");
    await table.getByText("1–10 of 11, filtered from 100").waitFor();
    await table.getByText("in the first 100 of 100,000 rows").waitFor();
    assert.equal(await other.locator(".rb-Widget").count(), 0, "an untrusted notebook runs nothing");
    await other.screenshot({ path: path.join(RESULTS, "widgets-saved.png") });
    await other.close();
  });

  it("works again after the kernel restarts and the cells run anew", async function () {
    this.timeout(180_000);
    await page.getByRole("button", { name: "Restart the kernel", exact: true }).click();
    await page.getByRole("button", { name: "Confirm Kernel Restart" }).click();
    await cell(2).getByText("Run the cell to use this.").first().waitFor();
    await waitForIdle(page);
    await desk.begin(2);
    await cell(2).getByLabel("sure").check();
    await cell(2).getByText("sure true").waitFor();
  });

  it("raised no error in the page", () => {
    assert.deepEqual(desk.faults, []);
  });
});

function column(table: Locator, index: number, rows: number): Promise<string[]> {
  return table
    .locator("tbody tr")
    .evaluateAll(
      (lines, [at, count]) => lines.slice(0, count).map((line) => line.children[at]?.textContent ?? ""),
      [index, rows] as const,
    );
}
