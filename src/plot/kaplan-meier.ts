/**
 * The figure of survival curves: steps, interval band, smooth curves of a model, censor marks, medians, p, numbers at risk.
 *
 * Layer:  plot; imports core, model (types), table.
 */
import { InputError } from "../core/errors.js";
import { drawnCurves, type SurvivalEstimates } from "./drawn-curves.js";
import { Figure } from "./figure.js";
import { type CurveFrame, curveFrame, HEIGHT, WIDTH } from "./kaplan-meier-axes.js";
import { bandLayers, censorLayers, guideLayers, hoverLayer, stepLayer } from "./kaplan-meier-layers.js";
import type { KaplanMeierFigureOptions } from "./kaplan-meier-options.js";
import { describeModel, modelCurves, modelLayers, modelNote } from "./kaplan-meier-parametric.js";
import { barsTop, censorBars, insideHeight, insideTable, tableBlocks } from "./kaplan-meier-tables.js";
import { describeCurves, describeP, percentOf } from "./kaplan-meier-words.js";
import { onPaper } from "./marks.js";
import { numberTable, tableTop } from "./risk-table.js";
import { curveScale } from "./survival-scale.js";
import { figureFrame } from "./theme.js";
import type { Spec } from "./vega.js";

/**
 * Draws Kaplan–Meier curves.
 *
 * @param estimates  One estimate, or several by name on one axis, e.g. overall survival and survival without relapse.
 * @throws InputError if there is no group, two groups have one label, there are more groups than colors, p is not
 * between 0 and 1, a parametric model is of other patients or times, or an option is out of its range.
 *
 * @example
 * plot.kaplanMeier(model.kaplanMeier(os, { by: risk }), { p: model.logRank(os, risk) })
 */
export function kaplanMeier(estimates: SurvivalEstimates, options: KaplanMeierFigureOptions = {}): Figure {
  const { title = "", show = "survival", p, parametric, parametricBand = true, bandOpacity = 0.16 } = options;
  const { band = parametric === undefined } = options;
  if (!(bandOpacity > 0 && bandOpacity <= 1)) {
    throw new InputError(`bandOpacity must lie above 0 and up to 1, found ${bandOpacity}.`);
  }
  const drawing = drawnCurves(estimates, options);
  const value = curveScale(
    show,
    drawing.curves.map(({ curve }) => curve),
    band !== false,
  );
  const { guide = show === "log-log" ? false : { survival: 0.5 } } = options;
  const pText = p === undefined ? "" : describeP(p);
  const inside = insideHeight(drawing, options);
  const frame = curveFrame(drawing, value, options, inside);
  const blocks = tableBlocks(drawing, frame.ticks, options);
  const below = inside > 0 ? blocks.slice(1) : blocks;
  const smooth = parametric === undefined ? [] : modelCurves(drawing, frame.span, parametric);
  const guides = guide === false ? [] : guideLayers(drawing, frame, guide);
  const unit = drawing.unit;
  const alternative =
    describeCurves(drawing, title, pText, guide) +
    (parametric === undefined ? "" : describeModel(smooth, parametric, unit));
  const notes = [
    ...(parametric === undefined ? [] : [modelNote(parametric)]),
    ...(pText === "" ? [] : [pText]),
  ];
  const spec: Spec = {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: frame.height,
    layer: [
      ...bandLayers(drawing, frame, { band, bandOpacity }),
      ...guides,
      stepLayer(drawing, frame, parametric === undefined ? 2 : 1.2),
      ...(parametric === undefined
        ? []
        : modelLayers(smooth, frame, { band: parametricBand, bandOpacity, unit })),
      ...censorLayers(drawing, frame, options),
      hoverLayer(drawing, frame, percentOf(drawing.confidence)),
      ...noteLayers(notes, frame, lowestAt(drawing, frame, notes), options.pAt),
      ...(inside > 0 ? insideTable(blocks[0], frame) : []),
      ...numberTable(below, frame.ticks, frame.x, tableTop(frame.height)),
      ...(options.censorBars === true ? censorBars(drawing, frame, barsTop(below, frame.height)) : []),
    ],
  };
  const patients = drawing.curves.map(({ label, curve }) => [label, curve.ids] as const);
  return new Figure("kaplan-meier", alternative, spec, Object.fromEntries(patients));
}

const LINE = 18;

/** Lowest survival where text in the left corner would end. */
function lowestAt(
  drawing: ReturnType<typeof drawnCurves>,
  { span }: CurveFrame,
  notes: readonly string[],
): number {
  const width = notes.reduce((most, note) => Math.max(most, note.length), 0) / 80;
  const time = drawing.own(Math.max(0.4, width) * span[1]);
  return Math.min(...drawing.curves.map(({ curve }) => curve.at([time])[0].survival));
}

/** Lines of text, the last of them p, in a corner that falling or rising curves leave free, or where p was asked for. */
function noteLayers(
  notes: readonly string[],
  { value, pixels }: CurveFrame,
  lowest: number,
  at: KaplanMeierFigureOptions["pAt"],
): Spec[] {
  const more = notes.length - 1;
  const corner = (): Spec & { readonly x: number; readonly y: number } => {
    if (value.rises) return { x: 12, y: 14 + LINE * more, align: "left" };
    return lowest > 0.12 + 0.06 * more
      ? { x: 12, y: HEIGHT - 16, align: "left" }
      : { x: WIDTH - 8, y: 14 + LINE * more, align: "right" };
  };
  const place = at === undefined ? corner() : pixels(at[0], at[1]);
  return notes.flatMap((note, line) => onPaper(note, { ...place, y: place.y - LINE * (more - line) }));
}
