/**
 * Explanations of one table, one for each class that a model tells apart.
 *
 * Layer:  plot; imports core, explain, table.
 */
import { InputError } from "../core/errors.js";
import { Explanation } from "../explain/explanation.js";
import { checkSameIds } from "../table/ids.js";
import { patientRow } from "./shap-rows.js";

/** By the name of the class. */
export type ExplainedClasses = Readonly<Record<string, Explanation>>;

export interface CheckedClasses {
  readonly classes: readonly string[];
  readonly first: Explanation;
  /** What all answers are, for example "probability"; "" if they differ. */
  readonly unit: string;
}

/** @throws InputError if there is no class, or the explanations are of other patients or features. */
export function checkClasses(explained: ExplainedClasses): CheckedClasses {
  const classes = Object.keys(explained);
  if (classes.length === 0) throw new InputError("there are no explanations. Give one for each class.");
  const first = explained[classes[0]];
  const namesOf = ({ features }: Explanation): string => features.map(({ name }) => name).join("\n");
  for (const [name, other] of Object.entries(explained)) {
    checkSameIds(first.ids, other.ids, `"${classes[0]}"`, `"${name}"`);
    if (namesOf(other) !== namesOf(first)) {
      throw new InputError(`"${name}" has other features than "${classes[0]}". Explain the same table.`);
    }
  }
  const units = new Set(classes.map((name) => explained[name].outputUnit.replace(/ of .*$/, "")));
  return { classes, first, unit: units.size === 1 ? [...units][0] : "" };
}

/**
 * One patient's answers for all classes, as an explanation whose rows are the classes. All start at one base: the features share
 * the difference from their own, as in shap's `multioutput_decision_plot`.
 *
 * @param base  Default: the mean of the bases.
 * @throws InputError as `checkClasses`, or if there is no such patient.
 */
export function answersOfPatient(explained: ExplainedClasses, id: string, base?: number): Explanation {
  const { classes, first, unit } = checkClasses(explained);
  const { features, data } = first;
  const p = features.length;
  const row = patientRow(first, id);
  const start = base ?? classes.reduce((sum, name) => sum + explained[name].base, 0) / classes.length;
  return new Explanation({
    ids: classes,
    features,
    values: Float64Array.from({ length: classes.length * p }, (_, at) => {
      const own = explained[classes[Math.floor(at / p)]];
      return own.values[row * p + (at % p)] + (own.base - start) / p;
    }),
    data: Float64Array.from({ length: classes.length * p }, (_, at) => data[row * p + (at % p)]),
    base: start,
    outputUnit: unit,
  });
}
