/** Support vector machines and multilayer perceptrons beside scikit-learn. */
import { writePatients } from "./model-data-support.js";
import { inPython, printHeader, printRow, radbook } from "./model-support.js";

/** Prints the table. */
export async function bench(): Promise<void> {
  writePatients("classifiers", 2_000, 100);
  const ours = radbook();
  const sklearn = inPython("scikit-learn", "with_classifiers.py");
  printHeader();
  printRow({
    title: "RBF SVM, defaults, 2,000 × 100",
    work: "svm",
    data: "classifiers",
    programs: [ours, sklearn],
    aim: "≤ 1.5",
  });
  printRow({
    title: "multilayer perceptron, defaults, 2,000 × 100",
    work: "mlp",
    data: "classifiers",
    programs: [ours, sklearn],
    aim: "≤ 1.5",
    repeats: 2,
  });
}
