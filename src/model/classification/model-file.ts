/**
 * Fields of a model that another program wrote as JSON, each checked before it is used.
 *
 * Layer:  model; imports core.
 */
import { InputError } from "../../core/errors.js";

/** An object of a model file. */
export class ModelFields {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #where: string;

  /** @throws InputError unless the value is an object. */
  constructor(value: unknown, where = "the model file") {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new InputError(`${where} must be an object of named fields, found ${shown(value)}.`);
    }
    this.#fields = value as Readonly<Record<string, unknown>>;
    this.#where = where;
  }

  text(name: string): string {
    const value = this.#fields[name];
    return typeof value === "string" ? value : this.#refuse(name, "a text");
  }

  /** @param known  What it may be. */
  oneOf<Choice extends string>(name: string, known: readonly Choice[]): Choice {
    const value = this.#fields[name];
    return known.find((one) => one === value) ?? this.#refuse(name, `one of ${known.join(", ")}`);
  }

  texts(name: string): readonly string[] {
    const value = this.#fields[name];
    const isList = Array.isArray(value) && value.every((one) => typeof one === "string" && one !== "");
    return isList ? (value as readonly string[]) : this.#refuse(name, "a list of texts");
  }

  number(name: string): number {
    const value = this.#fields[name];
    return typeof value === "number" && Number.isFinite(value)
      ? value
      : this.#refuse(name, "a finite number");
  }

  count(name: string): number {
    const value = this.number(name);
    return Number.isInteger(value) && value >= 0 ? value : this.#refuse(name, "a whole number");
  }

  /** @param length  How many; any number of them without it. */
  numbers(name: string, length?: number): Float64Array {
    const value = this.#fields[name];
    const isList =
      Array.isArray(value) &&
      (length === undefined || value.length === length) &&
      value.every((one) => typeof one === "number" && Number.isFinite(one));
    return isList
      ? Float64Array.from(value as readonly number[])
      : this.#refuse(name, `${length ?? "a list of"} finite numbers`);
  }

  /** Rows of `width` numbers, row-major. */
  matrix(name: string, width: number): Float64Array {
    const rows = this.#list(name);
    const isMatrix = rows.every(
      (row) =>
        Array.isArray(row) &&
        row.length === width &&
        row.every((one) => typeof one === "number" && Number.isFinite(one)),
    );
    return isMatrix
      ? Float64Array.from((rows as readonly (readonly number[])[]).flat())
      : this.#refuse(name, `rows of ${width} finite numbers`);
  }

  objects(name: string): readonly ModelFields[] {
    return this.#list(name).map((one, at) => new ModelFields(one, `"${name}" ${at} of ${this.#where}`));
  }

  #list(name: string): readonly unknown[] {
    const value = this.#fields[name];
    return Array.isArray(value) && value.length > 0 ? value : this.#refuse(name, "a list that is not empty");
  }

  #refuse(name: string, wanted: string): never {
    throw new InputError(
      `"${name}" of ${this.#where} must be ${wanted}, found ${shown(this.#fields[name])}. Export the model again.`,
    );
  }
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 60)} …` : text;
}
