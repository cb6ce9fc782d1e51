/**
 * ROC and precision–recall curves of one or several scores.
 *
 * Layer:  plot; imports core, model, table.
 */
import type { Json } from "../core/display.js";
import { type Auc, auc } from "../model/metrics/delong.js";
import { outcomeOf } from "../model/metrics/outcome.js";
import {
  averagePrecision,
  precisionRecall as precisionRecallOf,
  roc as rocOf,
} from "../model/metrics/roc.js";
import { type RocBand, rocBand } from "../model/metrics/roc-band.js";
import { formatNumber } from "../table/render.js";
import type { Scores } from "../table/scores.js";
import { Figure } from "./figure.js";
import {
  diagonal,
  drawn,
  groupColor,
  guide,
  headed,
  shares,
  type TitleOptions,
  textAt,
  tip,
} from "./marks.js";
import { type NamedPrediction, namedPredictions, type Predictions } from "./predictions.js";
import { figureFrame, QUIET_INK } from "./theme.js";
import type { Spec } from "./vega.js";

export interface RocFigureOptions extends TitleOptions {
  /** Coverage of the intervals of area and sensitivity, default 0.95. */
  readonly confidence?: number;
  /** Band of the sensitivity at each specificity, by bootstrap. Default: if there are up to three curves. */
  readonly band?: boolean;
  /** Of the bootstrap, default 0. */
  readonly seed?: number;
}

const SIDE = 340;
const MOST_BANDS = 3;

/**
 * Draws ROC curves, each with its area and DeLong's interval.
 *
 * @throws InputError on mismatched ids, one class only, or fewer than 2 patients in a class.
 *
 * @example
 * plot.roc({ Radiomics: { y: test.y, score: radiomics.predict(test.x) }, Clinical: { y: test.y, score: stage } })
 */
export function roc(predictions: Predictions, options: RocFigureOptions = {}): Figure {
  const { title = "", confidence = 0.95, seed = 0 } = options;
  const named = namedPredictions(predictions);
  const { band = named.length <= MOST_BANDS } = options;
  const curves = named.map((one) => {
    const area = auc(one.y, one.score, { ...one, confidence });
    return {
      ...one,
      area,
      label: labelOf(one.name, `AUC ${interval(area)}`),
      curve: rocOf(one.y, one.score, one),
    };
  });
  const labels = curves.map(({ label }) => label);
  const x = shares("x", "1 − specificity");
  const y = shares("y", "Sensitivity");
  const color = groupColor(labels);
  const percent = `${formatNumber(100 * confidence, 4)} %`;
  const alternative = headed(
    title,
    `ROC ${curves.length === 1 ? "curve" : "curves"}. ${curves.map(describe(percent)).join("; ")}.`,
  );
  const points = curves.flatMap(({ label, curve, score }) => {
    const passed = scorePasses(score);
    return corners(curve.specificity, curve.sensitivity).map((at) => ({
      group: label,
      x: drawn(1 - curve.specificity[at]),
      y: drawn(curve.sensitivity[at]),
      specificity: drawn(curve.specificity[at]),
      score: at === 0 ? null : drawn(curve.threshold[at]),
      ids: at === 0 ? [] : passed(curve.threshold[at]),
    }));
  });
  const bands = band
    ? curves.flatMap((one) => bandRows(one.label, rocBand(one.y, one.score, { ...one, confidence, seed })))
    : [];
  return new Figure("roc", alternative, {
    ...figureFrame(title, alternative),
    width: SIDE,
    height: SIDE,
    layer: [
      diagonal(x, y),
      ...(band ? [bandLayer(bands, x, color)] : []),
      ...curveLayers(points, x, y, color, [
        tip("y", "Sensitivity", ".3f"),
        tip("specificity", "Specificity", ".3f"),
        tip("score", "Score ≥", ".4~r"),
      ]),
      ...(labels.length === 1 ? [cornerText(labels[0])] : []),
      ...(band ? [textAt(`Band: ${percent} interval`, { x: SIDE - 8, y: SIDE - 34, ...SMALL })] : []),
    ],
  });
}

/**
 * Draws precision–recall curves, each with its average precision. Dashed lines are the share of patients with the outcome:
 * what a score that knows nothing reaches.
 *
 * @throws InputError on mismatched ids or one class only.
 *
 * @example
 * plot.precisionRecall({ y: test.y, score: fitted.predict(test.x) })
 */
