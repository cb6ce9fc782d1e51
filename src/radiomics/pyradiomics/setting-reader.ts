/**
 * Typed values out of a parameter file, each refused by its key when it does not fit.
 *
 * Layer:  radiomics; imports core.
 */
import { InputError } from "../../core/errors.js";
import { nearest } from "../../core/nearest.js";

/** Reads one key at a time; unset and null mean the default. */
export interface SettingReader {
  number(
    key: string,
    otherwise: number | null,
    fits: (v: number) => boolean,
    possible: string,
  ): number | null;
  flag(key: string, otherwise: boolean): boolean;
  choice<T extends string, D extends string | null>(key: string, otherwise: D, possible: readonly T[]): T | D;
}

export function readSetting(setting: Readonly<Record<string, unknown>>): SettingReader {
  return {
    number(key, otherwise, fits, possible) {
      const found = setting[key] ?? otherwise;
      if (found === null) return null;
      if (typeof found !== "number" || !Number.isFinite(found) || !fits(found)) refuse(key, found, possible);
      return found;
    },
    flag(key, otherwise) {
      const found = setting[key] ?? otherwise;
      if (typeof found !== "boolean") refuse(key, found, "true or false");
      return found;
    },
    choice(key, otherwise, possible) {
      const found = setting[key] ?? otherwise;
      if (found === otherwise) return otherwise;
      const chosen = possible.find((choice) => choice === found);
      if (chosen === undefined) refuse(key, found, possible.join(", "));
      return chosen;
    },
  };
}

export function refuseUnknown(what: string, found: object, known: readonly string[]): void {
  for (const key of Object.keys(found)) {
    if (!known.includes(key)) {
      const near = nearest(key, known);
      const hint = near === null ? "" : ` Did you mean "${near}"?`;
      throw new InputError(
        `PyRadiomics ${what}: "${key}" is not known here.${hint} Known are ${known.join(", ")}.`,
      );
    }
  }
}

export function refuse(key: string, found: unknown, possible: string): never {
  throw new InputError(
    `PyRadiomics ${key} cannot be ${JSON.stringify(found)} here. Possible: ${possible}. Correct it in the parameters.`,
  );
}
