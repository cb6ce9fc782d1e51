/**
 * Classifiers of two classes that scikit-learn fitted, from the JSON form in which their parameters are published
 * (`deepradscore-classifier/1`, the classifiers of Zhang et al. 2024): no scikit-learn is needed to evaluate them.
 *
 * Layer:  model; imports core, table.
 */
import { showAs } from "../../core/display.js";
import { InputError, NumericalError } from "../../core/errors.js";
import { FeatureTable } from "../../table/feature-table.js";
import { Labels } from "../../table/labels.js";
import type { Probabilities } from "../../table/probabilities.js";
import { MlpModel } from "./mlp-model.js";
import { ModelFields } from "./model-file.js";
import { nearestNeighbors } from "./nearest-neighbors.js";
import { SvmModel } from "./svm-model.js";
import { type Classifier, type ClassifierColumn, matrixFor, softmax } from "./training.js";
import { importScikitTrees } from "./tree-import.js";

const FORMAT = "deepradscore-classifier/1";

const KINDS = ["gaussian_nb", "linear_logistic", "mlp", "knn", "random_forest", "svc"] as const;

export type ImportedKind = (typeof KINDS)[number];

/** A classifier from a file. */
export interface ImportedClassifier extends Classifier {
  readonly kind: ImportedKind;
  /** What it predicts, e.g. "EGFR", and from which features, as the file says. */
  readonly endpoint: string;
  readonly model: string;
  /** The class that scikit-learn would give: of a support vector machine by its decision, else by the probability. */
  decide(x: FeatureTable): Labels;
}

/** What a kind of classifier gives. */
interface Evaluated {
  predict(x: FeatureTable): Probabilities;
  decide?(x: FeatureTable): Labels;
}

/** What every kind needs. */
interface Frame {
  readonly fields: ModelFields;
  readonly columns: readonly ClassifierColumn[];
  readonly classes: readonly string[];
}

/** libsvm's pairwise coupling in scikit-learn before 1.3 ends there even for two classes. */
const LIBSVM_COUPLING = { rounds: 100, close: 0.0025 };

/**
 * @param file  The parsed JSON: `format`, `kind`, `features`, `classes`, and the parameters of the kind.
 * @throws InputError naming the field that is absent or wrong.
 *
 * @example
 * const fitted = model.classification.importClassifier(JSON.parse(text));
 * model.metrics.auc(test.y, fitted.predict(test.x).of("1"));
 */
export function importClassifier(file: unknown): ImportedClassifier {
  const fields = new ModelFields(file);
  fields.oneOf("format", [FORMAT]);
  const kind = fields.oneOf("kind", KINDS);
  const columns = fields.texts("features").map((name) => ({ name, unit: "" }));
  if (columns.length === 0 || new Set(columns.map(({ name }) => name)).size < columns.length) {
    throw new InputError(
      "the features of the model file must be distinct, at least one. Export the model again.",
    );
  }
  const classes = Array.from(fields.numbers("classes", 2), String);
  if (classes[0] === classes[1]) {
    throw new InputError(`the classes of the model file are both ${classes[0]}. Export the model again.`);
  }
  const found = READERS[kind]({ fields, columns, classes });
  const fitted: ImportedClassifier = {
    kind,
    endpoint: fields.text("endpoint"),
    model: fields.text("model"),
    classes,
    columns,
    predict: (x) => found.predict(x),
    decide: (x) => found.decide?.(x) ?? found.predict(x).likeliest(),
  };
  return showAs(fitted, () => ({
    "text/plain": `Imported classifier (${kind}) of ${fitted.endpoint}, ${fitted.model}: ${columns.length} columns, classes ${classes.join(", ")}`,
  }));
}

const READERS: Readonly<Record<ImportedKind, (frame: Frame) => Evaluated>> = {
  gaussian_nb: readNaiveBayes,
  linear_logistic: readLinear,
  mlp: readMlp,
  knn: readNeighbors,
  random_forest: readForest,
  svc: readSvm,
};

function readNaiveBayes({ fields, columns, classes }: Frame): Evaluated {
  const p = columns.length;
  const priors = fields.numbers("class_prior", 2);
  const means = fields.matrix("theta", p);
  const variances = fields.matrix("variance", p);
  const isWrong = means.length !== 2 * p || variances.length !== 2 * p;
  if (isWrong || !priors.every((one) => one > 0) || !variances.every((one) => one > 0)) {
    throw new InputError(
      "the model file must give priors, means and variances of 2 classes; priors and variances are positive. Export the model again.",
    );
  }
  return {
    predict: (x) => {
      const points = matrixFor(x, columns);
      const logs = new Float64Array(2 * x.length);
      for (let at = 0; at < logs.length; at++) {
        const c = at % 2;
        const row = (at - c) / 2;
        let sum = Math.log(priors[c]);
        for (let j = 0; j < p; j++) {
          const variance = variances[c * p + j];
          const distance = (points[row * p + j] - means[c * p + j]) ** 2;
          sum -= 0.5 * (Math.log(2 * Math.PI * variance) + distance / variance);
        }
        logs[at] = sum;
      }
      if (logs.every(Number.isFinite)) return softmax(x.ids, classes, logs);
      throw new NumericalError(
        "a value is so far from both classes that they cannot be compared. Check its scale.",
      );
    },
  };
}

