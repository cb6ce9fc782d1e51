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
  writeNotebook,
} from "./extension-payloads.js";

const TABLE_MIME = "application/vnd.radbook.table+json";
const VIEWS = ".rb-Volume, .rb-Figure, .rb-Table, .rb-Cohort";
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
  const column = (name: string, numeric: boolean, key: boolean) => ({ name, unit: "", numeric, key });
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
    const { root } = await session.send("DOM.getDocument", { depth: 0 });
    const { nodeIds } = await session.send("DOM.querySelectorAll", { nodeId: root.nodeId, selector: VIEWS });
    assert.equal(nodeIds.length, 4);
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
      const root = page.locator(view).first();
      await root.scrollIntoViewIfNeeded();
      const controls = await visibleControls(root);
      assert.ok(controls.length > 0);
      const { reached, unseen } = await walk(page, root, controls.length);
      assert.deepEqual(
        controls.filter((control) => !reached.includes(control)),
        [],
      );
      assert.deepEqual(unseen, []);
      await desk.shot(`focus-${view.slice(4)}`);
    });
  }
});

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
