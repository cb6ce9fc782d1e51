/**
 * The script of exported pages with figures, and of their tables: `setup/page.mjs` bundles it, the template in
 * `setup/nbconvert` takes it in.
 *
 * Layer:  labextension, page; imports figure, output.
 */
import type { FigureMime } from "../../../src/plot/mime.js";
import { watchTheme } from "../figure/dark.js";
import { checkFigurePayload } from "../figure/spec.js";
import { type FigureView, figureView } from "../figure/view.js";
import { element } from "../output/dom.js";
import { pageChoice } from "./choice.js";
import { showPayloads } from "./payloads.js";
import "./tables.js";

const MIME: FigureMime = "application/vnd.radbook.figure+json";

showPayloads(MIME, async (raw) => {
  const payload = checkFigurePayload(raw);
  const holder = element("div", "rb-Figure");
  let shown: FigureView | null = null;
  const draw = async (): Promise<void> => {
    const view = await figureView(payload, pageChoice());
    shown?.dispose();
    shown = view;
    holder.replaceChildren(...view.parts);
  };
  let drawn = draw();
  await drawn;
  // One after the other, so that the last theme stays.
  watchTheme(() => {
    drawn = drawn.then(draw);
  });
  return holder;
});
