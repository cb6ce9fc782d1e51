/**
 * Partial dependence: the model's mean answer along one column, each patient's own curve, and where the patients are.
 *
 * Source: Friedman 2001, doi:10.1214/aos/1013203451; Goldstein et al. 2015, doi:10.1080/10618600.2014.907095.
 * Layer:  plot; imports core, explain, table.
 */
import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { type Explanation, featureColumn } from "../explain/explanation.js";
import type { PartialDependence } from "../explain/partial.js";
import type { PartialDependencePair } from "../explain/partial-pair.js";
import { formatNumber } from "../table/render.js";
import { membersOfBins } from "./bins.js";
import { binEdges } from "./distribution.js";
import { Figure } from "./figure.js";
import { drawn, headed, numbers, type TitleOptions, textAt, tip, withUnit } from "./marks.js";
import { GROUP_COLORS } from "./palette.js";
import { type PartialPairFigureOptions, partialPairFigure } from "./partial-pair.js";
import { patientRow, signed } from "./shap-rows.js";
import { roundStep } from "./survival-rows.js";
import { figureFrame, INK, QUIET_INK, RULE } from "./theme.js";
import type { Spec } from "./vega.js";
import { LOWERS, RAISES } from "./waterfall.js";

export interface PartialDependenceFigureOptions extends TitleOptions {
  /** Each patient's own curve, default true; of more than 200 patients a sample. */
  readonly individual?: boolean;
  /** Bars of how many patients have which value, along the bottom, default true. */
  readonly histogram?: boolean;
  /** Dashed lines at the mean answer and the mean value, default true. */
  readonly means?: boolean;
  /** A patient whose own curve and place stand out. */
  readonly patient?: string;
  /** SHAP values of the same model: what the value moved the answer of `patient`, as a line from the base. */
  readonly shap?: Explanation;
}

const WIDTH = 420;
const HEIGHT = 300;
const MOST_CURVES = 200;
/** Share of the height for the bars at the bottom. */
const BARS = 0.16;

/**
 * Draws what `explain.partialDependence` found: of one column curves, of two a map with lines of equal answer.
 *
 * @throws InputError if there is no such patient, or the SHAP values are in another unit or lack the column.
 *
 * @example
 * plot.partialDependence(explain.partialDependence(fitted, train.x, "Volume"))
 * plot.partialDependence(explain.partialDependence(fitted, train.x, ["Volume", "Age"]))
 */
export function partialDependence(found: PartialDependence, options?: PartialDependenceFigureOptions): Figure;
export function partialDependence(found: PartialDependencePair, options?: PartialPairFigureOptions): Figure;
export function partialDependence(
  found: PartialDependence | PartialDependencePair,
  options: PartialDependenceFigureOptions & PartialPairFigureOptions = {},
): Figure {
  return "features" in found ? partialPairFigure(found, options) : curves(found, options);
}

