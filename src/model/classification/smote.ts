/**
 * SMOTE: rare classes are filled up with synthetic patients between patients of the class and their nearest neighbors.
 *
 * Source: Chawla et al. 2002, doi:10.1613/jair.953; as imbalanced-learn's SMOTE.
 * Layer:  model; imports core, table.
 */
import { InputError } from "../../core/errors.js";
import { type RandomStream, randomStream } from "../../core/random.js";
import { FeatureTable } from "../../table/feature-table.js";
import type { TrainingTable } from "../../table/guarded-table.js";
import { Labels } from "../../table/labels.js";
import type { Resampler } from "../pipeline-step.js";
import { search } from "./nearest-neighbors.js";
import { type Training, trainingOf } from "./training.js";

export interface SmoteOptions {
  /** Number of neighbors of the same class to draw from, default 5. */
  readonly k?: number;
  /** Each class is filled up to this share of the largest one, default 1; larger classes stay as they are. */
  readonly share?: number;
  /** Same seed, same synthetic patients; default 0. */
  readonly seed?: number;
}

/**
 * A step of a pipeline that adds synthetic patients to the training patients of each fold; nobody is predicted for them, and
 * test patients are never resampled. Distances need columns of one scale: put `standardize` before it.
 *
 * `resample` gives the patients in their order, then the synthetic ones, class after class, with ids of their own. It throws
 * InputError on mismatched ids, missing values, one class only, or a class with too few patients for `k` neighbors.
 *
 * @example
 * const recipe = model.pipeline(model.standardize(), model.classification.smote({ seed: 7 }), model.classification.svm());
 */
export function smote({ k = 5, share = 1, seed = 0 }: SmoteOptions = {}): Resampler<Labels> {
  if (!(Number.isInteger(k) && k >= 1)) throw new InputError(`k must be whole and positive, found ${k}.`);
  if (!(share > 0 && share <= 1)) {
    throw new InputError(`the share of the largest class must lie above 0, up to 1, found ${share}.`);
  }
  if (!Number.isInteger(seed)) throw new InputError(`the seed must be a whole number, found ${seed}.`);
  return { resample: (features, labels) => fill(features, labels, k, share, randomStream(`${seed}/smote`)) };
}

function fill(
  x: TrainingTable,
  y: Labels,
  k: number,
  share: number,
  random: RandomStream,
): { readonly features: FeatureTable; readonly labels: Labels } {
  const training = trainingOf(x, y);
  const { classes, counts, p } = training;
  const wanted = Math.floor(share * Math.max(...counts));
  const drawn = classes.map((name, c) =>
    wanted > counts[c] ? drawPatients(training, name, c, k, wanted - counts[c], random) : new Float64Array(0),
  );
  const prefix = freePrefix(x.ids);
  const added = classes.flatMap((name, c) =>
    Array.from({ length: drawn[c].length / p }, (_, at) => ({ id: `${prefix}${name}/${at + 1}`, name })),
  );
  const ids = [...x.ids, ...added.map(({ id }) => id)];
  const columns = x.columns.map((column, j) => {
    const values = new Float64Array(ids.length);
    values.set(column.values);
    let row = x.length;
    for (const points of drawn) for (let at = j; at < points.length; at += p) values[row++] = points[at];
    return { ...column, values };
  });
  const values = [...y.values, ...added.map(({ name }) => name)];
  return {
    features: new FeatureTable(ids, columns, { notes: x.notes }),
    labels: new Labels(ids, values, { classes: y.classes, name: y.name }),
  };
}

/** Points between a patient of the class and one of the nearest others, count × p, row-major. */
function drawPatients(
  { matrix, p, codes }: Training,
  name: string,
  code: number,
  k: number,
  count: number,
  random: RandomStream,
): Float64Array {
  const rows = Uint32Array.from(codes, (_, row) => row).filter((row) => codes[row] === code);
  if (rows.length <= k) {
    throw new InputError(
      `class "${name}" has ${rows.length} patients: ${k} neighbors of each need at least ${k + 1}. Use a smaller k.`,
    );
  }
  const own = new Float64Array(rows.length * p);
  rows.forEach((row, at) => {
    own.set(matrix.subarray(row * p, row * p + p), at * p);
  });
  // The nearest of all is the patient, or one who is equal.
  const neighbors = search({ matrix: own, n: rows.length, p }, own, k + 1, "euclidean").rows;
  const points = new Float64Array(count * p);
  for (let point = 0; point < count; point++) {
    const from = Math.floor(random.uniform() * rows.length);
    const to = neighbors[from * (k + 1) + 1 + Math.floor(random.uniform() * k)];
    const part = random.uniform();
    for (let j = 0; j < p; j++) {
      const start = own[from * p + j];
      points[point * p + j] = start + part * (own[to * p + j] - start);
    }
  }
  return points;
}

/** What no id begins with. */
function freePrefix(ids: readonly string[]): string {
  let prefix = "synthetic/";
  while (ids.some((id) => id.startsWith(prefix))) prefix = `+${prefix}`;
  return prefix;
}
