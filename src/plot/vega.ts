/**
 * Vega-Lite specification to SVG in Node, without a browser. Vega loads on first use: it takes a third of a second.
 *
 * Layer:  plot; imports core (types).
 */
import type { TopLevelSpec } from "vega-lite";
import type { Json } from "../core/display.js";
import { renderer } from "./raster.js";

/** A Vega-Lite v5 specification with its data inline. */
export interface Spec {
  readonly [key: string]: Json;
}

/** What Vega asks a text measure for. */
interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: number | string;
}
type TextMeasure = (item: TextItem, text: unknown) => number;

/** @throws Error of Vega if the specification is not valid. */
export async function drawSpec(spec: Spec): Promise<string> {
  const [vega, { compile }, { textWidth }] = await Promise.all([
    import("vega"),
    import("vega-lite"),
    renderer(),
  ]);
  // Without a canvas Vega guesses widths; this hook of Vega's gives it those of the font that draws the text.
  const { textMetrics } = vega as unknown as { textMetrics: { width: TextMeasure } };
  textMetrics.width = ({ fontSize = 11, fontWeight = 400 }, text) => {
    const weight = fontWeight === "bold" || Number(fontWeight) >= 600 ? 600 : 400;
    return textWidth(String(text ?? ""), fontSize, weight);
  };
  // Vega writes marks of its own into the rows that it is given.
  const compiled = compile(structuredClone(spec) as unknown as TopLevelSpec).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: "none" });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