function curves(
  found: PartialDependence,
  {
    title = "",
    individual = true,
    histogram = true,
    means = true,
    patient,
    shap,
  }: PartialDependenceFigureOptions,
): Figure {
  const { feature, unit, outputUnit, grid, mean, ids, individual: own, values, answers } = found;
  const n = ids.length;
  const chosen = patient === undefined ? -1 : ids.indexOf(patient);
  if (patient !== undefined && chosen < 0) {
    throw new InputError(`there is no patient "${patient}" in the partial dependence of ${n} patients.`);
  }
  const stem = shap === undefined ? null : stemOf(found, shap, patient);
  const every = Math.ceil(n / MOST_CURVES);
  const shown = individual ? ids.flatMap((_, i) => (i % every === 0 ? [i] : [])) : [];
  const curve = (i: number): readonly Spec[] =>
    Array.from(grid, (x, at) => ({ id: ids[i], x: drawn(x), y: drawn(own[i * grid.length + at]) }));
  const heights = [
    ...mean,
    ...shown.flatMap((i) => [...own.subarray(i * grid.length, (i + 1) * grid.length)]),
    ...(chosen < 0
      ? []
      : [...own.subarray(chosen * grid.length, (chosen + 1) * grid.length), answers[chosen]]),
    ...(means ? [averageOf(answers)] : []),
    ...(stem === null ? [] : [stem.from, stem.to]),
  ];
  const [low, high] = [heights.reduce(smaller), heights.reduce(larger)];
  const spread = high - low || Math.abs(high) || 1;
  const bottom = low - (histogram ? BARS + 0.1 : 0.05) * spread;
  const y = numbers("y", {
    title: withUnit("Model's answer", outputUnit),
    domain: [bottom, high + 0.05 * spread],
    ticks: ticksBetween(low, high, bottom),
  });
  const ends = [grid[0], grid[grid.length - 1], ...(chosen < 0 ? [] : [values[chosen]])];
  const room = 0.02 * (Math.max(...ends) - Math.min(...ends) || 1);
  const domain = [Math.min(...ends) - room, Math.max(...ends) + room] as const;
  const x = numbers("x", { title: withUnit(feature, unit), domain });
  const line = (rows: readonly Spec[], look: Spec, extra: Spec = {}): Spec => ({
    data: { values: rows },
    mark: { type: "line", strokeJoin: "round", ...look },
    encoding: { x, y, ...extra },
  });
  const note = individual && shown.length < n ? `curves of ${shown.length} of ${n} patients` : "";
  const alternative = headed(title, describe(found, note, stem === null ? "" : ` ${stem.words}`));
  return new Figure("partial-dependence", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...(histogram ? [barLayer(found, domain, bottom, BARS * spread, y)] : []),
      line(
        shown.flatMap(curve),
        { strokeWidth: 0.8, color: GROUP_COLORS[5], opacity: shown.length > 60 ? 0.35 : 0.6 },
        { detail: { field: "id" }, tooltip: [tip("id", "Patient")] },
      ),
      ...(means ? meanLayers(found, x, y, domain) : []),
      line(
        Array.from(grid, (at, k) => ({ x: drawn(at), y: drawn(mean[k]) })),
        { strokeWidth: 3, color: GROUP_COLORS[0] },
      ),
      ...(stem === null ? [] : stemLayers(stem, x, y)),
      ...(chosen < 0
        ? []
        : [
            line(curve(chosen), { strokeWidth: 2, color: GROUP_COLORS[1] }, { detail: { field: "id" } }),
            {
              data: { values: [{ id: ids[chosen], x: drawn(values[chosen]), y: drawn(answers[chosen]) }] },
              mark: { type: "circle", size: 80, color: GROUP_COLORS[1], opacity: 1 },
              encoding: {
                x,
                y,
                tooltip: [tip("id", "Patient"), tip("x", feature, ".4~r"), tip("y", "Answer", ".4~r")],
              },
            },
          ]),
      ...(note === "" ? [] : [textAt(note, { x: 0, y: HEIGHT + 58, color: QUIET_INK, fontSize: 11 })]),
    ],
  });
}

/** Round numbers where curves are, not beside the bars: there is no probability below 0. */
function ticksBetween(low: number, high: number, bottom: number): readonly number[] {
  const step = roundStep((high - low) / 5 || Math.abs(high) / 5 || 1);
  const first = Math.floor(low / step + 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, k) => Number(((first + k) * step).toPrecision(12))).filter(
    (tick) => tick >= bottom,
  );
}

/** Bars along the bottom, in the unit of the answers. */
function barLayer(
  { values, ids }: PartialDependence,
  [from, to]: readonly [number, number],
  bottom: number,
  tall: number,
  y: Json,
): Spec {
  const inside = ids.flatMap((_, i) => (values[i] >= from && values[i] <= to ? [i] : []));
  const sorted = Float64Array.from(inside, (i) => values[i]).sort();
  const edges = binEdges([...sorted], undefined);
  const held = membersOfBins(
    inside.map((i) => values[i]),
    edges,
  );
  const most = Math.max(...held.map(({ length }) => length));
  const rows = held.flatMap((members, at) => {
    const count = members.length;
    if (count === 0) return [];
    return [
      {
        x: drawn(Math.max(from, edges[at])),
        x2: drawn(Math.min(to, edges[at + 1])),
        y: drawn(bottom),
        y2: drawn(bottom + (tall * count) / most),
        count,
        ids: members.map((one) => ids[inside[one]]),
      },
    ];
  });
  return {
    data: { values: rows },
    mark: { type: "rect", color: RULE, opacity: 0.8 },
    encoding: {
      x: { field: "x", type: "quantitative" },
      x2: { field: "x2" },
      y,
      y2: { field: "y2" },
      tooltip: [tip("count", "Patients", "d")],
    },
  };
}

