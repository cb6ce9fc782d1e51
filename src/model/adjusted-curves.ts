/**
 * Survival curves of groups, adjusted for other covariates of a Cox model.
 *
 * Source: Therneau, Crowson & Atkinson 2015, "Adjusted survival curves" (vignette of R's survival); Makuch 1982,
 *         doi:10.1016/0021-9681(82)90060-1 (standardization); Cole & Hernán 2004, doi:10.1016/j.cmpb.2003.10.004 (weights).
 * Layer:  model; imports core, table.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { FeatureTable } from "../table/feature-table.js";
import { Labels } from "../table/labels.js";
import { formatNumber, renderTable } from "../table/render.js";
import type { TimeUnit } from "../table/survival-data.js";
import { distinctTimes } from "./competing.js";
import { type CoxModel, refuseWeights } from "./cox-model.js";
import { indexOfTime } from "./event-times.js";
import { groupRows, rowsOf } from "./groups.js";
import { logistic } from "./logistic.js";

export const ADJUSTMENTS = ["standardized", "average", "weighted"] as const;

export type CurveAdjustment = (typeof ADJUSTMENTS)[number];

export interface AdjustedCurvesOptions {
  /** Column of the model whose values are the groups. Default none: one curve of everybody. */
  readonly by?: string;
  /**
   * "standardized" (default): each curve is what the model expects if everybody were in that group, other covariates as
   * they are. "average": what it expects of the group's own patients, who may differ otherwise. "weighted": the product
   * limit of the group's own patients, weighted by 1 / probability to be in it given the other covariates.
   */
  readonly method?: CurveAdjustment;
}

/** Step function of one group: one entry per distinct time of the patients that the model was fitted on. */
export interface AdjustedCurve {
  readonly label: string;
  /** Patients of the group. */
  readonly ids: readonly string[];
  readonly time: Float64Array;
  readonly survival: Float64Array;
}

export interface AdjustedCurves {
  readonly method: CurveAdjustment;
  readonly unit: TimeUnit;
  /** Covariates that the curves are adjusted for. */
  readonly adjustedFor: readonly string[];
  readonly curves: readonly AdjustedCurve[];
}

const MOST_GROUPS = 7;

/**
 * @throws InputError if the model is stratified, has case weights or lacks the column, the column has more than 7 values or, for "weighted",
 * the model has no other column; NumericalError if the others separate a group.
 *
 * @example
 * plot.adjustedCurves(model.adjustedCurves(fitted, { by: "sex" }))
 */
export function adjustedCurves(
  fitted: CoxModel,
  { by, method = "standardized" }: AdjustedCurvesOptions = {},
): AdjustedCurves {
  if (!ADJUSTMENTS.includes(method)) {
    throw new InputError(`method must be one of ${ADJUSTMENTS.join(", ")}, found "${String(method)}".`);
  }
  refuseWeights(fitted, "adjusted curves");
  const { x, y } = fitted.training;
  const groups = by === undefined ? groupRows(y.ids, undefined) : groupRows(y.ids, groupsOf(fitted, by));
  const others = x.names.filter((name) => name !== by);
  const expect = expectation(fitted);
  const curves = groups.map(({ label, rows }): AdjustedCurve => {
    const ids = Array.from(rows, (row) => y.ids[row]);
    if (by === undefined || method === "average") return { label, ids, ...expect(x.pick(ids)) };
    if (method === "weighted") return { label, ids, ...weighted(fitted, rows, others) };
    const value = x.column(by)[rows[0]];
    const columns = x.columns.map((column) =>
      column.name === by ? { ...column, values: column.values.map(() => value) } : column,
    );
    return { label, ids, ...expect(new FeatureTable(x.ids, columns)) };
  });
  const result: AdjustedCurves = { method, unit: y.unit, adjustedFor: others, curves };
  return showAs(result, () => show(result));
}

/** Patients by the value of a column, rising. */
function groupsOf(fitted: CoxModel, by: string): Labels {
  const { x, y } = fitted.training;
  if (!x.has(by)) {
    throw new InputError(
      `the model has no column "${by}"; it has ${x.names.join(", ")}. Choose one of these.`,
    );
  }
  const values = x.column(by);
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  if (distinct.length > MOST_GROUPS) {
    throw new InputError(
      `"${by}" has ${distinct.length} values, and at most ${MOST_GROUPS} curves can be told apart. Cut it into groups.`,
    );
  }
  const label = (value: number): string => `${by} ${formatNumber(value)}`;
  return new Labels(y.ids, Array.from(values, label), { classes: distinct.map(label), name: by });
}

interface Curve {
  readonly time: Float64Array;
  readonly survival: Float64Array;
}

/** Mean of the survival that the model predicts for each patient of a table. */
function expectation(fitted: CoxModel): (x: FeatureTable) => Curve {
  if (fitted.training.strata !== undefined) {
    throw new InputError(
      "a stratified model has one baseline hazard per stratum. Adjust with a model that has the strata as a column.",
    );
  }
  const [{ time, cumulativeHazard }] = fitted.baseline;
  return (x) => {
    const risks = fitted.predict(x).values.map(Math.exp);
    const survival = cumulativeHazard.map((hazard) => {
      let sum = 0;
      for (const risk of risks) sum += Math.exp(-hazard * risk);
      return sum / risks.length;
    });
    return { time, survival };
  };
}

/** Product limit of some patients, each counted by how rare someone like them is in their group. */
function weighted(fitted: CoxModel, rows: Uint32Array, others: readonly string[]): Curve {
  const { x, y } = fitted.training;
  if (others.length === 0) {
    throw new InputError('method "weighted" needs a model with another covariate than the groups.');
  }
  const isOwn = new Set(rows);
  const own = new Labels(
    y.ids,
    y.ids.map((_, row) => (isOwn.has(row) ? "own" : "other")),
    { classes: ["other", "own"], name: "group" },
  );
  const probability = logistic({ positive: "own" })
    .fit(x.select(others), own)
    .predict(x.select(others)).values;
  const time = distinctTimes(y.time, rowsOf(y.length));
  const atRisk = new Float64Array(time.length);
  const events = new Float64Array(time.length);
  for (const row of rows) {
    const at = indexOfTime(time, y.time[row]);
    atRisk[at] += 1 / probability[row];
    events[at] += y.event[row] / probability[row];
  }
  for (let at = time.length - 2; at >= 0; at--) atRisk[at] += atRisk[at + 1];
  let left = 1;
  const survival = time.map((_, at) => {
    if (events[at] > 0) left *= 1 - events[at] / atRisk[at];
    return left;
  });
  return { time, survival };
}

const METHODS: Readonly<Record<CurveAdjustment, string>> = {
  standardized: "standardized over all patients",
  average: "averaged over the group's own patients",
  weighted: "weighted to the covariates of all patients",
};

function show({ method, unit, adjustedFor, curves }: AdjustedCurves): MimeBundle {
  return renderTable({
    title: `Survival curves ${METHODS[method]}; ${unit}`,
    header: ["group", "n", "median", "survival at the end"],
    rows: curves.map(({ label, ids, time, survival }) => {
      const half = survival.findIndex((value) => value <= 0.5);
      return [
        label,
        String(ids.length),
        half < 0 ? "not reached" : formatNumber(time[half]),
        formatNumber(survival[survival.length - 1], 4),
      ];
    }),
    notes: [`Adjusted for ${adjustedFor.join(", ")}`],
  });
}
