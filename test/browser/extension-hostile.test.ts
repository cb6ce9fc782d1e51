/** Notebooks from strangers: damaged and hostile payloads show their picture and a sentence, run nothing, fetch nothing. */
import assert from "node:assert/strict";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { useDesk } from "./desk.js";
import {
  ballHeat,
  barSpec,
  FIGURE_MIME,
  packed,
  smallFigure,
  smallScan,
  VOLUME_MIME,
  VOLUMES_MIME,
  writeNotebook,
} from "./extension-payloads.js";

const EVIL = "http://radbook-evil.invalid";
const SCRIPT = `<img src="${EVIL}/x.png" onerror="globalThis.pwned = true"><script>globalThis.pwned = true</script>`;

/** Payloads that must not be drawn, and what the sentence below the picture says. */
const refused: readonly { title: string; bundle: Record<string, unknown>; says: RegExp }[] = [
  { title: "a scan of another version", bundle: scan({ version: 2 }), says: /another version/ },
  { title: "a scan that is text", bundle: { [VOLUME_MIME]: SCRIPT }, says: /damaged: the scan/ },
  {
    title: "a grid of no voxels",
    bundle: scan({ geometry: { ...smallScan().geometry, size: [0, 4, 4] } }),
    says: /grid's size/,
  },
  {
    title: "a grid of too many voxels",
    bundle: scan({ geometry: { ...smallScan().geometry, size: [1e6, 1e6, 1e6] } }),
    says: /at most/,
  },
  {
    title: "NaN for a spacing",
    bundle: scan({ geometry: { ...smallScan().geometry, spacing: [Number.NaN, 1, 1] } }),
    says: /spacing/,
  },
  {
    title: "axes that are not independent",
    bundle: scan({ geometry: { ...smallScan().geometry, direction: [1, 0, 0, 1, 0, 0, 0, 0, 1] } }),
    says: /direction/,
  },
  {
    title: "a mask of the wrong size",
    bundle: scan({ regions: [{ name: "x", color: "#ff0000", mask: packed(new Uint8Array(7)) }] }),
    says: /"x" does not fit/,
  },
  {
    title: "a mask that unpacks to far more than the grid",
    bundle: scan({ regions: [{ name: "x", color: "#ff0000", mask: packed(new Uint8Array(50_000_000)) }] }),
    says: /does not fit/,
  },
  {
    title: "bytes that are not gzip",
    bundle: scan({
      regions: [{ name: "x", color: "#ff0000", mask: { encoding: "gzip+base64", data: "AAAA" } }],
    }),
    says: /cannot be unpacked/,
  },
  {
    title: "a color that would be style",
    bundle: scan({
      regions: [{ name: "x", color: `red;background:url(${EVIL})`, mask: packed(new Uint8Array(1)) }],
    }),
    says: /color/,
  },
  {
    title: "an embedded part outside the grid",
    bundle: scan({ embedded: { ...smallScan().embedded, offset: [10, 0, 0] } }),
    says: /inside the scan's grid/,
  },
  {
    title: "a heat map outside the grid",
    bundle: scan({ heat: { ...ballHeat(), offset: [40, 0, 0] } }),
    says: /heat map must be inside/,
  },
  {
    title: "a heat map of too few levels",
    bundle: scan({ heat: { ...ballHeat(), levels: packed(new Uint8Array(7)) } }),
    says: /heat map does not fit/,
  },
  {
    title: "a color of a heat map that would be style",
    bundle: scan({ heat: { ...ballHeat(), colors: ["#000000", `red), url(${EVIL}`] } }),
    says: /color/,
  },
  {
    title: "a threshold of a heat map that is script",
    bundle: scan({ heat: { ...ballHeat(), threshold: SCRIPT } }),
    says: /threshold/,
  },
  {
    title: "a comparison with a damaged scan",
    bundle: comparison({ scans: [smallScan(), { ...smallScan(), range: SCRIPT }] }),
    says: /range of grey values/,
  },
  {
    title: "a comparison of a thousand scans",
    bundle: comparison({ scans: Array.from({ length: 1000 }, () => 0) }),
    says: /at most 6/,
  },
  { title: "a comparison of nothing", bundle: comparison({ scans: [] }), says: /at least two/ },
  { title: "a window of no width", bundle: scan({ window: { center: 0, width: 0 } }), says: /width/ },
  {
    title: "a figure of another version",
    bundle: figure(barSpec(), { version: 9 }),
    says: /another version/,
  },
  {
    title: "data from an address",
    bundle: figure({ ...barSpec(), data: { url: `${EVIL}/d.json` } }),
    says: /address/,
  },
  {
    title: "a mark that links",
    bundle: figure({ ...barSpec(), encoding: { href: { value: `${EVIL}/go` } } }),
    says: /address/,
  },
  {
    title: "a mark that is a picture",
    bundle: figure({ data: { values: [{}] }, mark: "image", encoding: { url: { value: `${EVIL}/p.png` } } }),
    says: /address/,
  },
  {
    title: "a cursor that is an address",
    bundle: figure({ ...barSpec(), layer: [{ mark: { type: "bar", cursor: `url(${EVIL}/c.cur), auto` } }] }),
    says: /address/,
  },
  {
    title: "a specification that is none",
    bundle: figure({ mark: "no such mark" }),
    says: /could not be opened/,
  },
];

