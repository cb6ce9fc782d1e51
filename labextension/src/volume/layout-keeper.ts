/**
 * Keeps one view's layout: tells when a reader has changed it, and what the notebook held before.
 *
 * Only what a reader changes is written: opening a notebook never makes it differ from its file.
 * Layer:  labextension, volume.
 */
import type { VolumePayload } from "../../../src/plot/mime.js";
import { type Layout, layoutOf, readLayout } from "./layout.js";
import type { ViewState } from "./state.js";

/** Time without a change after which the layout is written: a drag is one change. */
const QUIET_MS = 300;

export class LayoutKeeper {
  /** What the notebook held when the view opened; empty once the reader has changed the view. */
  opening: Partial<Layout>;
  private readonly save: (layout: unknown) => void;
  private known: string | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  /**
   * @param kept What the notebook holds of the view, undefined for nothing.
   * @param save Takes a changed layout as plain JSON.
   */
  constructor(kept: unknown, payload: VolumePayload, save: (layout: unknown) => void) {
    this.opening = readLayout(kept, payload);
    this.save = save;
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
    this.timer = setTimeout(() => {
      this.timer = null;
      this.save(JSON.parse(text));
    }, QUIET_MS);
  }

  /** Gives up what has not been written. */
  dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

function textOf(state: ViewState): string {
  return JSON.stringify(layoutOf(state));
}
