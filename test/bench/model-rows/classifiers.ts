/** Support vector machines and multilayer perceptrons beside scikit-learn. */
import { writePatients } from "../model-data-support.js";
import type { Row } from "../model-support.js";

export function classifierRows(): readonly Row[] {
  const common = {
    data: "classifiers",
    prepare: () => writePatients("classifiers", 2_000, 100),
    peers: [{ name: "scikit-learn", script: "with_classifiers.py", runsIn: "Python" }],
    aim: 1.5,
  } as const;
  return [
    { ...common, title: "RBF SVM, defaults, 2,000 × 100", work: "svm" },
    { ...common, title: "multilayer perceptron, defaults, 2,000 × 100", work: "mlp", repeats: 3 },
  ];
}
