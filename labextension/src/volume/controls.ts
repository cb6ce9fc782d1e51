/**
 * The viewer's tool bar and its legend of regions.
 *
 * Layer:  labextension, volume; imports output.
 */
import type { VolumePayload } from "../../../src/plot/mime.js";
import { element, type IconName, icon, iconButton } from "../output/dom.js";
import { DisplayMenu } from "./display-menu.js";
import type { Geometry } from "./payload.js";
import type { Region } from "./region.js";
import type { RegionStyle, Tool, ViewState, WindowPreset } from "./state.js";

/** What the controls ask of the viewer. */
export interface ControlHost {
  change(patch: Partial<ViewState>): void;
  choosePreset(index: number): void;
  styleRegion(index: number, style: Partial<RegionStyle>): void;
  goToRegion(index: number): void;
  studyRegion(index: number): void;
  toggleScene(): void;
  reset(): void;
  screenshot(): void;
  showHelp(): void;
}

const TOOLS: readonly { tool: Tool; label: string; icon: IconName }[] = [
  { tool: "crosshair", label: "Move the crosshair (C)", icon: "crosshair" },
  { tool: "window", label: "Drag the grey window (W, or right button)", icon: "contrast" },
  { tool: "pan", label: "Pan (P, or Shift)", icon: "pan" },
  { tool: "length", label: "Measure a length (L)", icon: "ruler" },
  { tool: "ellipse", label: "Statistics in an ellipse (E)", icon: "ellipse" },
  { tool: "rectangle", label: "Statistics in a rectangle (B)", icon: "rectangle" },
];

export class ToolBar {
  readonly element: HTMLElement;
  private readonly preset: HTMLSelectElement;
  private readonly display: DisplayMenu;
  private readonly tools: ReadonlyMap<Tool, HTMLButtonElement>;
  private readonly scene: HTMLButtonElement;
  private readonly presets: readonly WindowPreset[];

  constructor(payload: VolumePayload, presets: readonly WindowPreset[], host: ControlHost) {
    this.presets = presets;
    const options = presets.map(({ name, label }) => element("option", "", { value: name }, label));
    const custom = element("option", "", { value: "custom", hidden: "" }, "Custom");
    this.preset = element("select", "rb-Select", { "aria-label": "Grey window" }, ...options, custom);
    this.preset.addEventListener("change", () =>
      host.choosePreset(presets.findIndex(({ name }) => name === this.preset.value)),
    );
    this.tools = new Map(
      TOOLS.map(({ tool, label, icon: name }) => [
        tool,
        iconButton(label, name, () => host.change({ tool, draft: null })),
      ]),
    );
    const tools = element("div", "rb-Volume-tools", { role: "group", "aria-label": "Drag" });
    tools.append(...this.tools.values());
    this.display = new DisplayMenu(host);
    this.scene = iconButton("3D", "cube", () => host.toggleScene());
    this.scene.append("3D");
    const { size, spacing } = payload.geometry;
    const grid = `${size.join(" × ")} · ${spacing.map((mm) => Number(mm.toFixed(3))).join(" × ")} mm`;
    this.element = element(
      "div",
      "rb-Volume-bar",
      { role: "toolbar", "aria-label": "Scan view" },
      element("span", "rb-Volume-modality", {}, payload.modality),
      element("span", "rb-Volume-name", { title: payload.name }, payload.name),
      element("span", "rb-Volume-grid", {}, grid),
      element("span", "rb-Volume-space"),
      this.preset,
      this.display.element,
      tools,
      this.scene,
      iconButton("Reset the view (R)", "reset", () => host.reset()),
      iconButton("Save a picture", "camera", () => host.screenshot()),
      iconButton("Keys (?)", "help", () => host.showHelp()),
    );
  }

  show(state: ViewState): void {
    const known = this.presets.some(({ name }) => name === state.preset);
    this.preset.value = known ? state.preset : "custom";
    this.display.show(state);
    for (const [tool, button] of this.tools) button.setAttribute("aria-pressed", String(tool === state.tool));
    this.scene.setAttribute("aria-pressed", String(state.scene));
  }
}

/** The regions: show and hide, outline or fill, go there. */
export class Legend {
  readonly element: HTMLElement;
  private readonly rows: readonly { eye: HTMLButtonElement; fill: HTMLButtonElement; row: HTMLElement }[];

  constructor(regions: readonly Region[], geometry: Geometry, host: ControlHost) {
    const states: RegionStyle[] = regions.map(() => ({ visible: true, filled: false }));
    this.current = states;
    this.rows = regions.map((region, index) => {
      const eye = iconButton("", "eye", () =>
        host.styleRegion(index, { visible: this.current[index]?.visible !== true }),
      );
      const fill = iconButton(`Fill ${region.name}`, "fill", () =>
        host.styleRegion(index, { filled: this.current[index]?.filled !== true }),
      );
      const size = sizeText(region, geometry);
      const go = element("button", "rb-Volume-regionName", { type: "button", title: `Go to ${region.name}` });
      go.setAttribute("aria-label", `Go to ${region.name}, ${size}`);
      go.append(region.name, element("span", "rb-Volume-regionSize", {}, size));
      go.addEventListener("click", () => host.goToRegion(index));
      const swatch = element("span", "rb-Volume-swatch", { "aria-hidden": "true" });
      swatch.style.setProperty("--rb-region-color", region.color);
      const study = iconButton(`Statistics of ${region.name}`, "bars", () => host.studyRegion(index));
      const row = element("li", "rb-Volume-region", { "data-region": region.name }, swatch, go);
      row.append(study, fill, eye);
      return { eye, fill, row };
    });
    const list = element("ul", "rb-Volume-regions", { "aria-label": "Regions" });
    list.append(...this.rows.map(({ row }) => row));
    this.element = element("div", "rb-Volume-legend", { "data-testid": "legend" }, list);
    this.element.hidden = regions.length === 0;
  }

  private current: readonly RegionStyle[];

  show(state: ViewState): void {
    this.current = state.regions;
    for (const [index, { eye, fill, row }] of this.rows.entries()) {
      const { visible, filled } = state.regions[index] as RegionStyle;
      const name = row.dataset.region ?? "";
      eye.replaceChildren(icon(visible ? "eye" : "eyeOff"));
      eye.setAttribute("aria-pressed", String(visible));
      eye.setAttribute("aria-label", `Show ${name}`);
      eye.title = visible ? `Hide ${name}` : `Show ${name}`;
      fill.setAttribute("aria-pressed", String(filled));
      row.classList.toggle("rb-mod-hidden", !visible);
      row.classList.toggle("rb-mod-filled", filled);
    }
  }
}

function sizeText({ inside }: Region, { spacing }: Geometry): string {
  let count = 0;
  for (let p = 0; p < inside.length; p++) if (inside[p] !== 0) count++;
  const millilitres = (count * spacing[0] * spacing[1] * spacing[2]) / 1000;
  return count === 0 ? "empty" : `${Number(millilitres.toPrecision(3))} mL`;
}
