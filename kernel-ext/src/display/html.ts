/**
 * Text inside markup.
 *
 * Layer:  display; imports nothing.
 */

/** Text as it can stand in HTML, also inside a quoted attribute. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
