/**
 * Keeps a view's layout in the metadata of its output, so that it is saved with the notebook.
 *
 * Only what a reader changes is written: opening a notebook never makes it differ from its file.
 * Layer:  labextension, volume; imports output.
 */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import type { VolumeMime, VolumePayload } from "../../../src/plot/mime.js";
import { type Layout, layoutOf, readLayout } from "./layout.js";
import type { ViewState } from "./state.js";

/** Time without a change after which the layout is written: a drag is one change. */
const QUIET_MS = 300;
const KEY: VolumeMime = "application/vnd.radbook.volume+json";

export class LayoutKeeper {
  /** The output that the layout lies in; JupyterLab replaces its model when trust changes. */
  model: IRenderMime.IMimeModel;
  /** What the notebook held when the view opened; empty once the reader has changed the view. */
  opening: Partial<Layout>;
  private known: string | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(model: IRenderMime.IMimeModel, payload: VolumePayload) {
    this.model = model;
    const kept = model.metadata[KEY];
    const view = typeof kept === "object" && kept !== null && "view" in kept ? kept.view : undefined;
    this.opening = readLayout(view, payload);
  }

  /** Takes a state as it is without the reader's doing: it is not written. */
  begin(state: ViewState): void {
    if (this.timer === null) this.known = textOf(state);
  }

  /** Writes a state that differs from what was known once the reader rests. */
  note(state: ViewState): void {
    const text = textOf(state);
    if (text === this.known) return;
    this.known = text;
    this.opening = {};
    this.dispose();
    this.timer = setTimeout(() => this.write(text), QUIET_MS);
  }

  /** Gives up what has not been written. */
  dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private write(text: string): void {
    this.timer = null;
    const { metadata } = this.model;
    this.model.setData({ metadata: { ...metadata, [KEY]: { view: JSON.parse(text) } } });
  }
}

function textOf(state: ViewState): string {
  return JSON.stringify(layoutOf(state));
}
