/**
 * What is kept of a view in the notebook: where the reader was, how the scan was shown, what was measured.
 *
 * It lies in the output's metadata. Notebooks come from strangers, so that each part is judged when it is read, and a part
 * that does not fit the scan is left out. The 3D pane is not kept: it opens on
 * request only.
 * Layer:  labextension, volume; imports output.
 */
import type { VolumePayload } from "../../../src/plot/mime.js";
import { checkList, checkNumber, checkObject, checkText, checkTriple, fail } from "../output/check.js";
import { DRAWN_KINDS, type Measurement } from "./measure.js";
import { PLANES } from "./orientation.js";
import { PALETTES } from "./palette.js";
import { clampIndex, type Vec3 } from "./payload.js";
import type { ViewState } from "./state.js";

/** The part of the state that is kept. */
export type Layout = Omit<ViewState, "pointer" | "draft" | "scene">;

const TOOLS = ["crosshair", "window", "pan", ...DRAWN_KINDS] as const;
const PANES = [...PLANES, null] as const;
const MOST_MEASUREMENTS = 200;

/** A state without what belongs to the moment. */
export function layoutOf(state: ViewState): Layout {
  const { pointer: _pointer, draft: _draft, scene: _scene, ...layout } = state;
  return { ...layout, enlarged: layout.enlarged === "scene" ? null : layout.enlarged };
}

/** The parts of a saved layout that fit the scan; empty if there is none. */
export function readLayout(value: unknown, payload: VolumePayload): Partial<Layout> {
  if (value === undefined) return {};
  const raw = attempt(() => checkObject(value, "the view")) ?? {};
  const parts: { [K in keyof Layout]: () => Layout[K] } = {
    cursor: () => clampIndex(checkTriple(raw.cursor, "the cursor"), payload.geometry.size),
    middle: () => checkTriple(raw.middle, "the middle"),
    zoom: () => between(raw.zoom, 1, 20, "the zoom"),
    window: () => {
      const { center, width } = checkObject(raw.window, "the window");
      return {
        center: checkNumber(center, "the level"),
        width: between(width, Number.EPSILON, Number.MAX_VALUE, "the width"),
      };
    },
    preset: () => checkText(raw.preset, "the window's name", 40),
    palette: () =>
      oneOf(
        raw.palette,
        PALETTES.map(({ name }) => name),
        "the colors",
      ),
    smooth: () => checkFlag(raw.smooth, "smooth"),
    contourWidth: () => between(raw.contourWidth, 0.5, 5, "the contour width"),
    fillOpacity: () => between(raw.fillOpacity, 0, 1, "the fill opacity"),
    tool: () => oneOf(raw.tool, TOOLS, "the tool"),
    enlarged: () => oneOf(raw.enlarged, PANES, "the enlarged pane"),
    regions: () => {
      const styles = checkList(raw.regions, payload.regions.length, "the regions").map((style) => {
        const { visible, filled } = checkObject(style, "a region");
        return { visible: checkFlag(visible, "visible"), filled: checkFlag(filled, "filled") };
      });
      return styles.length === payload.regions.length ? styles : fail("the regions", "as many as there are");
    },
    heat: () => {
      const { visible, opacity, threshold } = checkObject(raw.heat, "the heat map");
      return {
        visible: checkFlag(visible, "visible"),
        opacity: between(opacity, 0, 1, "the opacity"),
        threshold: threshold === null ? null : checkNumber(threshold, "the threshold"),
      };
    },
    measurements: () =>
      checkList(raw.measurements, MOST_MEASUREMENTS, "the measurements").map((one) =>
        checkMeasurement(one, payload),
      ),
    chosen: () => (raw.chosen === null ? null : checkNumber(raw.chosen, "the measurement chosen")),
  };
  const kept = Object.entries(parts).flatMap(([name, read]) => {
    const part = attempt<unknown>(read);
    return part === undefined ? [] : [[name, part]];
  });
  return Object.fromEntries(kept) as Partial<Layout>;
}

function checkMeasurement(value: unknown, { geometry, regions }: VolumePayload): Measurement {
  const raw = checkObject(value, "a measurement");
  const id = checkNumber(raw.id, "a measurement's number");
  const kind = oneOf(raw.kind, ["region", ...DRAWN_KINDS] as const, "a measurement's kind");
  if (kind === "region") {
    const region = between(raw.region, 0, regions.length - 1, "a measured region");
    return { id, kind, region: Math.round(region) };
  }
  const end = (index: Vec3): Vec3 => {
    const { size } = geometry;
    const isInside = index.every((at, axis) => at >= -1 && at <= (size[axis] as number));
    return isInside ? index : fail("a measurement", "inside the scan");
  };
  return {
    id,
    kind,
    plane: oneOf(raw.plane, PLANES, "a measurement's plane"),
    from: end(checkTriple(raw.from, "a measurement's end")),
    to: end(checkTriple(raw.to, "a measurement's end")),
  };
}

function between(value: unknown, low: number, high: number, what: string): number {
  const number = checkNumber(value, what);
  return number >= low && number <= high ? number : fail(what, `between ${low} and ${high}`);
}

function checkFlag(value: unknown, what: string): boolean {
  return typeof value === "boolean" ? value : fail(what, "true or false");
}

function oneOf<T>(value: unknown, known: readonly T[], what: string): T {
  return known.includes(value as T) ? (value as T) : fail(what, `one of ${known.join(", ")}`);
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined; // That part of the view opens as the cell asked for it.
  }
}
