/**
 * A drawn figure with what a person does with it: choose its patients, save it. Loaded on first use, with Vega.
 *
 * Layer:  labextension, figure; imports output, selection.
 */
import type { FigurePayload } from "../../../src/plot/mime.js";
import { download, element } from "../output/dom.js";
import type { Choice } from "../selection/choice.js";
import { makeChoosable } from "./choosing.js";
import { type Drawing, drawFigure } from "./draw.js";

export interface FigureView {
  /** The chart, and the buttons below it. */
  readonly parts: readonly HTMLElement[];
  dispose(): void;
}

/** @throws Error of Vega if the specification cannot be compiled or drawn. */
export async function figureView(payload: FigurePayload, choice: Choice): Promise<FigureView> {
  const drawing = await drawFigure(payload);
  const endChoosing = makeChoosable(drawing.element, drawing.marks, choice);
  return {
    parts: [drawing.element, saveButtons(payload.kind, drawing)],
    dispose: () => {
      endChoosing();
      drawing.dispose();
    },
  };
}

function saveButtons(kind: string, drawing: Drawing): HTMLElement {
  const save = (label: string, extension: string, make: () => Promise<Blob>): HTMLButtonElement => {
    const button = element("button", "rb-Button", { type: "button", title: `Save as ${label}` }, label);
    button.addEventListener("click", () => {
      void make().then((blob) => download(blob, `${kind}.${extension}`));
    });
    return button;
  };
  const svg = async (): Promise<Blob> => new Blob([await drawing.svg()], { type: "image/svg+xml" });
  return element(
    "div",
    "rb-Figure-actions",
    { role: "group", "aria-label": "Save the figure" },
    save("SVG", "svg", svg),
    save("PNG", "png", drawing.png),
  );
}
