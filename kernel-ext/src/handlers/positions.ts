/**
 * Cursor positions: Jupyter counts Unicode code points, JavaScript counts UTF-16 code units.
 *
 * Layer:  handlers; imports nothing.
 */

export function toCodeUnits(text: string, codePoints: number): number {
  let units = 0;
  for (let i = 0; i < codePoints && units < text.length; i++) units += isPair(text, units) ? 2 : 1;
  return units;
}

export function toCodePoints(text: string, codeUnits: number): number {
  let points = 0;
  for (let at = 0; at < codeUnits && at < text.length; at += isPair(text, at) ? 2 : 1) points += 1;
  return points;
}

function isPair(text: string, at: number): boolean {
  return (text.codePointAt(at) ?? 0) > 0xffff;
}
