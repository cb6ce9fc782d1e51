/**
 * Draws `application/vnd.radbook.volume+json`: the static picture at once, the live view when voxels are there.
 *
 * A renderer never throws: whatever fails, the picture stays with a sentence below it.
 * Layer:  labextension, volume; imports output.
 */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";
import type { VolumeMime, VolumePayload } from "../../../src/plot/mime.js";
import { element } from "../output/dom.js";
import { reasonOf } from "../output/payload-error.js";
import { note, staticTwin } from "../output/twin.js";
import { type Heat, readHeat } from "./heat.js";
import { LayoutKeeper } from "./layout-keeper.js";
import { fetchVoxels, type KernelSource, RUN_THE_CELL } from "./live.js";
import { checkVolumePayload } from "./payload.js";
import { type Region, readRegions } from "./region.js";
import { embeddedScan, type Scan, wholeScan } from "./scan.js";
import { Viewer } from "./viewer.js";

export const VOLUME_MIME: VolumeMime = "application/vnd.radbook.volume+json";

export class VolumeRenderer extends Widget implements IRenderMime.IRenderer {
  private readonly kernels: KernelSource | null;
  private shownId: string | null = null;
  private viewer: Viewer | null = null;
  private keeper: LayoutKeeper | null = null;
  private closing: AbortController = new AbortController();

  /** @param kernels The notebook's kernel, null where there is none. */
  constructor(kernels: KernelSource | null) {
    super();
    this.kernels = kernels;
    this.addClass("rb-Volume");
  }

  renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const raw = model.data[VOLUME_MIME];
    const id = idOf(raw);
    if (id !== null && id === this.shownId) {
      if (this.keeper !== null) this.keeper.model = model;
      return Promise.resolve();
    }
    this.end();
    this.shownId = id;
    this.node.replaceChildren(staticTwin(model));
    try {
      const payload = checkVolumePayload(raw);
      this.keeper = new LayoutKeeper(model, payload);
      void this.open(payload, this.closing.signal).catch((error: unknown) => this.stay(error));
    } catch (error) {
      this.stay(error);
    }
    return Promise.resolve();
  }

  override dispose(): void {
    if (!this.isDisposed) this.end();
    super.dispose();
  }

  /** The static picture stays, with the reason. */
  private stay(error: unknown): void {
    if (this.closing.signal.aborted || this.viewer !== null) return;
    this.setFooter(note(reasonOf(error)));
  }

  private async open(payload: VolumePayload, signal: AbortSignal): Promise<void> {
    const regions = await readRegions(payload);
    const heat = await readHeat(payload);
    signal.throwIfAborted();
    if (payload.embedded !== undefined) {
      const scan = await embeddedScan(payload, payload.embedded);
      if (!signal.aborted) this.mount(payload, scan, regions, heat);
    }
    if (this.viewer === null) this.setFooter(note(RUN_THE_CELL));
    if (this.kernels === null) return;
    await this.whenSeen(signal);
    const progress = new Progress();
    const voxels = await fetchVoxels(this.kernels, payload, {
      signal,
      onProgress: (part) => {
        if (this.viewer === null) this.setFooter(progress.show(part));
      },
    });
    if (!signal.aborted) this.mount(payload, wholeScan(payload, voxels), regions, heat);
  }

  private mount(payload: VolumePayload, scan: Scan, regions: readonly Region[], heat: Heat | null): void {
    if (this.viewer !== null) {
      this.viewer.setScan(scan);
      return;
    }
    this.viewer = new Viewer(payload, scan, regions, heat);
    if (this.keeper !== null) this.viewer.keep(this.keeper);
    this.node.replaceChildren(this.viewer.element);
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

  private setFooter(footer: HTMLElement): void {
    const picture = this.node.firstElementChild;
    this.node.replaceChildren(...(picture === null ? [] : [picture]), footer);
  }

  private end(): void {
    this.closing.abort();
    this.closing = new AbortController();
    this.viewer?.dispose();
    this.viewer = null;
    this.keeper = null;
  }
}

/** How much of the scan has arrived. */
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
