/**
 * Lines of equal value on a grid of numbers, by marching squares.
 *
 * Source: Lorensen & Cline 1987, doi:10.1145/37402.37422, in the plane.
 * Layer:  plot; imports nothing.
 */

/** From one edge of a cell to another. */
export interface ContourPiece {
  readonly x: number;
  readonly y: number;
  readonly x2: number;
  readonly y2: number;
}

/**
 * @param xs  g places, rising. @param ys  h places, rising.
 * @param values  At the crossings, g × h: those of the first place of `xs` come first.
 * @returns Pieces of the line at which the values, linear along the edges of each cell, are `level`.
 */
export function contourPieces(
  xs: Float64Array,
  ys: Float64Array,
  values: Float64Array,
  level: number,
): readonly ContourPiece[] {
  const h = ys.length;
  const pieces: ContourPiece[] = [];
  for (let i = 0; i + 1 < xs.length; i++) {
    for (let j = 0; j + 1 < h; j++) {
      // Corners around the cell.
      const corners = [
        { x: xs[i], y: ys[j], value: values[i * h + j] },
        { x: xs[i + 1], y: ys[j], value: values[(i + 1) * h + j] },
        { x: xs[i + 1], y: ys[j + 1], value: values[(i + 1) * h + j + 1] },
        { x: xs[i], y: ys[j + 1], value: values[i * h + j + 1] },
      ];
      const crossings = corners.flatMap((from, at) => {
        const to = corners[(at + 1) % 4];
        if (from.value >= level === to.value >= level) return [];
        const part = (level - from.value) / (to.value - from.value);
        return [{ x: from.x + part * (to.x - from.x), y: from.y + part * (to.y - from.y) }];
      });
      if (crossings.length === 0) continue;
      const [a, b, c, d] = crossings;
      if (crossings.length === 2) {
        pieces.push({ x: a.x, y: a.y, x2: b.x, y2: b.y });
        continue;
      }
      // A saddle: the middle says which corners hang together.
      const middle = corners.reduce((sum, { value }) => sum + value, 0) / 4;
      const pairs =
        corners[0].value >= level === middle >= level
          ? ([
              [a, b],
              [c, d],
            ] as const)
          : ([
              [d, a],
              [b, c],
            ] as const);
      for (const [from, to] of pairs) pieces.push({ x: from.x, y: from.y, x2: to.x, y2: to.y });
    }
  }
  return pieces;
}
