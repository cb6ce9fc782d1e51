/**
 * Where the layouts of an output's views lie: in the output's metadata under its MIME type, and so in the notebook.
 *
 * A scan has `{ view }`; a comparison `{ link, views }`, with null for a scan that nobody has changed.
 * Layer:  labextension, volume.
 */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import type { VolumeMime, VolumePayload, VolumesMime } from "../../../src/plot/mime.js";
import { LayoutKeeper } from "./layout-keeper.js";

const ONE: VolumeMime = "application/vnd.radbook.volume+json";
const SEVERAL: VolumesMime = "application/vnd.radbook.volumes+json";

export class OutputLayout {
  /** JupyterLab replaces it when trust changes. */
  model: IRenderMime.IMimeModel;
  /** One a scan. */
  readonly keepers: readonly LayoutKeeper[];
  /** Whether the scans move together, as the notebook holds it; null if it does not say. */
  link: boolean | null = null;
  private readonly isComparison: boolean;
  private readonly views: unknown[];

  constructor(model: IRenderMime.IMimeModel, scans: readonly VolumePayload[], isComparison: boolean) {
    this.model = model;
    this.isComparison = isComparison;
    const kept = objectOf(model.metadata[isComparison ? SEVERAL : ONE]);
    const views = isComparison ? kept.views : [kept.view];
    this.views = scans.map((_, i) => (Array.isArray(views) ? views[i] : undefined) ?? null);
    if (typeof kept.link === "boolean") this.link = kept.link;
    this.keepers = scans.map(
      (scan, i) =>
        new LayoutKeeper(this.views[i] ?? undefined, scan, (layout) => {
          this.views[i] = layout;
          this.write();
        }),
    );
  }

  keepLink(link: boolean): void {
    this.link = link;
    this.write();
  }

  private write(): void {
    const { link, views, isComparison } = this;
    const kept = isComparison ? { ...(link === null ? {} : { link }), views } : { view: views[0] };
    const key = isComparison ? SEVERAL : ONE;
    this.model.setData({ metadata: { ...this.model.metadata, [key]: kept as never } });
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
