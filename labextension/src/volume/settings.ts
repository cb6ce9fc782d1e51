/**
 * What a new view starts with where the cell says nothing: the reader's own settings.
 *
 * Layer:  labextension, volume.
 */
import type { PaletteName } from "./palette.js";

export interface ViewerSettings {
  /** Name of a window such as "lung", for scans that have it; "" takes the cell's own. */
  readonly window: string;
  readonly palette: PaletteName;
  /** Whether slices are interpolated; else each voxel is a block of one color. */
  readonly smooth: boolean;
  /** Width of the regions' outlines, in CSS pixels. */
  readonly contourWidth: number;
  /** How much a filled region covers, 0 to 1. */
  readonly fillOpacity: number;
}

export const DEFAULT_SETTINGS: ViewerSettings = {
  window: "",
  palette: "grey",
  smooth: true,
  contourWidth: 1.75,
  fillOpacity: 0.35,
};

let current: ViewerSettings = DEFAULT_SETTINGS;

/** The settings that the next view opens with. */
export function viewerSettings(): ViewerSettings {
  return current;
}

/** Views that are open keep what they show; their Reset takes the new settings. */
export function setViewerSettings(settings: Partial<ViewerSettings>): void {
  current = { ...DEFAULT_SETTINGS, ...settings };
}