export function precisionRecall(predictions: Predictions, { title = "" }: TitleOptions = {}): Figure {
  const curves = namedPredictions(predictions).map((one) => {
    const { positives, negatives } = outcomeOf(one.y, one);
    const precision = averagePrecision(one.y, one.score, one);
    return {
      name: one.name,
      score: one.score,
      precision,
      prevalence: positives / (positives + negatives),
      label: labelOf(one.name, `average precision ${precision.toFixed(3)}`),
      curve: precisionRecallOf(one.y, one.score, one),
    };
  });
  const labels = curves.map(({ label }) => label);
  const x = shares("x", "Recall (sensitivity)");
  const y = shares("y", "Precision (positive predictive value)");
  const color = groupColor(labels);
  const alternative = headed(
    title,
    `precision–recall ${curves.length === 1 ? "curve" : "curves"}. ${curves
      .map(
        ({ name, precision, prevalence }) =>
          `${name === "" ? "" : `${name}: `}average precision ${precision.toFixed(3)}, ` +
          `outcome in ${formatNumber(100 * prevalence, 3)} % of the patients`,
      )
      .join("; ")}.`,
  );
  const points = curves.flatMap(({ label, curve, score }) => {
    const passed = scorePasses(score);
    return Array.from(curve.recall, (recall, at) => ({
      group: label,
      x: drawn(recall),
      y: drawn(curve.precision[at]),
      score: at === 0 ? null : drawn(curve.threshold[at]),
      ids: at === 0 ? [] : passed(curve.threshold[at]),
    }));
  });
  const levels = [...new Set(curves.map(({ prevalence }) => prevalence))];
  return new Figure("precision-recall", alternative, {
    ...figureFrame(title, alternative),
    width: SIDE,
    height: SIDE,
    layer: [
      ...levels.map((level) =>
        guide(x, y, [
          { x: 0, y: level },
          { x: 1, y: level },
        ]),
      ),
      ...curveLayers(points, x, y, color, [
        tip("y", "Precision", ".3f"),
        tip("x", "Recall", ".3f"),
        tip("score", "Score ≥", ".4~r"),
      ]),
      ...(labels.length === 1 ? [cornerText(labels[0])] : []),
    ],
  });
}

const SMALL = { align: "right", fontSize: 11, color: QUIET_INK } as const;

/** A line through points in their order, and unseen dots where the pointer finds their numbers. */
export function curveLayers(
  points: readonly Spec[],
  x: Json,
  y: Json,
  color: Json,
  tooltip: readonly Json[],
): readonly Spec[] {
  return [
    {
      data: { values: points.map(({ ids: _ids, ...point }) => point) },
      mark: { type: "line", strokeWidth: 2, strokeJoin: "miter" },
      encoding: { x, y, color, order: { value: null } },
    },
    {
      data: { values: points },
      mark: { type: "circle", size: 60, opacity: 0 },
      encoding: { x, y, color, tooltip },
    },
  ];
}

/** The area between lower and upper limit of each group. */
export function bandLayer(rows: readonly Spec[], x: Json, color: Json): Spec {
  return {
    data: { values: rows },
    mark: { type: "area", opacity: 0.16 },
    encoding: { x, y: { field: "lower", type: "quantitative" }, y2: { field: "upper" }, color },
  };
}

/** For falling thresholds: the patients whose score each one reaches and those before it did not. */
function scorePasses({ values, ids }: Scores): (threshold: number) => readonly string[] {
  const order = Array.from(values.keys()).sort((a, b) => values[b] - values[a]);
  let next = 0;
  return (threshold) => {
    const from = next;
    while (next < order.length && values[order[next]] >= threshold) next++;
    return order.slice(from, next).map((row) => ids[row]);
  };
}

/** Inside the axes, lower right. */
function cornerText(line: string): Spec {
  return textAt(line, { x: SIDE - 8, y: SIDE - 16, align: "right" });
}

function labelOf(name: string, result: string): string {
  return name === "" ? result : `${name}: ${result}`;
}

function interval({ auc: area, interval: { lower, upper } }: Auc): string {
  return `${area.toFixed(3)} (${lower.toFixed(3)}–${upper.toFixed(3)})`;
}

function describe(percent: string): (curve: NamedPrediction & { readonly area: Auc }) => string {
  return ({ name, area: { auc: area, interval: limits, positives, negatives } }) =>
    `${name === "" ? "" : `${name}: `}area under the curve ${area.toFixed(3)} (${percent} interval ` +
    `${limits.lower.toFixed(3)} to ${limits.upper.toFixed(3)}), ${positives} patients with and ${negatives} without the outcome`;
}

function bandRows(group: string, { specificity, lower, upper }: RocBand): Spec[] {
  return Array.from(specificity, (value, at) => ({
    group,
    x: drawn(1 - value),
    lower: drawn(lower[at]),
    upper: drawn(upper[at]),
  }));
}

/** Points at which a curve of straight pieces turns: of 5,000 patients some hundreds are left. */
function corners(first: Float64Array, second: Float64Array): number[] {
  const last = first.length - 1;
  return Array.from(first.keys()).filter((at) => {
    if (at === 0 || at === last) return true;
    const flat = (values: Float64Array): boolean =>
      values[at - 1] === values[at] && values[at] === values[at + 1];
    return !flat(first) && !flat(second);
  });
}
