/**
 * What a view needs to take part in its notebook's selection: the model, and who opens a patient's scan.
 *
 * Layer:  labextension, selection; imports output.
 */
import { PayloadError } from "../output/payload-error.js";
import type { Shown } from "./link.js";
import { type SelectionModel, type SelectionSource, selectionOf } from "./model.js";

export interface Choice {
  readonly model: SelectionModel;
  /** Shows the patient's scan beside the notebook; null where no kernel could read one. */
  readonly open: ((id: string) => void) | null;
  /** A small picture of the patient's lesion. @throws PayloadError in the kernel's words. */
  picture(id: string): Promise<Shown>;
}

/** Of a view without a notebook: it chooses in itself alone. */
export function lonelyChoice(): Choice {
  const picture = (): Promise<never> => Promise.reject(new PayloadError("This view has no notebook."));
  return { model: selectionOf(null), open: null, picture };
}

/** A click on patients: it chooses them, with a modifier key it adds them or takes them out. */
export function choose(
  { model }: Pick<Choice, "model">,
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
