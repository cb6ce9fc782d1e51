/**
 * How often grey values occur: counts in bins of one width, and their picture.
 *
 * Layer:  labextension, volume; imports output.
 */
import { element } from "../output/dom.js";

/** Bin k holds values from `low + k × width` on; the last one its upper end as well. */
export interface Histogram {
  readonly low: number;
  readonly width: number;
  readonly counts: Uint32Array;
}

const MOST_BINS = 40;

/**
 * Counts values in at most 40 bins. Whole values get bins of whole width, so that each holds equally many of them.
 *
 * @param values At least one, all finite, between `min` and `max`.
 */
export function histogramOf(values: Float64Array, min: number, max: number): Histogram {
  const span = max - min;
  if (span === 0) return { low: min, width: 0, counts: Uint32Array.of(values.length) };
  const isWhole = values.every(Number.isInteger);
  const width = isWhole ? Math.ceil((span + 1) / MOST_BINS) : span / MOST_BINS;
  const bins = isWhole ? Math.floor(span / width) + 1 : MOST_BINS;
  const counts = new Uint32Array(bins);
  for (let k = 0; k < values.length; k++) {
    const bin = Math.min(bins - 1, Math.floor(((values[k] as number) - min) / width));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { low: min, width, counts };
}

const WIDTH = 240;
const HEIGHT = 84;

/** Bars over an axis of grey values; what it shows is also said in words. */
export function histogramChart({ low, width, counts }: Histogram, unit: string): HTMLElement {
  const high = low + width * counts.length;
  const most = Math.max(...counts);
  const peak = low + width * (counts.indexOf(most) + 0.5);
  const units = unit === "" ? "" : ` ${unit}`;
  const words = `Histogram from ${short(low)} to ${short(high)}${units}, highest at ${short(peak)}${units}`;
  const svg = svgElement("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": words });
  svg.setAttribute("class", "rb-Histogram-bars");
  const step = WIDTH / counts.length;
  for (const [bin, count] of counts.entries()) {
    if (count === 0) continue;
    const height = Math.max(1, (HEIGHT * count) / most);
    const bar = svgElement("rect", {
      x: String(bin * step + 0.25),
      y: String(HEIGHT - height),
      width: String(Math.max(0.5, step - 0.5)),
      height: String(height),
    });
    const tip = svgElement("title", {});
    tip.textContent = `${short(low + bin * width)} to ${short(low + (bin + 1) * width)}${units}: ${count} voxels`;
    bar.append(tip);
    svg.append(bar);
  }
  const axis = element(
    "div",
    "rb-Histogram-axis",
    { "aria-hidden": "true" },
    element("span", "", {}, short(low)),
    element("span", "", {}, `${short(high)}${units}`),
  );
  const top = element("div", "rb-Histogram-top", { "aria-hidden": "true" }, `${most} voxels`);
  return element("div", "rb-Histogram", { "data-testid": "histogram" }, top, svg, axis);
}

/** A number for a label: four digits, a true minus. */
export function short(value: number): string {
  const digits = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
  return String(digits).replace("-", "−");
}

function svgElement<K extends "svg" | "rect" | "title">(
  tag: K,
  attributes: Readonly<Record<string, string>>,
): SVGElementTagNameMap[K] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
