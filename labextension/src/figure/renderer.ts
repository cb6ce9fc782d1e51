/**
 * Draws `application/vnd.radbook.figure+json`: the static picture at once, the chart as SVG when Vega is there.
 *
 * A renderer never throws: whatever fails, the picture stays with a sentence below it.
 * Layer:  labextension, figure; imports output, selection.
 */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";
import type { FigureMime, FigurePayload } from "../../../src/plot/mime.js";
import { download, element } from "../output/dom.js";
import { reasonOf } from "../output/payload-error.js";
import { note, staticTwin } from "../output/twin.js";
import { type Choice, lonelyChoice } from "../selection/choice.js";
import { makeChoosable } from "./choosing.js";
import { watchTheme } from "./dark.js";
import type { Drawing } from "./draw.js";
import { checkFigurePayload } from "./spec.js";

export const FIGURE_MIME: FigureMime = "application/vnd.radbook.figure+json";

export class FigureRenderer extends Widget implements IRenderMime.IRenderer {
  private drawing: Drawing | null = null;
  /** Counts the models shown, so that a slow drawing of an old one is dropped. */
  private turn = 0;
  private model: IRenderMime.IMimeModel | null = null;
  private readonly theme: MutationObserver;
  private readonly choice: Choice;
  private endChoosing: () => void = () => undefined;

  /** @param choice The notebook's selection, null where there is no notebook. */
  constructor(choice: Choice | null) {
    super();
    this.choice = choice ?? lonelyChoice();
    this.addClass("rb-Figure");
    this.theme = watchTheme(() => {
      if (this.model !== null) void this.renderModel(this.model);
    });
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.turn++;
    const { turn } = this;
    this.model = model;
    this.end();
    this.node.replaceChildren(staticTwin(model));
    try {
      const payload = checkFigurePayload(model.data[FIGURE_MIME]);
      const { drawFigure } = await import("./draw.js");
      const drawing = await drawFigure(payload);
      if (turn !== this.turn || this.isDisposed) drawing.dispose();
      else this.mount(payload, drawing);
    } catch (error) {
      if (turn === this.turn) this.node.append(note(reasonOf(error)));
    }
  }

  override dispose(): void {
    this.turn++;
    this.theme.disconnect();
    this.end();
    super.dispose();
  }

  private end(): void {
    this.endChoosing();
    this.endChoosing = () => undefined;
    this.drawing?.dispose();
    this.drawing = null;
  }

  private mount({ kind }: FigurePayload, drawing: Drawing): void {
    this.drawing = drawing;
    const save = (label: string, extension: string, make: () => Promise<Blob>): HTMLButtonElement => {
      const button = element("button", "rb-Button", { type: "button", title: `Save as ${label}` }, label);
      button.addEventListener("click", () => {
        void make().then((blob) => download(blob, `${kind}.${extension}`));
      });
      return button;
    };
    const svg = async (): Promise<Blob> => new Blob([await drawing.svg()], { type: "image/svg+xml" });
    const actions = element(
      "div",
      "rb-Figure-actions",
      { role: "group", "aria-label": "Save the figure" },
      save("SVG", "svg", svg),
      save("PNG", "png", drawing.png),
    );
    this.node.replaceChildren(drawing.element, actions);
    this.endChoosing = makeChoosable(drawing.element, drawing.marks, this.choice);
  }
}
