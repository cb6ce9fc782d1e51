/**
 * Decision curves: what acting on a prediction is worth at each threshold probability.
 *
 * Source: Vickers & Elkin 2006, doi:10.1177/0272989X06295361.
 * Layer:  plot; imports core, model, table.
 */
import { InputError } from "../core/errors.js";
import { type DecisionCurve, decisionCurve as decisionCurveOf } from "../model/metrics/decision-curve.js";
import { formatNumber } from "../table/render.js";
import { Figure } from "./figure.js";
import { drawn, groupColor, headed, numbers, type TitleOptions, tip } from "./marks.js";
import { GROUP_COLORS } from "./palette.js";
import { namedPredictions, type Predictions } from "./predictions.js";
import { curveLayers } from "./roc.js";
import { figureFrame, INK, QUIET_INK } from "./theme.js";

export interface DecisionCurveFigureOptions extends TitleOptions {
  /** Threshold probabilities that the axis spans, default 0.01 to 0.99; give those at which one would act. */
  readonly range?: readonly [number, number];
}

const WIDTH = 440;
const HEIGHT = 300;
const ALL = "Treat all";
const NONE = "Treat none";
const MOST_MODELS = GROUP_COLORS.length;
const STEPS = 98;

/**
 * Draws the net benefit of models against treating all and treating nobody.
 *
 * @throws InputError on mismatched ids, one class only, scores that are no probabilities, or several models with different
 * shares of outcomes: their curves cannot be compared.
 *
 * @example
 * plot.decisionCurve({ Radiomics: { y: test.y, score: p } }, { range: [0.05, 0.5] })
 */
export function decisionCurve(predictions: Predictions, options: DecisionCurveFigureOptions = {}): Figure {
  const { title = "", range = [0.01, 0.99] } = options;
  const [low, high] = range;
  if (!(low >= 0 && low < high && high < 1)) {
    throw new InputError(`the range of thresholds must satisfy 0 ≤ low < high < 1, found ${low} to ${high}.`);
  }
  const thresholds = Array.from({ length: STEPS + 1 }, (_, k) => low + ((high - low) * k) / STEPS);
  const named = namedPredictions(predictions);
  const curves = named.map((one) => ({
    name: one.name === "" ? "Model" : one.name,
    curve: decisionCurveOf(one.y, one.score, { ...one, thresholds }),
  }));
  const [first] = curves;
  checkSamePrevalence(curves);
  const labels = [...curves.map(({ name }) => name), ALL, NONE];
  const own = curves.flatMap(({ name, curve }) => rowsOf(name, thresholds, curve.model));
  const points = [
    ...own,
    ...rowsOf(ALL, thresholds, first.curve.treatAll),
    ...rowsOf(
      NONE,
      thresholds,
      thresholds.map(() => 0),
    ),
  ];
  const most = Math.max(first.curve.prevalence, ...own.map(({ y }) => y));
  // Below a little under zero a curve says nothing but "do not": treating all falls without end.
  const domain = [-0.2 * most, 1.08 * most] as const;
  const x = numbers("x", { title: "Threshold probability", domain: [low, high], format: ".2~f" });
  const y = numbers("y", { title: "Net benefit", domain, format: ".2f" });
  const palette = [...GROUP_COLORS.slice(0, Math.min(curves.length, MOST_MODELS)), QUIET_INK, INK];
  const alternative = headed(title, `decision curve. ${describe(curves, thresholds)}.`);
  return new Figure("decision-curve", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: curveLayers(
      points.filter((point) => point.y >= domain[0]),
      x,
      y,
      groupColor(labels, { palette, columns: 4 }),
      [tip("group", "Strategy"), tip("x", "Threshold", ".2f"), tip("y", "Net benefit", ".4f")],
    ),
  });
}

interface NamedCurve {
  readonly name: string;
  readonly curve: DecisionCurve;
}

function rowsOf(
  group: string,
  thresholds: readonly number[],
  benefit: ArrayLike<number>,
): { readonly group: string; readonly x: number; readonly y: number }[] {
  return thresholds.map((threshold, at) => ({ group, x: drawn(threshold), y: drawn(benefit[at]) }));
}

function checkSamePrevalence(curves: readonly NamedCurve[]): void {
  const [first] = curves;
  const other = curves.find(({ curve }) => Math.abs(curve.prevalence - first.curve.prevalence) > 1e-12);
  if (other === undefined) return;
  throw new InputError(
    `the outcome occurs in ${formatNumber(100 * first.curve.prevalence, 4)} % of the patients of "${first.name}" but in ` +
      `${formatNumber(100 * other.curve.prevalence, 4)} % of "${other.name}". Draw decision curves of the same patients in one figure.`,
  );
}

/** Where each model is worth more than both simple strategies. */
function describe(curves: readonly NamedCurve[], thresholds: readonly number[]): string {
  return curves
    .map(({ name, curve }) => {
      const better = thresholds.filter((_, at) => curve.model[at] > Math.max(0, curve.treatAll[at]) + 1e-12);
      const where =
        better.length === 0
          ? "is nowhere better than treating all or nobody"
          : `is better than treating all and nobody at ${better.length} of ${thresholds.length} thresholds, ` +
            `between ${formatNumber(better[0], 2)} and ${formatNumber(better[better.length - 1], 2)}`;
      return `${name} ${where}`;
    })
    .join("; ");
}