/** Payloads that are drawn, with their hostile text as text. */
const drawn: readonly { title: string; bundle: Record<string, unknown> }[] = [
  {
    title: "a scan and region named by script",
    bundle: scan({
      name: SCRIPT,
      modality: SCRIPT,
      unit: SCRIPT,
      regions: [{ ...smallScan().regions[0], name: SCRIPT }],
    }),
  },
  {
    title: "a comparison with a note of script",
    bundle: comparison({ note: SCRIPT }),
  },
  {
    title: "a figure titled by script",
    bundle: figure({ ...barSpec(), title: SCRIPT }, { alternative: SCRIPT }),
  },
  {
    title: "a figure whose expressions build an address",
    bundle: figure({
      ...barSpec(),
      layer: [
        {
          mark: {
            type: "bar",
            cursor: { expr: `'u' + 'rl(${EVIL}/c.cur), auto'` },
            fill: { expr: `'u' + 'rl(${EVIL}/f.svg#a)'` },
          },
        },
      ],
    }),
  },
];

describe("hostile payloads", () => {
  const desk = useDesk({ kernel: false, viewport: { width: 1300, height: 900 } });
  let page: Page;
  const asked: string[] = [];

  before(async function () {
    this.timeout(120_000);
    const bundles = [...refused, ...drawn].map(({ bundle }) => bundle);
    writeNotebook(path.join(desk.folder, "hostile.ipynb"), bundles);
    page = desk.page;
    page.on("request", (request) => asked.push(request.url()));
    await desk.open("hostile.ipynb");
  });

  /** JupyterLab draws a cell when it comes into view, and may take it away again when it leaves. */
  const output = async (index: number): Promise<Locator> => {
    const cell = page.locator(`.jp-Cell[data-windowed-list-index="${index}"]`);
    for (let tries = 0; tries < 60 && !(await cell.isVisible()); tries++) {
      await page.locator(".jp-WindowedPanel-outer").first().hover();
      await page.mouse.wheel(0, 300);
      await page.waitForTimeout(100);
    }
    await cell.scrollIntoViewIfNeeded();
    return cell.locator(".rb-Volume, .rb-Figure").first();
  };

  for (const [index, { title, says }] of refused.entries()) {
    it(`shows the picture and a sentence for ${title}`, async () => {
      const view = await output(index);
      await view.locator(".rb-Note").waitFor();
      assert.match(await view.locator(".rb-Note").innerText(), says);
      assert.equal(await view.locator("img.rb-Twin").count(), 1);
    });
  }

  for (const [index, { title }] of drawn.entries()) {
    it(`draws ${title} as text`, async () => {
      const view = await output(refused.length + index);
      await view.locator(".rb-Volume-viewer, .rb-Figure-stage svg").first().waitFor();
      await view.hover();
      await page.waitForTimeout(300);
      assert.equal(await view.locator("script, img, iframe, foreignObject, a[href]").count(), 0);
    });
  }

  it("has run nothing and asked for nothing outside the server", async () => {
    assert.equal(await page.evaluate(() => (globalThis as { pwned?: boolean }).pwned), undefined);
    const outside = asked.filter((url) => !url.startsWith(desk.lab.url) && !/^(data|blob):/.test(url));
    assert.deepEqual(outside, []);
    assert.ok(asked.length > 10, "the test saw the page's requests");
  });
});

function scan(change: Record<string, unknown>): Record<string, unknown> {
  return { [VOLUME_MIME]: { ...smallScan(), ...change } };
}

function comparison(change: Record<string, unknown>): Record<string, unknown> {
  const scans = [smallScan(), smallScan()];
  return { [VOLUMES_MIME]: { version: 1, id: `c-${Math.random()}`, link: true, note: "", scans, ...change } };
}

function figure(
  spec: Record<string, unknown>,
  change: Record<string, unknown> = {},
): Record<string, unknown> {
  return { [FIGURE_MIME]: { ...smallFigure(spec), ...change } };
}
