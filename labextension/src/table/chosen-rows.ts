/**
 * Rows of a table that stand for patients: a person chooses them by click and by keys, and sees who is chosen.
 *
 * Layer:  labextension, table; imports selection.
 */
import { type Choice, choose } from "../selection/choice.js";
import { isId } from "../selection/model.js";
import type { Cell } from "./payload.js";

/** A row in the document and its patient. */
interface PatientRow {
  readonly element: HTMLElement;
  readonly id: string;
}

/** Makes rows choosable. @returns Repaints them after a change of the choice. */
export function makeRowsChoosable(
  table: HTMLElement,
  elements: readonly HTMLElement[],
  names: readonly Cell[],
  choice: Choice,
): () => void {
  const rows: PatientRow[] = elements.flatMap((element, i) => {
    const name = names[i];
    const id = name === null || name === undefined ? "" : String(name);
    return isId(id) ? [{ element, id }] : [];
  });
  if (rows.length === 0) return () => undefined;
  table.setAttribute("role", "grid");
  table.setAttribute("aria-multiselectable", "true");
  let anchor = 0;
  rows.forEach(({ element, id }, at) => {
    element.classList.add("rb-mod-row");
    // One stop for the Tab key; arrows lead on from there.
    element.tabIndex = at === 0 ? 0 : -1;
    element.addEventListener("click", (event) => {
      if (event.shiftKey) {
        const range = rows.slice(Math.min(anchor, at), Math.max(anchor, at) + 1);
        choice.model.add(
          range.map((row) => row.id),
          "table",
        );
        return;
      }
      anchor = at;
      choose(choice, [id], "table", event);
    });
    element.addEventListener("dblclick", () => choice.open?.(id));
    element.addEventListener("keydown", (event) => {
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
      if (to !== undefined) focusRow(rows, to);
      else if (event.key === " ") choose(choice, [id], "table", event);
      else if (event.key === "Enter") choice.open?.(id);
      else if (event.key === "Escape") choice.model.clear("table");
      else return;
      event.preventDefault();
    });
  });
  const paint = (): void => {
    for (const { element, id } of rows) {
      const chosen = choice.model.has(id);
      element.classList.toggle("rb-mod-chosen", chosen);
      element.setAttribute("aria-selected", String(chosen));
    }
    if (choice.model.source !== "table")
      rows.find(({ id }) => choice.model.has(id))?.element.scrollIntoView({ block: "nearest" });
  };
  paint();
  return paint;
}

function focusRow(rows: readonly PatientRow[], at: number): void {
  const next = rows[Math.min(rows.length - 1, Math.max(0, at))];
  for (const { element } of rows) element.tabIndex = element === next?.element ? 0 : -1;
  next?.element.focus();
}
