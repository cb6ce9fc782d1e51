/**
 * The forest plot of a Cox model: patients, events, hazard ratios with intervals on a logarithmic axis, the model's fit.
 *
 * Layer:  plot; imports core, model (types), table.
 */
import type { Json } from "../core/display.js";
import { InputError } from "../core/errors.js";
import type { CoxCovariate, CoxModel } from "../model/cox-model.js";
import type { Labels } from "../table/labels.js";
import { formatNumber, formatP } from "../table/render.js";
import { Figure } from "./figure.js";
import { type ForestRow, forestRows } from "./forest-rows.js";
import { type TitleOptions, textAt } from "./marks.js";
import { GROUP_COLORS } from "./palette.js";
import { EXACT_TICK, figureFrame, INK, PAPER, QUIET_INK } from "./theme.js";
import type { Spec } from "./vega.js";

export interface ForestOptions extends TitleOptions {
  /** Groups that entered by `model.indicators`: their classes stand together, with the reference. Default none. */
  readonly groups?: readonly Labels[];
}

const WIDTH = 320;
const ROW = 28;
/** Room of the columns of patients and events, and from the axes to the line under them. */
const COUNTS = 96;
const FOOT = 66;
/** Ends of the axis at most: an interval that runs on is cut and ends in an arrow. */
const WIDEST: readonly [number, number] = [0.01, 100];

/**
 * Draws the hazard ratio of each covariate with its interval, per one unit of the covariate.
 *
 * @throws InputError if a hazard ratio is not finite, or a group is not in the model.
 *
 * @example
 * plot.forest(model.cox().fit(x, y))
 */
export function forest(fitted: CoxModel, { title = "", groups = [] }: ForestOptions = {}): Figure {
  const { covariates } = fitted;
  const lines = forestRows(fitted, groups);
  const bad = covariates.find(({ hazardRatio }) => !(hazardRatio > 0 && Number.isFinite(hazardRatio)));
  if (bad !== undefined) {
    throw new InputError(
      `covariate "${bad.name}" has the hazard ratio ${bad.hazardRatio}, which no axis can show. ` +
        "Rescale it, for example with model.standardize, and fit again.",
    );
  }
  const interval = `${formatNumber(100 * fitted.confidence, 4)} %`;
  const alternative = describe(fitted, lines, interval, title);
  const domain = axisDomain(covariates);
  const height = ROW * lines.length;
  const x = (field: string): Json => ({
    field,
    type: "quantitative",
    scale: { type: "log", domain, nice: false },
    axis: {
      title: `Hazard ratio (${interval} interval)`,
      grid: false,
      labelExpr: EXACT_TICK,
      values: axisTicks(domain),
    },
  });
  const y: Json = {
    field: "y",
    type: "quantitative",
    scale: { domain: [height, 0], nice: false },
    axis: null,
  };
  const rows = lines.flatMap(({ covariate, ids }, i) => {
    if (covariate === undefined) return [];
    const { hazardRatio, lower, upper, name } = covariate;
    return [
      {
        name,
        y: ROW * (i + 0.5),
        ratio: hazardRatio,
        low: clamp(lower, domain),
        high: clamp(upper, domain),
        ...(lower < domain[0] ? { before: domain[0] } : {}),
        ...(upper > domain[1] ? { beyond: domain[1] } : {}),
        // A line of everybody stands for no choice.
        ...(ids.length < fitted.n ? { ids } : {}),
      },
    ];
  });
  const references = lines.flatMap(({ covariate }, i) =>
    covariate === undefined ? [{ ratio: 1, y: ROW * (i + 0.5) }] : [],
  );
  const data: Json = { values: rows };
  const arrow = (field: "before" | "beyond", angle: number): Spec => ({
    data: { values: rows.filter((row) => field in row) },
    mark: { type: "point", shape: "triangle", filled: true, size: 45, angle, color: INK, opacity: 1 },
    encoding: { x: x(field), y },
  });
  return new Figure("forest", alternative, {
    ...figureFrame(title, alternative),
    width: WIDTH,
    height,
    layer: [
      {
        data: { values: [{ one: 1 }] },
        mark: { type: "rule", color: QUIET_INK, strokeDash: [4, 4] },
        encoding: { x: x("one") },
      },
      {
        data,
        mark: { type: "rule", color: INK, strokeWidth: 1.5 },
        encoding: { x: x("low"), x2: { field: "high" }, y },
      },
      arrow("before", -90),
      arrow("beyond", 90),
      {
        data: { values: rows.filter(({ ratio }) => ratio === clamp(ratio, domain)) },
        mark: { type: "square", size: 70, color: GROUP_COLORS[0], opacity: 1 },
        encoding: { x: x("ratio"), y },
      },
      ...(references.length === 0
        ? []
        : [
            {
              data: { values: references },
              mark: { type: "square", size: 70, stroke: GROUP_COLORS[0], fill: PAPER, opacity: 1 },
              encoding: { x: x("ratio"), y },
            },
          ]),
      ...lines.flatMap((line, i) => rowTexts(line, ROW * (i + 0.5))),
      ...headings(interval),
      textAt(modelLine(fitted), { x: 0, y: height + FOOT, dx: -14 - COUNTS, color: QUIET_INK }),
    ],
  });
}

