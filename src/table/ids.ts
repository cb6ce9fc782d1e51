/**
 * Row identity: ids are unique, and two things are combined only when their rows are the same patients in the
 * same order.
 *
 * Layer:  table; imports core.
 */
import { InputError } from "../core/errors.js";

/** @throws InputError if an id is empty or occurs twice. */
export function checkIds(ids: readonly string[], what: string): void {
  const seen = new Map<string, number>();
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row];
    if (typeof id !== "string" || id === "") {
      throw new InputError(
        `${what}: row ${row + 1} has no id. Give every row the id of its patient, as a string that is not empty.`,
      );
    }
    const before = seen.get(id);
    if (before !== undefined) {
      throw new InputError(
        `${what}: id "${id}" occurs twice, in rows ${before + 1} and ${row + 1}. Keep one row for each patient.`,
      );
    }
    seen.set(id, row);
  }
}

/**
 * @param a  Ids of `what`.
 * @param b  Ids of `other`, which must be the same patients in the same order.
 * @throws InputError that says whether rows are missing or only in another order, and how to bring them in line.
 */
export function checkSameIds(a: readonly string[], b: readonly string[], what: string, other: string): void {
  if (a.length === b.length && a.every((id, row) => id === b[row])) return;
  const inB = new Set(b);
  const inA = new Set(a);
  const onlyA = a.filter((id) => !inB.has(id));
  const onlyB = b.filter((id) => !inA.has(id));
  if (onlyA.length === 0 && onlyB.length === 0) {
    const row = a.findIndex((id, at) => id !== b[at]);
    throw new InputError(
      `${what} and ${other} hold the same patients in another order: row ${row + 1} is "${a[row]}" v. "${b[row]}". ` +
        `Bring ${other} in line first with .pick(ids), where ids are those of ${what}.`,
    );
  }
  const missing = [
    onlyA.length > 0 ? `${other} lacks ${listIds(onlyA)}` : "",
    onlyB.length > 0 ? `${what} lacks ${listIds(onlyB)}` : "",
  ].filter((part) => part !== "");
  throw new InputError(
    `${what} has ${a.length} rows and ${other} has ${b.length}, not the same patients: ${missing.join("; ")}. ` +
      "Keep the patients that both have with .pick(ids), so that no row is lost unseen.",
  );
}

/** Row of each wanted id. @throws InputError naming the ids that are unknown or asked for twice. */
export function rowsOfIds(ids: readonly string[], wanted: readonly string[], what: string): number[] {
  checkIds(wanted, `pick from ${what}`);
  const row = new Map(ids.map((id, at) => [id, at]));
  const unknown = wanted.filter((id) => !row.has(id));
  if (unknown.length > 0) {
    throw new InputError(`${what} has no ${listIds(unknown)}. Pick only ids that it holds.`);
  }
  return wanted.map((id) => row.get(id) as number);
}

/** The first few ids in quotes, and how many more there are. */
export function listIds(ids: readonly string[], most = 5): string {
  const shown = ids.slice(0, most).map((id) => `"${id}"`);
  const more = ids.length > most ? ` and ${ids.length - most} more` : "";
  return `${ids.length === 1 ? "patient" : "patients"} ${shown.join(", ")}${more}`;
}
