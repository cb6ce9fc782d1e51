/**
 * The pane for 3D: loads the engine when it is first opened, turns the view, and gives the graphics context back
 * when the pane is closed or out of sight.
 *
 * Layer:  labextension, volume; imports output.
 */
import { element, iconButton } from "../output/dom.js";
import { reasonOf } from "../output/payload-error.js";
import type { Frame } from "./plane-paint.js";
import type { Scan } from "./scan.js";
import type { Scene, SceneEnd } from "./scene.js";
import { type SceneSurface, sceneSurfaces } from "./scene-model.js";
import type { PaneName } from "./state.js";

export interface SceneHost {
  readonly frame: Frame;
  toggleEnlarged(pane: PaneName): void;
}

export class ScenePane {
  readonly element: HTMLElement;
  private readonly stage: HTMLElement;
  private readonly status: HTMLElement = element("p", "rb-Scene-status", { role: "status" });
  private readonly host: SceneHost;
  private readonly unit: string;
  private readonly watcher: IntersectionObserver;
  private made: { readonly scan: Scan; readonly surfaces: readonly SceneSurface[] } | null = null;
  private scene: Scene | null = null;
  private wanted = false;
  private opening = false;

  constructor(host: SceneHost, unit: string) {
    this.host = host;
    this.unit = unit;
    this.stage = element("div", "rb-Scene-stage", {
      tabindex: "0",
      role: "img",
      "aria-label": "3D view of the regions: arrow keys turn it, plus and minus zoom",
    });
    const enlarge = iconButton("Enlarge 3D", "enlarge", () => host.toggleEnlarged("scene"));
    enlarge.classList.add("rb-Volume-enlarge");
    const classes = "rb-Volume-plane rb-Volume-scene";
    const hooks = { "data-plane": "scene", "data-testid": "scene" };
    this.element = element("div", classes, hooks, this.stage, this.status, enlarge);
    this.element.hidden = true;
    this.listen();
    this.watcher = new IntersectionObserver((entries) => {
      const seen = entries.at(-1)?.isIntersecting === true;
      if (!seen) this.release();
      else if (this.wanted && this.scene === null) void this.open();
    });
    this.watcher.observe(this.element);
  }

  /** Opens or closes the pane; while open it follows the other panes. */
  show(visible: boolean): void {
    this.element.hidden = !visible;
    const opened = visible && !this.wanted;
    this.wanted = visible;
    if (!visible) this.release();
    else if (this.scene !== null) this.scene.update(this.host.frame);
    else if (opened) void this.open();
  }

  reset(): void {
    this.scene?.reset();
  }

  dispose(): void {
    this.wanted = false;
    this.watcher.disconnect();
    this.release();
  }

  private async open(): Promise<void> {
    if (this.opening) return;
    this.opening = true;
    this.status.textContent = "Preparing 3D …";
    try {
      const { openScene } = await import("./scene.js");
      await new Promise((resolve) => setTimeout(resolve, 30)); // Lets the message appear before the work begins.
      if (!this.wanted) return;
      const { frame } = this.host;
      if (this.made?.scan !== frame.scan)
        this.made = { scan: frame.scan, surfaces: sceneSurfaces(frame, this.unit) };
      this.scene = openScene(this.stage, this.made.surfaces, frame, (why) => this.ended(why));
      this.status.textContent = "";
      this.element.dataset.ready = "true";
    } catch (error) {
      this.offer(`3D is not available here: ${reasonOf(error)}`, "Try again");
    } finally {
      this.opening = false;
    }
  }

  private release(): void {
    this.scene?.dispose();
    this.scene = null;
    delete this.element.dataset.ready;
  }

  private ended(why: SceneEnd): void {
    this.scene = null;
    delete this.element.dataset.ready;
    const said = {
      taken: "3D is open in another view.",
      lost: "The browser took the graphics of this 3D view away. The three slices work without it.",
    };
    this.offer(said[why], "Show 3D here again");
  }

  /** Says why there is no 3D, with a button that opens it anew. */
  private offer(words: string, label: string): void {
    const again = element("button", "rb-Scene-again", { type: "button" }, label);
    again.addEventListener("click", () => {
      this.stage.focus({ preventScroll: true }); // The button goes away with its words.
      void this.open();
    });
    this.status.replaceChildren(element("span", "", {}, words), again);
  }

  private listen(): void {
    const { stage } = this;
    stage.addEventListener("pointerdown", (event) => {
      stage.focus({ preventScroll: true });
      stage.setPointerCapture(event.pointerId);
      event.preventDefault();
      event.stopPropagation();
    });
    stage.addEventListener("pointermove", (event) => {
      if (event.buttons !== 0) this.scene?.turn(event.movementX / 2, event.movementY / 2);
    });
    stage.addEventListener("contextmenu", (event) => event.preventDefault());
    stage.addEventListener("dblclick", () => this.host.toggleEnlarged("scene"));
    stage.addEventListener(
      "wheel",
      (event) => {
        if (document.activeElement !== stage) return;
        event.preventDefault();
        this.scene?.zoom(Math.exp(-event.deltaY / 600));
      },
      { passive: false },
    );
    stage.addEventListener("keydown", (event) => {
      const actions: Record<string, () => void> = {
        ArrowLeft: () => this.scene?.turn(-8, 0),
        ArrowRight: () => this.scene?.turn(8, 0),
        ArrowUp: () => this.scene?.turn(0, -8),
        ArrowDown: () => this.scene?.turn(0, 8),
        "+": () => this.scene?.zoom(1.15),
        "=": () => this.scene?.zoom(1.15),
        "-": () => this.scene?.zoom(0.87),
        r: () => this.scene?.reset(),
        m: () => this.host.toggleEnlarged("scene"),
        Escape: () => stage.blur(),
      };
      const action = actions[event.key];
      if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      action();
    });
  }
}
