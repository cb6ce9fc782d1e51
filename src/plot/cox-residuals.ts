/**
 * Residuals of a Cox model: patients whom it predicts badly, or who move its coefficients.
 *
 * Layer:  plot; imports core, model, table.
 */
import { InputError } from "../core/errors.js";
import { COX_INFLUENCES, coxInfluence } from "../model/cox-influence.js";
import type { CoxModel } from "../model/cox-model.js";
import {
  partialResiduals,
  coxResiduals as patientResiduals,
  schoenfeldResiduals,
} from "../model/cox-residuals.js";
import { type Loess, loess } from "../model/statistics/loess.js";
import { FeatureTable } from "../table/feature-table.js";
import { formatNumber } from "../table/render.js";
import type { Figure } from "./figure.js";
import { panels } from "./grid.js";
import { drawn, fixed, headed, numbers, shorten, type TitleOptions, tip } from "./marks.js";
import { roomyEnds, trendPanel } from "./trend-panel.js";

/** What is drawn; all but "martingale" and "deviance" have a panel for each covariate. */
export type ResidualKind =
  | "martingale"
  | "deviance"
  | "partial"
  | "score"
  | "dfbeta"
  | "dfbetas"
  | "schoenfeld"
  | "scaled-schoenfeld";

export interface CoxResidualsFigureOptions extends TitleOptions {
  /** Default "deviance". */
  readonly kind?: ResidualKind;
  /**
   * What they are drawn over: "patient" is the row of the table. Default: linear predictor of martingale and deviance
   * residuals, the covariate of partial ones, time of Schoenfeld's, patient of the others.
   */
  readonly against?: "linear predictor" | "patient" | "time" | "covariate";
  /** Default true: a smooth line (local regression, `model.statistics.loess`), level if the model fits. */
  readonly smooth?: boolean;
  /** Default true: the pointwise 95 % interval of the smooth line. */
  readonly band?: boolean;
}

const NAMES: Readonly<Record<ResidualKind, string>> = {
  martingale: "Martingale residual",
  deviance: "Deviance residual",
  partial: "Partial residual",
  score: "Score residual",
  dfbeta: "Change of the coefficient",
  dfbetas: "Change of the coefficient (SE)",
  schoenfeld: "Schoenfeld residual",
  "scaled-schoenfeld": "Scaled Schoenfeld residual",
};

/**
 * Draws a dot for each patient (Schoenfeld's: each event) and the smooth trend, with its interval; both are level if the model fits.
 *
 * @throws InputError if there is no such residual, or nothing to draw it over.
 *
 * @example
 * plot.coxResiduals(fitted, { kind: "dfbetas" })
 */
export function coxResiduals(fitted: CoxModel, options: CoxResidualsFigureOptions = {}): Figure {
  const { title = "", kind = "deviance", smooth = true, band = true } = options;
  if (!(kind in NAMES)) {
    throw new InputError(`kind must be one of ${Object.keys(NAMES).join(", ")}, found "${String(kind)}".`);
  }
  const { against = usualAxis(kind) } = options;
  const table = residualsOf(fitted, kind);
  const trends = table.columns.map(({ name, values }) => {
    const { label, places } = axisOf(fitted, against, table.ids, name);
    const curve = smooth && places.length > 2 ? loess(places, values) : undefined;
    return { name, values, label, places, curve };
  });
  const views = trends.map(({ name, values, label, places, curve }) => {
    const ends = roomyEnds(places);
    return trendPanel({
      heading: shorten(name, 40),
      x: numbers("x", { title: label, domain: ends }),
      y: numbers("y", { title: NAMES[kind] }),
      dots: table.ids.map((id, i) => ({ id, x: drawn(places[i]), y: drawn(values[i]) })),
      ends,
      level: 0,
      ...(curve === undefined ? {} : { line: curve }),
      ...(curve === undefined || !band || Number.isNaN(curve.lower[0]) ? {} : { band: curve }),
      tooltip: [tip("id", "Patient"), tip("x", label, ".4~r"), tip("y", NAMES[kind], ".3f")],
    });
  });
  const alternative = describe(
    table,
    kind,
    against,
    title,
    trends.map(({ curve }) => trendWords(curve)),
  );
  return panels("cox-residuals", alternative, views, { title, columns: views.length < 2 ? 1 : 2 });
}

