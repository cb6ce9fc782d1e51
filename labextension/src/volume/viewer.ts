/**
 * The scan viewer: three linked planes, tool bar, legend and read-out around one state.
 *
 * Slices are painted with Canvas 2D from the typed array: no WebGL context is needed, so any number of viewers
 * lives in a notebook. 3D comes on request from its own chunk.
 * Layer:  labextension, volume; imports output.
 */
import type { VolumePayload } from "../../../src/plot/mime.js";
import { download, element, fileName } from "../output/dom.js";
import { Legend, ToolBar } from "./controls.js";
import type { Heat } from "./heat.js";
import { HeatLegend } from "./heat-legend.js";
import { Help } from "./help.js";
import { makeInteractive } from "./interaction.js";
import type { LayoutKeeper } from "./layout-keeper.js";
import { added, NO_MEASUREMENTS, without } from "./measure.js";
import { MeasurePanel } from "./measure-panel.js";
import { PLANES, planeAxes } from "./orientation.js";
import type { Vec3 } from "./payload.js";
import type { Frame } from "./plane-paint.js";
import { PlaneView } from "./plane-view.js";
import { Readout } from "./readout.js";
import type { Region } from "./region.js";
import { isWhole, middleOf, nearestHeld, type Scan } from "./scan.js";
import { ScenePane } from "./scene-pane.js";
import { greyTable } from "./slice.js";
import { initialState, type PaneName, type RegionStyle, type ViewState, windowPresets } from "./state.js";

export class Viewer {
  readonly element: HTMLElement;
  /** Grey values from the darkest to the brightest. */
  readonly span: number;
  /** Scans of one kind may share a window. */
  readonly kind: string;
  /** Told of each change of the reader's, with the state before it: scans beside each other follow. */
  onChange: ((before: ViewState, patch: Partial<ViewState>) => void) | null = null;
  readonly unit: string;
  private readonly payload: VolumePayload;
  private readonly planes: readonly PlaneView[];
  private readonly scene: ScenePane;
  private readonly bar: ToolBar;
  private readonly legend: Legend;
  private readonly heatLegend: HeatLegend;
  private readonly readout: Readout;
  private readonly measures: MeasurePanel;
  private readonly help: Help = new Help();
  private readonly grid: HTMLElement;
  private current: Frame;
  private shown: Frame | null = null;
  private nextFrame: number | null = null;
  private keeper: LayoutKeeper | null = null;

