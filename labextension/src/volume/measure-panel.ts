/**
 * The measurements of a view as a table, with the histogram of the one that is chosen.
 *
 * Layer:  labextension, volume; imports output.
 */
import { element, iconButton, setText } from "../output/dom.js";
import { histogramChart, short } from "./histogram.js";
import type { Measurement } from "./measure.js";
import { lengthText } from "./measure-paint.js";
import { type Result, resultOf } from "./measure-values.js";
import type { Frame } from "./plane-paint.js";
import { sliceNumber } from "./slice.js";

export interface MeasureHost {
  chooseMeasurement(id: number): void;
  removeMeasurement(id: number): void;
  removeMeasurements(): void;
}

export class MeasurePanel {
  readonly element: HTMLElement;
  private readonly host: MeasureHost;
  private readonly unit: string;
  private readonly rows: HTMLElement = element("tbody", "");
  private readonly chart: HTMLElement = element("div", "rb-Measure-chart");
  private readonly said: HTMLElement = element("p", "rb-Measure-said", { role: "status" });

  constructor(unit: string, host: MeasureHost) {
    this.host = host;
    this.unit = unit;
    const head = element("tr", "");
    const units = unit === "" ? "" : ` (${unit})`;
    for (const title of ["", "Measurement", "Slice", "Size", "Voxels"])
      head.append(element("th", "", { scope: "col" }, title));
    for (const title of ["Mean", "SD", "Min", "Max"])
      head.append(element("th", "", { scope: "col" }, `${title}${units}`));
    const clear = iconButton("Delete all measurements", "remove", () => host.removeMeasurements());
    head.append(element("th", "", {}, clear));
    const table = element("table", "rb-Measure-table", { "aria-label": "Measurements" });
    table.append(element("thead", "", {}, head), this.rows);
    const scroll = element("div", "rb-Measure-scroll", {}, table, this.said);
    this.element = element("section", "rb-Measure", { "data-testid": "measurements" }, scroll, this.chart);
    this.element.hidden = true;
  }

  show(frame: Frame): void {
    const { measurements, chosen } = frame.state;
    this.element.hidden = measurements.length === 0;
    this.rows.replaceChildren(...measurements.map((one) => this.row(one, frame)));
    const shown = measurements.find(({ id }) => id === chosen);
    const result = shown === undefined ? null : resultOf(shown, frame);
    const histogram = result?.kind === "statistics" ? result.histogram : null;
    this.chart.replaceChildren(...(histogram === null ? [] : [histogramChart(histogram, this.unit)]));
    setText(this.said, shown === undefined || result === null ? "" : this.inWords(shown, result, frame));
  }

  private row(one: Measurement, frame: Frame): HTMLElement {
    const { id } = one;
    const result = resultOf(one, frame);
    const name = nameOf(one, frame);
    const choose = element(
      "button",
      "rb-Measure-name",
      { type: "button", title: `Go to ${name} ${id}` },
      name,
    );
    choose.addEventListener("click", () => this.host.chooseMeasurement(id));
    const remove = iconButton(`Delete ${name} ${id}`, "remove", () => this.host.removeMeasurement(id));
    const texts = [placeOf(one, frame), sizeOf(result), ...this.numbers(result, frame.scan.exact)];
    const row = element("tr", "", { "data-measurement": String(id) });
    row.append(element("td", "", {}, String(id)), element("td", "", {}, choose));
    row.append(...texts.map((text) => element("td", "", {}, text)), element("td", "", {}, remove));
    row.classList.toggle("rb-mod-chosen", id === frame.state.chosen);
    return row;
  }

  /** Voxels, mean, SD, min and max; values that were rounded for the notebook say so. */
  private numbers(result: Result, isExact: boolean): string[] {
    if (result.kind === "length") return ["", "", "", "", ""];
    const { n, left, mean, sd, min, max } = result;
    const about = isExact ? "" : "≈ ";
    const voxels = left === 0 ? String(n) : `${n} + ${left} without value`;
    return [voxels, ...[mean, sd, min, max].map((value) => (n === 0 ? "–" : `${about}${short(value)}`))];
  }

  private inWords(one: Measurement, result: Result, frame: Frame): string {
    const name = `${nameOf(one, frame)} ${one.id}`;
    if (result.kind === "length") return `${name}: ${sizeOf(result)}`;
    const units = this.unit === "" ? "" : ` ${this.unit}`;
    const { n, left, mean, sd } = result;
    const without = left === 0 ? "" : `, ${left} more without value`;
    if (n === 0) return `${name}: no voxel with a value${without}`;
    return `${name}: ${n} voxels${without}, mean ${short(mean)}${units}, standard deviation ${short(sd)}${units}`;
  }
}

function nameOf(one: Measurement, { regions }: Frame): string {
  if (one.kind === "region") return regions[one.region]?.name ?? "Region";
  return { length: "Length", ellipse: "Ellipse", rectangle: "Rectangle" }[one.kind];
}

/** "axial 31", or "all" for a region. */
function placeOf(one: Measurement, { scan, planes }: Frame): string {
  return one.kind === "region" ? "all" : `${one.plane} ${sliceNumber(scan, planes[one.plane], one.from)}`;
}

function sizeOf(result: Result): string {
  return result.kind === "length"
    ? `${lengthText(result.mm)} mm`
    : `${short(result.size)} ${result.sizeUnit}`;
}
