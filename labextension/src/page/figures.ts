/**
 * The script of exported pages with figures: `setup/page.mjs` bundles it, the template in `setup/nbconvert` takes it in.
 *
 * Layer:  labextension, page; imports figure, output.
 */
import type { FigureMime } from "../../../src/plot/mime.js";
import { drawFigure } from "../figure/draw.js";
import { checkFigurePayload } from "../figure/spec.js";
import { element } from "../output/dom.js";
import { showPayloads } from "./payloads.js";

const MIME: FigureMime = "application/vnd.radbook.figure+json";

showPayloads(MIME, async (payload) => {
  const drawing = await drawFigure(checkFigurePayload(payload));
  return element("div", "rb-Figure", {}, drawing.element);
});
