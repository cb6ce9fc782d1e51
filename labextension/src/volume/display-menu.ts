/**
 * How the scan is shown, in numbers: level and width, colors, interpolation, contour width, opacity of fills.
 *
 * The button tells the window as it is; what it opens makes all of it editable.
 * Layer:  labextension, volume; imports output.
 */
import { element, setText } from "../output/dom.js";
import { PALETTES, type PaletteName } from "./palette.js";
import type { ViewState } from "./state.js";

export interface DisplayHost {
  change(patch: Partial<ViewState>): void;
}

export class DisplayMenu {
  readonly element: HTMLElement;
  private readonly button: HTMLButtonElement;
  private readonly panel: HTMLElement;
  private readonly center: HTMLInputElement = number("Level");
  private readonly width: HTMLInputElement = number("Width");
  private readonly palette: HTMLSelectElement;
  private readonly smooth: HTMLInputElement = element("input", "", { type: "checkbox" });
  private readonly contour: HTMLInputElement = range("0.5", "5", "0.25");
  private readonly opacity: HTMLInputElement = range("0", "100", "5");

  constructor(host: DisplayHost) {
    this.button = element("button", "rb-Button rb-Volume-level", {
      type: "button",
      "data-testid": "window",
      "aria-haspopup": "dialog",
      title: "Level and width, colors, outlines",
    });
    this.button.addEventListener("click", () => this.open(!this.isOpen));
    const options = PALETTES.map(({ name, label }) => element("option", "", { value: name }, label));
    this.palette = element("select", "rb-Select", {}, ...options);
    this.panel = element(
      "div",
      "rb-Display",
      { role: "dialog", "aria-label": "Display" },
      row("Level", this.center),
      row("Width", this.width),
      row("Colors", this.palette),
      row("Smooth", this.smooth),
      row("Contour width", this.contour),
      row("Fill opacity", this.opacity),
    );
    this.element = element("div", "rb-Volume-display", {}, this.button, this.panel);
    this.listen(host);
    this.open(false);
  }

  show({ window, palette, smooth, contourWidth, fillOpacity }: ViewState): void {
    setText(this.button, `L ${short(window.center)} · W ${short(window.width)}`);
    // A field that is being typed into keeps what the reader types.
    if (document.activeElement !== this.center) this.center.value = String(rounded(window.center));
    if (document.activeElement !== this.width) this.width.value = String(rounded(window.width));
    this.palette.value = palette;
    this.smooth.checked = smooth;
    this.contour.value = String(contourWidth);
    this.opacity.value = String(Math.round(100 * fillOpacity));
  }

  private get isOpen(): boolean {
    return this.panel.hidden === false;
  }

  private open(isOpen: boolean): void {
    this.panel.hidden = !isOpen;
    this.button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.center.focus();
  }

  private listen(host: DisplayHost): void {
    const setWindow = (): void => {
      const [center, width] = [this.center.valueAsNumber, this.width.valueAsNumber];
      if (Number.isFinite(center) && width > 0) host.change({ window: { center, width }, preset: "custom" });
    };
    this.center.addEventListener("input", setWindow);
    this.width.addEventListener("input", setWindow);
    this.palette.addEventListener("change", () =>
      host.change({ palette: this.palette.value as PaletteName }),
    );
    this.smooth.addEventListener("change", () => host.change({ smooth: this.smooth.checked }));
    this.contour.addEventListener("input", () => host.change({ contourWidth: this.contour.valueAsNumber }));
    this.opacity.addEventListener("input", () =>
      host.change({ fillOpacity: this.opacity.valueAsNumber / 100 }),
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.isOpen) return;
      event.stopPropagation();
      this.open(false);
      this.button.focus();
    });
    // Leaving the menu closes it, unless the page as a whole loses the focus.
    this.element.addEventListener("focusout", (event) => {
      const to = event.relatedTarget;
      if (document.hasFocus() && !(to instanceof Node && this.element.contains(to))) this.open(false);
    });
  }
}

function row(label: string, field: HTMLElement): HTMLLabelElement {
  return element("label", "rb-Display-row", {}, element("span", "", {}, label), field);
}

function number(label: string): HTMLInputElement {
  return element("input", "rb-Display-number", { type: "number", step: "any", "aria-label": label });
}

function range(min: string, max: string, step: string): HTMLInputElement {
  return element("input", "rb-Display-range", { type: "range", min, max, step });
}

function rounded(value: number): number {
  return Number(value.toPrecision(5));
}

function short(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
