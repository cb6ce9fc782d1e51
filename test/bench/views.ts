/**
 * Views in a browser without a graphics card, beside NiiVue's plain page in the same run: first picture, scrolling, dragging the
 * window, a large scan with its memory, many viewers, and what the extension adds to JupyterLab's start.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { DISPLAY } from "../../src/core/display.js";
import * as io from "../../src/io/index.js";
import type { VolumePayload } from "../../src/plot/mime.js";
import { volume as showVolume } from "../../src/plot/volume-view.js";
import { packed, smallScan, VOLUME_MIME, writeNotebook } from "../browser/extension-payloads.js";
import {
  colorCount,
  type Lab,
  openBrowser,
  openNotebook,
  runAll,
  startLab,
  whyNoLab,
} from "../browser/lab.js";
import { medianFrame, niivueFile, niivuePage, pageMegabytes, serve } from "./views-support.js";

const FRAMES = 15;
const STARTS = 5;
const PATIENCE_MS = 120_000;
const RESULTS = path.resolve(import.meta.dirname, "..", "..", "test-results");
const LARGE = [512, 512, 200] as const;

export async function bench(): Promise<void> {
  const reason = whyNoLab();
  if (reason !== null) {
    console.log(`views: skipped, ${reason}.`);
    return;
  }
  mkdirSync(RESULTS, { recursive: true });
  const root = mkdtempSync(path.join(RESULTS, "bench-views-"));
  const lab = await startLab({ root });
  const browser = await openBrowser();
  try {
    await chest(browser, lab, root);
    await large(browser, lab, root);
    await many(browser, lab, root);
    await starts(browser, root);
    console.log(
      `${os.cpus().length} cores, software WebGL, load ${(os.loadavg()[0] ?? 0).toFixed(1)} at the end`,
    );
  } finally {
    await browser.close();
    await lab.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

async function chest(browser: Browser, lab: Lab, root: string): Promise<void> {
  const sample = io.samples.chestCt();
  const ct = await io.readDicom(sample.ct);
  const region = (await io.readRtstruct(sample.rtstruct)).mask(sample.roi, ct);
  heading(`chest CT ${ct.geometry.size.join(" × ")} with a region${sample.isReal ? "" : ", synthetic"}`);
  const payload = await payloadOf(showVolume(ct, { overlay: region, window: "lung" }));
  // The whole scan at 8 bits, so that no kernel is timed.
  const bytes = Uint8Array.from(ct.voxels, (hu) => Math.min(255, Math.max(0, (hu + 1024) / 8)));
  const part = { offset: [0, 0, 0], size: ct.geometry.size, step: 1, slope: 8, intercept: -1024 } as const;
  writeNotebook(path.join(root, "chest.ipynb"), [
    { [VOLUME_MIME]: { ...payload, embedded: { ...part, voxels: packed(bytes) } } },
  ]);

  const page = await newPage(browser);
  await page.addInitScript({ content: FIRST_PICTURE });
  await openNotebook(page, lab, "chest.ipynb", { kernel: false });
  await page.locator(".rb-Volume-viewer").waitFor();
  await page.waitForTimeout(1000);
  const first = await page.evaluate<number>("globalThis.firstPicture");
  await page.locator(AXIAL).focus();
  await medianFrame(page, FRAMES, SCROLL); // Warm.
  const scroll = await medianFrame(page, FRAMES, SCROLL);
  const drag = await medianFrame(page, FRAMES, DRAG);
  await page.close();

  const scan = path.join(root, "chest.nii");
  const mask = path.join(root, "mask.nii");
  await io.writeNifti(ct, scan);
  await io.writeNifti(region, mask);
  const peer = await niivue(browser, { scan, mask });
  row("first picture", first, peer?.first, "ms", 1000);
  row("scroll, a frame", scroll, peer?.scroll, "ms", 80);
  row("window drag, a frame", drag, peer?.drag, "ms", 100);
}

async function large(browser: Browser, lab: Lab, root: string): Promise<void> {
  const megabytes = (2 * LARGE[0] * LARGE[1] * LARGE[2]) / 2 ** 20;
  heading(`${LARGE.join(" × ")}, ${megabytes} MB, from the kernel`);
  // The peer shows the file that the cell writes.
  const cell = `import { io, plot, Volume } from "radbook";
const [nx, ny, nz] = [${LARGE.join(", ")}];
const voxels = new Float32Array(nx * ny * nz);
for (let z = 0, p = 0; z < nz; z++) for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++, p++) voxels[p] = ((x * 7 + y * 3 + z * 5) % 1400) - 1000;
const geometry = { size: [nx, ny, nz], spacing: [0.7, 0.7, 1], origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] } as const;
const scan = new Volume(voxels, geometry, { modality: "CT", unit: "HU", name: "large" });
await io.writeNifti(scan, "large.nii");
plot.volume(scan)`;
  writeNotebook(path.join(root, "large.ipynb"), [{}], { name: "radbook", source: cell });
  const page = await newPage(browser);
  await openNotebook(page, lab, "large.ipynb");
  const before = pageMegabytes();
  await page.evaluate(WATCH_LARGE);
  await runAll(page);
  await page.waitForFunction("globalThis.large?.exact !== undefined", undefined, { timeout: PATIENCE_MS });
  await page.waitForTimeout(3000); // Garbage of the messages.
  const after = pageMegabytes();
  const seen = await page.evaluate<{ picture: number; live: number; exact: number }>("globalThis.large");
  await page.close();

  const file = path.join(root, "large.nii");
  const peer = await niivue(browser, { scan: file });
  row("picture, after the output is there", seen.picture, undefined, "ms", 3000);
  row("live view, coarse", seen.live, peer?.first, "ms", 3000);
  row("live view, every voxel", seen.exact, peer?.first, "ms");
  row(
    "memory of the page, by the scan",
    (after - before) / megabytes,
    peer && peer.megabytes / megabytes,
    "×",
    2.5,
  );
}

async function many(browser: Browser, lab: Lab, root: string): Promise<void> {
  heading("many small scans in one notebook");
  for (const [count, scenes] of [
    [50, false],
    [18, true],
  ] as const) {
    const name = `many-${count}.ipynb`;
    writeNotebook(
      path.join(root, name),
      Array.from({ length: count }, () => ({ [VOLUME_MIME]: smallScan() })),
    );
    const page = await newPage(browser);
    await page.addInitScript({
      content: `globalThis.lost = 0; addEventListener("webglcontextlost", () => globalThis.lost++, true);`,
    });
    await openNotebook(page, lab, name, { kernel: false });
    let blank = 0;
    for (let index = 0; index < count; index++) if (!(await isDrawn(page, index, scenes))) blank++;
    row(`blank of ${count} viewers${scenes ? ", each opened in 3D" : ""}`, blank, undefined, "", 0);
    if (scenes)
      row("lost graphics contexts", await page.evaluate<number>("globalThis.lost"), undefined, "", 0);
    await page.close();
  }
}

/** JupyterLab until its launcher is there, with and without the extension in turn. */
async function starts(browser: Browser, root: string): Promise<void> {
  heading("JupyterLab until its launcher is there");
  const config = mkdtempSync(path.join(os.tmpdir(), "radbook-config-"));
  mkdirSync(path.join(config, "labconfig"));
  const off = { disabledExtensions: { "@radbook/labextension": true } };
  writeFileSync(path.join(config, "labconfig", "page_config.json"), JSON.stringify(off));
  const [on, without] = [
    await startLab({ root }),
    await startLab({ root, env: { JUPYTER_CONFIG_DIR: config } }),
  ];
  const times: [number[], number[]] = [[], []];
  try {
    for (let turn = 0; turn <= STARTS; turn++) {
      for (const [at, { url, token }] of [on, without].entries()) {
        const page = await newPage(browser);
        await page.goto(`${url}/lab/workspaces/start-${turn}?token=${token}&reset`);
        await page.locator(".jp-LauncherCard").first().waitFor();
        const ms = await page.evaluate<number>("performance.now()");
        const isOurs = await page.locator(".jp-LauncherCard", { hasText: "Radiomics" }).count();
        if (isOurs > 0 === (at === 1))
          throw new Error("the extension could not be switched off for the comparison");
        if (turn > 0) times[at === 0 ? 0 : 1].push(ms); // The first start is cold.
        await page.close();
      }
    }
  } finally {
    await on.stop();
    await without.stop();
    rmSync(config, { recursive: true });
  }
  const [withIt, withoutIt] = times.map((list) => list.sort((a, b) => a - b)[STARTS >> 1] ?? Number.NaN);
  row("with the extension", withIt ?? Number.NaN, undefined, "ms");
  row("without", withoutIt ?? Number.NaN, undefined, "ms");
  row("what the extension adds", (withIt ?? Number.NaN) - (withoutIt ?? Number.NaN), undefined, "ms", 150);
}

