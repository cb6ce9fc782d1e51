/**
 * k-nearest neighbors: the classes of the most similar training patients vote.
 *
 * Source: Cover & Hart 1967, doi:10.1109/TIT.1967.1053964.
 * Layer:  model; imports core, table.
 */
import { showAs } from "../../core/display.js";
import { InputError } from "../../core/errors.js";
import type { FeatureTable } from "../../table/feature-table.js";
import type { Labels } from "../../table/labels.js";
import { Probabilities } from "../../table/probabilities.js";
import type { Estimator } from "../estimator.js";
import { type Classifier, matrixFor, type Training, trainingOf } from "./training.js";

export interface NearestNeighborsOptions {
  /** Number of neighbors, default 5. */
  readonly k?: number;
  /** "uniform" (default): each has one vote; "distance": 1 / distance, and identical patients decide alone. */
  readonly weights?: "uniform" | "distance";
  /** Default "euclidean". */
  readonly metric?: "euclidean" | "manhattan";
}

/** The nearest training patients of each patient, m × k, row-major, nearest first; of equals, the first in the table. */
export interface Neighbors {
  readonly rows: Uint32Array;
  readonly distances: Float64Array;
  readonly k: number;
}

/** A fitted nearest neighbor classifier: it keeps the training patients. */
export interface NearestNeighborsModel extends Classifier {
  neighbors(x: FeatureTable): Neighbors;
}

/**
 * Recipe for k-nearest neighbors. Distances need columns of one scale: standardize them on the training patients first.
 *
 * `fit` throws InputError on mismatched ids, missing values, one class only, or fewer patients than neighbors.
 *
 * @example
 * const fitted = model.classification.nearestNeighbors({ k: 7 }).fit(train.x, train.y);
 */
export function nearestNeighbors(
  options: NearestNeighborsOptions = {},
): Estimator<Labels, NearestNeighborsModel> {
  const { k = 5, weights = "uniform", metric = "euclidean" } = options;
  if (!(Number.isInteger(k) && k >= 1)) throw new InputError(`k must be whole and positive, found ${k}.`);
  if (!["uniform", "distance"].includes(weights) || !["euclidean", "manhattan"].includes(metric)) {
    throw new InputError(
      `use weights: "uniform" or "distance", metric: "euclidean" or "manhattan", found "${weights}", "${metric}".`,
    );
  }
  return {
    fit: (x, y) => {
      const training = trainingOf(x, y);
      if (training.n < k) {
        throw new InputError(
          `${k} neighbors are wanted, but there are ${training.n} training patients. Use a smaller k.`,
        );
      }
      const neighbors = (of: FeatureTable): Neighbors =>
        search(training, matrixFor(of, training.columns), k, metric);
      const model = {
        classes: training.classes,
        columns: training.columns,
        neighbors,
        predict: (of: FeatureTable): Probabilities => vote(training, of.ids, neighbors(of), weights),
      };
      return showAs(model, () => ({
        "text/plain": `${k}-nearest neighbors, ${metric} distance, ${weights} weights: ${training.n} training patients, ${training.p} columns, classes ${training.classes.join(", ")}`,
      }));
    },
  };
}

/** The nearest rows of a matrix. @param points  Row-major, as wide as the matrix. */
export function search(
  { matrix, n, p }: Pick<Training, "matrix" | "n" | "p">,
  points: Float64Array,
  k: number,
  metric: "euclidean" | "manhattan",
): Neighbors {
  const count = points.length / p;
  const rows = new Uint32Array(count * k);
  const distances = new Float64Array(count * k).fill(Number.POSITIVE_INFINITY);
  for (let point = 0; point < count; point++) {
    const first = point * k;
    for (let row = 0; row < n; row++) {
      let sum = 0;
      for (let j = 0; j < p; j++) {
        const difference = points[point * p + j] - matrix[row * p + j];
        sum += metric === "euclidean" ? difference * difference : Math.abs(difference);
      }
      // Insertion into the k nearest so far; equal distances keep the order of the rows.
      let at = first + k - 1;
      if (!(sum < distances[at])) continue;
      for (; at > first && sum < distances[at - 1]; at--) {
        distances[at] = distances[at - 1];
        rows[at] = rows[at - 1];
      }
      distances[at] = sum;
      rows[at] = row;
    }
  }
  if (metric === "euclidean")
    for (let at = 0; at < distances.length; at++) distances[at] = Math.sqrt(distances[at]);
  return { rows, distances, k };
}

function vote(
  { codes, classes }: Training,
  ids: readonly string[],
  { rows, distances, k }: Neighbors,
  weights: "uniform" | "distance",
): Probabilities {
  const width = classes.length;
  const values = new Float64Array(ids.length * width);
  for (let point = 0; point < ids.length; point++) {
    const nearest = distances[point * k];
    let total = 0;
    for (let at = point * k; at < (point + 1) * k; at++) {
      // 1 / distance, relative to the nearest, so that tiny distances do not overflow.
      const weight =
        weights === "uniform" ? 1 : nearest === 0 ? Number(distances[at] === 0) : nearest / distances[at];
      values[point * width + codes[rows[at]]] += weight;
      total += weight;
    }
    for (let c = 0; c < width; c++) values[point * width + c] /= total;
  }
  return new Probabilities(ids, classes, values);
}
