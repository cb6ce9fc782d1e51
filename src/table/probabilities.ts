/**
 * How likely each class is for each patient, as a classifier of several classes predicts it.
 *
 * Layer:  table; imports core.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { checkIds, rowsOfIds } from "./ids.js";
import { Labels } from "./labels.js";
import { formatNumber, renderTable, rowList } from "./render.js";
import { Scores } from "./scores.js";

const SHOWN_ROWS = 10;

/** A probability per patient and class. Immutable by contract: methods return new values. */
export class Probabilities<Class extends string = string> {
  readonly ids: readonly string[];
  readonly classes: readonly Class[];
  /** n × k, row-major; each row sums to 1. */
  readonly values: Float64Array;

  /** @throws InputError if lengths differ, an id is repeated, or a row is no distribution over the classes. */
  constructor(ids: readonly string[], classes: readonly Class[], values: Float64Array) {
    checkIds(ids, "probabilities");
    const k = classes.length;
    if (k < 2 || values.length !== ids.length * k) {
      throw new InputError(
        `probabilities: ${values.length} values for ${ids.length} ids and ${k} classes. Give one per patient and class, of at least 2.`,
      );
    }
    for (let row = 0; row < ids.length; row++) {
      let sum = 0;
      let valid = true;
      for (let c = 0; c < k; c++) {
        const value = values[row * k + c];
        valid &&= value >= 0 && value <= 1;
        sum += value;
      }
      if (!valid || Math.abs(sum - 1) > 1e-6) {
        const found = Array.from(values.subarray(row * k, row * k + k), (value) => formatNumber(value)).join(
          ", ",
        );
        throw new InputError(
          `probabilities of a patient lie in [0, 1] and sum to 1, but ${ids[row]} has ${found}.`,
        );
      }
    }
    this.ids = ids;
    this.classes = classes;
    this.values = values;
    showAs(this, () => this.#show());
  }

  /** Number of patients. */
  get length(): number {
    return this.ids.length;
  }

  /** Probability of one class as a score per patient. @throws InputError if there is no such class. */
  of(name: Class): Scores {
    const at = this.classes.indexOf(name);
    if (at < 0) throw new InputError(`"${name}" is not a class. There are: ${this.classes.join(", ")}.`);
    const k = this.classes.length;
    return new Scores(
      this.ids,
      Float64Array.from(this.ids, (_, row) => this.values[row * k + at]),
      `probability of ${name}`,
    );
  }

  /** The likeliest class of each patient; of equals, the first. */
  likeliest(): Labels<Class> {
    const k = this.classes.length;
    const values = this.ids.map((_, row) => {
      let best = 0;
      for (let c = 1; c < k; c++) {
        if (this.values[row * k + c] > this.values[row * k + best]) best = c;
      }
      return this.classes[best];
    });
    return new Labels(this.ids, values, { classes: this.classes, name: "predicted class" });
  }

  /** These patients in this order. @throws InputError naming ids that are unknown or repeated. */
  pick(ids: readonly string[]): Probabilities<Class> {
    const k = this.classes.length;
    const rows = rowsOfIds(this.ids, ids, "probabilities");
    const values = new Float64Array(rows.length * k);
    rows.forEach((row, at) => {
      values.set(this.values.subarray(row * k, row * k + k), at * k);
    });
    return new Probabilities(ids, this.classes, values);
  }

  #show(): MimeBundle {
    const k = this.classes.length;
    return renderTable({
      title: `Probabilities of ${k} classes for ${this.ids.length} patients`,
      header: ["id", ...this.classes],
      rows: rowList(this.ids, (id, row) => [
        id,
        ...this.classes.map((_, c) => formatNumber(this.values[row * k + c], 3)),
      ]),
      most: SHOWN_ROWS,
    });
  }
}
