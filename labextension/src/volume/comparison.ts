/**
 * Scans beside each other, moved together: by their place in the patient, and by the window where they measure the same.
 *
 * Layer:  labextension, volume; imports output.
 */
import { element } from "../output/dom.js";
import { toIndex, toWorld } from "./orientation.js";
import type { Vec3 } from "./payload.js";
import { nearestHeld } from "./scan.js";
import type { ViewState } from "./state.js";
import type { Viewer } from "./viewer.js";

export interface ComparisonOptions {
  /** Whether the scans move together at first. */
  readonly link: boolean;
  /** A sentence above the scans; "" for none. */
  readonly note: string;
  /** Told when the reader links the scans or parts them. */
  readonly onLink: (linked: boolean) => void;
}

export class Comparison {
  readonly element: HTMLElement;
  private readonly cells: readonly { viewer: Viewer; outside: HTMLElement }[];
  private readonly toggle: HTMLButtonElement;
  private linked: boolean;
  /** Set while the others follow: what they change must not come back. */
  private following = false;

  constructor(viewers: readonly Viewer[], { link, note, onLink }: ComparisonOptions) {
    this.linked = link;
    this.toggle = element("button", "rb-Button rb-Compare-link", { type: "button" }, "Move together");
    this.toggle.title = "Show the same place in all scans, and one window for scans of one kind";
    this.toggle.addEventListener("click", () => {
      this.setLinked(!this.linked);
      onLink(this.linked);
    });
    const remark = element("span", "rb-Compare-note", { role: "note" }, note);
    const row = element("div", "rb-Compare-row");
    this.cells = viewers.map((viewer) => {
      const outside = element("p", "rb-Compare-outside", { role: "status" });
      row.append(element("div", "rb-Compare-cell", {}, viewer.element, outside));
      viewer.onChange = (before, patch) => this.follow(viewer, before, patch);
      return { viewer, outside };
    });
    const bar = element("div", "rb-Compare-bar", {}, this.toggle, remark);
    this.element = element("div", "rb-Compare", { "data-testid": "compare" }, bar, row);
    this.showLink();
    const leader = link ? this.cells.find(({ viewer }) => this.leads(viewer))?.viewer : undefined;
    if (leader !== undefined) this.tellReach(leader, leader.frame.state.cursor);
  }

  /** Whether the others are where this view would bring them: of views that were opened again. */
  private leads(leader: Viewer): boolean {
    return this.cells.every(({ viewer }) => {
      const { scan, state } = viewer.frame;
      const cursor = nearestHeld(scan, indexIn(leader, viewer, leader.frame.state.cursor));
      return String(cursor) === String(state.cursor);
    });
  }

  private tellReach(leader: Viewer, cursor: Vec3): void {
    for (const { viewer, outside } of this.cells)
      outside.textContent = reaches(leader, viewer, cursor) ? "" : "This scan does not reach there.";
  }

  private setLinked(linked: boolean): void {
    this.linked = linked;
    this.showLink();
    const [first] = this.cells;
    if (linked && first !== undefined) {
      const { state } = first.viewer.frame;
      this.follow(first.viewer, state, { cursor: state.cursor });
    } else for (const { outside } of this.cells) outside.textContent = "";
  }

  private showLink(): void {
    this.toggle.setAttribute("aria-pressed", String(this.linked));
  }

  private follow(leader: Viewer, before: ViewState, patch: Partial<ViewState>): void {
    if (!this.linked || this.following) return;
    this.following = true;
    if (patch.cursor !== undefined) this.tellReach(leader, patch.cursor);
    for (const { viewer } of this.cells) {
      if (viewer === leader) continue;
      const next = followed(leader, viewer, before, patch);
      if (Object.keys(next).length > 0) viewer.change(next);
    }
    this.following = false;
  }
}

/** What a change of one view is for another. */
function followed(
  leader: Viewer,
  viewer: Viewer,
  before: ViewState,
  { cursor, middle, zoom, window, preset, tool }: Partial<ViewState>,
): Partial<ViewState> {
  const { scan, state } = viewer.frame;
  return {
    ...(cursor === undefined ? {} : { cursor: nearestHeld(scan, indexIn(leader, viewer, cursor)) }),
    ...(middle === undefined ? {} : { middle: shifted(leader, viewer, before.middle, middle, state.middle) }),
    ...(zoom === undefined ? {} : { zoom }),
    ...(tool === undefined ? {} : { tool }),
    ...(window === undefined || leader.kind !== viewer.kind
      ? {}
      : { window, ...(preset === undefined ? {} : { preset }) }),
  };
}

/** The same place in the patient, as an index, maybe fractional or outside, of another scan. */
function indexIn(leader: Viewer, viewer: Viewer, index: Vec3): Vec3 {
  return toIndex(viewer.frame.scan.geometry, toWorld(leader.frame.scan.geometry, index));
}

function reaches(leader: Viewer, viewer: Viewer, cursor: Vec3): boolean {
  const { size } = viewer.frame.scan.geometry;
  const index = indexIn(leader, viewer, cursor);
  return index.every((at, axis) => at > -0.5 - 1e-6 && at < (size[axis] as number) - 0.5 + 1e-6);
}

/** Panned by as many mm: scans of other extents keep their own middle. */
function shifted(leader: Viewer, viewer: Viewer, from: Vec3, to: Vec3, middle: Vec3): Vec3 {
  const own = viewer.frame.scan.geometry;
  const [a, b] = [toWorld(leader.frame.scan.geometry, from), toWorld(leader.frame.scan.geometry, to)];
  const at = toWorld(own, middle);
  return toIndex(own, [at[0] + b[0] - a[0], at[1] + b[1] - a[1], at[2] + b[2] - a[2]]);
}
