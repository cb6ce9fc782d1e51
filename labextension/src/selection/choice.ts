/**
 * What a view needs to take part in its notebook's selection: the model, and who opens a patient's scan.
 *
 * Layer:  labextension, selection; imports its own folder.
 */
import { type SelectionModel, type SelectionSource, selectionOf } from "./model.js";

export interface Choice {
  readonly model: SelectionModel;
  /** Shows the patient's scan beside the notebook. */
  open(id: string): void;
}

/** Of a view without a notebook: it chooses in itself alone. */
export function lonelyChoice(): Choice {
  return { model: selectionOf(null), open: () => undefined };
}

/** A click on patients: it chooses them, with a modifier key it adds them or takes them out. */
export function choose(
  { model }: Choice,
  ids: readonly string[],
  source: SelectionSource,
  event: { readonly ctrlKey: boolean; readonly metaKey: boolean; readonly shiftKey: boolean },
): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey) model.toggle(ids, source);
  else model.set(ids, source);
}

/** "P003", "2 patients". */
export function wordsFor(ids: readonly string[]): string {
  const [only] = ids;
  if (only !== undefined && ids.length === 1) return only;
  return `${ids.length.toLocaleString("en")} patients`;
}