function usualAxis(kind: ResidualKind): NonNullable<CoxResidualsFigureOptions["against"]> {
  if (kind === "martingale" || kind === "deviance") return "linear predictor";
  if (kind === "partial") return "covariate";
  return kind === "schoenfeld" || kind === "scaled-schoenfeld" ? "time" : "patient";
}

function residualsOf(fitted: CoxModel, kind: ResidualKind): FeatureTable {
  if (kind === "martingale" || kind === "deviance") {
    const { ids, values } = patientResiduals(fitted, kind);
    return new FeatureTable(ids, [{ name: "all covariates", unit: "", values }]);
  }
  if (kind === "partial") return partialResiduals(fitted);
  const influence = COX_INFLUENCES.find((name) => name === kind);
  if (influence !== undefined) return coxInfluence(fitted, influence);
  return schoenfeldResiduals(fitted, { scaled: kind === "scaled-schoenfeld" });
}

function axisOf(
  fitted: CoxModel,
  against: NonNullable<CoxResidualsFigureOptions["against"]>,
  ids: readonly string[],
  covariate: string,
): { readonly label: string; readonly places: Float64Array } {
  const { x, y } = fitted.training;
  const rowOf = new Map(y.ids.map((id, row) => [id, row]));
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from(ids, (id) => values[rowOf.get(id) as number]);
  switch (against) {
    case "linear predictor":
      return { label: "Linear predictor", places: pick(fitted.predict(x).values) };
    case "patient":
      return {
        label: "Patient (row of the table)",
        places: pick(Float64Array.from(y.ids, (_, row) => row + 1)),
      };
    case "time":
      return { label: `Time (${y.unit})`, places: pick(y.time) };
    case "covariate":
      if (x.has(covariate)) return { label: shorten(covariate, 40), places: pick(x.column(covariate)) };
      throw new InputError(
        'residuals of the whole model have no covariate of their own. Draw them over "linear predictor", "time" or "patient".',
      );
    default:
      throw new InputError(
        `against must be "linear predictor", "patient", "time" or "covariate", found "${String(against)}".`,
      );
  }
}

/** The result in words, for those who do not see the figure. */
function describe(
  table: FeatureTable,
  kind: ResidualKind,
  against: string,
  title: string,
  trends: readonly string[],
): string {
  const parts = table.columns.map(({ name, values }, j) => {
    const most = values.reduce((best, value, i) => (Math.abs(value) > Math.abs(values[best]) ? i : best), 0);
    const few = values.filter((value) => Math.abs(value) > 2 / Math.sqrt(values.length)).length;
    const beyond = kind === "dfbetas" ? `, ${few} beyond 2 / √n` : "";
    const largest = `largest ${fixed(values[most], 3)} of patient ${table.ids[most]}`;
    return `${name}: ${largest}, mean ${formatNumber(mean(values), 2)}${beyond}${trends[j]}`;
  });
  return headed(
    title,
    `${NAMES[kind].charAt(0).toLowerCase()}${NAMES[kind].slice(1)} of ${table.length} ${kind.endsWith("schoenfeld") ? "events" : "patients"} over ` +
      `${against === "patient" ? "the row of the table" : against}. ${parts.join("; ")}.`,
  );
}

/** Where the interval of the trend says that the residuals are not level. */
function trendWords(curve: Loess | undefined): string {
  if (curve === undefined || Number.isNaN(curve.lower[0])) return "";
  const beside = Array.from(curve.x).filter((_, k) => curve.lower[k] > 0 || curve.upper[k] < 0);
  if (beside.length === 0) return ", the interval of the trend holds 0 everywhere";
  const [from, to] = [beside[0], beside[beside.length - 1]].map((x) => formatNumber(x, 3));
  return `, the interval of the trend leaves 0 at ${beside.length} of ${curve.x.length} places from ${from} to ${to}`;
}

function mean(values: Float64Array): number {
  const sum = values.reduce((total, value) => total + value, 0);
  // Residuals that sum to 0 but for rounding have the mean 0.
  return Math.abs(sum) < 1e-9 * values.length ? 0 : sum / values.length;
}
