/**
 * Draws `application/vnd.radbook.volume+json`, and several scans beside each other in `…volumes+json`: the static picture at
 * once, the live view when voxels are there.
 *
 * A renderer never throws: whatever fails, the picture stays with a sentence below it.
 * Layer:  labextension, volume; imports output.
 */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";
import type { VolumeMime, VolumePayload, VolumesMime } from "../../../src/plot/mime.js";
import { element } from "../output/dom.js";
import { reasonOf } from "../output/payload-error.js";
import { note, staticTwin } from "../output/twin.js";
import { Comparison, type ComparisonOptions } from "./comparison.js";
import { type Heat, readHeat } from "./heat.js";
import { fetchVoxels, type KernelSource, RUN_THE_CELL } from "./live.js";
import { OutputLayout } from "./output-layout.js";
import { checkVolumePayload, checkVolumesPayload } from "./payload.js";
import { type Region, readRegions } from "./region.js";
import { embeddedScan, type Scan, wholeScan } from "./scan.js";
import { Viewer } from "./viewer.js";

export const VOLUME_MIME: VolumeMime = "application/vnd.radbook.volume+json";
export const VOLUMES_MIME: VolumesMime = "application/vnd.radbook.volumes+json";

/** A scan of the output, as far as it has come. */
interface Slot {
  readonly payload: VolumePayload;
  readonly regions: readonly Region[];
  readonly heat: Heat | null;
  scan: Scan | null;
  viewer: Viewer | null;
}

/** What one output shows: a scan alone, or several with how they are moved. */
interface Shown {
  readonly scans: readonly VolumePayload[];
  readonly comparison: Pick<ComparisonOptions, "link" | "note"> | null;
}

export class VolumeRenderer extends Widget implements IRenderMime.IRenderer {
  private readonly kernels: KernelSource | null;
  private shownId: string | null = null;
  private slots: readonly Slot[] = [];
  private kept: OutputLayout | null = null;
  private closing: AbortController = new AbortController();

  /** @param kernels The notebook's kernel, null where there is none. */
  constructor(kernels: KernelSource | null) {
    super();
    this.kernels = kernels;
    this.addClass("rb-Volume");
  }

  renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const several = model.data[VOLUMES_MIME];
    const raw = several ?? model.data[VOLUME_MIME];
    const id = idOf(raw);
    if (id !== null && id === this.shownId) {
      if (this.kept !== null) this.kept.model = model;
      return Promise.resolve();
    }
    this.end();
    this.shownId = id;
    this.node.replaceChildren(staticTwin(model));
    try {
      const shown = several === undefined ? single(raw) : compared(raw);
      this.kept = new OutputLayout(model, shown.scans, shown.comparison !== null);
      void this.open(shown, this.closing.signal).catch((error: unknown) => this.stay(error));
    } catch (error) {
      this.stay(error);
    }
    return Promise.resolve();
  }

  override dispose(): void {
    if (!this.isDisposed) this.end();
    super.dispose();
  }

  /** Whether the picture has given way to the live view. */
  private get isLive(): boolean {
    return this.slots.some(({ viewer }) => viewer !== null);
  }

  /** What is shown stays: the picture or a coarse copy with the reason, the part that the notebook carries without. */
  private stay(error: unknown): void {
    if (this.closing.signal.aborted) return;
    const isCoarse = this.slots.some(({ scan, payload }) => scan !== null && payload.embedded === undefined);
    if (this.isLive && !isCoarse) this.setFooter();
    else this.setFooter(note(reasonOf(error)));
  }

  private async open(shown: Shown, signal: AbortSignal): Promise<void> {
    const slots: Slot[] = [];
    for (const payload of shown.scans) slots.push(await readSlot(payload));
    signal.throwIfAborted();
    this.slots = slots;
    this.mount(shown);
    if (!this.isLive) this.setFooter(note(RUN_THE_CELL));
    const { kernels } = this;
    if (kernels === null) return;
    await this.whenSeen(signal);
    const progress = new Progress();
    const parts = slots.map(() => 0);
    const load = async (slot: Slot, scan: number): Promise<void> => {
      const voxels = await fetchVoxels(kernels, slot.payload, {
        ...(shown.comparison === null ? {} : { scan }),
        signal,
        onProgress: (part) => {
          parts[scan] = part;
          this.setFooter(progress.show(parts.reduce((sum, one) => sum + one, 0) / parts.length));
        },
        onCoarse: (coarse) => {
          // What the notebook carries may be finer.
          if (slot.scan !== null || signal.aborted) return;
          slot.scan = coarse;
          this.mount(shown);
        },
      });
      if (signal.aborted) return;
      slot.scan = wholeScan(slot.payload, voxels);
      slot.viewer?.setScan(slot.scan);
      this.mount(shown);
    };
    // What fails must not stop the others, and is told when their progress writes no more.
    const failed = (await Promise.allSettled(slots.map(load))).find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
    this.setFooter();
  }

  /** Shows the live view as soon as every scan has voxels. */
  private mount({ comparison }: Shown): void {
    if (this.isLive || this.slots.some(({ scan }) => scan === null)) return;
    const { kept } = this;
    const viewers = this.slots.map((slot, i) => {
      slot.viewer = new Viewer(slot.payload, slot.scan as Scan, slot.regions, slot.heat);
      const keeper = kept?.keepers[i];
      if (keeper !== undefined) slot.viewer.keep(keeper);
      return slot.viewer;
    });
    const view =
      comparison === null
        ? viewers[0]
        : new Comparison(viewers, {
            ...comparison,
            link: kept?.link ?? comparison.link,
            onLink: (link) => kept?.keepLink(link),
          });
    if (view !== undefined) this.node.replaceChildren(view.element);
  }

  /** Waits until the output comes near the visible part of the page: unseen scans need no memory. */
  private whenSeen(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const watcher = new IntersectionObserver(
        (entries) => {
          if (!entries.some((entry) => entry.isIntersecting)) return;
          watcher.disconnect();
          resolve();
        },
        { rootMargin: "400px" },
      );
      watcher.observe(this.node);
      signal.addEventListener("abort", () => {
        watcher.disconnect();
        reject(signal.reason);
      });
    });
  }

  /** What stands below the picture or the live view. The view itself stays in place, with its focus. */
  private setFooter(...footer: readonly HTMLElement[]): void {
    const [, ...old] = this.node.children;
    if (old.length === footer.length && old.every((one, at) => one === footer[at])) return;
    for (const one of old) one.remove();
    this.node.append(...footer);
  }

  private end(): void {
    this.closing.abort();
    this.closing = new AbortController();
    for (const { viewer } of this.slots) viewer?.dispose();
    this.slots = [];
    this.kept = null;
  }
}

function single(raw: unknown): Shown {
  return { scans: [checkVolumePayload(raw)], comparison: null };
}

function compared(raw: unknown): Shown {
  const { id, scans, link, note: words } = checkVolumesPayload(raw);
  // The kernel's object answers for all of them.
  return { scans: scans.map((scan) => ({ ...scan, id })), comparison: { link, note: words } };
}

async function readSlot(payload: VolumePayload): Promise<Slot> {
  const regions = await readRegions(payload);
  const heat = await readHeat(payload);
  const scan = payload.embedded === undefined ? null : await embeddedScan(payload, payload.embedded);
  return { payload, regions, heat, scan, viewer: null };
}

/** How much of the scans has arrived. */
class Progress {
  private readonly bar: HTMLProgressElement = element("progress", "rb-Progress-bar", { max: "1" });
  private readonly text: HTMLElement = element("span", "rb-Progress-text");
  private readonly element: HTMLElement = element(
    "div",
    "rb-Progress",
    { role: "status" },
    this.bar,
    this.text,
  );

  show(part: number): HTMLElement {
    this.bar.value = part;
    this.text.textContent = `Loading the scan: ${Math.round(100 * part)} %`;
    return this.element;
  }
}

function idOf(raw: unknown): string | null {
  if (typeof raw !== "object" || raw === null) return null;
  const { id } = raw as { id?: unknown };
  return typeof id === "string" ? id : null;
}
