/**
 * What the threads of a cohort extraction have found, as one table.
 *
 * Layer:  radiomics; imports table, cohort-job (types).
 */
import { ExtractedFeatures, failureNotes, type PatientFailure } from "../table/extracted-features.js";
import type { Begun, CaseDone } from "./cohort-job.js";

/** A patient's features, or the reason why there are none. */
export interface Outcome {
  readonly id: string;
  readonly result: CaseDone | string;
}

type Row = CaseDone & { readonly id: string };

/** @param outcomes  In the order of the patients: rows and failures keep it. */
export function assemble(outcomes: readonly Outcome[], begun: Begun): ExtractedFeatures {
  const rows: Row[] = [];
  const failures: PatientFailure[] = [];
  for (const { id, result } of outcomes) {
    const reason = typeof result === "string" ? result : difference(rows[0], result);
    if (typeof result === "string" || reason !== null) failures.push({ id, reason: reason ?? "" });
    else rows.push({ id, ...result });
  }
  const [first] = rows;
  const columns = (first?.names ?? []).map((name, column) => ({
    name,
    unit: first?.units[column] ?? "",
    values: Float64Array.from(rows, ({ values }) => values[column]),
  }));
  const { settings, radbook, node } = begun;
  return new ExtractedFeatures(
    rows.map(({ id }) => id),
    columns,
    {
      failures,
      notes: notesOn(rows, failures),
      provenance: {
        settings,
        radbook,
        node,
        date: new Date().toISOString(),
        inputs: rows.flatMap(({ inputs }) => inputs),
      },
    },
  );
}

/** Why a patient cannot share the columns of the first one; null if it can. */
function difference(first: Row | undefined, { names, units }: CaseDone): string | null {
  if (first === undefined) return null;
  const longest = Math.max(names.length, first.names.length);
  for (let k = 0; k < longest; k++) {
    if (names[k] === first.names[k] && units[k] === first.units[k]) continue;
    return (
      `its features differ from those of ${first.id}, first at "${names[k] ?? first.names[k]}": they cannot share columns. ` +
      "Give every patient the same images and regions, of one unit."
    );
  }
  return null;
}

function notesOn(rows: readonly Row[], failures: readonly PatientFailure[]): string[] {
  const notes = failureNotes(failures, rows.length);
  const count = (from: CaseDone["from"]): number => rows.filter((row) => row.from === from).length;
  const kept = count("journal");
  if (kept > 0) notes.push(`${kept} of ${rows.length} rows taken from the journal`);
  for (const what of ["other settings", "other inputs"] as const) {
    const again = count(what);
    if (again > 0) notes.push(`${again} computed again: the journal had them with ${what}`);
  }
  return notes;
}
