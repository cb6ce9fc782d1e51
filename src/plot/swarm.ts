/**
 * Places dots side by side so that none hides another: a beeswarm.
 *
 * Layer:  plot.
 */

/** Height of each dot's center above the line, in the unit of the places. */
export interface Swarm {
  readonly offsets: Float64Array;
  /** Dots that found no free place within the room and lie on others. */
  readonly crowded: number;
}

/**
 * Moves each dot off the line only as far as it must, to the nearest free place, above and below in turn.
 *
 * @param places  Of the dots' centers along the line.
 * @param diameter  Of a dot.
 * @param room  Largest distance of a center from the line. Dots that do not fit are spread over the room evenly.
 */
export function packSwarm(places: Float64Array, diameter: number, room: number): Swarm {
  const order = [...places.keys()].sort((a, b) => places[a] - places[b] || a - b);
  const offsets = new Float64Array(places.length);
  const settled: number[] = []; // Dots that block others, by place.
  let crowded = 0;
  let firstNear = 0;
  for (const dot of order) {
    while (firstNear < settled.length && places[dot] - places[settled[firstNear]] >= diameter) firstNear++;
    const up = dot % 2 === 0 ? 1 : -1;
    const offset = nearestFree(places, offsets, settled, firstNear, dot, diameter) * up;
    if (Math.abs(offset) <= room) {
      offsets[dot] = offset;
      settled.push(dot);
    } else {
      offsets[dot] = (2 * ((crowded * GOLDEN) % 1) - 1) * room;
      crowded++;
    }
  }
  return { offsets, crowded };
}

/** Multiples of the golden ratio fill an interval evenly, however many there are. */
const GOLDEN = 0.6180339887498949;

/** The free offset of least size; of two equal ones that on the side of `dot` (even above, odd below). */
function nearestFree(
  places: Float64Array,
  offsets: Float64Array,
  settled: readonly number[],
  firstNear: number,
  dot: number,
  diameter: number,
): number {
  const up = dot % 2 === 0 ? 1 : -1;
  const low: number[] = [];
  const high: number[] = [];
  for (let i = firstNear; i < settled.length; i++) {
    const other = settled[i];
    const along = places[dot] - places[other];
    const reach = Math.sqrt(Math.max(0, diameter * diameter - along * along));
    low.push(offsets[other] * up - reach);
    high.push(offsets[other] * up + reach);
  }
  const isFree = (offset: number): boolean => low.every((start, i) => offset <= start || offset >= high[i]);
  if (isFree(0)) return 0;
  let best = Number.POSITIVE_INFINITY;
  for (const candidate of [...high, ...low]) {
    const nearer = Math.abs(candidate) < Math.abs(best);
    if (nearer && isFree(candidate)) best = candidate;
  }
  return best;
}
