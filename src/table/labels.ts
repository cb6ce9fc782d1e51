/**
 * A class for each patient: risk groups, sex, mutation status.
 *
 * Layer:  table; imports core.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { checkIds, rowsOfIds } from "./ids.js";

/** One of a few classes for each patient. Immutable by contract: methods return new labels. */
export class Labels<Class extends string = string> {
  readonly ids: readonly string[];
  /** One class per patient. */
  readonly values: readonly Class[];
  /** The classes in their order, the first is the reference. Classes without a patient may be among them. */
  readonly classes: readonly Class[];
  /** What the classes tell apart, e.g. "sex". */
  readonly name: string;

  /**
   * @param options.classes  Order of the classes; the default sorts them, by value if all are numbers.
   * @param options.name  What the classes tell apart, default "group".
   * @throws InputError if lengths differ, an id is repeated, or a value is not among the classes.
   */
  constructor(
    ids: readonly string[],
    values: readonly Class[],
    {
      classes = sortedClasses(values),
      name = "group",
    }: { readonly classes?: readonly Class[]; readonly name?: string } = {},
  ) {
    checkIds(ids, `labels "${name}"`);
    if (values.length !== ids.length) {
      throw new InputError(
        `labels "${name}": ${values.length} values for ${ids.length} ids. Give one class per patient.`,
      );
    }
    const known = new Set<string>(classes);
    if (known.size !== classes.length) {
      throw new InputError(
        `labels "${name}": the classes ${classes.join(", ")} are not distinct. Name each once.`,
      );
    }
    const stray = values.findIndex((value) => !known.has(value));
    if (stray >= 0) {
      throw new InputError(
        `labels "${name}": patient ${ids[stray]} has "${values[stray]}", which is not one of ${classes.join(", ")}.`,
      );
    }
    this.ids = ids;
    this.values = values;
    this.classes = classes;
    this.name = name;
    showAs(this, () => this.#show());
  }

  /** Number of patients. */
  get length(): number {
    return this.ids.length;
  }

  /** For each patient, the position of the class in `classes`. */
  get codes(): Uint32Array {
    const code = new Map(this.classes.map((name, at) => [name, at]));
    return Uint32Array.from(this.values, (value) => code.get(value) as number);
  }

  /** Patients of each class, in the order of `classes`. */
  get counts(): readonly number[] {
    const counts = this.classes.map(() => 0);
    for (const code of this.codes) counts[code]++;
    return counts;
  }

  /** These patients in this order. @throws InputError naming ids that are unknown or repeated. */
  pick(ids: readonly string[]): Labels<Class> {
    const rows = rowsOfIds(this.ids, ids, `labels "${this.name}"`);
    return new Labels(
      ids,
      rows.map((row) => this.values[row]),
      { classes: this.classes, name: this.name },
    );
  }

  #show(): MimeBundle {
    const counts = this.counts;
    const parts = this.classes.map((name, at) => `${name} ${counts[at]}`);
    return { "text/plain": `Labels "${this.name}": ${this.length} patients (${parts.join(", ")})` };
  }
}

/** The distinct values, by number if all are numbers, otherwise by code point. */
function sortedClasses<Class extends string>(values: readonly Class[]): readonly Class[] {
  const distinct = [...new Set(values)];
  const numeric = distinct.every((value) => value.trim() !== "" && Number.isFinite(Number(value)));
  return numeric ? distinct.sort((a, b) => Number(a) - Number(b)) : distinct.sort();
}
