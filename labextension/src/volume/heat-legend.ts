/**
 * The legend of a heat map: its name, color bar with unit, opacity, the value from which it is drawn, and whether it is shown.
 *
 * Layer:  labextension, volume; imports output.
 */
import { element, icon, iconButton, setText } from "../output/dom.js";
import type { Heat } from "./heat.js";
import type { HeatStyle, ViewState } from "./state.js";

export interface HeatHost {
  change(patch: Partial<ViewState>): void;
}

export class HeatLegend {
  readonly element: HTMLElement;
  private readonly name: string;
  private readonly eye: HTMLButtonElement;
  private readonly slider: HTMLInputElement;
  private readonly threshold: HTMLInputElement;
  private readonly from: HTMLElement = element("span", "rb-Volume-heatFrom");
  private readonly covers: HTMLElement = element("span", "rb-Volume-heatFrom");
  private readonly bar: HTMLElement;
  private readonly low: number;
  private readonly high: number;
  private readonly unit: string;
  private style: HeatStyle = { visible: true, opacity: 1, threshold: null };

  constructor(heat: Heat | null, host: HeatHost) {
    this.name = heat?.name ?? "";
    this.eye = iconButton("", "eye", () =>
      host.change({ heat: { ...this.style, visible: !this.style.visible } }),
    );
    [this.low, this.high] = heat?.range ?? [0, 1];
    this.bar = bar(heat?.colors ?? []);
    this.unit = heat?.unit ?? "";
    this.slider = slider(`Opacity of ${this.name}`, 0, 100, 1, (percent) =>
      host.change({ heat: { ...this.style, visible: true, opacity: percent / 100 } }),
    );
    const [low, high] = heat?.range ?? [0, 1];
    this.threshold = slider(`Draw ${this.name} from`, low, high, (high - low) / 100, (value) =>
      // At its lowest the values below the color bar are drawn too.
      host.change({ heat: { ...this.style, visible: true, threshold: value <= this.low ? null : value } }),
    );
    this.element = element("div", "rb-Volume-heat", { "data-testid": "heat" });
    this.element.hidden = heat === null;
    if (heat !== null)
      this.element.append(
        this.head(),
        this.bar,
        ends(heat),
        element("label", "rb-Volume-heatRow", {}, this.covers, this.slider),
        element("label", "rb-Volume-heatRow", {}, this.from, this.threshold),
      );
  }

  show({ heat }: ViewState): void {
    this.style = heat;
    this.eye.replaceChildren(icon(heat.visible ? "eye" : "eyeOff"));
    this.eye.setAttribute("aria-pressed", String(heat.visible));
    this.eye.setAttribute("aria-label", `Show ${this.name}`);
    this.eye.title = `${heat.visible ? "Hide" : "Show"} ${this.name}`;
    this.slider.value = String(Math.round(100 * heat.opacity));
    this.threshold.value = String(heat.threshold ?? this.low);
    const from =
      heat.threshold === null ? "All values" : `From ${number(heat.threshold)} ${this.unit}`.trim();
    setText(this.from, from);
    setText(this.covers, `Opacity ${this.slider.value} %`);
    this.threshold.setAttribute("aria-valuetext", from);
    // What is not drawn is taken out of the bar.
    const share = heat.threshold === null ? 0 : (heat.threshold - this.low) / (this.high - this.low);
    this.bar.style.setProperty("--rb-heat-from", `${100 * Math.min(1, Math.max(0, share))}%`);
    this.element.classList.toggle("rb-mod-hidden", !heat.visible);
  }

  private head(): HTMLElement {
    const name = element("span", "rb-Volume-heatName", { title: this.name }, this.name);
    return element("div", "rb-Volume-heatHead", {}, name, this.eye);
  }
}

function bar(colors: readonly string[]): HTMLElement {
  const made = element("div", "rb-Volume-heatBar", { "aria-hidden": "true" });
  // Checked to be hexadecimal colors.
  made.style.background = `linear-gradient(to right, ${colors.join(", ")})`;
  return made;
}

function ends({ range, unit }: Heat): HTMLElement {
  return element(
    "div",
    "rb-Volume-heatEnds",
    {},
    element("span", "", {}, number(range[0])),
    element("span", "", {}, number((range[0] + range[1]) / 2)),
    element("span", "", {}, `${number(range[1])}${unit === "" ? "" : ` ${unit}`}`),
  );
}

function slider(
  label: string,
  min: number,
  max: number,
  step: number,
  onInput: (value: number) => void,
): HTMLInputElement {
  const made = element("input", "rb-Volume-opacity", {
    type: "range",
    min: String(min),
    max: String(max),
    step: String(step),
    "aria-label": label,
  });
  made.addEventListener("input", () => onInput(made.valueAsNumber));
  return made;
}

function number(value: number): string {
  return String(Number(value.toPrecision(3))).replace("-", "−");
}
