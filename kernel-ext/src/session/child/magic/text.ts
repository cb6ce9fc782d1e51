/**
 * `%%md` and `%%html`: a cell of text with values in it.
 *
 * Layer:  session/child/magic; imports session/child, display.
 */
import { show, textOf } from "../../../display/show.js";
import { currentCell, emit } from "../output.js";

/** Shows the parts with a value between each two. A value's own HTML or Markdown is used where it has some. */
export async function text(
  type: "text/markdown" | "text/html",
  parts: readonly string[],
  values: readonly unknown[],
): Promise<void> {
  const cell = currentCell();
  let whole = parts[0] ?? "";
  for (const [i, value] of values.entries()) whole += (await written(type, value)) + (parts[i + 1] ?? "");
  const data = { [type]: whole, "text/plain": whole };
  emit({ type: "display", cell, update: false, displayId: null, data, metadata: {} });
}

async function written(type: string, value: unknown): Promise<string> {
  const plain = typeof value === "string" ? value : null;
  const data = plain === null ? ((await show(value))?.data ?? {}) : {};
  const rich = data[type] ?? (type === "text/markdown" ? data["text/html"] : undefined);
  if (typeof rich === "string") return rich;
  const own = plain ?? (typeof value === "object" ? textOf(value) : String(value));
  return type === "text/html" ? escapeHtml(own) : own;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
}
