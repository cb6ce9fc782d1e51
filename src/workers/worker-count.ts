/**
 * How many threads a person may ask for.
 *
 * Layer:  workers; imports core.
 */
import { InputError } from "../core/errors.js";

/** More threads than that share no computer's memory. */
export const MOST_WORKERS = 64;

/**
 * @param byDefault  How many there are if `workers` is left out, in words.
 * @throws InputError unless `workers` is whole, from 1 to 64.
 */
export function checkWorkers(workers: number, byDefault: string): number {
  if (Number.isInteger(workers) && workers >= 1 && workers <= MOST_WORKERS) return workers;
  throw new InputError(
    `workers must be a whole number from 1 to ${MOST_WORKERS}, found ${workers}. Leave it out for ${byDefault}.`,
  );
}
