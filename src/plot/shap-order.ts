/**
 * In which order patients stand beside each other where an explanation is drawn patient by patient.
 *
 * Layer:  plot; imports core, explain.
 */
import { InputError } from "../core/errors.js";
import { type Explanation, featureColumn } from "../explain/explanation.js";
import { completeLinkage } from "./cluster.js";
import { optimalOrder } from "./leaf-order.js";
import { answerOf, patientRow } from "./shap-rows.js";

/**
 * "similarity": patients that are explained alike beside each other; up to 500 patients, else as "answer". "answer": by the
 * model's answer. "given": as in the explanation. A feature: by its value, missing last. Ids: those of all patients in their order.
 */
export type PatientOrder =
  | "similarity"
  | "answer"
  | "given"
  | { readonly feature: string }
  | readonly string[];

/** Clusters need all distances between patients. */
const MOST_CLUSTERED = 500;

/** @returns Rows of the explanation. @throws InputError if the order is unknown or names no feature. */
export function orderPatients(explanation: Explanation, order: PatientOrder): readonly number[] {
  const { ids, features, data } = explanation;
  const n = ids.length;
  if (order === "given") return Array.from({ length: n }, (_, i) => i);
  if (order === "similarity" && n > 2 && n <= MOST_CLUSTERED) {
    const { values } = explanation;
    return similarityOrder(values, n, features.length);
  }
  if (order === "similarity" || order === "answer") {
    return risingBy(Float64Array.from(ids, (_, i) => answerOf(explanation, i)));
  }
  if (isIds(order)) {
    const rows = order.map((id) => patientRow(explanation, id));
    if (new Set(rows).size === n && rows.length === n) return rows;
    throw new InputError(`patients must name each of the ${n} patients once, found ${rows.length} ids.`);
  }
  if (typeof order !== "object" || typeof order.feature !== "string") {
    throw new InputError(
      `patients must be "similarity", "answer", "given", { feature: name } or ids, found ${JSON.stringify(order)}.`,
    );
  }
  const j = featureColumn(explanation, order.feature);
  return risingBy(Float64Array.from(ids, (_, i) => data[i * features.length + j]));
}

/** Whether patients are named. */
export function isIds(order: PatientOrder): order is readonly string[] {
  return Array.isArray(order);
}

/**
 * Rows that are alike beside each other: complete linkage of squared Euclidean distances, leaves in their optimal order, as in
 * shap's heat map (`Explanation.hclust`).
 *
 * @param values  n × p, row by row.
 */
export function similarityOrder(values: Float64Array, n: number, p: number): readonly number[] {
  if (n < 3) return Array.from({ length: n }, (_, i) => i);
  const distances = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) {
      let sum = 0;
      for (let j = 0; j < p; j++) sum += (values[i * p + j] - values[k * p + j]) ** 2;
      distances[i * n + k] = distances[k * n + i] = sum;
    }
  }
  return optimalOrder(completeLinkage(distances, n).merges, distances, n);
}

function risingBy(values: Float64Array): readonly number[] {
  const key = (i: number): number => (Number.isNaN(values[i]) ? Number.POSITIVE_INFINITY : values[i]);
  return [...values.keys()].sort((a, b) => (key(a) === key(b) ? a - b : key(a) - key(b)));
}