  constructor(payload: VolumePayload, scan: Scan, regions: readonly Region[], heat: Heat | null) {
    this.payload = payload;
    this.unit = payload.unit;
    this.span = Math.max(payload.range[1] - payload.range[0], Number.EPSILON);
    this.kind = `${payload.modality} ${payload.unit}`;
    const state = initialState(payload, middleOf(scan));
    this.current = {
      scan,
      regions,
      planes: planeAxes(payload.geometry),
      table: greyTable(scan, state.window, state.palette),
      heat,
      state: { ...state, cursor: nearestHeld(scan, state.cursor) },
    };
    this.bar = new ToolBar(payload, windowPresets(payload), this);
    this.legend = new Legend(regions, payload.geometry, this);
    this.heatLegend = new HeatLegend(heat, this);
    this.readout = new Readout(payload.unit);
    this.measures = new MeasurePanel(payload.unit, this);
    this.planes = PLANES.map((name) => new PlaneView(name, this));
    for (const plane of this.planes) makeInteractive(plane, this);
    this.scene = new ScenePane(this, payload.unit);
    this.grid = element("div", "rb-Volume-grid3", {});
    this.grid.append(...this.planes.map((plane) => plane.element), this.scene.element);
    const side = element("div", "rb-Volume-side", {}, this.readout.element, this.heatLegend.element);
    side.append(this.legend.element);
    const body = element("div", "rb-Volume-body", {}, this.grid, side);
    this.element = element("div", "rb-Volume-viewer", {}, this.bar.element, body);
    this.element.append(this.measures.element, this.help.element);
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "?") this.showHelp();
    });
    // Without this JupyterLab's notebook shortcuts would answer our keys: "r" turns a cell into raw text.
    this.element.setAttribute("data-lm-suppress-shortcuts", "true");
    this.show();
  }

  get frame(): Frame {
    return this.current;
  }

  change(patch: Partial<ViewState>): void {
    const { state: before } = this.current;
    this.apply(patch);
    this.onChange?.(before, patch);
  }

  private apply(patch: Partial<ViewState>): void {
    const { scan, state: before } = this.current;
    const state = { ...before, ...patch };
    const isRecolored = patch.window !== undefined || patch.palette !== undefined;
    const table = isRecolored ? greyTable(scan, state.window, state.palette) : this.current.table;
    this.current = { ...this.current, table, state };
    this.nextFrame ??= requestAnimationFrame(() => this.show());
  }

  /** Takes the view from the notebook, and keeps it there from now on. */
  keep(keeper: LayoutKeeper): void {
    this.keeper = keeper;
    this.restore();
  }

  /** Replaces the embedded part by the whole scan; the reader's view stays. */
  setScan(scan: Scan): void {
    const { state, scan: before } = this.current;
    this.current = { ...this.current, scan, table: greyTable(scan, state.window, state.palette) };
    // A coarse copy may not hold the voxel that the cell asked for.
    const isUnmoved = String(state.cursor) === String(nearestHeld(before, this.payload.cursor));
    const cursor = nearestHeld(scan, isUnmoved ? this.payload.cursor : state.cursor);
    this.apply(isWhole(before) ? { cursor } : { cursor, middle: middleOf(scan), zoom: 1 });
    this.restore();
  }

  /** The notebook's view, as long as the reader has not changed it. */
  private restore(): void {
    if (this.keeper === null) return;
    const { opening } = this.keeper;
    const { scan, state } = this.current;
    this.apply({ ...opening, cursor: nearestHeld(scan, opening.cursor ?? state.cursor) });
    this.keeper.begin(this.current.state);
  }

  choosePreset(index: number): void {
    const preset = windowPresets(this.payload)[index];
    if (preset === undefined) return;
    this.change({ window: { center: preset.center, width: preset.width }, preset: preset.name });
  }

  styleRegion(index: number, style: Partial<RegionStyle>): void {
    const regions = this.current.state.regions.map((old, k) => (k === index ? { ...old, ...style } : old));
    this.change({ regions });
  }

  toggleOutlines(): void {
    const { regions } = this.current.state;
    const visible = !regions.some((region) => region.visible);
    this.change({ regions: regions.map((region) => ({ ...region, visible })) });
  }

  /** Moves the crosshair to the middle of the region's box. */
  goToRegion(index: number): void {
    const region = this.current.regions[index];
    if (region === undefined || region.inside.length === 0) return;
    const { offset, size } = region;
    const at = (axis: 0 | 1 | 2): number => offset[axis] + (size[axis] - 1) / 2;
    this.change({ cursor: nearestHeld(this.current.scan, [at(0), at(1), at(2)]) });
  }

  /** Shows the statistics of a region, or chooses them where they are shown already. */
  studyRegion(region: number): void {
    const { state } = this.current;
    const known = state.measurements.find((one) => one.kind === "region" && one.region === region);
    this.change(known === undefined ? added(state, { kind: "region", region }) : { chosen: known.id });
  }

  /** Chooses a measurement and goes to its slice. */
  chooseMeasurement(id: number): void {
    const { state, scan } = this.current;
    const one = state.measurements.find((known) => known.id === id);
    this.change({ chosen: id });
    if (one?.kind === "region") this.goToRegion(one.region);
    else if (one !== undefined) {
      const middle = one.from.map((from, axis) => (from + (one.to[axis] as number)) / 2);
      this.change({ cursor: nearestHeld(scan, middle as unknown as Vec3) });
    }
  }

  removeMeasurement(id: number): void {
    this.change(without(this.current.state, id));
  }

  removeMeasurements(): void {
    this.change(NO_MEASUREMENTS);
  }

  showHelp(): void {
    this.help.show();
  }

  toggleEnlarged(pane: PaneName): void {
    this.change({ enlarged: this.current.state.enlarged === pane ? null : pane });
  }

  toggleScene(): void {
    const scene = !this.current.state.scene;
    this.change({
      scene,
      enlarged: this.current.state.enlarged === "scene" ? null : this.current.state.enlarged,
    });
  }

  reset(): void {
    const { scan, state } = this.current;
    const fresh = initialState(this.payload, middleOf(scan));
    const { measurements, chosen } = state; // They are the reader's work: deleted only on request.
    const cursor = nearestHeld(scan, fresh.cursor);
    this.change({ ...fresh, cursor, measurements, chosen, scene: state.scene });
    this.scene.reset();
  }

  /** Saves the planes side by side as a PNG. */
  screenshot(): void {
    const canvases = [...this.grid.querySelectorAll("canvas")].filter((canvas) => canvas.clientWidth > 0);
    const box = this.grid.getBoundingClientRect();
    const picture = document.createElement("canvas");
    const ratio = window.devicePixelRatio;
    picture.width = Math.round(box.width * ratio);
    picture.height = Math.round(box.height * ratio);
    const context = picture.getContext("2d");
    this.showScene(); // WebGL keeps its picture only until the end of this turn.
    for (const canvas of canvases) {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      context?.drawImage(
        canvas,
        (left - box.left) * ratio,
        (top - box.top) * ratio,
        width * ratio,
        height * ratio,
      );
    }
    picture.toBlob((blob) => {
      if (blob !== null) download(blob, fileName(this.payload.name, "png"));
    });
  }

  dispose(): void {
    if (this.nextFrame !== null) cancelAnimationFrame(this.nextFrame);
    for (const plane of this.planes) plane.dispose();
    this.keeper?.dispose();
    this.scene.dispose();
  }

  private show(): void {
    this.nextFrame = null;
    const before = this.shown;
    this.shown = this.current;
    this.readout.show(this.current);
    if (before !== null && onlyPointerMoved(before, this.current)) return;

    const { state } = this.current;
    this.grid.dataset.layout = state.enlarged ?? (state.scene ? "four" : "three");
    for (const plane of this.planes) {
      plane.element.hidden = state.enlarged !== null && state.enlarged !== plane.name;
      plane.paint();
    }
    this.showScene();
    this.keeper?.note(state);
    this.bar.show(state);
    if (measuresChanged(before, this.current)) this.measures.show(this.current);
    if (before?.state.regions !== state.regions) this.legend.show(state);
    if (before?.state.heat !== state.heat) this.heatLegend.show(state);
  }

  private showScene(): void {
    const { scene, enlarged } = this.current.state;
    this.scene.show(scene && (enlarged === null || enlarged === "scene"));
  }
}

function measuresChanged(before: Frame | null, now: Frame): boolean {
  const { measurements, chosen } = now.state;
  return (
    before?.state.measurements !== measurements || before.state.chosen !== chosen || before.scan !== now.scan
  );
}

/** Whether two frames differ in nothing but what the pointer is over: then no pane changes. */
function onlyPointerMoved(before: Frame, now: Frame): boolean {
  const fields = Object.keys(now.state) as (keyof ViewState)[];
  const same = fields.every((field) => field === "pointer" || before.state[field] === now.state[field]);
  return same && before.scan === now.scan;
}
