/**
 * Exported pages: each payload lies beside its picture or table, and a view made of it takes that one's place.
 *
 * Payloads are checked as in JupyterLab; whatever fails, or no script at all, leaves what is there. Nothing is fetched.
 * Layer:  labextension, page; imports output.
 */
import { reasonOf } from "../output/payload-error.js";
import { note } from "../output/twin.js";

/** Shows every payload of this type; null from `make` means that the static twin is all there is. */
export function showPayloads(mime: string, make: (payload: unknown) => Promise<HTMLElement | null>): void {
  for (const holder of document.querySelectorAll<HTMLElement>(`.rb-Page[data-mime="${mime}"]`))
    void show(holder, make);
}

async function show(
  holder: HTMLElement,
  make: (payload: unknown) => Promise<HTMLElement | null>,
): Promise<void> {
  const data = holder.querySelector(":scope > script[type='application/json']");
  const twin = holder.firstElementChild;
  if (data === null || twin === null) return;
  try {
    const view = await make(JSON.parse(data.textContent ?? ""));
    if (view !== null) twin.replaceWith(view);
  } catch (error) {
    holder.append(note(reasonOf(error)));
  }
}
