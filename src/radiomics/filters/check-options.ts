/**
 * Checks of filter options, each refused by its name.
 *
 * Layer:  radiomics; imports core, options (types).
 */
import { InputError } from "../../core/errors.js";
import type { Domain, DomainOptions, RieszOrders } from "./options.js";

/** Null is no Riesz transform. */
export type RieszCheck = { readonly orders: RieszOrders } | null;

/** @throws InputError if an option is not one of the filter's. */
export function refuseUnknown(kind: string, options: object, own: readonly string[]): void {
  if (typeof options !== "object" || options === null) {
    throw new InputError(
      `${kind} needs options, found ${JSON.stringify(options)}. It has ${own.join(", ")}.`,
    );
  }
  const known = [...own, "boundary", "dimensions"];
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    throw new InputError(`${kind} has no option "${key}". It has ${known.join(", ")}.`);
  }
}

export function checkDomain(kind: string, { boundary = "mirror", dimensions = 3 }: DomainOptions): Domain {
  oneOf(`${kind}.boundary`, boundary, ["zero", "nearest", "periodic", "mirror"]);
  if (dimensions !== 2 && dimensions !== 3) {
    throw new InputError(
      `${kind}.dimensions must be 2 (by slice) or 3, found ${JSON.stringify(dimensions)}.`,
    );
  }
  return { boundary, dimensions };
}

export function checkNumber(
  option: string,
  found: number,
  fits: (v: number) => boolean,
  possible: string,
): void {
  if (typeof found === "number" && Number.isFinite(found) && fits(found)) return;
  const shown = typeof found === "number" ? String(found) : JSON.stringify(found);
  throw new InputError(`${option} must be ${possible}, found ${shown}.`);
}

export function checkRiesz(
  option: string,
  orders: RieszOrders | undefined,
  { dimensions }: Domain,
): RieszCheck {
  if (orders === undefined) return null;
  const isOrder = (l: number): boolean => Number.isInteger(l) && l >= 0 && l <= 6;
  if (
    !Array.isArray(orders) ||
    orders.length !== 3 ||
    !orders.every(isOrder) ||
    orders.every((l) => l === 0)
  ) {
    throw new InputError(
      `${option} must be three whole numbers from 0 to 6 along x, y, z, not all 0, found ${JSON.stringify(orders)}. E.g. [1, 0, 0].`,
    );
  }
  if (dimensions === 2 && orders[2] !== 0) {
    throw new InputError(
      `${option} has an order along z, but the filter works by slice. Set it to 0, or dimensions to 3.`,
    );
  }
  return { orders };
}

export function oneOf(option: string, found: string, possible: readonly string[]): void {
  if (possible.includes(found)) return;
  throw new InputError(
    `${option} cannot be ${JSON.stringify(found)}. Choose from "${possible.join('", "')}".`,
  );
}

export function listOf<T extends string | number>(value: T | readonly T[]): readonly T[] {
  return typeof value === "object" ? value : [value];
}
