/**
 * The nomogram of a Cox or logistic model: read off points for each covariate, add them up, read off the prediction.
 *
 * Layer:  plot; imports core, model, table.
 */
import { CoxModel } from "../model/cox-model.js";
import type { LogisticModel } from "../model/logistic-model.js";
import type { FeatureTable } from "../table/feature-table.js";
import { formatNumber } from "../table/render.js";
import { Figure } from "./figure.js";
import { drawn, headed, shorten, type TitleOptions, textAt } from "./marks.js";
import { nomogramScale, type PredictionAxis } from "./nomogram-scale.js";
import { roundStep } from "./survival-rows.js";
import { figureFrame, INK } from "./theme.js";
import type { Spec } from "./vega.js";

export interface NomogramOptions extends TitleOptions {
  /** Of a Cox model: times at which survival is predicted, in its unit. */
  readonly at?: readonly number[];
}

const WIDTH = 520;
const ROW = 46;
/** Ticks closer than this would touch with their labels. */
const TICK_ROOM = 34;
const PROBABILITIES = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];

/**
 * Draws a nomogram. The largest effect between the ends of a covariate counts 100 points.
 *
 * @param x  Patients whose least and largest values end the axes: those that the model was fitted on.
 * @throws InputError if the model is stratified or has no effect, a column is absent or constant, or a time is beyond the
 * model's follow-up.
 *
 * @example
 * plot.nomogram(cox, train.x, { at: [12, 24] })
 */
export function nomogram(
  fitted: CoxModel | LogisticModel,
  x: FeatureTable,
  { title = "", at = [] }: NomogramOptions = {},
): Figure {
  const { covariates, total, predictions } = nomogramScale(fitted, x, at);
  const onPoints = (points: number): number => (points / 100) * WIDTH;
  const onTotal = (points: number): number => (points / total) * WIDTH;
  const rows: AxisRow[] = [
    { label: "Points", ticks: roundTicks(0, 100, 10).map((tick) => mark(tick, onPoints(tick))), bold: true },
    ...covariates.map(({ label, low, high, pointsAt }) => ({
      label,
      ticks: [
        ...new Set([low, ...inner(low, high, Math.abs(onPoints(pointsAt(high) - pointsAt(low)))), high]),
      ].map((value) => mark(value, onPoints(pointsAt(value)))),
      bold: false,
    })),
    {
      label: "Total points",
      ticks: roundTicks(0, total, WIDTH / 50).map((tick) => mark(tick, onTotal(tick))),
      bold: true,
    },
    ...predictions.map((axis) => ({
      label: axis.label,
      ticks: predictionTicks(axis, total, onTotal),
      bold: false,
    })),
  ];
  const height = ROW * rows.length;
  const alternative = headed(title, describe(fitted, covariates, predictions, total));
  return new Figure("nomogram", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height,
    layer: rows.flatMap((row, r) => axisLayers(row, ROW * (r + 0.5), height)),
  });
}

interface Tick {
  readonly text: string;
  /** In CSS pixels. */
  readonly x: number;
}

/** Side of its tick on which a label stands: labels of a short axis stand outside of it. */
const SIDES = ["center", "left", "right"] as const;

function sideOf({ x }: Tick, ticks: readonly Tick[]): (typeof SIDES)[number] {
  const xs = ticks.map((tick) => tick.x);
  const [first, last] = [Math.min(...xs), Math.max(...xs)];
  if (last - first >= TICK_ROOM) return "center";
  return x === first ? "right" : "left";
}

interface AxisRow {
  readonly label: string;
  readonly ticks: readonly Tick[];
  readonly bold: boolean;
}

function mark(value: number, x: number): Tick {
  return { text: formatNumber(value, 3).replace("-", "−"), x: drawn(x) };
}

