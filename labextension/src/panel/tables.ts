/**
 * The tables of patients that a notebook shows: those whose first column has ids to choose.
 *
 * Layer:  labextension, panel; imports table.
 */
import type { ICodeCellModel } from "@jupyterlab/cells";
import type { NotebookPanel } from "@jupyterlab/notebook";
import { checkTablePayload, type TablePayload } from "../table/payload.js";
import { TABLE_MIME } from "../table/renderer.js";

/** In the order of the notebook, but cohorts before other tables. */
export function patientTables({ content }: NotebookPanel): readonly TablePayload[] {
  const found: TablePayload[] = [];
  for (const cell of content.model?.cells ?? []) {
    if (cell.type !== "code") continue;
    const { outputs } = cell as ICodeCellModel;
    for (let i = 0; i < outputs.length; i++) {
      const raw = outputs.get(i).data[TABLE_MIME];
      const table = raw === undefined ? null : readable(raw);
      if (table?.columns[0]?.selectable === true) found.push(table);
    }
  }
  const isCohort = ({ title }: TablePayload): boolean => title === "Cohort";
  return [...found.filter(isCohort), ...found.filter((table) => !isCohort(table))];
}

/** A damaged table says so in its cell; here it is not there. */
function readable(raw: unknown): TablePayload | null {
  try {
    return checkTablePayload(raw);
  } catch {
    return null;
  }
}
