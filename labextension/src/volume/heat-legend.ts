/**
 * The legend of a heat map: its name, color bar with unit, opacity, and whether it is shown.
 *
 * Layer:  labextension, volume; imports output.
 */
import { element, icon, iconButton } from "../output/dom.js";
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
  private style: HeatStyle = { visible: true, opacity: 1 };

  constructor(heat: Heat | null, host: HeatHost) {
    this.name = heat?.name ?? "";
    this.eye = iconButton("", "eye", () =>
      host.change({ heat: { ...this.style, visible: !this.style.visible } }),
    );
    this.slider = element("input", "rb-Volume-opacity", {
      type: "range",
      min: "0",
      max: "100",
      step: "1",
      "aria-label": `Opacity of ${this.name}`,
    });
    this.slider.addEventListener("input", () =>
      host.change({ heat: { visible: true, opacity: this.slider.valueAsNumber / 100 } }),
    );
    this.element = element("div", "rb-Volume-heat", { "data-testid": "heat" });
    this.element.hidden = heat === null;
    if (heat !== null) this.element.append(this.head(), bar(heat), ends(heat), this.slider);
  }

  show({ heat }: ViewState): void {
    this.style = heat;
    this.eye.replaceChildren(icon(heat.visible ? "eye" : "eyeOff"));
    this.eye.setAttribute("aria-pressed", String(heat.visible));
    this.eye.setAttribute("aria-label", `Show ${this.name}`);
    this.eye.title = `${heat.visible ? "Hide" : "Show"} ${this.name}`;
    this.slider.value = String(Math.round(100 * heat.opacity));
    this.element.classList.toggle("rb-mod-hidden", !heat.visible);
  }

  private head(): HTMLElement {
    const name = element("span", "rb-Volume-heatName", { title: this.name }, this.name);
    return element("div", "rb-Volume-heatHead", {}, name, this.eye);
  }
}

function bar({ colors }: Heat): HTMLElement {
  const made = element("div", "rb-Volume-heatBar", { "aria-hidden": "true" });
  // Checked to be hexadecimal colors.
  made.style.background = `linear-gradient(to right, ${colors.join(", ")})`;
  return made;
}

function ends({ range, unit }: Heat): HTMLElement {
  const number = (value: number): string => String(Number(value.toPrecision(3))).replace("-", "−");
  return element(
    "div",
    "rb-Volume-heatEnds",
    {},
    element("span", "", {}, number(range[0])),
    element("span", "", {}, `${number(range[1])}${unit === "" ? "" : ` ${unit}`}`),
  );
}