/** Where the model's mean answer and the mean value lie. */
function meanLayers(
  { values, answers }: PartialDependence,
  x: Json,
  y: Json,
  [from, to]: readonly [number, number],
): Spec[] {
  const at = averageOf(values.filter((value) => !Number.isNaN(value)));
  const look = { type: "rule", color: QUIET_INK, strokeDash: [3, 4] };
  return [
    { data: { values: [{ y: drawn(averageOf(answers)) }] }, mark: look, encoding: { y } },
    ...(at >= from && at <= to
      ? [{ data: { values: [{ x: drawn(at) }] }, mark: look, encoding: { x } }]
      : []),
  ];
}

function averageOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What the value of a patient moved the answer, from the base. */
interface Stem {
  readonly id: string;
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly words: string;
}

/** @throws InputError unless a patient is named whom both hold, in one unit. */
function stemOf(
  { feature, outputUnit, ids, values }: PartialDependence,
  shap: Explanation,
  id: string | undefined,
): Stem {
  if (id === undefined) {
    throw new InputError(`say whose SHAP value is to be drawn: { patient: "${ids[0]}", shap }.`);
  }
  if (shap.outputUnit !== outputUnit) {
    throw new InputError(
      `the SHAP values are in "${shap.outputUnit}", the model's answers in "${outputUnit}". ` +
        'Explain the answers themselves, for example by explain.kernel, or by explain.tree with scale: "probability".',
    );
  }
  const moved = shap.values[patientRow(shap, id) * shap.features.length + featureColumn(shap, feature)];
  return {
    id,
    at: values[ids.indexOf(id)],
    from: shap.base,
    to: shap.base + moved,
    words: `${feature} of ${id} moves the answer by ${signed(moved)} from the base.`,
  };
}

function stemLayers({ id, at, from, to }: Stem, x: Json, y: Json): Spec[] {
  const values = [{ id, x: drawn(at), y: drawn(from), y2: drawn(to), moved: drawn(to - from) }];
  const tooltip = [tip("id", "Patient"), tip("moved", "SHAP value", ".4~r")];
  return [
    {
      data: { values: [{ y: drawn(from) }] },
      mark: { type: "rule", color: INK, strokeWidth: 1 },
      encoding: { y },
    },
    {
      data: { values },
      mark: { type: "rule", color: to >= from ? RAISES : LOWERS, strokeWidth: 4 },
      encoding: { x, y, y2: { field: "y2" }, tooltip },
    },
  ];
}

function describe(
  { feature, outputUnit, grid, mean, ids, answers }: PartialDependence,
  note: string,
  more: string,
): string {
  const text = (value: number): string => formatNumber(value, 3).replace("-", "−");
  const last = grid.length - 1;
  const [low, high] = [mean.reduce(smaller), mean.reduce(larger)];
  return (
    `partial dependence of the ${outputUnit === "" ? "answer" : outputUnit} on ${feature} in ${ids.length} patients: ` +
    `mean answer ${text(mean[0])} at ${text(grid[0])} and ${text(mean[last])} at ${text(grid[last])}, ` +
    `between ${text(low)} and ${text(high)}. Mean answer of all as they are: ${text(averageOf(answers))}.` +
    `${note === "" ? "" : ` Shown: ${note}.`}${more}`
  );
}

const smaller = (one: number, other: number): number => Math.min(one, other);
const larger = (one: number, other: number): number => Math.max(one, other);
