/**
 * The figure of survival curves: steps, interval band, censor marks, medians, p value, numbers at risk under the axis.
 *
 * Layer:  plot; imports core, model (types), table.
 */
import { drawnCurves, type SurvivalEstimates } from "./drawn-curves.js";
import { Figure } from "./figure.js";
import { type CurveFrame, curveFrame, HEIGHT, WIDTH } from "./kaplan-meier-axes.js";
import { bandLayers, censorLayers, guideLayers, hoverLayer, stepLayer } from "./kaplan-meier-layers.js";
import type { KaplanMeierFigureOptions } from "./kaplan-meier-options.js";
import { censorBars, STRIP_TOP, tableBlocks } from "./kaplan-meier-tables.js";
import { describeCurves, describeP, percentOf } from "./kaplan-meier-words.js";
import { onPaper } from "./marks.js";
import { numberTable, tableEnd } from "./risk-table.js";
import { curveScale } from "./survival-scale.js";
import { figureFrame } from "./theme.js";
import type { Spec } from "./vega.js";

/**
 * Draws Kaplan–Meier curves.
 *
 * @param estimates  One estimate, or several by name on one axis, e.g. overall survival and survival without relapse.
 * @throws InputError if there is no group, two groups have one label, there are more groups than colors, p is not
 * between 0 and 1, or an option is out of its range.
 *
 * @example
 * plot.kaplanMeier(model.kaplanMeier(os, { by: risk }), { p: model.logRank(os, risk) })
 */
export function kaplanMeier(estimates: SurvivalEstimates, options: KaplanMeierFigureOptions = {}): Figure {
  const { title = "", show = "survival", p } = options;
  const drawing = drawnCurves(estimates, options);
  const value = curveScale(
    show,
    drawing.curves.map(({ curve }) => curve),
    options.band !== false,
  );
  const { guide = show === "log-log" ? false : { survival: 0.5 } } = options;
  const pText = p === undefined ? "" : describeP(p);
  const frame = curveFrame(drawing, value, options);
  const blocks = tableBlocks(drawing, frame.ticks, options);
  const guides = guide === false ? [] : guideLayers(drawing, frame, guide);
  const alternative = describeCurves(drawing, title, pText, guide);
  const spec: Spec = {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...bandLayers(drawing, frame, options),
      ...guides,
      stepLayer(drawing, frame),
      ...censorLayers(drawing, frame, options),
      hoverLayer(drawing, frame, percentOf(drawing.confidence)),
      ...(pText === "" ? [] : pLayers(pText, frame, lowestAt(drawing, frame), options.pAt)),
      ...numberTable(blocks, frame.ticks, frame.x, HEIGHT),
      ...(options.censorBars === true
        ? censorBars(drawing, frame, blocks.length === 0 ? STRIP_TOP : tableEnd(blocks, HEIGHT))
        : []),
    ],
  };
  const patients = drawing.curves.map(({ label, curve }) => [label, curve.ids] as const);
  return new Figure("kaplan-meier", alternative, spec, Object.fromEntries(patients));
}

/** Lowest survival where a line of text in the left corner would end. */
function lowestAt(drawing: ReturnType<typeof drawnCurves>, { span }: CurveFrame): number {
  const time = drawing.own(0.4 * span[1]);
  return Math.min(...drawing.curves.map(({ curve }) => curve.at([time])[0].survival));
}

/** p in a corner that falling or rising curves leave free, or where it was asked for. */
function pLayers(
  pText: string,
  { value, pixels }: CurveFrame,
  lowest: number,
  at: KaplanMeierFigureOptions["pAt"],
): Spec[] {
  const corner = (): Spec & { readonly x: number; readonly y: number } => {
    if (value.rises) return { x: 12, y: 14, align: "left" };
    return lowest > 0.12 ? { x: 12, y: HEIGHT - 16, align: "left" } : { x: WIDTH - 8, y: 14, align: "right" };
  };
  const place = at === undefined ? corner() : pixels(at[0], at[1]);
  return onPaper(pText, place);
}
