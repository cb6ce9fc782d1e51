/**
 * Exported pages: each payload lies beside its picture, and a view made of it takes the picture's place.
 *
 * Payloads are checked as in JupyterLab; whatever fails, or no script at all, leaves the picture. Nothing is fetched.
 * Layer:  labextension, page; imports output.
 */
import { reasonOf } from "../output/payload-error.js";
import { note } from "../output/twin.js";

/** Shows every payload of this type; null from `make` means that the picture is all there is. */
export function showPayloads(mime: string, make: (payload: unknown) => Promise<HTMLElement | null>): void {
  for (const holder of document.querySelectorAll<HTMLElement>(`.rb-Page[data-mime="${mime}"]`))
    void show(holder, make);
}

async function show(
  holder: HTMLElement,
  make: (payload: unknown) => Promise<HTMLElement | null>,
): Promise<void> {
  const data = holder.querySelector("script[type='application/json']");
  const picture = holder.querySelector("img");
  if (data === null || picture === null) return;
  try {
    const view = await make(JSON.parse(data.textContent ?? ""));
    if (view !== null) picture.replaceWith(view);
  } catch (error) {
    holder.append(note(reasonOf(error)));
  }
}
