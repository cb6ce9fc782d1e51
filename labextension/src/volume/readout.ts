/**
 * What the voxels under the crosshair and the pointer are: index, place in the patient, value, regions.
 *
 * Layer:  labextension, volume; imports output.
 */
import { element, setText } from "../output/dom.js";
import { type Heat, heatAt } from "./heat.js";
import { toWorld } from "./orientation.js";
import type { Vec3 } from "./payload.js";
import type { Frame } from "./plane-paint.js";
import type { Region } from "./region.js";
import { type Scan, valueAt } from "./scan.js";

/** The two lines of the read-out; the crosshair's is read aloud. */
export class Readout {
  readonly element: HTMLElement;
  private readonly crosshair: Line = new Line("Crosshair", "crosshair");
  private readonly pointer: Line = new Line("Pointer", "pointer");
  private readonly unit: string;

  constructor(unit: string) {
    this.unit = unit;
    this.crosshair.element.setAttribute("aria-live", "polite");
    this.element = element(
      "div",
      "rb-Volume-readout",
      { "data-testid": "readout" },
      this.crosshair.element,
      this.pointer.element,
    );
  }

  show({ scan, state, regions, heat }: Frame): void {
    this.crosshair.show(scan, state.cursor, this.unit, regions, heat);
    this.pointer.show(scan, state.pointer, this.unit, regions, heat);
  }
}

/** A grey value with its unit: whole numbers as they are, others with four digits; of bytes as finely as they tell. */
function valueText(scan: Scan, index: Vec3, unit: string): string {
  const value = valueAt(scan, index);
  if (value === null) return "not held"; // Beyond the part that the notebook carries.
  if (Number.isNaN(value)) return "no value";
  const units = unit === "" ? "" : ` ${unit}`;
  if (!(scan.stored instanceof Uint8Array)) {
    const digits = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
    return `${scan.exact ? "" : "≈ "}${digits}${units}`;
  }
  const decimals = Math.min(20, Math.max(0, Math.ceil(-Math.log10(scan.slope))));
  const level = Math.round((value - scan.intercept) / scan.slope);
  const sign = level === 255 ? "≥" : level === (scan.missing === 0 ? 1 : 0) ? "≤" : "≈";
  return `${sign} ${Number(value.toFixed(decimals))}${units}`;
}

class Line {
  readonly element: HTMLElement;
  private readonly value: HTMLElement = element("span", "rb-Volume-value");
  private readonly place: HTMLElement = element("span", "rb-Volume-place");

  constructor(label: string, key: string) {
    const name = element("span", "rb-Volume-label", {}, label);
    const head = element("div", "rb-Volume-head", {}, name, this.value);
    this.element = element("div", "rb-Volume-line", { "data-testid": `readout-${key}` }, head, this.place);
  }

  show(scan: Scan, index: Vec3 | null, unit: string, regions: readonly Region[], heat: Heat | null): void {
    if (index === null) {
      setText(this.value, "–");
      setText(this.place, "move over a slice");
      return;
    }
    const mm = toWorld(scan.geometry, index).map((c) => c.toFixed(1));
    const inside = regions.filter((region) => contains(region, index)).map((region) => region.name);
    setText(this.value, valueText(scan, index, unit));
    const place =
      `voxel ${index.join(", ")}\nLPS ${mm.join(", ")} mm` +
      (inside.length > 0 ? `\nin ${inside.join(", ")}` : "") +
      heatText(heat, index);
    setText(this.place, place);
  }
}

/** The levels are 254: three digits are what they tell. */
function heatText(heat: Heat | null, index: Vec3): string {
  const value = heat === null ? Number.NaN : heatAt(heat, index);
  if (heat === null || Number.isNaN(value)) return "";
  return `\n${heat.name} ≈ ${Number(value.toPrecision(3))}${heat.unit === "" ? "" : ` ${heat.unit}`}`;
}

function contains({ offset, size, inside }: Region, index: Vec3): boolean {
  const [x, y, z] = [index[0] - offset[0], index[1] - offset[1], index[2] - offset[2]];
  if (x < 0 || y < 0 || z < 0 || x >= size[0] || y >= size[1] || z >= size[2]) return false;
  return inside[x + size[0] * (y + size[1] * z)] !== 0;
}
