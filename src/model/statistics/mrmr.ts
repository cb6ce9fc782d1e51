/**
 * Selection of features that tell classes apart and repeat each other little (mRMR).
 *
 * Source: Ding & Peng 2005, doi:10.1142/S0219720005001004; Peng et al. 2005, doi:10.1109/TPAMI.2005.159.
 * Layer:  model; imports core, table.
 */
import { showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import type { FeatureTable } from "../../table/feature-table.js";
import { checkSameIds } from "../../table/ids.js";
import type { Labels } from "../../table/labels.js";
import { formatNumber, renderTable } from "../../table/render.js";
import { analyze } from "./anova.js";
import { correlationOf } from "./correlation.js";
import { checkSample, meanOf, varianceOf } from "./sample.js";

/**
 * How relevance and redundancy are measured and combined:
 * "f-correlation": F of the classes over the mean absolute correlation (FCQ);
 * "gaussian": mutual information of normal variables, difference;
 * "discrete-difference" and "discrete-quotient": mutual information of three states (below mean − sd, between, above
 * mean + sd), difference (MID) or quotient (MIQ).
 */
export type MrmrCriterion = "f-correlation" | "gaussian" | "discrete-difference" | "discrete-quotient";

export interface MrmrOptions {
  /** How many features to select. */
  readonly count: number;
  /** Default "f-correlation". */
  readonly criterion?: MrmrCriterion;
}

/** Selected features, the best first. */
export interface Mrmr {
  readonly selected: readonly string[];
  /** Score of each when it was selected; that of the first is its relevance. */
  readonly score: Float64Array;
  /** Relevance of every feature, in the order of the table. */
  readonly relevance: Float64Array;
  readonly criterion: MrmrCriterion;
}

/** Quotients are by at least this much, as mrmr_selection has it. */
const LEAST_REDUNDANCY = 1e-3;

/**
 * Selects features. It learns from `y`: inside a cross-validation, select on the training patients only.
 *
 * @throws InputError on mismatched ids, missing values or a count beyond the columns; NumericalError if a column is constant.
 *
 * @example
 * const { selected } = model.statistics.mrmr(train.x, train.y, { count: 10 });
 */
export function mrmr(x: FeatureTable, y: Labels, { count, criterion = "f-correlation" }: MrmrOptions): Mrmr {
  checkSameIds(x.ids, y.ids, "the features", `"${y.name}"`);
  if (!(Number.isInteger(count) && count >= 1 && count <= x.columns.length)) {
    throw new InputError(`count must be whole, from 1 to the ${x.columns.length} columns, found ${count}.`);
  }
  const columns = x.columns.map(({ name, values }) => checkSample(`column "${name}"`, values, 3));
  const { relevance, redundancy, isQuotient } = measures(columns, y, criterion);
  const selected: number[] = [];
  const score: number[] = [];
  const sum = new Float64Array(columns.length);
  const taken = new Uint8Array(columns.length);
  while (selected.length < count) {
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < columns.length; j++) {
      if (taken[j] === 1) continue;
      const mean = sum[j] / selected.length;
      const value =
        selected.length === 0
          ? relevance[j]
          : isQuotient
            ? relevance[j] / Math.max(mean, LEAST_REDUNDANCY)
            : relevance[j] - mean;
      if (value > most) [best, most] = [j, value];
    }
    selected.push(best);
    score.push(most);
    taken[best] = 1;
    // Only the redundancy with the new one is missing in the sums.
    for (let j = 0; j < columns.length; j++) if (taken[j] === 0) sum[j] += redundancy(j, best);
  }
  const result = {
    selected: selected.map((j) => x.columns[j].name),
    score: Float64Array.from(score),
    relevance,
    criterion,
  };
  return showAs(result, () =>
    renderTable({
      title: `${count} of ${columns.length} features selected by mRMR (${criterion})`,
      header: ["feature", "score", "relevance"],
      rows: selected.map((j, at) => [x.columns[j].name, formatNumber(score[at]), formatNumber(relevance[j])]),
    }),
  );
}

interface Measures {
  readonly relevance: Float64Array;
  readonly redundancy: (i: number, j: number) => number;
  readonly isQuotient: boolean;
}

function measures(columns: readonly Float64Array[], y: Labels, criterion: MrmrCriterion): Measures {
  const codes = y.codes;
  switch (criterion) {
    case "f-correlation": {
      const relevance = Float64Array.from(columns, (values) => {
        const groups = y.classes.map((_, code) => values.filter((__, row) => codes[row] === code));
        return analyze(
          groups.filter((group) => group.length > 0),
          "mRMR",
        ).f;
      });
      return {
        relevance,
        redundancy: (i, j) => Math.abs(correlationOf(columns[i], columns[j])),
        isQuotient: true,
      };
    }
    case "gaussian": {
      const target = numericClasses(y);
      const relevance = Float64Array.from(columns, (values) =>
        gaussianInformation(correlationOf(values, target)),
      );
      return {
        relevance,
        redundancy: (i, j) => gaussianInformation(correlationOf(columns[i], columns[j])),
        isQuotient: false,
      };
    }
    case "discrete-difference":
    case "discrete-quotient": {
      const states = columns.map(threeStates);
      const relevance = Float64Array.from(states, (state) => information(state, 3, codes, y.classes.length));
      return {
        relevance,
        redundancy: (i, j) => information(states[i], 3, states[j], 3),
        isQuotient: criterion === "discrete-quotient",
      };
    }
    default:
      throw new InputError(`there is no criterion "${String(criterion)}".`);
  }
}

/** The classes as numbers, which only two classes or numeric ones have. */
function numericClasses(y: Labels): Float64Array {
  const numbers = y.values.map(Number);
  if (numbers.every(Number.isFinite)) return Float64Array.from(numbers);
  if (y.classes.length === 2) return Float64Array.from(y.codes);
  throw new InputError(
    `criterion "gaussian" needs two classes or numeric ones, but "${y.name}" has ${y.classes.join(", ")}. Use another criterion.`,
  );
}

/** Mutual information of two normal variables, in nats. */
function gaussianInformation(r: number): number {
  return -0.5 * Math.log(1 - Math.min(r * r, 1 - 1e-12));
}

/** 0 below mean − sd, 2 above mean + sd, 1 between. */
function threeStates(values: Float64Array): Uint32Array {
  const mean = meanOf(values);
  const sd = Math.sqrt(varianceOf(values));
  return Uint32Array.from(values, (value) => 1 + (value > mean + sd ? 1 : 0) - (value < mean - sd ? 1 : 0));
}

/** Mutual information of two discrete variables, by their frequencies, in nats. */
function information(a: Uint32Array, statesOfA: number, b: Uint32Array, statesOfB: number): number {
  const n = a.length;
  const joint = new Float64Array(statesOfA * statesOfB);
  const ofA = new Float64Array(statesOfA);
  const ofB = new Float64Array(statesOfB);
  for (let i = 0; i < n; i++) {
    joint[a[i] * statesOfB + b[i]]++;
    ofA[a[i]]++;
    ofB[b[i]]++;
  }
  let sum = 0;
  for (let i = 0; i < statesOfA; i++) {
    for (let j = 0; j < statesOfB; j++) {
      const count = joint[i * statesOfB + j];
      if (count > 0) sum += (count / n) * Math.log((count * n) / (ofA[i] * ofB[j]));
    }
  }
  return sum;
}
