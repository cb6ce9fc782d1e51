/** Reads the lines of text and where they stand out of the SVG that Vega writes. */

export interface SvgText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** All texts with their absolute place. */
export function svgTexts(svg: string): SvgText[] {
  const texts: SvgText[] = [];
  const places: [number, number][] = [[0, 0]];
  for (const [tag, attributes] of [...svg.matchAll(/<(\/?(?:g|text))\b([^>]*)>/g)].map((m) => [m[1], m[2]])) {
    if (tag === "/g" || tag === "/text") {
      places.pop();
      continue;
    }
    const move = /translate\(([-\d.]+)[ ,]([-\d.]+)\)/.exec(attributes);
    const [x, y] = places[places.length - 1];
    places.push([x + Number(move?.[1] ?? 0), y + Number(move?.[2] ?? 0)]);
    if (tag !== "text") continue;
    const [tx, ty] = places[places.length - 1];
    texts.push({ text: "", x: tx, y: ty });
  }
  const contents = [...svg.matchAll(/<text\b[^>]*>([^<]*)/g)].map((m) => m[1]);
  return texts.map((place, i) => ({ ...place, text: contents[i] }));
}
