/**
 * What a reader can change in a view, as plain data; every control and plane shows this state.
 *
 * Layer:  labextension, volume.
 */
import type { GreyWindow, VolumePayload } from "../../../src/plot/mime.js";
import { type DrawnKind, type Measurements, NO_MEASUREMENTS } from "./measure.js";
import type { PlaneName } from "./orientation.js";
import type { PaletteName } from "./palette.js";
import type { Vec3 } from "./payload.js";
import { viewerSettings } from "./settings.js";

/** What a drag with the main button does. */
export type Tool = "crosshair" | "window" | "pan" | DrawnKind;
/** One of the four panes. */
export type PaneName = PlaneName | "scene";

export interface RegionStyle {
  readonly visible: boolean;
  readonly filled: boolean;
}

export interface HeatStyle {
  readonly visible: boolean;
  /** 0 to 1. */
  readonly opacity: number;
  /** Values below are not drawn; null for none. */
  readonly threshold: number | null;
}

export interface ViewState extends Measurements {
  /** Whole voxel index where the planes meet. */
  readonly cursor: Vec3;
  /** Whole voxel index under the pointer. */
  readonly pointer: Vec3 | null;
  readonly window: GreyWindow;
  /** Name of the window, "custom" after a free drag. */
  readonly preset: string;
  readonly palette: PaletteName;
  /** Whether slices are interpolated; else each voxel is a block of one color. */
  readonly smooth: boolean;
  /** Width of the regions' outlines, in CSS pixels. */
  readonly contourWidth: number;
  /** How much a filled region covers, 0 to 1. */
  readonly fillOpacity: number;
  readonly tool: Tool;
  /** 1 = the plane fits its pane. */
  readonly zoom: number;
  /** Voxel index, fractional, in the middle of each pane. */
  readonly middle: Vec3;
  readonly regions: readonly RegionStyle[];
  readonly heat: HeatStyle;
  /** The pane that fills the view. */
  readonly enlarged: PaneName | null;
  /** Whether the 3D pane is open. */
  readonly scene: boolean;
}

/** A named grey window. */
export interface WindowPreset extends GreyWindow {
  readonly name: string;
  readonly label: string;
}

/** Windows for CT in HU: centre ± width / 2. */
const CT_PRESETS: readonly WindowPreset[] = [
  { name: "lung", label: "Lung", center: -600, width: 1500 },
  { name: "mediastinum", label: "Mediastinum", center: 40, width: 400 },
  { name: "bone", label: "Bone", center: 400, width: 1800 },
  { name: "brain", label: "Brain", center: 40, width: 80 },
];

/** Windows for PET in SUV, from 0 up. */
const SUV_PRESETS: readonly WindowPreset[] = [
  { name: "suv", label: "SUV 0–10", center: 5, width: 10 },
  { name: "suv-5", label: "SUV 0–5", center: 2.5, width: 5 },
  { name: "suv-20", label: "SUV 0–20", center: 10, width: 20 },
];

/**
 * The windows to choose from: the usual ones for CT and for PET in SUV, the whole range, and first the cell's own if
 * it is none of them.
 */
export function windowPresets({ unit, window, range }: VolumePayload): readonly WindowPreset[] {
  const [low, high] = range;
  const usual = unit === "HU" ? CT_PRESETS : unit.startsWith("SUV") ? SUV_PRESETS : [];
  const given = { name: "given", label: "As given", ...window };
  const full = { center: (low + high) / 2, width: Math.max(high - low, Number.EPSILON) };
  return [
    ...(usual.some((preset) => isSame(preset, window)) ? [] : [given]),
    ...usual,
    { name: "full", label: "Full range", ...full },
  ];
}

function isSame(a: GreyWindow, b: GreyWindow): boolean {
  return a.center === b.center && a.width === b.width;
}

/** The view as the cell asked for it, and where it says nothing, as the reader's settings do. */
export function initialState(payload: VolumePayload, middle: Vec3): ViewState {
  const { window: wanted, ...settings } = viewerSettings();
  const presets = windowPresets(payload);
  const preset =
    presets.find(({ name }) => name === wanted) ?? presets.find((known) => isSame(known, payload.window));
  const { center, width } = preset ?? payload.window;
  return {
    ...settings,
    ...NO_MEASUREMENTS,
    cursor: payload.cursor,
    pointer: null,
    window: { center, width },
    preset: preset?.name ?? "given",
    tool: "crosshair",
    zoom: 1,
    middle,
    regions: payload.regions.map(() => ({ visible: true, filled: false })),
    heat: {
      visible: payload.heat !== undefined,
      opacity: payload.heat?.opacity ?? 1,
      threshold: payload.heat?.threshold ?? null,
    },
    enlarged: null,
    scene: false,
  };
}