/** From the least lower to the largest upper limit, with room, 1 always inside. */
function axisDomain(covariates: readonly CoxCovariate[]): readonly [number, number] {
  const finite = covariates
    .flatMap(({ lower, upper, hazardRatio }) => [lower, upper, hazardRatio])
    .filter(Number.isFinite);
  const low = Math.max(WIDEST[0], Math.min(0.8, ...finite.filter((value) => value > 0)) / 1.1);
  const high = Math.min(WIDEST[1], Math.max(1.25, ...finite) * 1.1);
  return [low, high];
}

/** Round ratios inside the axis; few on a wide one. */
function axisTicks([low, high]: readonly [number, number]): readonly number[] {
  const choices = high / low > 50 ? COARSE : high / low > 4 ? MEDIUM : FINE;
  return choices.filter((tick) => tick >= low && tick <= high);
}

const COARSE = [0.01, 0.1, 1, 10, 100];
const MEDIUM = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16];
const FINE = [0.4, 0.5, 0.6, 0.8, 1, 1.25, 1.5, 2, 2.5];

function clamp(value: number, [low, high]: readonly [number, number]): number {
  // An interval without an end runs off the axis.
  return Number.isNaN(value) ? value : Math.min(high, Math.max(low, value));
}

/** Name, patients and events on the left; ratio, interval and p on the right. */
function rowTexts({ label, covariate, ids, events }: ForestRow, y: number): Spec[] {
  const counts = [
    textAt(label, { x: 0, y, dx: -14 - COUNTS, align: "right", limit: 260 }),
    textAt(String(ids.length), { x: 0, y, dx: -66, align: "right" }),
    textAt(String(events), { x: 0, y, dx: -14, align: "right" }),
  ];
  if (covariate === undefined)
    return [...counts, textAt("reference", { x: WIDTH, y, dx: 18, color: QUIET_INK })];
  const { hazardRatio, lower, upper, p } = covariate;
  return [
    ...counts,
    textAt(`${ratio(hazardRatio)} (${ratio(lower)}–${ratio(upper)})`, { x: WIDTH, y, dx: 18 }),
    textAt(formatP(p).replace(/^p (= )?/, ""), { x: WIDTH, y, dx: 160 }),
  ];
}

function headings(interval: string): Spec[] {
  const look = { y: -10, fontWeight: 600 };
  return [
    textAt("Covariate", { ...look, x: 0, dx: -14 - COUNTS, align: "right" }),
    textAt("n", { ...look, x: 0, dx: -66, align: "right" }),
    textAt("Events", { ...look, x: 0, dx: -14, align: "right" }),
    textAt(`HR (${interval})`, { ...look, x: WIDTH, dx: 18 }),
    textAt("p", { ...look, x: WIDTH, dx: 160 }),
  ];
}

/** The whole model in a line. */
function modelLine({ n, events, score, aic, concordance }: CoxModel): string {
  return (
    `${n} patients, ${events} events; global ${formatP(score.p)} (score test); ` +
    `AIC ${aic.toFixed(1)}; concordance ${concordance.c.toFixed(2)}`
  );
}

function ratio(value: number): string {
  if (!Number.isFinite(value)) return "∞";
  return value >= 100 || value < 0.01 ? value.toPrecision(2) : value.toFixed(2);
}

/** The result in words, for those who do not see the figure. */
function describe(fitted: CoxModel, lines: readonly ForestRow[], interval: string, title: string): string {
  const ratios = lines.map(({ label, covariate, ids, events }) => {
    if (covariate === undefined) return `${label}: reference, ${ids.length} patients, ${events} events`;
    const { name, hazardRatio, lower, upper, p } = covariate;
    return `${name} ${ratio(hazardRatio)} (${interval} interval ${ratio(lower)} to ${ratio(upper)}, ${formatP(p)})`;
  });
  const { score, aic, concordance } = fitted;
  return (
    `${title === "" ? "" : `${title}: `}hazard ratios of a Cox model of ${fitted.n} patients with ${fitted.events} events: ` +
    `${ratios.join("; ")}. Global ${formatP(score.p)} (score test), AIC ${aic.toFixed(1)}, concordance ${concordance.c.toFixed(2)}.`
  );
}
