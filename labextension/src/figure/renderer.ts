/**
 * Draws `application/vnd.radbook.figure+json`: the static picture at once, the chart as SVG when Vega is there.
 *
 * A renderer never throws: whatever fails, the picture stays with a sentence below it.
 * Layer:  labextension, figure; imports output, selection.
 */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";
import type { FigureMime } from "../../../src/plot/mime.js";
import { reasonOf } from "../output/payload-error.js";
import { note, staticTwin } from "../output/twin.js";
import { type Choice, lonelyChoice } from "../selection/choice.js";
import { watchTheme } from "./dark.js";
import { checkFigurePayload } from "./spec.js";
import type { FigureView } from "./view.js";

export const FIGURE_MIME: FigureMime = "application/vnd.radbook.figure+json";

export class FigureRenderer extends Widget implements IRenderMime.IRenderer {
  private view: FigureView | null = null;
  /** Counts the models shown, so that a slow drawing of an old one is dropped. */
  private turn = 0;
  private model: IRenderMime.IMimeModel | null = null;
  private readonly theme: MutationObserver;
  private readonly choice: Choice;

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
      const { figureView } = await import("./view.js");
      const view = await figureView(payload, this.choice);
      if (turn !== this.turn || this.isDisposed) return view.dispose();
      this.view = view;
      this.node.replaceChildren(...view.parts);
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
    this.view?.dispose();
    this.view = null;
  }
}
