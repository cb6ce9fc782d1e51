/**
 * One number for each patient, as a model predicts it.
 *
 * Layer:  table; imports core.
 */
import { type MimeBundle, showAs } from "../core/display.js";
import { InputError } from "../core/errors.js";
import { checkIds, rowsOfIds } from "./ids.js";
import { formatNumber, renderTable, rowList } from "./render.js";

const SHOWN_ROWS = 10;

/** A score per patient. Immutable by contract: methods return new scores. */
export class Scores {
  readonly ids: readonly string[];
  /** One finite number per patient. */
  readonly values: Float64Array;
  /** What the number is, e.g. "linear predictor". */
  readonly name: string;

  /** @throws InputError if lengths differ, an id is repeated, or a score is not finite. */
  constructor(ids: readonly string[], values: Float64Array, name = "score") {
    checkIds(ids, name);
    if (values.length !== ids.length) {
      throw new InputError(
        `${name}: ${values.length} values for ${ids.length} ids. Give one score per patient.`,
      );
    }
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new InputError(
        `${name}: scores must be finite, but patient ${ids[bad]} has ${values[bad]}. Drop or complete that patient.`,
      );
    }
    this.ids = ids;
    this.values = values;
    this.name = name;
    showAs(this, () => this.#show());
  }

  /** Number of patients. */
  get length(): number {
    return this.ids.length;
  }

  /** These patients in this order. @throws InputError naming ids that are unknown or repeated. */
  pick(ids: readonly string[]): Scores {
    const rows = rowsOfIds(this.ids, ids, this.name);
    return new Scores(
      ids,
      Float64Array.from(rows, (row) => this.values[row]),
      this.name,
    );
  }

  #show(): MimeBundle {
    return renderTable({
      title: `${this.name} of ${this.ids.length} patients`,
      header: ["id", this.name],
      rows: rowList(this.ids, (id, row) => [id, formatNumber(this.values[row])]),
      most: SHOWN_ROWS,
    });
  }
}
