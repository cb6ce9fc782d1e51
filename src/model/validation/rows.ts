/**
 * Rows of features and outcomes by number, also drawn more than once: a patient's second row has an id of its own.
 *
 * Layer:  model; imports core, table.
 */
import { FeatureTable } from "../../table/feature-table.js";
import { rowsOfIds } from "../../table/ids.js";
import { Labels } from "../../table/labels.js";
import { Probabilities } from "../../table/probabilities.js";
import { Scores } from "../../table/scores.js";
import { SurvivalData } from "../../table/survival-data.js";

/** What a model can be validated on: classes, follow-up, or a measured number. */
export type Outcome = Labels | SurvivalData | Scores;

/** What a model can predict. */
export type Prediction = Scores | Probabilities;

/** An id for each drawn row: the patient's own at first, then "P1 (drawn 2)". */
export function drawnIds(ids: readonly string[], rows: ArrayLike<number>): string[] {
  const times = new Map<number, number>();
  return Array.from(rows, (row) => {
    const time = (times.get(row) ?? 0) + 1;
    times.set(row, time);
    return time === 1 ? ids[row] : `${ids[row]} (drawn ${time})`;
  });
}

/** Row of each patient, or of the patient that was drawn. @throws InputError naming ids that are unknown. */
export function rowsOfDrawn(ids: readonly string[], wanted: readonly string[], what: string): number[] {
  const known = new Map(ids.map((id, row) => [id, row]));
  const original = (id: string): string => (known.has(id) ? id : id.replace(/ \(drawn \d+\)$/, ""));
  const unknown = wanted.filter((id) => !known.has(original(id)));
  if (unknown.length > 0) rowsOfIds(ids, unknown, what);
  return wanted.map((id) => known.get(original(id)) as number);
}

export function tableRows(x: FeatureTable, rows: ArrayLike<number>, ids: readonly string[]): FeatureTable {
  return new FeatureTable(
    ids,
    x.columns.map(({ name, unit, values }) => ({
      name,
      unit,
      values: Float64Array.from(rows, (row) => values[row]),
    })),
  );
}

export function labelRows<Class extends string>(
  y: Labels<Class>,
  rows: ArrayLike<number>,
  ids: readonly string[],
): Labels<Class> {
  const { classes, name } = y;
  return new Labels(
    ids,
    Array.from(rows, (row) => y.values[row]),
    { classes, name },
  );
}

/** Labels of these rows, which may be patients drawn more than once. @throws InputError naming patients without a label. */
export function labelsOfDrawn(labels: Labels, ids: readonly string[]): Labels {
  return labelRows(labels, rowsOfDrawn(labels.ids, ids, `labels "${labels.name}"`), ids);
}

export function outcomeRows<Target extends Outcome>(
  y: Target,
  rows: ArrayLike<number>,
  ids: readonly string[],
): Target {
  if (y instanceof Labels) return labelRows(y, rows, ids) as Outcome as Target;
  if (y instanceof Scores) return predictionRows(y, rows, ids);
  const taken: Outcome = new SurvivalData(
    ids,
    Float64Array.from(rows, (row) => y.time[row]),
    Uint8Array.from(rows, (row) => y.event[row]),
    y.unit,
  );
  return taken as Target;
}

export function predictionRows<Output extends Prediction>(
  predicted: Output,
  rows: ArrayLike<number>,
  ids: readonly string[],
): Output {
  if (predicted instanceof Scores) {
    const values = Float64Array.from(rows, (row) => predicted.values[row]);
    return new Scores(ids, values, predicted.name) as Output;
  }
  const k = predicted.classes.length;
  const values = new Float64Array(rows.length * k);
  for (let at = 0; at < rows.length; at++) {
    values.set(predicted.values.subarray(rows[at] * k, rows[at] * k + k), at * k);
  }
  return new Probabilities(ids, predicted.classes, values) as Output;
}

/** What patients are drawn apart by, so that each part has its share: the class, or whether the event was seen; nothing for a number. */
export function strataOf(y: Outcome): Uint32Array {
  if (y instanceof Scores) return new Uint32Array(y.length);
  return y instanceof Labels ? y.codes : Uint32Array.from(y.event);
}