interface PeerTimes {
  readonly first: number;
  readonly scroll: number;
  readonly drag: number;
  readonly megabytes: number;
}

/** The peer's times; null, with the reason printed, where it shows nothing. */
async function niivue(
  browser: Browser,
  { scan, mask }: { readonly scan: string; readonly mask?: string },
): Promise<PeerTimes | null> {
  const program = niivueFile();
  if (program === null) {
    console.log("NiiVue could not be installed.");
    return null;
  }
  const index = path.join(path.dirname(scan), "niivue.html");
  writeFileSync(index, niivuePage(mask === undefined ? ["scan.nii"] : ["scan.nii", "mask.nii"]));
  const server = await serve({
    "page.html": index,
    "niivue.js": program,
    "scan.nii": scan,
    ...(mask === undefined ? {} : { "mask.nii": mask }),
  });
  const page = await newPage(browser);
  try {
    const before = pageMegabytes();
    await page.goto(`${server.url}/page.html`);
    await page.waitForFunction("globalThis.firstPicture !== undefined", undefined, { timeout: PATIENCE_MS });
    const first = await page.evaluate<number>("globalThis.firstPicture");
    const megabytes = pageMegabytes() - before;
    const few = mask === undefined ? 3 : FRAMES;
    const scroll = await medianFrame(page, few, "niivue.moveCrosshairInVox(0, 0, k % 2 ? 1 : -1); finish()");
    const drag = await medianFrame(
      page,
      few,
      "niivue.volumes[0].cal_min += 5; niivue.updateGLVolume(); niivue.drawScene(); finish()",
    );
    return { first, scroll, drag, megabytes };
  } catch (error) {
    console.log(`NiiVue showed nothing: ${String(error).split("\n")[0]}`);
    return null;
  } finally {
    await page.close();
    server.close();
  }
}

