/** Reads the lines of text and where they stand out of the SVG that Vega writes. */

export interface SvgText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** Of its letters in CSS pixels. */
  readonly size: number;
  /** CSS weight. */
  readonly weight: number;
  readonly anchor: "start" | "middle" | "end";
  /** Degrees clockwise. */
  readonly angle: number;
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
    const [tx, ty] = places[places.length - 1];
    // An element without content ends where it begins.
    if (attributes.endsWith("/")) places.pop();
    if (tag !== "text") continue;
    const read = (name: string): string | undefined => new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1];
    texts.push({
      text: "",
      x: tx,
      y: ty,
      size: Number.parseFloat(read("font-size") ?? "11"),
      weight: /bold|[6-9]00/.test(read("font-weight") ?? "") ? 600 : 400,
      anchor: (read("text-anchor") ?? "start") as SvgText["anchor"],
      angle: Number(/rotate\(([-\d.]+)/.exec(attributes)?.[1] ?? 0),
    });
  }
  const contents = [...svg.matchAll(/<text\b[^>]*>([^<]*)/g)].map((m) => m[1]);
  return texts.map((place, i) => ({ ...place, text: contents[i] }));
}