/** Round values from low to high, at most about `most`. */
function roundTicks(low: number, high: number, most: number): readonly number[] {
  const step = roundStep((high - low) / most);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

/** Round values between the ends of an axis, apart from both. */
function inner(low: number, high: number, pixels: number): readonly number[] {
  const most = pixels / (1.6 * TICK_ROOM);
  if (most < 2) return [];
  const room = (TICK_ROOM / pixels) * (high - low);
  return roundTicks(low, high, most).filter((tick) => tick - low >= room && high - tick >= room);
}

/** Probabilities between the ends of the axis, as many as fit. */
function predictionTicks(
  { probabilityAt, totalAt }: PredictionAxis,
  total: number,
  onTotal: (points: number) => number,
): readonly Tick[] {
  const ends = [probabilityAt(0), probabilityAt(total)];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const ticks = PROBABILITIES.filter((p) => p >= low && p <= high)
    .map((p) => ({ text: String(p), x: drawn(onTotal(totalAt(p))) }))
    .sort((a, b) => a.x - b.x);
  const kept: Tick[] = [];
  for (const tick of ticks) {
    if (kept.length === 0 || tick.x - kept[kept.length - 1].x >= TICK_ROOM) kept.push(tick);
  }
  // A model that always predicts nearly the same still has its two ends.
  return kept.length >= 2 ? kept : ends.map((p, k) => ({ text: p.toFixed(3), x: k * WIDTH }));
}

function axisLayers({ label, ticks, bold }: AxisRow, y: number, height: number): Spec[] {
  const place = (field: string): Spec => ({
    field,
    type: "quantitative",
    scale: { domain: [0, WIDTH], nice: false },
    axis: null,
  });
  const down: Spec = {
    field: "y",
    type: "quantitative",
    scale: { domain: [height, 0], nice: false },
    axis: null,
  };
  const xs = ticks.map((tick) => tick.x);
  return [
    {
      data: { values: [{ x: Math.min(...xs), x2: Math.max(...xs), y }] },
      mark: { type: "rule", color: INK, strokeWidth: 1 },
      encoding: { x: place("x"), x2: { field: "x2" }, y: down },
    },
    {
      data: { values: ticks.map((tick) => ({ x: tick.x, y, y2: y + 5 })) },
      mark: { type: "rule", color: INK, strokeWidth: 1 },
      encoding: { x: place("x"), y: down, y2: { field: "y2" } },
    },
    ...SIDES.map(
      (align): Spec => ({
        data: {
          values: ticks
            .filter((tick) => sideOf(tick, ticks) === align)
            .map((tick) => ({ ...tick, y: y + 14 })),
        },
        mark: {
          type: "text",
          fontSize: 11,
          baseline: "middle",
          align,
          dx: { center: 0, left: -3, right: 3 }[align],
        },
        encoding: { x: place("x"), y: down, text: { field: "text", type: "nominal" } },
      }),
    ),
    textAt(shorten(label, 34), { x: 0, y, dx: -20, align: "right", ...(bold ? { fontWeight: 600 } : {}) }),
  ];
}

function describe(
  fitted: CoxModel | LogisticModel,
  covariates: ReturnType<typeof nomogramScale>["covariates"],
  predictions: readonly PredictionAxis[],
  total: number,
): string {
  const kind = fitted instanceof CoxModel ? "Cox" : "logistic";
  const points = covariates.map(
    ({ label, low, high, most, pointsAt }) =>
      `${label} from ${formatNumber(low, 3)} to ${formatNumber(high, 3)}, up to ${formatNumber(most, 3)} points ` +
      `at ${pointsAt(high) >= pointsAt(low) ? "the largest" : "the least"} value`,
  );
  const ends = predictions.map(
    ({ label, probabilityAt }) =>
      `${label}: ${probabilityAt(0).toFixed(3)} at 0 points, ${probabilityAt(total).toFixed(3)} at ${formatNumber(total, 4)}`,
  );
  return `nomogram of a ${kind} model. ${points.join("; ")}. ${ends.join("; ")}.`;
}
