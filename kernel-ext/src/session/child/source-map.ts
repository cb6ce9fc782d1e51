/**
 * From a place in the script that runs to the place in the cell that a person typed.
 *
 * Source: Source Map revision 3, "mappings" (base 64 VLQ).
 * Layer:  session/child; imports nothing.
 */

/** Zero-based lines and columns. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One mapped piece: generated column, source line, source column. */
type Segment = readonly [generated: number, line: number, column: number];

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export type LineMap = readonly (readonly Segment[])[];

/** Segments of each generated line, in order of column. */
export function decodeMappings(mappings: string): LineMap {
  let line = 0;
  let column = 0;
  return mappings.split(";").map((text) => {
    let generated = 0;
    const segments: Segment[] = [];
    for (const part of text.split(",")) {
      const fields = decodeVlq(part);
      const [toGenerated, , toLine, toColumn] = fields;
      if (toGenerated === undefined) continue;
      generated += toGenerated;
      if (toLine === undefined || toColumn === undefined) continue;
      line += toLine;
      column += toColumn;
      segments.push([generated, line, column]);
    }
    return segments;
  });
}

/** The source place of the last segment at or before a generated place. */
export function sourcePlace(map: LineMap, at: Place): Place | null {
  let found: Segment | undefined;
  for (const segment of map[at.line] ?? []) {
    if (segment[0] > at.column) break;
    found = segment;
  }
  found ??= map[at.line]?.[0];
  return found ? { line: found[1], column: found[2] } : null;
}

function decodeVlq(text: string): number[] {
  const values: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of text) {
    const digit = DIGITS.indexOf(character);
    if (digit < 0) return values;
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    values.push(value & 1 ? -(value >>> 1) : value >>> 1);
    value = 0;
    shift = 0;
  }
  return values;
}
