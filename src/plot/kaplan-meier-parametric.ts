/**
 * What a parametric model says of the groups of a survival figure, over their steps.
 *
 * Layer:  plot; imports core, model, table.
 */
import { InputError } from "../core/errors.js";
import type { KaplanMeierCurve } from "../model/kaplan-meier-curve.js";
import type { ParametricCurve } from "../model/parametric-curves.js";
import { STANDARD } from "../model/parametric-distribution.js";
import type { ParametricSurvivalModel } from "../model/parametric-model.js";
import { formatNumber } from "../table/render.js";
import { Scores } from "../table/scores.js";
import type { DrawnCurves } from "./drawn-curves.js";
import type { CurveFrame } from "./kaplan-meier-axes.js";
import { drawn, tip } from "./marks.js";
import type { Spec } from "./vega.js";

/** Straight pieces of a smooth curve. */
const PIECES = 80;

/** Mean survival of a group by the model; `time` is of the axis. */
export interface ModelCurve extends ParametricCurve {
  readonly label: string;
}

/**
 * @param span  Start and end of the time axis.
 * @throws InputError if the model was fitted to another follow-up than that of the curves.
 */
export function modelCurves(
  { curves, own, ownUnit }: DrawnCurves,
  [first, last]: readonly [number, number],
  fitted: ParametricSurvivalModel,
): readonly ModelCurve[] {
  const time = Float64Array.from({ length: PIECES + 1 }, (_, piece) => {
    const part = piece / PIECES;
    // Evenly spaced on the axis, which is logarithmic if it does not start at 0.
    return first > 0 ? first * (last / first) ** part : part * last;
  });
  const { x, y, weights } = fitted.training;
  const rowOf = new Map(y.ids.map((id, row) => [id, row]));
  return curves.map(({ label, curve }) => {
    if (ownUnit !== fitted.timeUnit || !isOfSameFollowUp(curve, fitted, rowOf)) {
      throw new InputError(
        `the parametric model was not fitted to the follow-up of "${label}": times, events or unit differ. ` +
          "Fit it to all patients of the curves.",
      );
    }
    const { ids } = curve;
    const counted = Float64Array.from(ids, (id) => weights[rowOf.get(id) as number]);
    const mean = fitted.meanSurvival(x.pick(ids), time.map(own), {
      weights: new Scores(ids, counted, "weight"),
    });
    return { ...mean, label, time };
  });
}

function isOfSameFollowUp(
  { time, leaving }: KaplanMeierCurve,
  { training: { y } }: ParametricSurvivalModel,
  rowOf: ReadonlyMap<string, number>,
): boolean {
  return leaving.every(({ event, censored }, at) =>
    [event, censored].every((ids, kind) =>
      ids.every((id) => {
        const row = rowOf.get(id) ?? -1;
        return row >= 0 && y.time[row] === time[at] && y.event[row] === 1 - kind;
      }),
    ),
  );
}

/** Bands and curves, and what the pointer shows of them. */
export function modelLayers(
  curves: readonly ModelCurve[],
  { value, x, y, color, clip, range }: CurveFrame,
  {
    band,
    bandOpacity,
    unit,
  }: { readonly band: boolean; readonly bandOpacity: number; readonly unit: string },
): Spec[] {
  // Limits that leave the axis end at its edge, and curves shortly before.
  const within = (s: number): number => Math.min(range[1], Math.max(range[0], value.map(s)));
  const rows = curves.flatMap(({ label, time, survival, lower, upper }) =>
    Array.from(time, (at, k) => ({ at, s: survival[k], low: lower[k], high: upper[k] }))
      .filter(({ s, low, high }) => [s, ...(band ? [low, high] : [])].every(value.isDrawable))
      .map(({ at, s, low, high }) => ({
        group: label,
        time: drawn(at),
        y: within(s) === value.map(s) ? drawn(value.map(s)) : null,
        survival: drawn(s),
        ...(band ? { lower: drawn(within(low)), upper: drawn(within(high)) } : {}),
      })),
  );
  const area: Spec = {
    mark: { type: "area", opacity: bandOpacity, clip },
    encoding: { x, y: y("lower"), y2: { field: "upper" }, color: color.color },
  };
  return [
    {
      // Once for all marks: the figure lies in the notebook.
      data: { values: rows },
      layer: [
        ...(band ? [area] : []),
        { mark: { type: "line", strokeWidth: 2.4, clip }, encoding: { x, y: y("y"), ...color } },
        {
          mark: { type: "circle", size: 50, opacity: 0, clip },
          encoding: {
            x,
            y: y("y"),
            tooltip: [
              tip("group", "Group, by the model"),
              tip("time", `Time (${unit})`, ".4~r"),
              tip("survival", "Survival", ".3f"),
            ],
          },
        },
      ],
    },
  ];
}

/** Which curve is which, for the corner of the figure. */
export function modelNote({ distribution }: ParametricSurvivalModel): string {
  return `Smooth: ${STANDARD[distribution].name} model; steps: Kaplan–Meier`;
}

/** What the model says at the end of the axis, in words. */
export function describeModel(
  curves: readonly ModelCurve[],
  { distribution }: ParametricSurvivalModel,
  unit: string,
): string {
  const parts = curves.map(({ label, survival, lower, upper }) => {
    const end = survival.length - 1;
    return `${label} ${survival[end].toFixed(2)} (${lower[end].toFixed(2)} to ${upper[end].toFixed(2)})`;
  });
  const [{ time }] = curves;
  return ` Survival at ${formatNumber(time[time.length - 1], 4)} ${unit} by a ${STANDARD[distribution].name} model: ${parts.join("; ")}.`;
}