function readLinear({ fields, columns, classes }: Frame): Evaluated {
  const p = columns.length;
  const coefficients = fields.numbers("coef", p);
  const intercept = fields.number("intercept");
  return {
    predict: (x) => {
      const points = matrixFor(x, columns);
      const logs = new Float64Array(2 * x.length);
      for (let row = 0; row < x.length; row++) {
        let sum = intercept;
        for (let j = 0; j < p; j++) sum += coefficients[j] * points[row * p + j];
        logs[2 * row + 1] = sum;
      }
      if (logs.every(Number.isFinite)) return softmax(x.ids, classes, logs);
      throw new NumericalError("a value is so large that the score overflows. Check its scale.");
    },
  };
}

function readMlp({ fields, columns, classes }: Frame): Evaluated {
  fields.oneOf("output_activation", ["logistic"]);
  let width = columns.length;
  const sizes = [width];
  const layers = fields.objects("layers").map((layer) => {
    const bias = layer.numbers("bias");
    const weights = layer.matrix("weights", bias.length);
    if (weights.length !== width * bias.length) {
      throw new InputError(
        `a layer of the model file has ${weights.length / bias.length} rows of weights for ${width} inputs. Export the model again.`,
      );
    }
    width = bias.length;
    sizes.push(width);
    return { weights, bias };
  });
  if (width !== 1) throw new InputError(`a perceptron of 2 classes has one output, found ${width}.`);
  const activation = fields.oneOf("activation", ["relu", "tanh", "logistic"]);
  const none = new Float64Array(0);
  return new MlpModel(classes, columns, activation, {
    sizes,
    layers,
    losses: none,
    validationScores: none,
    converged: true,
  });
}

function readNeighbors({ fields, columns, classes }: Frame): Evaluated {
  const p = columns.length;
  fields.oneOf("metric", ["euclidean"]);
  const weights = fields.oneOf("weights", ["uniform", "distance"]);
  const matrix = fields.matrix("train_x", p);
  const n = matrix.length / p;
  const codes = Array.from(fields.numbers("train_y", n), String);
  const ids = Array.from({ length: n }, (_, row) => String(row));
  const x = new FeatureTable(
    ids,
    columns.map((column, j) => ({
      ...column,
      values: Float64Array.from(ids, (_, row) => matrix[row * p + j]),
    })),
  );
  const y = new Labels(ids, codes, { classes, name: "class" });
  return nearestNeighbors({ k: fields.count("n_neighbors"), weights }).fit(x, y);
}

function readForest({ fields, columns, classes }: Frame): Evaluated {
  const trees = fields.objects("trees").map((tree) => {
    const counts = tree.matrix("counts", 2);
    const cover = Float64Array.from(
      { length: counts.length / 2 },
      (_, node) => counts[2 * node] + counts[2 * node + 1],
    );
    if (!counts.every((count) => count >= 0) || !cover.every((sum) => sum > 0)) {
      throw new InputError(
        "a node of the model file has no patients, or less than none. Export the model again.",
      );
    }
    return {
      left: tree.numbers("left"),
      right: tree.numbers("right"),
      feature: tree.numbers("feature"),
      threshold: tree.numbers("threshold"),
      value: Array.from(cover, (sum, node) => [counts[2 * node] / sum, counts[2 * node + 1] / sum]),
      cover,
    };
  });
  return importScikitTrees(trees, { columns, classes });
}

function readSvm({ fields, columns, classes }: Frame): Evaluated {
  const p = columns.length;
  const vectors = fields.matrix("support_vectors", p);
  const s = vectors.length / p;
  const supportCounts = Array.from(fields.numbers("n_support", 2));
  const sigmoid = { a: fields.number("platt_a"), b: -fields.number("platt_b") };
  const kind = fields.oneOf("kernel", ["rbf", "linear"]);
  const gamma = fields.number("gamma");
  if (gamma < 0) throw new InputError(`gamma of the model file must not be negative, found ${gamma}.`);
  return new SvmModel({
    kernel: { kind, gamma, degree: 0, coef0: 0 },
    classes,
    columns,
    center: new Float64Array(p),
    vectors,
    supportIds: Array.from({ length: s }, (_, at) => String(at)),
    supportCounts,
    coefficients: fields.numbers("dual_coef", s),
    intercepts: Float64Array.of(fields.number("intercept")),
    calibrate: () => [sigmoid],
    coupling: LIBSVM_COUPLING,
  });
}
