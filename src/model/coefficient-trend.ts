/**
 * How the coefficients of a Cox model change with time: scaled Schoenfeld residuals and a smooth trend through them.
 *
 * Source: Grambsch & Therneau 1994, doi:10.1093/biomet/81.3.515; the trend as R's `plot.cox.zph`: natural cubic spline.
 * Layer:  model; imports core.
 */
import { normalQuantile } from "../core/distributions.js";
import type { TimeUnit } from "../table/survival-data.js";
import { type CoxModel, refuseWeights } from "./cox-model.js";
import { schoenfeldResiduals } from "./cox-residuals.js";
import { naturalKnots, naturalSpline } from "./natural-spline.js";
import { type Proportionality, proportionality, scaledTimes, type TimeScale } from "./proportionality.js";

/** One covariate's coefficient over time; without change the trend is a level line at the coefficient. */
export interface CoefficientTrend {
  readonly name: string;
  /** Of the test that the coefficient does not change. */
  readonly p: number;
  /** Coefficient of the model. */
  readonly coefficient: number;
  /** Scaled Schoenfeld residual of each event. */
  readonly residuals: Float64Array;
  /** The trend at `at`, its standard error and pointwise interval. */
  readonly value: Float64Array;
  readonly error: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export interface CoefficientTrends {
  readonly scale: TimeScale;
  readonly unit: TimeUnit;
  readonly confidence: number;
  /** Patient and time of each event, and the time on the scale of the test. */
  readonly ids: readonly string[];
  readonly time: Float64Array;
  readonly scaled: Float64Array;
  /** 40 even places on that scale. */
  readonly at: Float64Array;
  readonly covariates: readonly CoefficientTrend[];
  readonly test: Proportionality;
}

export interface CoefficientTrendOptions {
  /** Scale of time, default "km", as in `model.proportionality`. */
  readonly scale?: TimeScale;
  /** Degrees of freedom of the trend, default 4. */
  readonly degreesOfFreedom?: number;
}

const PLACES = 40;

/**
 * @throws InputError as `proportionality`, or if the model has case weights; NumericalError if the events are too few for the trend.
 *
 * @example
 * plot.schoenfeld(model.coefficientTrends(fitted))
 */
export function coefficientTrends(
  fitted: CoxModel,
  { scale = "km", degreesOfFreedom = 4 }: CoefficientTrendOptions = {},
): CoefficientTrends {
  refuseWeights(fitted, "coefficient trends");
  const test = proportionality(fitted, { scale });
  const { y } = fitted.training;
  const residuals = schoenfeldResiduals(fitted, { scaled: true });
  const everybody = scaledTimes(y, scale);
  const rowOf = new Map(y.ids.map((id, row) => [id, row]));
  const rows = Uint32Array.from(residuals.ids, (id) => rowOf.get(id) as number);
  const scaled = Float64Array.from(rows, (row) => everybody[row]);
  const [low, high] = scaled.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [scaled[0], scaled[0]],
  );
  const at = Float64Array.from({ length: PLACES }, (_, i) => low + ((high - low) * i) / (PLACES - 1));
  // R shares the knots among the events and the places together.
  const knots = naturalKnots(Float64Array.from([...at, ...scaled]), degreesOfFreedom);
  const z = normalQuantile(1 - (1 - fitted.confidence) / 2);
  const covariates = fitted.covariates.map(({ name, coefficient, standardError }, j): CoefficientTrend => {
    const own = residuals.column(name);
    const { value, unitError } = naturalSpline(scaled, own, knots, at);
    const spread = Math.sqrt(fitted.events) * standardError;
    const error = unitError.map((unit) => unit * spread);
    return {
      name,
      p: test.covariates[j].p,
      coefficient,
      residuals: own,
      value,
      error,
      lower: value.map((center, i) => center - z * error[i]),
      upper: value.map((center, i) => center + z * error[i]),
    };
  });
  return {
    scale,
    unit: y.unit,
    confidence: fitted.confidence,
    ids: residuals.ids,
    time: Float64Array.from(rows, (row) => y.time[row]),
    scaled,
    at,
    covariates,
    test,
  };
}