async function newPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  page.setDefaultTimeout(PATIENCE_MS);
  return page;
}

async function payloadOf(view: object): Promise<VolumePayload> {
  const shown = view as Readonly<Record<symbol, () => Promise<{ data: Record<string, VolumePayload> }>>>;
  return (await shown[DISPLAY]?.())?.data[VOLUME_MIME] as VolumePayload;
}

/** Scrolls to the viewer, opens its 3D where asked for, and looks whether it is drawn. */
async function isDrawn(page: Page, index: number, scene: boolean): Promise<boolean> {
  const cell = page.locator(`.jp-Cell[data-windowed-list-index="${index}"]`);
  const viewer = cell.locator(".rb-Volume-viewer");
  for (let tries = 0; tries < 60 && (await viewer.count()) === 0; tries++) {
    await page.locator(".jp-WindowedPanel-outer").first().hover();
    await page.mouse.wheel(0, 400);
    await page.waitForTimeout(100);
  }
  await viewer.scrollIntoViewIfNeeded();
  if (scene) {
    await cell.getByRole("button", { name: "3D", exact: true }).click();
    await cell.locator("[data-testid=scene][data-ready]").waitFor();
  }
  const canvas = cell.locator("canvas").first();
  for (let tries = 0; tries < 50; tries++) {
    const width = await canvas.evaluate((element: HTMLCanvasElement) => element.width);
    if (width > 0 && (await colorCount(canvas)) >= 40) return true;
    await page.waitForTimeout(100);
  }
  return false;
}

function heading(text: string): void {
  console.log(`\n${text.padEnd(44)}${"Radbook".padStart(12)}${"NiiVue".padStart(12)}   target`);
}

function row(
  what: string,
  ours: number,
  peer: number | null | undefined,
  unit: string,
  target?: number,
): void {
  const digits = unit === "×" ? 2 : 0;
  const text = (value: number | null | undefined): string =>
    value === undefined || value === null ? "–" : `${value.toFixed(digits)} ${unit}`.trim();
  const goal = target === undefined ? "" : `   ≤ ${target}${ours <= target ? "" : ", missed"}`;
  console.log(`${what.padEnd(44)}${text(ours).padStart(12)}${text(peer).padStart(12)}${goal}`);
}

const AXIAL = ".rb-Volume-plane[data-plane=axial] canvas";
const CANVAS = `const canvas = document.querySelector("${AXIAL}")`;
const SCROLL = `${CANVAS}; canvas.dispatchEvent(new KeyboardEvent("keydown", { key: k % 2 ? "PageUp" : "PageDown", bubbles: true }))`;
const DRAG = `${CANVAS};
  const box = canvas.getBoundingClientRect();
  canvas.setPointerCapture = () => undefined;
  const point = (type, at) => canvas.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true, pointerId: 1,
    button: 2, buttons: 2, clientX: box.left + 50 + 4 * at, clientY: box.top + 90 + 3 * at }));
  if (k === 1) point("pointerdown", 0);
  point("pointermove", k);
  if (k === ${FRAMES}) point("pointerup", k)`;

/** Milliseconds from the output's first element to its first painted canvas. */
const FIRST_PICTURE = `{
  let from = null;
  const look = () => {
    if (from === null && document.querySelector(".rb-Volume") !== null) from = performance.now();
    const canvas = document.querySelector("${AXIAL}");
    if (canvas !== null && canvas.width > 0 && canvas.height !== 150) globalThis.firstPicture = performance.now() - from;
    else requestAnimationFrame(look);
  };
  look();
}`;

/** Milliseconds from the output's first element to its saved picture, its first live view, and all voxels. */
const WATCH_LARGE = `{
  let from = null;
  const seen = globalThis.large = {};
  const look = () => {
    const output = document.querySelector(".rb-Volume");
    if (output !== null) {
      const now = performance.now();
      from ??= now;
      if (seen.picture === undefined && output.querySelector("img")?.complete) seen.picture = now - from;
      const canvas = output.querySelector("canvas");
      if (seen.live === undefined && canvas !== null && canvas.width > 0) seen.live = now - from;
      const value = output.querySelector("[data-testid=readout-crosshair]")?.textContent ?? "≈";
      if (seen.live !== undefined && !value.includes("≈")) seen.exact = now - from;
    }
    if (seen.exact === undefined) requestAnimationFrame(look);
  };
  look();
}`;
